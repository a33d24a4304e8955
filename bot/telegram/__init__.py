"""Telegram as a channel: what comes in, what goes out, how it looks there."""

"""Text as Telegram counts it, marks it and refuses it."""

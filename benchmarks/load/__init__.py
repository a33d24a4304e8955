"""The load side of the benchmarks: a Bot API that is faster than any bot, and its residents.

It runs on a core of its own; the bot under test, a process on another core, polls it like
Telegram. Every bot has the same conversation with the same residents (see `script`).
"""

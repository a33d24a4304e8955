"""The Bot object: python-telegram-bot's, with its own connection for the long poll."""

from __future__ import annotations

import os
from datetime import timedelta

os.environ.setdefault("PTB_TIMEDELTA", "1")  # retry_after as a timedelta, the coming default

from telegram import Bot
from telegram.request import BaseRequest

from bot.config import Telegram
from bot.transport import AiohttpRequest

_AT_ONCE = 64  # connections; Telegram allows 30 messages a second


class QuietBot(Bot):
    """A Bot that never shows its token."""

    def __repr__(self) -> str:
        """The name alone."""
        return "Bot[…]"


def make_bot(settings: Telegram) -> tuple[QuietBot, BaseRequest]:
    """A bot for these settings, and its connection for the long poll; `initialize` it first."""
    base = settings.base_url
    polling = AiohttpRequest(connections=2)
    bot = QuietBot(
        settings.token.get_secret_value(),
        base_url=base,
        base_file_url=base.removesuffix("/bot") + "/file/bot",
        request=AiohttpRequest(connections=_AT_ONCE),
        get_updates_request=polling,
    )
    return bot, polling


def seconds_of(wait: timedelta | int) -> float:
    """A 429's retry_after, which the library gives in either way."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)

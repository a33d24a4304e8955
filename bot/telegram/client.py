"""The Bot object: python-telegram-bot's, with its own connection for the long poll."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Any, cast

os.environ.setdefault("PTB_TIMEDELTA", "1")  # retry_after as a timedelta, the coming default

from telegram import Bot
from telegram.request import BaseRequest

from bot.config.settings import Telegram
from bot.telegram.transport import AiohttpRequest

_AT_ONCE = 128  # connections; at the 30 messages a second of Telegram two or three are busy


class QuietBot(Bot):
    """A Bot that never shows its token, and makes its frequent calls without ceremony."""

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        # A call that waits for a connection with its request built holds four times the memory.
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def call(self, method: str, **parameters: Any) -> Any:
        """A method of the Bot API by Telegram's own name for it, answered as Telegram words it.

        None is not sent. Raises TelegramError like the library's methods, which build an object
        for everything asked and answered: five times the cost of the call itself.
        """
        async with self._free:
            given = {name: value for name, value in parameters.items() if value is not None}
            url = f"{self.base_url}/{method}"
            return await cast(AiohttpRequest, self.request).call(url, given)

    def __repr__(self) -> str:
        """The name alone."""
        return "Bot[…]"


def make_bot(settings: Telegram) -> tuple[QuietBot, BaseRequest]:
    """A bot for these settings, and its connection for the long poll; `initialize` it first."""
    base = settings.base_url
    polling = AiohttpRequest(base, connections=2)
    bot = QuietBot(
        settings.token.get_secret_value(),
        base_url=base,
        base_file_url=base.removesuffix("/bot") + "/file/bot",
        request=AiohttpRequest(base, connections=_AT_ONCE),
        get_updates_request=polling,
    )
    return bot, polling


def seconds_of(wait: timedelta | int) -> float:
    """A 429's retry_after, which the library gives in either way."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)

"""The bot's frequent calls, as Telegram words them."""

import asyncio
from typing import Any

from telegram.error import TelegramError

from bot.telegram import client
from bot.telegram.client import QuietBot
from bot.telegram.transport import AiohttpRequest
from playground.stage.stage import TOKEN, Stage


class Counted(AiohttpRequest):
    """A line that knows how many calls it has carried at the same time."""

    under_way = 0
    most = 0

    async def call(self, *args: Any) -> Any:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            return await super().call(*args)
        finally:
            self.under_way -= 1


async def test_calls_beyond_the_connections_wait_before_their_request_is_made(on_stage: Stage):
    """However many come at once and however wide the line: a request that waits takes memory."""
    base, asked = on_stage.server.base_url, client._AT_ONCE + 50
    line = Counted(base, connections=asked)
    bot = QuietBot(TOKEN, base_url=base, request=line)
    await line.initialize()
    told = await asyncio.gather(*(bot.call("getMe") for _ in range(asked)))
    await line.shutdown()
    assert [answer["id"] for answer in told] == [100] * asked
    assert line.most == client._AT_ONCE


async def test_calls_that_failed_leave_their_places_to_the_next(on_stage: Stage):
    """Else the bot would fall silent after so many refusals."""
    call = on_stage.service.bot.call
    await on_stage.phones.fault("502", "getMe", count=client._AT_ONCE)
    refused = (call("getMe") for _ in range(client._AT_ONCE))
    for answer in await asyncio.gather(*refused, return_exceptions=True):
        assert isinstance(answer, TelegramError)
    async with asyncio.timeout(5):
        assert (await call("getMe"))["id"] == 100

"""A playground on a stopped clock, one person who has started the bot, and the bot's hands."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from telegram import Bot

from playground import BackOff, Clock, Limits, Phone, Phones, Server, Sizes, World, serve

TOKEN = "123456:playground"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Api:
    """Raw calls of the Bot API, as JSON."""

    def __init__(self, root: str, token: str = TOKEN) -> None:
        self.root, self.token = root, token
        self.http = httpx.AsyncClient(trust_env=False, timeout=10)

    async def answer(self, method: str, **params: Any) -> httpx.Response:
        return await self.http.post(f"{self.root}/bot{self.token}/{method}", json=params)

    async def __call__(self, method: str, **params: Any) -> Any:
        read = (await self.answer(method, **params)).json()
        assert read["ok"], read
        return read["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """Call what must be refused; return "code description"."""
        read = (await self.answer(method, **params)).json()
        assert not read["ok"], read
        return f"{read['error_code']} {read['description']}"

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """Fetch and confirm all updates."""
        found = await self("getUpdates", **params)
        if found:
            await self("getUpdates", offset=found[-1]["update_id"] + 1, limit=1)
        return found


@pytest.fixture
def world() -> World:
    return World(
        clock=Clock.manual(START),
        limits=Limits(enabled=False),
        sizes=Sizes(photo=1000, upload=5000, download=2000),
    )


@pytest.fixture
async def server(world: World) -> AsyncIterator[Server]:
    async with serve(world, back_off=BackOff(first=0.001, most=0.004)) as running:
        yield running


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    calls = Api(server.root)
    yield calls
    await calls.http.aclose()


@pytest.fixture
async def phones(server: Server) -> AsyncIterator[Phones]:
    async with Phones(server.root, TOKEN) as line:
        yield line


@pytest.fixture
async def chen(phones: Phones, api: Api) -> Phone:
    person = await phones.add_user("陈师傅", user_id=1001)
    await person.start()
    await api.updates()
    return person


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=server.base_url, base_file_url=server.file_url) as running:
        yield running

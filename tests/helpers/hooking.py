"""A bot that Telegram calls, its doors open, and callers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx

from bot.config.settings import Settings
from playground.api.webhook import SECRET_HEADER, BackOff
from playground.http.server import serve
from playground.phones.client import Phones
from playground.stage.process import _free_port
from playground.stage.stage import MORNING, TOKEN, Stage, at_playground
from playground.world.clock import Clock
from playground.world.limits import Limits
from playground.world.world import World

SECRET = "hook-secret_1"
QUICK = BackOff(first=0.002, most=0.004)


def hooked(settings: Settings) -> Settings:
    """The same settings for a bot that Telegram calls."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    hook = {"url": url, "secret": SECRET, "host": "127.0.0.1", "port": port, "path": "/telegram"}
    told = settings.telegram.model_dump() | {"mode": "webhook", "webhook": hook}
    telegram = type(settings.telegram).model_validate(told)
    watched = settings.health.model_copy(update={"port": _free_port()})
    return settings.model_copy(update={"telegram": telegram, "health": watched})


@asynccontextmanager
async def hook_stage(settings: Settings) -> AsyncIterator[Stage]:
    """A stage whose bot has set its webhook, the door still shut."""
    world = World(clock=Clock.manual(MORNING), limits=Limits(enabled=False))
    async with serve(world, back_off=QUICK) as server, Phones(server.root, TOKEN) as phones:
        made = Stage(server, phones, at_playground(hooked(settings), server.base_url))
        await made.service.start()
        try:
            yield made
        finally:
            await made.service.close()


@asynccontextmanager
async def opened(stage: Stage) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Its doors served for real: who calls the hook, and who watches."""
    ports = (stage.settings.telegram.webhook.port, stage.settings.health.port)
    async with stage.service._doors(), caller(ports[0]) as hook, caller(ports[1]) as health:
        while not (await is_open(hook) and await is_open(health)):
            await asyncio.sleep(0.002)
        yield hook, health


def caller(port: int) -> httpx.AsyncClient:
    base = f"http://127.0.0.1:{port}"
    return httpx.AsyncClient(base_url=base, trust_env=False, limits=httpx.Limits(), timeout=30)


async def is_open(door: httpx.AsyncClient) -> bool:
    with suppress(httpx.ConnectError):
        return (await door.get("/")).status_code == 404
    return False


@asynccontextmanager
async def hearing(stage: Stage) -> AsyncIterator[None]:
    """The loop that commits what came in."""
    loop = asyncio.create_task(stage.service.hook.run())
    try:
        yield
    finally:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop


def update(number: int, person: int = 1001, text: str = "充电桩坏了") -> dict[str, Any]:
    who = {"id": person, "is_bot": False, "first_name": "陈"}
    chat = {"id": person, "type": "private", "first_name": "陈"}
    message = {"message_id": number, "date": 1_795_000_000, "chat": chat, "from": who}
    return {"update_id": number, "message": message | {"text": text}}


async def post(door: httpx.AsyncClient, body: Any, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    answer = await door.post("/telegram", json=body, headers=headers)
    return answer.status_code

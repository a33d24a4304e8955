"""How residents come: so many at once for ever, at a rate, or all within a moment."""

from __future__ import annotations

import asyncio

from benchmarks.load.residents import Town

_TICK = 0.005


async def keep(town: Town, count: int, ramp: float = 1.0) -> None:
    """`count` under way from now on: whoever is done is replaced by somebody new."""
    loop = asyncio.get_running_loop()

    def replace() -> None:
        loop.call_soon(town.enter)

    town.on_finish = replace
    await spread(town, count, ramp)


async def spread(town: Town, count: int, seconds: float) -> None:
    """`count` people, evenly over so many seconds."""
    loop = asyncio.get_running_loop()
    began, entered = loop.time(), 0
    while entered < count:
        share = min((loop.time() - began) / seconds, 1.0) if seconds else 1.0
        for _ in range(max(int(count * share), 1) - entered):
            town.enter()
            entered += 1
        await asyncio.sleep(_TICK)


async def arrive(town: Town, updates_a_second: float) -> None:
    """As many as make this many updates a second, however slow the bot is, until cancelled."""
    loop = asyncio.get_running_loop()
    began, entered = loop.time(), 0
    while True:
        due = int((loop.time() - began) * updates_a_second / len(town.script))
        for _ in range(due - entered):
            town.enter()
        entered = max(entered, due)
        await asyncio.sleep(_TICK)

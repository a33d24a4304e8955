"""A power cut: 2,000 residents send one petition each within two seconds.

`python -m benchmarks.burst --limits both`: how long until the last of them has his answer, and
with Telegram's limits, how much of what they allow is used, and how often they are run into.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import asdict, dataclass

from benchmarks.load import crowds, fast, process
from benchmarks.load.bots import Bot
from benchmarks.load.cli import chosen, common, keep, plan_of
from benchmarks.load.figures import middle, percentile, spread, table
from benchmarks.load.run import Plan, RunError, Scene, on_scene
from benchmarks.load.script import PETITION_ALONE
from playground.world.limits import Limits

_PATIENCE = 300.0
_PER_SECOND = Limits().per_second
_HEADS = ("bot", "last answer s", "±", "p50 s", "answers/s", "limit used", "429", "unanswered")


@dataclass(frozen=True, kw_only=True)
class Burst:
    """What came of one. `used` is the share of the limit, of the time after its first second."""

    last: float
    p50: float
    per_second: float
    used: float
    refused: int
    unanswered: int


async def measure(bot: Bot, plan: Plan, within: float) -> Burst:
    """One burst."""
    async with on_scene(bot, plan) as scene:
        scene.api.reset()
        began = time.perf_counter()
        await crowds.spread(scene.town, plan.residents, within)
        await _answered(scene, plan.residents)
        return _burst(scene, plan.residents, time.perf_counter() - began)


async def _answered(scene: Scene, count: int) -> None:
    until = time.monotonic() + _PATIENCE
    while scene.town.finished < count and time.monotonic() < until:
        scene.check()
        await asyncio.sleep(0.01)


def _burst(scene: Scene, count: int, lasted: float) -> Burst:
    sent = scene.api.calls["sendmessage"] - scene.api.refused
    return Burst(
        last=lasted,
        p50=percentile(sorted(scene.town.waits), 50),
        per_second=len(scene.town.waits) / lasted,
        used=max(sent - _PER_SECOND, 0) / (_PER_SECOND * lasted),
        refused=scene.api.refused,
        unanswered=count - scene.town.finished,
    )


async def _all(arguments: argparse.Namespace, plan: Plan) -> dict[str, list[Burst]]:
    process.pin_load()
    entered = chosen(arguments.bots)
    found: dict[str, list[Burst]] = {bot.name: [] for bot in entered}
    for bot in entered * arguments.runs:
        try:
            found[bot.name].append(await measure(bot, plan, arguments.within))
        except RunError as error:
            print(f"{bot.name}: {error}", file=sys.stderr)
    return found


def _row(name: str, bursts: list[Burst], *, has_limits: bool) -> list[str]:
    lasts = [b.last for b in bursts]
    return [
        name, f"{middle(lasts):.1f}", f"{spread(lasts):.0%}",
        f"{middle([b.p50 for b in bursts]):.2f}", f"{middle([b.per_second for b in bursts]):.0f}",
        f"{middle([b.used for b in bursts]):.1%}" if has_limits else "",
        str(sum(b.refused for b in bursts)), str(sum(b.unanswered for b in bursts)),
    ]  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Run it and print a table for each kind of limits."""
    parser = common("benchmarks.burst", __doc__ or "")
    parser.add_argument("--within", type=float, default=2.0, help="seconds in which all come")
    parser.set_defaults(residents=2_000, bots="haitang")
    arguments = parser.parse_args(argv)
    for has_limits in {"on": [True], "off": [False], "both": [False, True]}[arguments.limits]:
        plan = plan_of(arguments, has_limits=has_limits, script=PETITION_ALONE)
        found = fast.run(_all(arguments, plan))
        rows = [_row(name, b, has_limits=has_limits) for name, b in found.items() if b]
        title = f"burst of {plan.residents}, limits {'on' if has_limits else 'off'}"
        print(f"\n{title}\n\n{table(_HEADS, rows)}\n")
        keep(arguments.json, title, {n: [asdict(b) for b in bs] for n, bs in found.items()})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

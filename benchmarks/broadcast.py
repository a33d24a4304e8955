"""Conversation beside a broadcast: 10,000 pushes go out at Telegram's 30 a second meanwhile.

`python -m benchmarks.broadcast --pushes 10000`: how long residents wait for their answers. It is
haitang alone: no peer has a broadcast that knows of its conversations.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import asdict, dataclass

from benchmarks.load import crowds, fast, process
from benchmarks.load.bots import HAITANG
from benchmarks.load.cli import common, keep, plan_of
from benchmarks.load.figures import percentile, table
from benchmarks.load.run import Plan, Scene, on_scene
from playground.world.limits import Limits

_PER_SECOND = Limits().per_second
_SLACK = 3.0  # times what the pushes take at the full rate, until it is given up
_HEADS = ("pushes", "seconds", "limit used", "answers", "p50 ms", "p99 ms", "worst ms",
          "wait p99", "429", "stall s", "stuck")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Broadcast:
    """What came of one; times in seconds, answers from when the bot had the update."""

    pushed: int
    lasted: float
    used: float
    answers: int
    p50: float
    p99: float
    worst: float
    waited_p99: float
    refused: int
    stall: float
    stuck: int


async def measure(plan: Plan) -> Broadcast:
    """The pushes are owed before the bot starts; residents talk until the last has gone out."""
    process.pin_load()
    async with on_scene(HAITANG, plan) as scene:
        scene.api.reset()
        assert scene.probe
        before, began = scene.town.pushed, time.perf_counter()
        beside = [asyncio.create_task(crowds.arrive(scene.town, plan.rate)),
                  asyncio.create_task(scene.probe.run())]  # fmt: skip
        await _gone_out(scene, plan.pushes)
        lasted = time.perf_counter() - began
        for task in beside:
            task.cancel()
        return _broadcast(scene, scene.town.pushed - before, lasted)


async def _gone_out(scene: Scene, pushes: int) -> None:
    until = time.monotonic() + _SLACK * pushes / _PER_SECOND + 10
    while scene.town.pushed < pushes and time.monotonic() < until:
        scene.check()
        await asyncio.sleep(0.05)


def _broadcast(scene: Scene, pushed: int, lasted: float) -> Broadcast:
    town, api = scene.town, scene.api
    taken = sorted(town.latencies)
    sent = api.calls["sendmessage"] - api.refused
    return Broadcast(
        pushed=pushed, lasted=lasted, used=sent / (_PER_SECOND * lasted), answers=len(taken),
        p50=percentile(taken, 50), p99=percentile(taken, 99), worst=taken[-1] if taken else 0.0,
        waited_p99=percentile(sorted(town.waits), 99), refused=api.refused,
        stall=scene.probe.longest if scene.probe else 0.0, stuck=town.stuck(),
    )  # fmt: skip


def _row(b: Broadcast) -> list[str]:
    return [
        str(b.pushed), f"{b.lasted:.0f}", f"{b.used:.1%}", str(b.answers),
        f"{b.p50 * 1000:.0f}", f"{b.p99 * 1000:.0f}", f"{b.worst * 1000:.0f}",
        f"{b.waited_p99 * 1000:.0f}", str(b.refused), f"{b.stall:.3f}", str(b.stuck),
    ]  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Run it and print the table."""
    parser = common("benchmarks.broadcast", __doc__ or "")
    parser.add_argument("--pushes", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=10.0, help="updates/s of the residents")
    parser.add_argument("--think", type=float, default=3.0, help="seconds before the next step")
    parser.set_defaults(latency=0.05)
    arguments = parser.parse_args(argv)
    found = [fast.run(measure(_plan(arguments))) for _ in range(arguments.runs)]
    title = f"broadcast of {arguments.pushes} beside {arguments.rate:g} updates/s, limits on"
    print(f"\n{title}\n\n{table(_HEADS, [_row(b) for b in found])}\n")
    keep(arguments.json, title, {"haitang": [asdict(b) for b in found]})
    return 0


def _plan(arguments: argparse.Namespace) -> Plan:
    return plan_of(
        arguments, has_limits=True, pushes=arguments.pushes, rate=arguments.rate,
        think=arguments.think,
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())

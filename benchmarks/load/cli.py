"""What the load benchmarks' command lines share: options, interleaved runs, the table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.load import process
from benchmarks.load.bots import Bot, bots
from benchmarks.load.figures import machine, middle, spread, table
from benchmarks.load.run import Plan, Result, RunError, measure

_BASE = "ptb"  # the ratio's 1.0
Results = dict[str, list[Result]]


def common(name: str, text: str) -> argparse.ArgumentParser:
    """A parser with the options every load benchmark has."""
    parser = argparse.ArgumentParser(name, description=text)
    parser.add_argument("--bots", default="haitang,ptb", help="names, or all")
    parser.add_argument("--runs", type=int, default=1, help="of each bot, interleaved")
    parser.add_argument("--seconds", type=float, default=15.0, help="of the window")
    parser.add_argument("--warmup", type=float, default=5.0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds an API call takes")
    parser.add_argument("--residents", type=int, default=0, help="200, or 600 with latency")
    parser.add_argument("--through", type=int, default=0, help="residents at least, for memory")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--limits", default="off", choices=["on", "off", "both"], help="Telegram's")
    parser.add_argument("--profile", type=Path, help="write a cProfile of a single Python bot")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    return parser


def plan_of(arguments: argparse.Namespace, **more: Any) -> Plan:
    """The plan these options make."""
    told = {
        "seconds": arguments.seconds, "warmup": arguments.warmup, "latency": arguments.latency,
        "residents": arguments.residents or (600 if arguments.latency else 200),
        "has_tls": arguments.tls, "has_limits": arguments.limits == "on",
        "profile": arguments.profile, "at_least": arguments.through,
    }  # fmt: skip
    return Plan(**told | more)


def chosen(names: str) -> list[Bot]:
    """The bots of a list of names; who cannot run is said and left out."""
    known = bots()
    wanted = list(known) if names == "all" else names.split(",")
    found = []
    for name in wanted:
        why = known[name].missing() if name in known else "unknown"
        if why:
            print(f"{name}: left out: {why}", file=sys.stderr)
        else:
            found.append(known[name])
    return found


async def run_all(arguments: argparse.Namespace, plan: Plan) -> Results:
    """Every bot in turn, as often as asked: A, B, C, A, B, C."""
    process.pin_load()
    entered = chosen(arguments.bots)
    results: Results = {bot.name: [] for bot in entered}
    for number in range(arguments.runs):
        for bot in entered:
            try:
                result = await measure(bot, plan)
            except RunError as error:
                print(f"{bot.name}: {error}", file=sys.stderr)
                continue
            results[bot.name].append(result)
            told = f"{result.updates_per_second:.0f}/s p99 {result.p99 * 1000:.0f} ms"
            print(f"run {number + 1} {bot.name}: {told}", file=sys.stderr, flush=True)
    return results


_HEADS = ("bot", "updates/s", "±", "ratio", "p50 ms", "p99 ms", "wait p99", "CPU s/1000",
          "MB start", "MB end", "residents", "silence s", "stall s", "errors")  # fmt: skip


def show(title: str, results: Results, arguments: argparse.Namespace) -> None:
    """Print the table, and keep it all as JSON under its title."""
    base = results.get(_BASE) or None
    speed = middle([r.updates_per_second for r in base]) if base else 0.0
    rows = [_row(name, runs, speed) for name, runs in results.items() if runs]
    print(f"\n{title}\n\n{table(_HEADS, rows)}\n")
    keep(arguments.json, title, {name: [r.as_json() for r in rs] for name, rs in results.items()})


def _row(name: str, runs: list[Result], base: float) -> list[str]:
    def at(field: str, scale: float = 1.0) -> float:
        return middle([getattr(r, field) * scale for r in runs])

    speeds = [r.updates_per_second for r in runs]
    stalls = [r.stall for r in runs if r.stall is not None]
    errors = sum(r.stuck + r.refused + r.lost for r in runs)
    return [
        name, f"{middle(speeds):.0f}", f"{spread(speeds):.0%}",
        f"{middle(speeds) / base:.1f}" if base else "",
        f"{at('p50', 1000):.1f}", f"{at('p99', 1000):.0f}",
        f"{at('waited_p99', 1000):.0f}", f"{at('cpu_per_1000'):.2f}",
        f"{at('megabytes_at_start'):.0f}", f"{at('megabytes'):.0f}", f"{at('finished'):.0f}",
        f"{at('silence'):.2f}", f"{max(stalls):.3f}" if stalls else "", str(errors),
    ]  # fmt: skip


def keep(path: Path, title: str, figures: Any) -> None:
    """Put figures into the JSON file under their title; other titles stay."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    kept["machine"] = machine()
    kept[title] = figures
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")

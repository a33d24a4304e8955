"""Measures each limit in turn, on the bot's core, and prints the table."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.limits import disk, wire
from benchmarks.limits.measured import Measured
from benchmarks.load import process
from benchmarks.load.cli import keep
from benchmarks.load.figures import middle, spread, table

BATCH_COMMITS, ROW_COMMITS = "sqlite3, 100 updates a commit", "sqlite3, one row a commit"
SOCKETS, AIOHTTP = "HTTP, bare sockets", "HTTP, aiohttp"
BOTH = "commits, then calls over bare sockets"

Limits = dict[str, list[Measured]]


def measure(folder: Path | None, runs: int, seconds: float) -> Limits:
    """Every limit in turn, as often as asked."""
    limits: dict[str, Callable[[], Measured]] = {
        BATCH_COMMITS: lambda: disk.commit_batches(folder, seconds),
        ROW_COMMITS: lambda: disk.commit_rows(folder, seconds),
        SOCKETS: lambda: wire.ask(wire.ask_over_sockets, seconds),
        AIOHTTP: lambda: wire.ask(wire.ask_over_aiohttp, seconds),
    }
    found: Limits = {name: [] for name in limits}
    for _ in range(runs):
        for name, limit in limits.items():
            found[name].append(limit())
    return found


def as_json(found: Limits) -> dict[str, dict[str, float]]:
    """Medians by the limit's name, with the two that durability and answers need together."""
    kept = {
        name: {
            "per_second": middle([m.per_second for m in measured]),
            "updates_per_second": middle([m.updates_per_second for m in measured]),
            "spread": spread([m.per_second for m in measured]),
            "server_busy": max(m.server_busy or 0.0 for m in measured),
        }
        for name, measured in found.items()
    }
    both = sum(1 / kept[name]["updates_per_second"] for name in (BATCH_COMMITS, SOCKETS))
    return kept | {BOTH: {"updates_per_second": 1 / both}}


def as_table(kept: dict[str, dict[str, float]]) -> str:
    """The report."""
    heads = ("limit", "a second", "±", "as updates/s", "server busy")
    return table(heads, [_row(name, figures) for name, figures in kept.items()])


def _row(name: str, figures: dict[str, float]) -> list[str]:
    rate = f"{figures['per_second']:.0f}" if "per_second" in figures else ""
    wide = f"{figures['spread']:.0%}" if "spread" in figures else ""
    busy = f"{figures['server_busy']:.0%}" if figures.get("server_busy") else ""
    return [name, rate, wide, f"{figures['updates_per_second']:.0f}", busy]


def main(argv: list[str] | None = None) -> int:
    """Measure on the bot's core, print the table, keep the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.limits", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each")
    parser.add_argument("--folder", type=Path, help="on the disk in question; the system's own")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    given = parser.parse_args(argv)
    if process.BOT_CORE in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {process.BOT_CORE})
    kept = as_json(measure(given.folder, given.runs, given.seconds))
    keep(given.json, "limits", kept)
    print(as_table(kept))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

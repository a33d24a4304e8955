"""From a process' first moment until it is ready to serve, and its memory, in towns of any size.

`python -m benchmarks.start [--sizes 10000,100000,1000000] [--runs 5] [--data FOLDER] [--json FILE]`

Each start is a process of its own against the playground on this machine; one town after the other,
and so on again. With `--killed` the one before was killed, so that the whole file is read first.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.scale import seed
from benchmarks.scale.questions import FOLDER, SIZES
from playground.http.server import serve
from playground.world.clock import Clock
from playground.world.world import World

AT_MOST = 2.0  # how much longer the largest town's start may take
_FIGURES = ("process", "start", "memory")  # seconds, seconds, megabytes


async def _spawn(path: Path, size: int, base_url: str) -> dict[str, float]:
    """One start in a process of its own, with the seconds as they are from the outside."""
    began = perf_counter()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.start.once", str(path), str(size), base_url,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout
    told = await child.stdout.readline()
    took = perf_counter() - began
    if await child.wait():
        raise RuntimeError("the bot did not start")
    return json.loads(told) | {"process": took}


@contextmanager
def _killed(path: Path) -> Iterator[None]:
    """Somebody who had the file open did not close it."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA user_version = {seed.VERSION}")
        yield


async def _measure(
    files: Sequence[Path], sizes: Sequence[int], runs: int, *, killed: bool
) -> list[list[dict[str, float]]]:
    """The figures by town and run; the first round warms up and does not count."""
    found: list[list[dict[str, float]]] = [[] for _ in files]
    async with serve(World(clock=Clock.manual(seed.NOW))) as server:
        for run in range(runs + 1):
            for kept, path, size in zip(found, files, sizes, strict=True):
                with _killed(path) if killed else nullcontext():
                    one = await _spawn(path, size, server.base_url)
                kept.extend([one] if run else [])
    return found


def measure(
    sizes: Sequence[int] = SIZES, runs: int = 5, folder: Path = FOLDER, *, killed: bool = False
) -> dict[str, Any]:
    """Start everywhere. Returns what the table shows, to be kept as JSON."""
    files = [seed.ensure(folder, size) for size in sizes]
    found = asyncio.run(_measure(files, sizes, runs, killed=killed))
    rows = [_row(name, [[one[name] for one in town] for town in found]) for name in _FIGURES]
    return {"sizes": list(sizes), "runs": runs, "at_most": AT_MOST, "killed": killed,
            "figures": rows}  # fmt: skip


def _row(name: str, values: list[list[float]]) -> dict[str, Any]:
    middle = [median(one) for one in values]
    spread = [[round(min(one), 3), round(max(one), 3)] for one in values]
    return {"name": name, "median": [round(m, 3) for m in middle], "spread": spread,
            "ratio": round(middle[-1] / middle[0], 2)}  # fmt: skip


def as_lines(told: dict[str, Any]) -> list[str]:
    """The table."""
    words = {"process": "process to ready, s", "start": "Service.start, s", "memory": "memory, MB"}
    heads = "".join(f"{size:>12,}" for size in told["sizes"])
    return [f"{'':24}{heads}   ratio"] + [
        f"{words[row['name']]:24}{''.join(f'{m:12.2f}' for m in row['median'])}{row['ratio']:8.2f}"
        for row in told["figures"]
    ]


def main(argv: list[str] | None = None) -> int:
    """Print the table. Returns 1 if the largest town takes longer than it may, else 0."""
    parser = argparse.ArgumentParser("python -m benchmarks.start")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), metavar="N,N,…")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=FOLDER, help="where the towns are kept")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--killed", action="store_true", help="as after a kill")
    given = parser.parse_args(argv)
    sizes = [int(size) for size in given.sizes.split(",")]
    told = measure(sizes, given.runs, given.data, killed=given.killed)
    print("\n".join(as_lines(told)))
    if given.json:
        given.json.write_text(json.dumps(told, indent=2), "utf-8")
    return int(told["figures"][1]["ratio"] > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())

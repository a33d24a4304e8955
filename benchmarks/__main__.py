"""All benchmarks of speed, one after the other: `make bench`, or `python -m benchmarks`.

Each is a program of its own with its own options; this runs them as docs/performance.md is made,
and sums up the intake in one table. Everything is kept in build/bench.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.load.bots import HAITANG_PYTHON
from benchmarks.load.figures import machine, table

_JSON = Path("build/bench.json")
_BASE = "ptb"
_PYTHON_PEERS = {"ptb", "ptb-pickle", "aiogram", "aiogram-sqlite", "telebot"}
_WAYS = {
    "0 ms": [], "0 ms TLS": ["--tls"],
    "50 ms": ["--latency", "0.05"], "50 ms TLS": ["--latency", "0.05", "--tls"],
}  # fmt: skip
Kept = Mapping[str, Mapping[str, list[Mapping[str, Any]]]]


def main(argv: list[str] | None = None) -> int:
    """Run everything. Returns 0, or 1 when some benchmark failed."""
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    parser.add_argument("--bots", default="all")
    parser.add_argument("--runs", default="5")
    parser.add_argument("--seconds", default="15")
    parser.add_argument("--pushes", default="10000")
    given = parser.parse_args(argv)
    usual = ["--runs", given.runs, "--seconds", given.seconds, "--bots", given.bots]
    done = [_load("intake", *usual, *way) for way in _WAYS.values()]
    done += [_load("intake", *usual, *way, "--rate", rate) for way, rate in _offered()]
    done += [
        _load("intake", "--bots", "haitang", "--seconds", "60", "--through", "10000"),
        _load("burst", "--runs", given.runs, "--limits", "both"),
        _load("broadcast", "--pushes", given.pushes),
        _load("limits"),
        *_alone("scale"), *_alone("start"),
    ]  # fmt: skip
    print(f"\n{machine()}\n\n{_summary(_kept())}")
    return int(any(done))


def _load(name: str, *options: str) -> int:
    """A benchmark that only talks to bots, on the fast loop."""
    return _run(sys.executable, name, *options)


def _alone(name: str) -> Iterable[int]:
    """A benchmark that runs the product in its own process: on the product's interpreter."""
    if find_spec(f"benchmarks.{name}"):
        yield _run(HAITANG_PYTHON, name, "--json", str(_JSON.with_name(f"{name}.json")))


def _run(python: str, name: str, *options: str) -> int:
    line = [python, "-m", f"benchmarks.{name}", *options]
    return subprocess.run(line, check=False).returncode  # noqa: S603


def _kept() -> Kept:
    found: Kept = json.loads(_JSON.read_text("utf-8")) if _JSON.exists() else {}
    return found


def _offered() -> Iterable[tuple[list[str], str]]:
    """80 % of what the slowest Python peer can do, with and without latency."""
    for way, options in _WAYS.items():
        speeds = [s for name, s in _speeds(_kept(), way).items() if name in _PYTHON_PEERS]
        if speeds and "TLS" not in way:
            yield options, f"{min(speeds) * 0.8:.0f}"


def _speeds(kept: Kept, way: str) -> dict[str, float]:
    """Updates a second of each bot, saturated in this way."""
    latency, _, wire = way.partition(" ms")
    title = f"intake, {latency} ms a call, {wire.strip() or 'plain'}, saturated"
    runs = kept.get(title, {})
    return {name: median([r["updates_per_second"] for r in rs]) for name, rs in runs.items() if rs}


def _summary(kept: Kept) -> str:
    """Every bot's updates a second in every way, and how many times the base's that is."""
    speeds = {way: _speeds(kept, way) for way in _WAYS}
    names = dict.fromkeys(name for found in speeds.values() for name in found)
    rows = [[name, *(_cell(found, name) for found in speeds.values())] for name in names]
    return table(["updates/s (ratio)", *_WAYS], rows)


def _cell(found: Mapping[str, float], name: str) -> str:
    if name not in found:
        return ""
    ratio = f" ({found[name] / found[_BASE]:.1f})" if found.get(_BASE) else ""
    return f"{found[name]:.0f}{ratio}"


if __name__ == "__main__":
    raise SystemExit(main())

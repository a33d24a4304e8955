"""Percentiles, medians with their spread, and the table."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import median


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The value below which `percent` of an ordered sequence lies (nearest rank); 0 of nothing."""
    if not ordered:
        return 0.0
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def spread(values: Sequence[float]) -> float:
    """Half of what lies between the smallest and the largest, as a share of the median."""
    return (max(values) - min(values)) / 2 / median(values) if median(values) else 0.0


def machine() -> dict[str, str]:
    """Where this was measured."""
    names = [line.partition(":")[2].strip() for line in _cpu_lines() if "model name" in line]
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": str(os.cpu_count()),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text("utf-8").splitlines() if path.exists() else []


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, its columns aligned; the first is text, the others numbers."""
    lines = [list(heads), *[list(row) for row in rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    rule = [("-" * w if i == 0 else "-" * (w - 1) + ":") for i, w in enumerate(widths)]
    aligned = [
        [cell.ljust(w) if i == 0 else cell.rjust(w)
         for i, (cell, w) in enumerate(zip(line, widths, strict=True))]
        for line in lines
    ]  # fmt: skip
    return "\n".join(f"| {' | '.join(line)} |" for line in [aligned[0], rule, *aligned[1:]])

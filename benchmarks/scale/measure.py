"""The same questions, asked of the small and of the large, and what they cost."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import structlog

from benchmarks.scale.office import Office

AT_MOST = 1.3  # how much more the largest may cost
_UNTIL_COLLECTED = 50_000  # new objects, as in the bot


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and how often for one figure; `share` is how many a single one brings."""

    ask: Callable[[Any], Awaitable[None]]
    times: int = 20
    share: int = 1

    @property
    def name(self) -> str:
        """As in the table."""
        return self.ask.__name__.replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Milliseconds of one question."""

    cpu: float
    wall: float


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """The collector looks as seldom as in the bot, and at nothing that was there before."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_UNTIL_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


async def _cost(office: Office, question: Question) -> Cost:
    """The mean of several, each asked somewhere else. Each pays for its own garbage alone."""
    gc.collect()
    cpu, wall = process_time(), perf_counter()
    for _ in range(question.times):
        office.asked += 1
        await question.ask(office)
    share = 1000 / (question.times * question.share)
    told = Cost(cpu=(process_time() - cpu) * share, wall=(perf_counter() - wall) * share)
    office.tidy()
    return told


async def _ask_all(
    opened: Callable[[], Sequence[Office]], runs: int, questions: Sequence[Question]
) -> dict[str, list[list[Cost]]]:
    """Costs by question, office and run; the first round warms up and does not count."""
    offices = opened()
    found: dict[str, list[list[Cost]]] = {q.name: [[] for _ in offices] for q in questions}
    try:
        for office in offices:
            office.tidy()
        for run, question in product(range(runs + 1), questions):
            for kept, office in zip(found[question.name], offices, strict=True):
                cost = await _cost(office, question)
                kept.extend([cost] if run else [])
    finally:
        for office in offices:
            await office.store.close()
    return found


def ask(
    opened: Callable[[], Sequence[Office]], files: Sequence[Path], sizes: Sequence[int], runs: int,
    questions: Sequence[Question],
) -> dict[str, Any]:  # fmt: skip
    """Ask everything of each. Returns what the table shows, to be kept as JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for path in files:  # so that no figure is the disk's
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    with collecting_seldom():
        found = asyncio.run(_ask_all(opened, runs, questions))
    return table(sizes, runs, found)


def table(
    sizes: Sequence[int], runs: int, found: Mapping[str, list[list[Cost]]]
) -> dict[str, Any]:  # fmt: skip
    """What the table shows, of costs by question, column and run."""
    return {"sizes": list(sizes), "runs": runs, "at_most": AT_MOST,
            "questions": [_row(name, costs) for name, costs in found.items()]}  # fmt: skip


def _row(name: str, costs: list[list[Cost]]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name}
    for what in ("cpu", "wall"):
        each = [[getattr(cost, what) for cost in one] for one in costs if one]
        middle = [median(one) for one in each]
        row[what] = [round(value, 3) for value in middle]
        row[f"{what}_spread"] = [[round(min(one), 3), round(max(one), 3)] for one in each]
        row[f"{what}_ratio"] = round(middle[-1] / middle[0], 2)
    return row


def as_lines(told: dict[str, Any]) -> list[str]:
    """The table."""
    heads = "".join(f"{size:>12,}" for size in told["sizes"])
    lines = [f"{'milliseconds of processor':28}{heads}   ratio   (wall)"]
    for row in told["questions"]:
        costs = "".join(f"{cost:12.3f}" for cost in row["cpu"]).ljust(12 * len(told["sizes"]))
        mark = " " if row["cpu_ratio"] <= told["at_most"] else "!"
        ratios = f"{row['cpu_ratio']:7.2f} {mark}{row['wall_ratio']:8.2f}"
        lines.append(f"{row['name']:28}{costs}{ratios}")
    return lines


def is_too_much(told: dict[str, Any]) -> bool:
    """Whether anything costs more in the largest than it may."""
    return any(row["cpu_ratio"] > told["at_most"] for row in told["questions"])

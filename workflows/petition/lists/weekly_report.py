"""A week of a place in numbers for everybody to read: nobody can be recognised by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from workflows.core.places import grid_of

FEW = 3  # fewer of a category could tell whose it was
_LISTED = 5


class Matter(Struct, frozen=True, kw_only=True):
    """What is counted of a petition. `is_scored`: not left out of the rate by two people;
    `is_listed`: its resident does not mind; `is_solved`: its resident says so.
    """

    category: str
    place: str
    is_told: bool = False
    is_breached: bool = False
    is_scored: bool = True
    is_listed: bool = True
    is_solved: bool = False


class Week(Struct, frozen=True, kw_only=True):
    """The summary; `solved` are pairs of category and grid."""

    filed: int
    on_time: int
    late: int
    closed: int
    waiting: int
    categories: tuple[tuple[str, int], ...]
    solved: tuple[tuple[str, str], ...]


def sum_up(filed: list[Matter], closed: list[Matter], waiting: int, others: str) -> Week:
    """The week of what was filed and closed in it; `others` is the category that few hide in."""
    scored = [m for m in filed if m.is_scored]
    late = sum(m.is_breached for m in scored)
    return Week(
        filed=len(filed), late=late, closed=len(closed), waiting=waiting,
        on_time=sum(m.is_told and not m.is_breached for m in scored),
        categories=tuple(_folded(Counter(m.category for m in filed), others).most_common()),
        solved=_solved((m for m in closed if m.is_solved and m.is_listed), others),
    )  # fmt: skip


def _folded(counts: Counter[str], others: str) -> Counter[str]:
    """The same, with the few of every kind among the others."""
    folded: Counter[str] = Counter()
    for category, count in counts.items():
        folded[category if count >= FEW else others] += count
    return folded


def _solved(matters: Iterable[Matter], others: str) -> tuple[tuple[str, str], ...]:
    """Each kind once a grid; one that was rare there is only one of the others."""
    counts = Counter((m.category, grid_of(m.place)) for m in matters)
    named = [
        (category if count >= FEW else others, grid)
        for (category, grid), count in counts.most_common()
    ]
    return tuple(dict.fromkeys(named))[:_LISTED]

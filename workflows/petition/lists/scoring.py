"""The figures a place is judged by: what share was answered in time, solved, and well received.

They are of the tickets filed in one month. Left out are those whose exclusion a second person
approved; what nobody answered is neither solved nor satisfied, and not counted as asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from workflows.petition.settings import Opinion, Scoring
from workflows.petition.words import State

_RATED = {3: Opinion.SATISFIED, 2: Opinion.FAIRLY, 1: Opinion.UNSATISFIED}


class Scored(Struct, frozen=True, kw_only=True):
    """What counts of one ticket."""

    state: State
    told_at: datetime | None = None
    breached_at: datetime | None = None
    rating: int | None = None
    solved: str = ""  # the resident's own word
    checked: str = ""  # what a neutral person heard from him later, which counts for more
    pauses: int = 0
    is_excluded: bool = False

    @property
    def is_due(self) -> bool:
        """Whether the answer was owed by now: given, or late."""
        return self.told_at is not None or self.breached_at is not None

    @property
    def is_solved(self) -> bool | None:
        """Whether the resident says that it is solved; None as long as nobody has heard."""
        found = self.checked or self.solved
        return found == "yes" if found else None

    @property
    def opinion(self) -> Opinion | None:
        """How the resident found it; None if he did not say. Who said only that it is partly
        solved, and not how he found that, is counted by that.
        """
        is_partly = self.solved == "partly" and not self.rating
        return Opinion.PARTLY if is_partly else _RATED.get(self.rating or 0)


class Figures(Struct, frozen=True, kw_only=True):
    """The counts of one month; rates are shares from 0 to 1, None where nothing counts yet."""

    filed: int = 0
    due: int = 0
    in_time: int = 0
    asked: int = 0
    solved: int = 0
    rated: int = 0
    satisfied: float = 0  # each by its weight
    unheard: int = 0  # closed without an answer
    excluded: int = 0
    paused: int = 0  # in how many the promise stood still for a question,
    pauses: int = 0  # and how often in all

    @property
    def breached(self) -> int:
        """How many were answered too late, or not yet."""
        return self.due - self.in_time

    @property
    def response_rate(self) -> float | None:
        """Told a plan within the limit ÷ tickets due."""
        return self.in_time / self.due if self.due else None

    @property
    def resolution_rate(self) -> float | None:
        """Residents who say it is solved ÷ valid follow-ups."""
        return self.solved / self.asked if self.asked else None

    @property
    def satisfaction_rate(self) -> float | None:
        """Satisfied, by weight ÷ residents who said how it was."""
        return self.satisfied / self.rated if self.rated else None


def count(scored: Iterable[Scored], weights: Scoring) -> Figures:
    """The figures of these tickets."""
    every = list(scored)
    kept = [one for one in every if not one.is_excluded]
    due = [one for one in kept if one.is_due]
    heard = [one.is_solved for one in kept if one.is_solved is not None]
    said = [one.opinion for one in kept if one.opinion]
    return Figures(
        filed=len(every), excluded=len(every) - len(kept),
        due=len(due), in_time=sum(one.breached_at is None for one in due),
        asked=len(heard), solved=sum(heard),
        rated=len(said), satisfied=sum(map(weights.weight, said)) / 100,
        unheard=sum(_is_unheard(one) for one in kept),
        paused=sum(one.pauses > 0 for one in kept), pauses=sum(one.pauses for one in kept),
    )  # fmt: skip


def _is_unheard(one: Scored) -> bool:
    return one.state is State.CLOSED and one.is_solved is None and one.opinion is None


def months(now: datetime, zone: ZoneInfo, how_many: int) -> Iterator[tuple[datetime, datetime]]:
    """This month and those before it, as beginnings and ends (aware UTC) by the zone's calendar."""
    first = now.astimezone(zone).date().replace(day=1)
    for _ in range(how_many):
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        yield _midnight(first, zone), _midnight(after, zone)
        first = (first - timedelta(days=1)).replace(day=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)

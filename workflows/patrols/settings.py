"""[patrols] in the config: the points, and the plans by which they are walked.

There is no other place where a plan is made; `haitang check` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from msgspec import Meta, Struct

from workflows.core.kernels import checklist, schedule
from workflows.core.kernels.configured import Code, Line, Spot, Timed
from workflows.core.people import Role
from workflows.core.permissions import LIMITED
from workflows.core.settings import Count, Days, Hours, Word
from workflows.patrols.words import Level


class Planned(Timed, frozen=True, kw_only=True, dict=True):
    """Which points, what is looked at, and by whom: `person`, or whoever of these roles takes it.
    `is_campaign`: many walk it together, and it is summed up. `service_minutes` are what a round
    is worth to who is not paid for it.
    """

    name: Annotated[Word, Meta(max_length=30)]
    place: Word
    points: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=60)]
    items: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=12)]
    is_ordered: bool = False
    is_campaign: bool = False
    roles: tuple[Role, ...] = LIMITED
    person: int = 0
    service_minutes: Count = 0


class PatrolSettings(Struct, frozen=True, kw_only=True, dict=True):
    """Within how many hours a finding of a level is put right; a fault within `reopen_days` is the
    same one again; after `faults` within `fault_days` another thing is proposed.
    """

    minor_hours: Hours = 24
    serious_hours: Hours = 72
    major_hours: Hours = 168
    reopen_days: Days = 30
    faults: Annotated[int, Meta(ge=2, le=100)] = 3
    fault_days: Days = 180
    points: tuple[Spot, ...] = ()
    plans: tuple[Planned, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for what does not go together."""
        if wrong := next(self._wrong(), ""):
            raise ValueError(wrong)

    def _wrong(self) -> Iterator[str]:
        for words in ([one.code for one in self.points], [one.name for one in self.plans]):
            yield from (f'"{word}" is there twice' for word in words if words.count(word) > 1)
        for plan in self.plans:
            unknown = [code for code in plan.points if code not in self.spots]
            yield from (f'{plan.name}: there is no point "{code}"' for code in unknown)
            try:
                schedule.check(plan.schedule)
                checklist.check(one.item for one in plan.items)
            except (schedule.RuleError, checklist.UnclearError) as error:
                yield f"{plan.name}: {error}"

    @property
    def named_places(self) -> tuple[str, ...]:
        """The places it names, which must be some."""
        return (*(one.place for one in self.points), *(one.place for one in self.plans))

    @cached_property
    def spots(self) -> dict[str, Spot]:
        """The points by their codes."""
        return {one.code: one for one in self.points}

    def within(self, level: Level) -> timedelta:
        """How long it may take to put right what is of this level."""
        return timedelta(hours=getattr(self, f"{level}_hours"))

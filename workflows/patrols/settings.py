"""What a community settles for its rounds: [patrols] in the config, with its points and plans.

There is no other place where a plan is made: the file says which there are, `haitang check` what is
wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from msgspec import Meta, Struct

from workflows.core.kernels import checklist, schedule
from workflows.core.kernels.checklist import Item, Limits
from workflows.core.kernels.schedule import Off, OnHoliday
from workflows.core.people import Role
from workflows.core.permissions import LIMITED
from workflows.core.settings import Count, Days, Hours, Word
from workflows.patrols.words import Level

Code = Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,24}$")]  # it goes into a link and a button
_FIRST = date(2026, 1, 1)  # a Thursday: from when rules count where a plan does not say


class Spot(Struct, frozen=True, kw_only=True):
    """A point of rounds, or the thing that is there: what its sheet says, and of which category a
    petition about it is.
    """

    code: Code
    name: Word
    place: Word
    category: str = ""


class Looked(Struct, frozen=True, kw_only=True):
    """A line of a checklist; with `low` or `high` it is measured."""

    text: Annotated[Word, Meta(max_length=40)]
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def item(self) -> Item:
        """The same as the kernel has it; a line with other words is another line."""
        low, high = (None if one is None else Decimal(str(one)) for one in (self.low, self.high))
        is_measured = low is not None or high is not None
        limits = Limits(low=low, high=high, unit=self.unit) if is_measured else None
        return Item(key=self.text, text=self.text, limits=limits)


class Planned(Struct, frozen=True, kw_only=True, dict=True):
    """A plan of rounds: its points, what is looked at, when, and by whom: `person`, or whoever of
    these roles takes it. With `until` it is a campaign. `service_minutes` are what a round is worth
    to who is not paid for it, 0 is nothing.
    """

    name: Annotated[Word, Meta(max_length=30)]
    place: Word
    points: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=60)]
    items: Annotated[tuple[Looked, ...], Meta(min_length=1, max_length=12)]
    rule: Word
    opens: time = time(8)
    hours: Annotated[float, Meta(gt=0, le=168)] = 12
    first: date = _FIRST
    until: date | None = None
    on_holiday: OnHoliday = OnHoliday.NEXT
    off: Off = Off.HOLIDAYS
    is_ordered: bool = False
    roles: tuple[Role, ...] = LIMITED
    person: int = 0
    service_minutes: Count = 0

    @cached_property
    def schedule(self) -> schedule.Plan:
        """Its rule as the kernel has it."""
        return schedule.Plan(
            rule=self.rule, first=self.first, last=self.until, opens=self.opens,
            lasts=timedelta(hours=self.hours), on_holiday=self.on_holiday, off=self.off,
        )  # fmt: skip


class PatrolSettings(Struct, frozen=True, kw_only=True, dict=True):
    """The points and the plans; within how many hours a finding of a level is put right; a fault
    within `reopen_days` is the same one again; `faults` within `fault_days` and it is time for
    another thing.
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

    def plan(self, name: str) -> Planned | None:
        """What it says of a plan, if that is still one."""
        return next((one for one in self.plans if one.name == name), None)

    def within(self, level: Level) -> timedelta:
        """How long it may take to put right what is of this level."""
        return timedelta(hours=getattr(self, f"{level}_hours"))

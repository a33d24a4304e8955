"""Points, plans and checklists as a config writes them, made into what the kernels take."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from workflows.core.kernels.checklist import Item, Limits
from workflows.core.kernels.schedule import Off, OnHoliday, Plan
from workflows.core.places import Places
from workflows.core.settings import Word

Code = Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,24}$")]  # it goes into a link and a button


class Spot(Struct, frozen=True, kw_only=True):
    """A point, or the thing that is there; of which category a petition about it is."""

    code: Code
    name: Word
    place: Word
    category: str = ""

    def at(self, places: Places) -> Spot:
        """The same with the whole path of its place."""
        return replace(self, place=places.resolve(self.place))


class Timed(Struct, frozen=True, kw_only=True, dict=True):
    """When something is, again and again: a rule (RFC 5545), and for how many hours each time."""

    rule: Word
    opens: time = time(8)
    hours: Annotated[float, Meta(gt=0, le=168)] = 12
    first: date = date(2026, 1, 1)
    until: date | None = None
    on_holiday: OnHoliday = OnHoliday.NEXT
    off: Off = Off.HOLIDAYS

    @cached_property
    def schedule(self) -> Plan:
        """The same as a plan."""
        return Plan(
            rule=self.rule, first=self.first, last=self.until, opens=self.opens,
            lasts=timedelta(hours=self.hours), on_holiday=self.on_holiday, off=self.off,
        )  # fmt: skip


class Line(Struct, frozen=True, kw_only=True):
    """A line of a checklist; with `low` or `high` it is measured. Other words are another line."""

    text: Annotated[Word, Meta(max_length=40)]
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def item(self) -> Item:
        """The same as an item."""
        low, high = (None if one is None else Decimal(str(one)) for one in (self.low, self.high))
        is_plain = low is None and high is None
        limits = None if is_plain else Limits(low=low, high=high, unit=self.unit)
        return Item(key=self.text, text=self.text, limits=limits)

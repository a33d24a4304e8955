"""The [calendar] section: working hours, and which days differ from the public holidays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import chinese_calendar
from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.sections import Part
from workflows.core.policy import ClockChange, ClockPolicy, Counts
from workflows.core.timing.worktime import Span, WorkingHours

_SOON = timedelta(days=60)  # the coming year's holidays are announced some weeks before it
_SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.holidays)


def _read_span(value: Any) -> Any:
    """Text "09:00-12:00"; "24:00" closes at midnight."""
    found = _SPAN.fullmatch(value.replace(" ", "")) if isinstance(value, str) else None
    if not found:
        raise ValueError('must be like "09:00-12:00"')
    h1, m1, h2, m2 = map(int, found.groups())
    opens, closes = timedelta(hours=h1, minutes=m1), timedelta(hours=h2, minutes=m2)
    if not opens < closes <= timedelta(days=1):
        raise ValueError("must end later than it begins, and by 24:00")
    return opens, closes


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise ValueError("must be in order and may not overlap")
    if sum((closes - opens for opens, closes in spans), timedelta(0)) < timedelta(hours=1):
        raise ValueError("must be an hour a day or more")
    return spans


def _read_day(value: Any) -> Any:
    """Text "2027-02-06", or TOML's own 2027-02-06."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError('must be a date like "2027-02-06"') from None


OpenSpan = Annotated[Span, BeforeValidator(_read_span)]
Day = Annotated[date, BeforeValidator(_read_day)]


class CalendarPart(Part):
    """The hours of a working day, and days that beat the public holidays either way."""

    hours: Annotated[tuple[OpenSpan, ...], Field(min_length=1), AfterValidator(_in_order)] = (
        (timedelta(hours=9), timedelta(hours=12)),
        (timedelta(hours=13, minutes=30), timedelta(hours=17, minutes=30)),
    )
    holidays: tuple[Day, ...] = ()
    workdays: tuple[Day, ...] = ()

    def working_hours(self, zone: ZoneInfo) -> WorkingHours:
        """The public holidays with what is said here over them; else plain weekdays."""
        closed, opened = frozenset(self.holidays), frozenset(self.workdays)
        return WorkingHours(
            zone=zone,
            spans=self.hours,
            holidays=chinese_calendar.holidays.keys() - opened | closed,
            workdays=chinese_calendar.workdays.keys() - closed | opened,
        )

    def unknown_year(self, today: date) -> int | None:
        """The year of `today` or of two months later, when nobody has said its holidays."""
        known = _KNOWN_YEARS | {day.year for day in (*self.holidays, *self.workdays)}
        years = (today.year, (today + _SOON).year)
        return next((year for year in years if year not in known), None)


def counts_working(clocks: Iterable[ClockPolicy | ClockChange]) -> bool:
    """Whether any clock counts the working hours."""
    return any(clock.counts is Counts.WORKING for clock in clocks)

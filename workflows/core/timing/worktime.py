"""The time in which a clock runs: all of it, or a community's hours on its days. Aware UTC in, out.

Hours are half open: at closing time it is closed, yet a length that just fits ends there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

Span = tuple[timedelta, timedelta]  # opening and closing, since midnight
Stretch = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_WEEKEND = frozenset({5, 6})  # as date.weekday() counts


class RoundTheClock(Struct, frozen=True):
    """Calendar time: never closed."""

    def is_open(self, _: datetime) -> bool:
        """Always."""
        return True

    def opening(self, moment: datetime) -> datetime:
        """The moment itself."""
        return moment

    def add(self, moment: datetime, length: timedelta) -> datetime:
        """The moment when `length` has passed; less than nothing leads back."""
        return moment + length

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much time lies between; less than nothing when `end` is earlier."""
        return end - start


class WorkingHours(Struct, frozen=True, kw_only=True, dict=True):
    """Hours of the day, in order and at least one; weekends and `holidays` are closed, `workdays`
    are open whatever the weekday, as the weekends worked for a long holiday are.
    """

    zone: ZoneInfo
    spans: tuple[Span, ...]
    weekend: frozenset[int] = _WEEKEND
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether anybody works that day."""
        is_plain = day.weekday() not in self.weekend and day not in self.holidays
        return is_plain or day in self.workdays

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment lies within the hours."""
        return self.opening(moment) == moment

    def opening(self, moment: datetime) -> datetime:
        """The moment itself within the hours, else when they begin next."""
        return max(moment, next(self._ahead(moment))[0])

    def add(self, moment: datetime, length: timedelta) -> datetime:
        """The moment when `length` of these hours has passed; less than nothing leads back."""
        if length < timedelta(0):
            return self._subtract(moment, -length)
        stretches = self._ahead(moment)
        while True:
            opens, closes = next(stretches)
            start = max(opens, moment)
            if length <= closes - start:
                return start + length
            length -= closes - start

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of these hours lies between; less than nothing when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        total, stretches = timedelta(0), self._ahead(start)
        while True:
            opens, closes = next(stretches)
            if opens >= end:
                return total
            total += min(closes, end) - max(opens, start)

    def _subtract(self, moment: datetime, length: timedelta) -> datetime:
        stretches = self._behind(moment)
        while True:
            opens, closes = next(stretches)
            end = min(closes, moment)
            if length <= end - opens:
                return end - length
            length -= end - opens

    def _ahead(self, moment: datetime) -> Iterator[Stretch]:
        """The stretches that close after the moment, in order, without end."""
        day = moment.astimezone(self.zone).date()
        while True:
            yield from (s for s in self._of_day(day) if s[1] > moment)
            day += _DAY

    def _behind(self, moment: datetime) -> Iterator[Stretch]:
        """The stretches that open before the moment, the latest first, without end."""
        day = moment.astimezone(self.zone).date()
        while True:
            yield from (s for s in reversed(self._of_day(day)) if s[0] < moment)
            day -= _DAY

    def _of_day(self, day: date) -> list[Stretch]:
        if day not in self._looked_up:
            spans = self.spans if self.is_workday(day) else ()
            midnight = datetime.combine(day, time.min, self.zone)
            self._looked_up[day] = [
                ((midnight + opens).astimezone(UTC), (midnight + closes).astimezone(UTC))
                for opens, closes in spans
            ]
        return self._looked_up[day]

    @cached_property
    def _looked_up(self) -> dict[date, list[Stretch]]:
        return {}


Worktime = RoundTheClock | WorkingHours
ALWAYS = RoundTheClock()


@cache
def every_day_but(start: time, end: time, zone: ZoneInfo) -> Worktime:
    """Every day's time outside `start` to `end`, which may go over midnight; both one is never."""
    closes, opens = _since_midnight(start), _since_midnight(end)
    if closes == opens:
        return ALWAYS
    spans = ((opens, closes),) if opens < closes else ((timedelta(0), closes), (opens, _DAY))
    kept = tuple(span for span in spans if span[0] < span[1])
    return WorkingHours(zone=zone, spans=kept, weekend=frozenset())


def _since_midnight(moment: time) -> timedelta:
    return datetime.combine(date.min, moment) - datetime.combine(date.min, time.min)

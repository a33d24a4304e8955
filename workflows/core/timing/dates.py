"""Dates as people say them: "3天内", "三天", "明天", "12月1日", "1号"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from workflows.core.errors import Refusal
from workflows.core.places import NUMERAL, numeral
from workflows.core.policy import Rules, WeekTime

_END_OF_DAY = time(18)
_LAST_MINUTE = time(23, 59)
_LONGEST = 366  # days; nobody promises for longer
_BACKWARDS = 180  # a month and day longer ago than this means next year's
_DAYS = re.compile(rf"({NUMERAL})\s*天?(?:之?[内后])?")
_MONTH_DAY = re.compile(r"(?:(\d{4})\s*[-年./])?\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*[日号]?")
_DAY = re.compile(r"(\d{1,2})\s*[日号]")
_WEEKDAYS = "一二三四五六日天"
_WEEK_TIME = re.compile(rf"(?:周|星期|礼拜)([{_WEEKDAYS}])\s*([01]?\d|2[0-3]):([0-5]\d)")
_NEAR = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}


def parse_due(answer: str, now: datetime, rules: Rules) -> datetime:
    """The end of the working day meant, 18:00 local, as aware UTC; said after six, midnight.

    Raises Refusal when it is no date, is over, or is more than a year away.
    """
    today = now.astimezone(rules.zone).date()
    day = _day(answer.strip(), today)
    if day is None or (day - today).days > _LONGEST:
        raise Refusal("form_no_date")
    ends = (datetime.combine(day, end, rules.zone) for end in (_END_OF_DAY, _LAST_MINUTE))
    due = next((end for end in ends if end > now), None)
    if due is None:
        raise Refusal("refused_past")
    return due.astimezone(now.tzinfo)


def parse_week_time(said: str) -> WeekTime:
    """The moment of the week in "周一 09:00". Raises ValueError."""
    found = _WEEK_TIME.fullmatch(said.strip())
    if found is None:
        raise ValueError('must be a weekday and a time like "周一 09:00", or "" for never')
    weekday = min(_WEEKDAYS.index(found[1]), 6)  # Sunday has two names
    return WeekTime(weekday=weekday, at=time(int(found[2]), int(found[3])))


def _day(answer: str, today: date) -> date | None:
    if answer in _NEAR:
        return today + timedelta(days=_NEAR[answer])
    if days := _DAYS.fullmatch(answer):
        return today + timedelta(days=numeral(days[1]))
    if found := _MONTH_DAY.search(answer):
        return _of_month(found[1], int(found[2]), int(found[3]), today)
    if found := _DAY.fullmatch(answer):
        return _next_with_day(int(found[1]), today)
    return None


def _of_month(year: str | None, month: int, day: int, today: date) -> date | None:
    """That day: of this year, or of next when this year's is long over or does not exist."""
    years = [int(year)] if year else [today.year, today.year + 1]
    found = [d for y in years if (d := _date(y, month, day))]
    ahead = [d for d in found if (today - d).days <= _BACKWARDS]
    return next(iter([*ahead, *found]), None)


def _next_with_day(day: int, today: date) -> date | None:
    """The next day of this number, today included."""
    months = [(today.year, today.month), (today.year + today.month // 12, today.month % 12 + 1)]
    found = (d for y, m in months if (d := _date(y, m, day)))
    return next((d for d in found if d >= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

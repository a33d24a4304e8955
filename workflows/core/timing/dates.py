"""When something is due, as people say it: "3天内", "两三天", "下周三上午", "12月1日", "月底".

What can be read in two ways, or promises nothing (尽快), is asked again and never guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from workflows.core.errors import Refusal
from workflows.core.placing.numerals import fold
from workflows.core.policy import Rules, WeekTime
from workflows.core.timing.hours import Hour, read_hour
from workflows.core.timing.spoken import WEEKDAYS, Day, Spoken, Today, spoken_days

_END_OF_DAY = time(18)
_LAST_MINUTE = time(23, 59)
_LONGEST = 366  # days; nobody promises for longer
_MOST = 80  # characters of an answer; a longer one tells a story
_WEEK_TIME = re.compile(rf"(?:周|星期|礼拜)([{WEEKDAYS}])\s*([01]?\d|2[0-3]):([0-5]\d)")
_AT_MOST = re.compile(r"不(?:会)?(?:超过|晚于|迟于)")
# Beside a date: it is denied, doubted, depends on something, or only half of it was read.
_UNCLEAR = re.compile(
    r"\d|[不没无别非半几或年每隔]|如果|要是|万一|可能|也许|争取|尽量|估计|情况|[等看]"
)


def parse_due(answer: str, now: datetime, rules: Rules) -> datetime:
    """The moment meant, else the end of the working day meant, 18:00 local, as aware UTC; said
    after six, midnight.

    Raises Refusal when it is no date or not a clear one, is over, or is more than a year away.
    """
    here = now.astimezone(rules.zone)
    due = _due(_AT_MOST.sub("", fold(answer)).strip(), Today(here, rules.working))
    if due is None or (due.date() - here.date()).days > _LONGEST:
        raise Refusal("form_no_date")
    if due <= here:
        raise Refusal("refused_past")
    return due.astimezone(now.tzinfo)


def parse_week_time(said: str) -> WeekTime:
    """The moment of the week in "周一 09:00". Raises ValueError."""
    found = _WEEK_TIME.fullmatch(said.strip())
    if found is None:
        raise ValueError('must be a weekday and a time like "周一 09:00", or "" for never')
    weekday = min(WEEKDAYS.index(found[1]), 6)  # Sunday has two names
    return WeekTime(weekday=weekday, at=time(int(found[2]), int(found[3])))


def _due(said: str, today: Today) -> datetime | None:
    """The one moment an answer names."""
    if len(said) > _MOST:
        return None
    hour, rest = read_hour(said)
    days, left = spoken_days(rest)
    if len(days) > 1 or _UNCLEAR.search(left) or not (days or (hour and hour.is_exact)):
        return None
    return _at(days[0] if days else None, hour, today)


def _at(spoken: Spoken | None, hour: Hour | None, today: Today) -> datetime | None:
    day: Day = spoken.read(today) if spoken else today.day
    if isinstance(day, datetime):  # so many hours from now, which leave no room for another
        return None if hour else day
    if day is None or (hour and hour.at is None):
        return None
    if hour and hour.at:
        return datetime.combine(day, hour.at, today.now.tzinfo)
    return _end_of(day, today)


def _end_of(day: date, today: Today) -> datetime:
    """The end of its working day; when that is over, of the day."""
    ends = (datetime.combine(day, end, today.now.tzinfo) for end in (_END_OF_DAY, _LAST_MINUTE))
    first, last = ends
    return first if first > today.now else last

"""When people meet, as they say it: "明天晚上七点半", "周六 14:00-16:00"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from msgspec import Struct

from workflows.core.errors import Refusal
from workflows.core.placing.numerals import NUMERAL, fold
from workflows.core.policy import Rules
from workflows.core.timing.dates import parse_due
from workflows.core.timing.hours import read_hour
from workflows.core.timing.spoken import spoken_days

_UNTIL = re.compile(rf"(?:点钟?半?|:\d\d)\s*[-~到至]|[-~到至]\s*{NUMERAL}\s*点")
_AROUND = re.compile(r"(?:开会|开始|[的在于吧,，。.!、\s])*")
_SPAN = re.compile(
    rf"(?P<from>.*?(?::\d\d|点钟?半?|{NUMERAL}))\s*[-~到至]\s*"
    rf"(?P<to>(?:\d{{1,2}}:\d\d|(?:下午|晚上|中午|上午)?\s*{NUMERAL}点钟?半?))\s*"
)
_HALF_A_DAY = timedelta(hours=12)


class Span(Struct, frozen=True, kw_only=True):
    """From a moment (aware UTC), for so many minutes; None where nobody said until when."""

    starts: datetime
    minutes: int | None = None


def read_moment(answer: str, now: datetime, rules: Rules) -> datetime:
    """A day and a time of day as people say them, and nothing beside (aware UTC)."""
    said = fold(answer).strip()
    hour, rest = read_hour(said)
    if hour is None or not hour.is_exact or _UNTIL.search(said):
        raise Refusal("form_no_moment")
    day = parse_due(rest, now, rules).astimezone(rules.zone)
    _, left = spoken_days(rest)
    if hour.at is None or not _AROUND.fullmatch(left):
        raise Refusal("form_no_date")
    moment = datetime.combine(day.date(), hour.at, rules.zone)
    if moment <= now:
        raise Refusal("refused_past")
    return moment.astimezone(now.tzinfo)


def read_span(answer: str, now: datetime, rules: Rules) -> Span:
    """The same, with or without its end: "周六下午2点到4点". Raises Refusal."""
    found = _SPAN.fullmatch(fold(answer).strip())
    if found is None:
        return Span(starts=read_moment(answer, now, rules))
    begin = found["from"]
    is_whole = ":" in begin or begin.endswith(("点", "钟", "半"))  # "下午2-4点" is not
    starts = read_moment(begin if is_whole else f"{begin}点", now, rules)
    hour, _ = read_hour(found["to"])
    if hour is None or hour.at is None:
        raise Refusal("form_no_moment")
    return Span(starts=starts, minutes=_minutes(starts.astimezone(rules.zone), hour.at))


def _minutes(starts: datetime, until: time) -> int:
    """Until that time of day; "7点-9点" in the evening ends in the evening."""
    ends = datetime.combine(starts.date(), until, starts.tzinfo)
    if ends <= starts:
        ends += _HALF_A_DAY
    if ends <= starts:
        raise Refusal("form_no_moment")
    return int((ends - starts) / timedelta(minutes=1))

"""When neighbours meet, as people say it: "明天晚上七点半", "12月1日 14:00"."""

from __future__ import annotations

import re
from datetime import datetime

from workflows.core.errors import Refusal
from workflows.core.placing.numerals import NUMERAL, fold
from workflows.core.policy import Rules
from workflows.core.timing.dates import parse_due
from workflows.core.timing.hours import read_hour
from workflows.core.timing.spoken import spoken_days

_UNTIL = re.compile(rf"(?:点钟?半?|:\d\d)\s*[-~到至]|[-~到至]\s*{NUMERAL}\s*点")
_AROUND = re.compile(r"(?:开会|开始|[的在于吧,，。.!、\s])*")


def read(answer: str, now: datetime, rules: Rules) -> datetime:
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

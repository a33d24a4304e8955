"""What the actions of a topic need beyond what every workflow's may."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.placing.numerals import NUMERAL, fold
from workflows.core.policy import Rules
from workflows.core.talk.needs import PHOTOS, TEXT, TIMER, TO, Need
from workflows.core.timing.dates import parse_due
from workflows.core.timing.hours import read_hour
from workflows.core.timing.spoken import spoken_days
from workflows.council import doors
from workflows.council.model import Tally
from workflows.council.words import Choice

_UNTIL = re.compile(rf"(?:点钟?半?|:\d\d)\s*[-~到至]|[-~到至]\s*{NUMERAL}\s*点")
_AROUND = re.compile(r"(?:开会|开始|[的在于吧,，。.!、\s])*")
_EVENINGS = tuple(((f"{days} 19:30", f"evening.{days}"),) for days in (1, 3, 7))


def _household(answer: str, _: datetime, __: Rules) -> str:
    return doors.read(answer)


def _meeting(answer: str, now: datetime, rules: Rules) -> datetime:
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


def _choice(answer: str, _: datetime, __: Rules) -> Choice:
    if answer not in set(Choice):
        raise Refusal("form_tap_an_answer")
    return Choice(answer)


def _sure(answer: str, _: datetime, __: Rules) -> str:
    if answer != "yes":
        raise Refusal("form_tap_an_answer")
    return answer


def _told(moment: datetime | None) -> object:
    return moment and moment.isoformat()


# Which door somebody lives behind is in the topic alone: no event or message has it.
HOUSEHOLD = Need(name="household", default="", read=_household, tell=None, is_number=True)
MEETING: Need[datetime | None] = Need(
    name="meeting", default=None, read=_meeting, kept=datetime | None, tell=_told, taps=_EVENINGS
)
# What somebody votes goes into the box, and nowhere else.
CHOICE: Need[Choice | None] = Need(
    name="choice", default=None, read=_choice, kept=Choice | None, tell=None,
    taps=(tuple((one.value, f"choice.{one}") for one in Choice),),
)  # fmt: skip
# What cannot be taken back is tapped twice.
SURE = Need(name="sure", default="", read=_sure, tell=None, taps=((("yes", "sure.yes"),),))
# What the system gives: the ballots, once the vote is over.
TALLY = Need(name="tally", default=Tally(), tell=None)

NEEDS: tuple[Need[Any], ...] = (TEXT, HOUSEHOLD, MEETING, CHOICE, SURE, TALLY, TO, PHOTOS, TIMER)

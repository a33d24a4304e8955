"""What the actions of a topic need beyond what every workflow's may."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any
from unicodedata import normalize

from workflows.core.errors import Refusal
from workflows.core.policy import Rules
from workflows.core.talk.needs import PHOTOS, TEXT, TIMER, TO, Need
from workflows.core.timing.dates import parse_due
from workflows.council import doors
from workflows.council.model import Tally
from workflows.council.words import Choice

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_EVENINGS = tuple(((f"{days} 19:30", f"evening.{days}"),) for days in (1, 3, 7))


def _household(answer: str, _: datetime, __: Rules) -> str:
    return doors.read(answer)


def _meeting(answer: str, now: datetime, rules: Rules) -> datetime:
    """A day as people say it with a time of day behind (aware UTC)."""
    said = normalize("NFKC", answer)
    found = _TIME.search(said)
    if found is None:
        raise Refusal("form_no_moment")
    day = parse_due(_TIME.sub("", said), now, rules).astimezone(rules.zone).date()
    moment = datetime.combine(day, time(int(found[1]), int(found[2])), rules.zone)
    if moment <= now:
        raise Refusal("refused_past")
    return moment.astimezone(now.tzinfo)


def _choice(answer: str, _: datetime, __: Rules) -> Choice:
    if answer not in set(Choice):
        raise Refusal("form_tap_an_answer")
    return Choice(answer)


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
# What the system gives: the ballots, once the vote is over.
TALLY = Need(name="tally", default=Tally(), tell=None)

NEEDS: tuple[Need[Any], ...] = (TEXT, HOUSEHOLD, MEETING, CHOICE, TALLY, TO, PHOTOS, TIMER)

"""What the actions of a topic need beyond what every workflow's may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.policy import Rules
from workflows.core.talk.needs import PHOTOS, TEXT, TIMER, TO, Need
from workflows.core.timing.moments import read_moment
from workflows.council import doors
from workflows.council.model import Tally
from workflows.council.words import Choice

_EVENINGS = tuple(((f"{days} 19:30", f"evening.{days}"),) for days in (1, 3, 7))


def _household(answer: str, _: datetime, __: Rules) -> str:
    return doors.read(answer)


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
    name="meeting",
    default=None,
    read=read_moment,
    kept=datetime | None,
    tell=_told,
    taps=_EVENINGS,
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

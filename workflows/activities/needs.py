"""What the actions of an activity need beyond what every workflow's may."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from workflows.activities.model import ANY, CAME
from workflows.activities.words import Rating
from workflows.core.errors import Refusal
from workflows.core.kernels.presence import Presence
from workflows.core.placing.numerals import NUMERAL, fold, numeral
from workflows.core.policy import Rules
from workflows.core.talk.needs import (
    NOTE_OR_PHOTO,
    PHOTO,
    PHOTOS,
    TEXT,
    TIMER,
    TO,
    Need,
    quick_replies,
)
from workflows.core.timing.moments import Span, read_span

_MOST = 20  # of a family
_DAYS = (1, 3, 7)
_HOURS = ("09:30", "14:00")
_NUMBER = re.compile(rf"({NUMERAL})\s*\w{{0,2}}")
_AMOUNT = re.compile(r"(?P<what>.*?\D)\s*(?P<many>\d{1,5})\s*\w?\s*")


def _count(least: int, most: int) -> Any:
    def read(answer: str, _: datetime, __: Rules) -> int:
        found = _NUMBER.fullmatch(fold(answer).strip())
        if found is None or not least <= numeral(found[1]) <= most:
            raise Refusal("form_no_count", least=least, most=most)
        return numeral(found[1])

    return read


def _rating(answer: str, _: datetime, __: Rules) -> Rating:
    if answer not in set(Rating):
        raise Refusal("form_tap_an_answer")
    return Rating(answer)


def _amount(answer: str, _: datetime, __: Rules) -> str:
    """ "水 120瓶": what, and how many."""
    if _AMOUNT.fullmatch(fold(answer).strip()) is None:
        raise Refusal("form_no_amount")
    return answer.strip()


def amount_of(said: str) -> tuple[str, int]:
    """The words and the number of what is handed out."""
    found = _AMOUNT.fullmatch(fold(said).strip())
    return (said, int(found["many"])) if found else (said, 0)


def _taps(name: str, *values: int) -> Any:
    return (tuple((str(value), f"{name}.{value}") for value in values),)


def _when(span: Span | None) -> object:
    return span and span.starts.isoformat()


TITLE = Need(name="title", default="", replies=quick_replies)
WHEN: Need[Span | None] = Need(
    name="when", default=None, read=read_span, kept=Span | None, tell=_when,
    taps=tuple(
        tuple((f"{day} {hour}", f"when.{day}_{hour[:2]}") for hour in _HOURS) for day in _DAYS
    ),
)  # fmt: skip
VENUE = Need(name="venue", default="", replies=quick_replies)
# 0: as many as come.
PLACES = Need(
    name="places", default=ANY, read=_count(0, ANY), kept=int, is_number=True,
    taps=_taps("places", 20, 30, 50, 0),
)  # fmt: skip
HELPERS = Need(
    name="helpers", default=0, read=_count(0, 200), kept=int, is_number=True,
    taps=_taps("helpers", 0, 2, 4, 6),
)  # fmt: skip
SIZE = Need(
    name="size", default=1, read=_count(1, _MOST), kept=int, is_number=True,
    taps=_taps("size", 2, 3, 4, 5),
)  # fmt: skip
RATING: Need[Rating | None] = Need(
    name="rating", default=None, read=_rating, kept=Rating | None,
    taps=(tuple((one.value, f"rated.{one}") for one in Rating),),
)  # fmt: skip
ITEM = Need(name="item", default="", read=_amount)
SPEAKER = Need(name="speaker", default="", taps=((("-", "speaker.nobody"),),))
SHARE = Need(name="share", default="")  # a community
# What a tap on the list gives: as what somebody is taken down, and who; or how many more.
MODE = Need(name="mode", default=CAME)
WHOM = Need(name="whom", default=0, kept=int)
MORE = Need(name="more", default=0, kept=int)
# What the system gives: that a code was right, that somebody did not come too often.
SEEN: Need[Presence | None] = Need(name="seen", default=None, tell=None)
UNSURE = Need(name="unsure", default=False, kept=bool)

NEEDS: tuple[Need[Any], ...] = (
    TEXT, TITLE, WHEN, VENUE, PLACES, HELPERS, SIZE, RATING, NOTE_OR_PHOTO, ITEM, SPEAKER, SHARE,
    PHOTO, PHOTOS, TO, TIMER,
)  # fmt: skip

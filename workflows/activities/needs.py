"""What the actions of an activity need beyond what every workflow's may."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from workflows.activities.model import ANY
from workflows.activities.words import Rating, Rest
from workflows.core.errors import Refusal
from workflows.core.placing.buildings import building_numbers
from workflows.core.placing.numerals import NUMERAL, fold, numeral
from workflows.core.policy import Rules
from workflows.core.talk.messages import Attachment
from workflows.core.talk.needs import (
    NOTE_OR_PHOTO,
    PHOTOS,
    TEXT,
    TIMER,
    TO,
    Need,
    Picture,
    quick_replies,
)
from workflows.core.timing.moments import Span, read_span

_NUMBER = re.compile(rf"({NUMERAL})\s*\w{{0,2}}")
_AMOUNT = re.compile(r"(?P<what>.*?\D)\s*(?P<many>\d{1,5})\s*\w?\s*")
_SLOTS = tuple((day, hour) for day in (1, 3, 7) for hour in ("09:30", "14:00"))


def _count(least: int, most: int, answer: str, _: datetime, __: Rules) -> int:
    found = _NUMBER.fullmatch(fold(answer).strip())
    if found is None or not is_count(answer) or not least <= numeral(found[1]) <= most:
        raise Refusal("form_no_count", least=least, most=most)
    return numeral(found[1])


def is_count(said: str) -> bool:
    """Whether it says how many: a building is no number of people."""
    return bool(_NUMBER.fullmatch(fold(said).strip())) and not building_numbers(said)


def _one_of(words: type[StrEnum], answer: str, _: datetime, __: Rules) -> StrEnum:
    if answer not in set(words):
        raise Refusal("form_tap_an_answer")
    return words(answer)


def _amount(answer: str, _: datetime, __: Rules) -> str:
    if amount_of(answer)[1] < 1:
        raise Refusal("form_no_amount")
    return answer.strip()


def amount_of(said: str) -> tuple[str, int]:
    """What is handed out, and how much: "水 120瓶"."""
    found = _AMOUNT.fullmatch(fold(said).strip())
    return (said, int(found["many"])) if found else (said, 0)


def _number(name: str, default: int, least: int, most: int, *taps: int) -> Need[int]:
    return Need(
        name=name, default=default, read=partial(_count, least, most), kept=int, is_number=True,
        taps=(tuple((str(value), f"{name}.{value}") for value in taps),),
    )  # fmt: skip


TITLE = Need(name="title", default="", replies=quick_replies)
WHEN: Need[Span | None] = Need(
    name="when", default=None, read=read_span, kept=Span | None,
    tell=lambda span: span and span.starts.isoformat(),
    taps=tuple(((f"{day} {hour}", f"when.{day}_{hour[:2]}"),) for day, hour in _SLOTS),
)  # fmt: skip
VENUE = Need(name="venue", default="", replies=quick_replies)
PLACES = _number("places", ANY, 0, ANY, 20, 30, 50, 0)  # 0: as many as come
CREW = _number("crew", 0, 0, 200, 0, 2, 4, 6)
SIZE = _number("size", 1, 1, 20, 1, 2, 3, 4)
FELT: Need[Rating | None] = Need(
    name="felt", default=None, read=partial(_one_of, Rating), kept=Rating | None,
    taps=(tuple((one.value, f"felt.{one}") for one in Rating),),
)  # fmt: skip
ITEM = Need(name="item", default="", read=_amount)
SPEAKER = Need(name="speaker", default="", taps=((("-", "speaker.nobody"),),))
MORE_TIMES = _number("times", 0, 0, 11, 1, 3, 7, 11, 0)  # further meetings, a week apart
REST: Need[Rest | None] = Need(
    name="rest", default=None, read=partial(_one_of, Rest), kept=Rest | None,
    taps=tuple(((one.value, f"rest.{one}"),) for one in Rest),
)  # fmt: skip
PICTURES = Need(
    name="pictures", default=(), fills=PHOTOS, picture=Picture.SEVERAL,
    taps=((("-", "pictures.done"),),),
)  # fmt: skip
# The same as the activity keeps them: its own, so that each can be taken off again.
SHOWN: Need[tuple[Attachment, ...]] = Need(name="shown", default=(), tell=len)
WHICH = _number("which", 0, 0, ANY, 0)  # a photo by its number; 0: all
UNSURE = Need(name="unsure", default=False)  # the system knows who did not come several times

NEEDS: tuple[Need[Any], ...] = (
    TEXT, TITLE, WHEN, VENUE, PLACES, CREW, SIZE, FELT, NOTE_OR_PHOTO, ITEM, SPEAKER, PHOTOS,
    MORE_TIMES, REST, PICTURES, WHICH, TO, TIMER,
)  # fmt: skip

"""What the actions of plans, rounds and findings need beyond what every workflow's may."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.placing.numerals import fold
from workflows.core.policy import Rules
from workflows.core.talk.needs import PHOTOS, Need, Picture
from workflows.patrols.words import Level

_NUMBER = re.compile(r"-?\d{1,7}(?:\.\d{1,4})?")
_MOST = 10_000_000  # yuan


def _level(answer: str, _: datetime, __: Rules) -> Level:
    if answer not in set(Level):
        raise Refusal("form_tap_an_answer")
    return Level(answer)


def _number(answer: str, _: datetime, __: Rules) -> Decimal:
    """The one number in it, with or without its unit."""
    found = _NUMBER.findall(fold(answer))
    if len(found) != 1:
        raise Refusal("form_no_number")
    return Decimal(found[0])


def _yuan(answer: str, now: datetime, rules: Rules) -> int:
    number = _number(answer, now, rules)
    if not 0 <= number <= _MOST:
        raise Refusal("form_no_number")
    return int(number.to_integral_value())


def _index(answer: str, _: datetime, __: Rules) -> int:
    if not answer.isdecimal():
        raise Refusal("form_tap_an_answer")
    return int(answer[:3])


def _told(measure: Decimal | None) -> object:
    return None if measure is None else str(measure)


def _words(name: str) -> Need[str]:
    return Need(name=name, default="")


POINT = Need(name="point", default="")  # where a round is
SPOT = Need(name="spot", default="")  # what somebody reports
SCANNED = Need(name="scanned", default=False)  # its code, which the system knows
ITEM: Need[int | None] = Need(name="item", default=None, read=_index, kept=int | None, tell=None)
MEASURE: Need[Decimal | None] = Need(
    name="measure", default=None, read=_number, kept=Decimal | None, tell=_told, is_number=True
)
LEVEL = Need(
    name="level", default=Level.MINOR, read=_level, kept=Level,
    taps=tuple(((one.value, f"level.{one}"),) for one in Level),
)  # fmt: skip
PROOF = Need(name="proof", default=(), fills=PHOTOS, picture=Picture.ALONE)
AFTER = Need(name="after", default=(), fills=PHOTOS, picture=Picture.ALONE)
COST = Need(
    name="cost", default=0, read=_yuan, kept=int, is_number=True, taps=((("0", "cost.none"),),)
)
# The five of a major finding's plan, of which the date is the house's own.
METHOD, OWNER, FUNDS, FALLBACK = map(_words, ("method", "owner", "funds", "fallback"))
# What the system gives: who mended it elsewhere; that somebody saw it again; how often the thing
# has failed, at what cost.
FIXERS: Need[tuple[int, ...]] = Need(name="fixers", default=(), tell=list)
SEEN = Need(name="seen", default=False, tell=None)
WORN: Need[tuple[int, int]] = Need(name="worn", default=(0, 0), tell=list)

OWN: tuple[Need[Any], ...] = (
    POINT, SPOT, SCANNED, ITEM, MEASURE, LEVEL, PROOF, AFTER, COST, METHOD, OWNER, FUNDS,
    FALLBACK, FIXERS, SEEN, WORN,
)  # fmt: skip

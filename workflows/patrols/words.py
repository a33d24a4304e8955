"""What rounds and findings share: who hears, how people stand to them, what their actions need."""

from __future__ import annotations

from decimal import Decimal
from enum import Flag, StrEnum, auto
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import LEADING, is_staff
from workflows.core.places import covers
from workflows.core.talk import amounts
from workflows.core.talk.needs import DUE, PHOTOS, Need, Picture


class To(StrEnum):
    """Whom a notice is for."""

    LEAD = "lead"
    COMMITTEE = "committee"
    NAMED = "named"
    PATROLLERS = "patrollers"  # who has the round, or may take it
    GROUP = "group"  # the grid's own
    FINDERS = "finders"  # everybody who reported it
    CHECKERS = "checkers"  # the first above the place who did not mend it himself


class Level(StrEnum):
    """How grave a finding is, the least first."""

    MINOR = "minor"
    SERIOUS = "serious"
    MAJOR = "major"


class Relation(Flag):
    """How a person stands to one; computed at every question."""

    PASSER_BY = auto()  # anybody
    HOME = auto()  # was last at home there
    PATROLLER = auto()  # has the round, or may take it
    FINDER = auto()  # reported it
    CHECKER = auto()  # of the staff, and did not mend it
    STAFF = auto()
    LEAD = auto()  # answers for the place
    SYSTEM = auto()


AT_WORK = Relation.PATROLLER | Relation.CHECKER | Relation.STAFF | Relation.LEAD


def standing(person: Person, place: str, *more: tuple[Relation, bool]) -> Relation:
    """By the place, and what else holds."""
    if person.id == SYSTEM.id:
        return Relation.SYSTEM
    facts = (
        (Relation.PASSER_BY, True),
        (Relation.HOME, bool(person.last_place) and covers(place, person.last_place)),
        (Relation.STAFF, is_staff(person, place)),
        (Relation.LEAD, any(person.has_role(role, place) for role in LEADING)),
        *more,
    )
    return Relation(sum(flag.value for flag, holds in facts if holds))


def _level(answer: str, *_: object) -> Level:
    if answer not in set(Level):
        raise Refusal("form_tap_an_answer")
    return Level(answer)


def _code(answer: str, *_: object) -> str:
    """A point is tapped; words that are typed instead are no code."""
    if not (answer.isascii() and answer.replace("-", "").isalnum()):
        raise Refusal("form_tap_an_answer")
    return answer


def _picture(name: str) -> Need[Any]:
    return Need(name=name, default=(), fills=PHOTOS, picture=Picture.ALONE)


POINT = Need(name="point", default="", read=_code)
ITEM = Need(name="item", default="", read=_code, tell=None)
MEASURE: Need[Decimal | None] = Need(name="measure", default=None, read=amounts.number,
                                     kept=Decimal | None, tell=str, is_number=True)  # fmt: skip
LEVEL = Need(name="level", default=Level.MINOR, read=_level, kept=Level,
             taps=tuple(((one.value, f"level.{one}"),) for one in Level))  # fmt: skip
PROOF, AFTER = _picture("proof"), _picture("after")
COST = Need(name="cost", default=0, read=amounts.whole, kept=int, is_number=True,
            taps=((("0", "cost.none"),),))  # fmt: skip
# The five of a major finding's plan; the date is the house's own.
METHOD, OWNER, FUNDS, FALLBACK = (
    Need(name=name, default="") for name in ("method", "owner", "funds", "fallback")
)
FIVE: tuple[Need[Any], ...] = (METHOD, OWNER, FUNDS, DUE, FALLBACK)
# What the system gives: that a code was scanned; who mended it elsewhere; that it is told again.
SCANNED, SEEN = Need(name="scanned", default=False), Need(name="seen", default=False, tell=None)
FIXERS: Need[tuple[int, ...]] = Need(name="fixers", default=(), tell=list)
OWN: tuple[Need[Any], ...] = (
    POINT, ITEM, MEASURE, LEVEL, PROOF, AFTER, COST, *FIVE, SCANNED, SEEN, FIXERS
)  # fmt: skip

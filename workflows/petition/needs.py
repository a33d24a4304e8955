"""What the actions of a petition need beyond what every workflow's may (core/talk/needs.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.numbers import parse_number
from workflows.core.places import place_key
from workflows.core.policy import Rules
from workflows.core.talk.needs import (
    CHECKED,
    DUE,
    HEARD,
    NOTE_OR_PHOTO,
    PHOTO,
    PHOTOS,
    TEXT,
    TIMER,
    TO,
    Asked,
    Need,
    by_id,
    quick_replies,
)
from workflows.petition.model import Ticket
from workflows.petition.settings import PetitionSettings

RATINGS = (3, 2, 1)  # satisfied, fairly, not: the weights are the statistics' business
SOLVED_AS = ("yes", "partly", "no")
_NAME = 40  # characters of a partner's name
_CONTACT = 60  # and of a number with what stands around it
_DIGITS = 7
_PLACE = 60  # and of words for a place


def _ticket(answer: str, _: datetime, __: Rules) -> int:
    found = parse_number(answer)
    if found is None:
        raise Refusal("form_no_ticket")
    return found


def _rating(answer: str, _: datetime, __: Rules) -> int:
    if not answer.isdecimal() or int(answer) not in RATINGS:
        raise Refusal("form_tap_a_rating")
    return int(answer)


def _grid(answer: str, _: datetime, rules: Rules) -> str:
    """The grid behind a button's key."""
    found = [p.path for p in rules.places.inside("", 3) if place_key(p.path) == answer]
    if not found:
        raise Refusal("form_tap_a_place")
    return found[0]


def _place(answer: str, _: datetime, rules: Rules) -> str:
    """The place behind a button's key; else as it was said, for whoever knows where to look."""
    found = [path for path in rules.places.by_path if place_key(path) == answer]
    return found[0] if found else answer[:_PLACE]


def _solved(answer: str, _: datetime, __: Rules) -> str:
    if answer not in SOLVED_AS:
        raise Refusal("form_tap_an_answer")
    return answer


def _partner(answer: str, _: datetime, __: Rules) -> str:
    return answer[:_NAME]


def _contact(answer: str, _: datetime, __: Rules) -> str:
    """A telephone number, with whatever the person wrote around it."""
    if sum(char.isdigit() for char in answer) < _DIGITS:
        raise Refusal("form_no_contact")
    return answer[:_CONTACT]


def _partners(_: Asked, rules: Rules) -> tuple[str, ...]:
    return rules.of(PetitionSettings).partners


WHERE = Need(name="where", default="", replies=quick_replies)
INTO: Need[Ticket | None] = Need(
    name="into", default=None, read=_ticket, kept=int | None, tell=by_id, is_number=True
)
RATING: Need[int | None] = Need(
    name="rating", default=None, read=_rating, kept=int | None,
    taps=(tuple((str(r), f"rating.{r}") for r in RATINGS),),
)  # fmt: skip
GRID = Need(name="grid", default="", read=_grid)
PLACE = Need(name="place", default="", read=_place)
PARTNER = Need(name="partner", default="", read=_partner, replies=_partners)
SOLVED = Need(
    name="solved", default="", read=_solved,
    taps=(tuple((one, f"solved.{one}") for one in SOLVED_AS),),
)  # fmt: skip
# It stays with the ticket alone: no event, message or log has it.
CONTACT = Need(name="contact", default="", read=_contact, tell=None, is_shared=True)
# What the system gives.
TO_GROUP = Need(name="to_group", default=False, tell=None)
MERGED: Need[Ticket | None] = Need(name="merged", default=None, tell=by_id)  # into this one

# In the order in which an event spells them.
NEEDS: tuple[Need[Any], ...] = (
    TEXT, NOTE_OR_PHOTO, WHERE, DUE, TO, TO_GROUP, INTO, MERGED, RATING, GRID, PLACE, PARTNER,
    SOLVED, CONTACT, CHECKED, PHOTO, PHOTOS, TIMER, HEARD,
)  # fmt: skip

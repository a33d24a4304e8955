"""What a resident says of how it was done, and what those above answer."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.talk.needs import TEXT, TO
from workflows.petition.command import Command
from workflows.petition.model import Ticket
from workflows.petition.needs import (
    RATING,
    SOLVED,
)
from workflows.petition.rules import effects
from workflows.petition.rules.conditions import WORST


def rate(a: Command) -> Ticket:
    """How it was. Without a rating the resident never answered, which is not "satisfied"; and who
    is not content has not said that it is solved.
    """
    rating = a.answers[RATING]
    is_said = rating is not None and rating > WORST
    solved = a.ticket.solved or ("yes" if is_said else "")
    return replace(a.ticket, rating=rating, solved=solved)


def be_unhappy(a: Command) -> Ticket:
    """It is solved, and the resident is not content: two answers."""
    return replace(a.ticket, rating=WORST, solved="yes")


def rate_partly(a: Command) -> Ticket:
    """Some of it is done: an answer of its own; a danger named with it counts as ever."""
    return replace(effects.heed(a), solved="partly")


def explain(a: Command) -> Ticket:
    """Why the rating was poor; a danger named with it counts as ever."""
    return replace(effects.heed(a), why=a.answers[TEXT])


def name_checker(a: Command) -> Ticket:
    """Somebody other than the handler is to ask how it went."""
    to = a.answers[TO]
    return replace(a.ticket, checker=to.id if to else None)


def check(a: Command) -> Ticket:
    """What the neutral follow-up found."""
    return replace(a.ticket, checked=a.answers[SOLVED])


def object_to(a: Command) -> Ticket:
    """The resident does not agree; a danger named with it counts as ever."""
    return replace(effects.heed(a), objected_at=a.now)


def uphold(a: Command) -> Ticket:
    """It stays as it was answered, and the resident was told why."""
    return replace(a.ticket, upheld_at=a.now)

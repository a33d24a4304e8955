"""How a person stands to a plan, a round or a finding, by the roster as it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Flag, auto
from typing import Any, Generic, TypeVar

from workflows.core.engine import command
from workflows.core.engine.subject import Subject
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import ABOVE, LEADING
from workflows.core.places import covers
from workflows.core.policy import Rules
from workflows.core.talk.needs import NOTHING, Answers

B = TypeVar("B", bound=Subject)


class Relation(Flag):
    """How a person stands to it; computed at every question."""

    PASSER_BY = auto()  # anybody
    HOME = auto()  # was last at home there
    PATROLLER = auto()  # has the round, or may take it
    FINDER = auto()  # reported it
    CHECKER = auto()  # of the staff, and did not mend it
    STAFF = auto()
    LEAD = auto()  # answers for the place
    SYSTEM = auto()


AT_WORK = Relation.PATROLLER | Relation.CHECKER | Relation.STAFF | Relation.LEAD


class Command(command.Command[B, Any, Relation], Generic[B], frozen=True, kw_only=True, dict=True):
    """Somebody about to do something with one of the three."""


def attempting(relate: Callable[[Person, B], Relation]) -> Callable[..., Command[B]]:
    """How commands of a kind are made, given how people stand to it."""

    def attempt(
        subject: B, action: Any, actor: Person, now: datetime, rules: Rules,
        answers: Answers = NOTHING,
    ) -> Command[B]:  # fmt: skip
        return Command(
            subject=subject, action=action, actor=actor, now=now, rules=rules, answers=answers,
            relate=relate,
        )  # fmt: skip

    return attempt


def standing(person: Person, place: str, *more: tuple[Relation, bool]) -> Relation:
    """By the place alone, and what else holds."""
    if person.id == SYSTEM.id:
        return Relation.SYSTEM
    facts = (
        (Relation.HOME, bool(person.last_place) and covers(place, person.last_place)),
        (Relation.STAFF, is_staff(person, place)),
        (Relation.LEAD, any(person.has_role(role, place) for role in LEADING)),
        *more,
    )
    return Relation(sum(flag.value for flag, holds in facts if holds))


def is_staff(person: Person, place: str) -> bool:
    """Whether somebody works there, or stands above who does."""
    return person.is_handler_in(place) or any(person.has_role(role, place) for role in ABOVE)

"""How a person stands to an activity, by the roster and the sign-ups as they are now, and what it
takes to do something with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Flag, auto

from workflows.activities.model import Activity
from workflows.activities.words import Action
from workflows.core.engine import command
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import ABOVE, CONVENERS, REVIEWERS
from workflows.core.policy import Rules
from workflows.core.talk.needs import NOTHING, Answers


class Relation(Flag):
    """How a person stands to an activity; computed at every question."""

    LEADER = auto()  # leads it, or stands in for who does
    ABOVE = auto()  # leads the grid, or stands above who does
    REVIEWER = auto()
    STAFF = auto()
    HELPER = auto()
    ANYBODY = auto()  # once it is announced
    SYSTEM = auto()


CHARGE = Relation.LEADER | Relation.ABOVE
HANDS = CHARGE | Relation.HELPER
AT_WORK = CHARGE | Relation.REVIEWER | Relation.STAFF


def relations(person: Person, activity: Activity) -> Relation:
    """How a person stands to an activity; the empty flag for strangers."""
    if person.id == SYSTEM.id:
        return Relation.SYSTEM
    is_staff = may_begin(person, activity.place)
    facts = (
        (Relation.LEADER, is_staff and activity.leader in {person.id, *person.stands_for}),
        (Relation.ABOVE, any(person.has_role(role, activity.place) for role in CONVENERS)),
        (Relation.REVIEWER, any(person.has_role(role, activity.place) for role in REVIEWERS)),
        (Relation.STAFF, is_staff),
        (Relation.HELPER, activity.is_helper(person.id)),
        (Relation.ANYBODY, activity.stage.public),
    )
    return Relation(sum(flag.value for flag, holds in facts if holds))


def may_begin(person: Person, place: str) -> bool:
    """Whether a person may plan one at a place: its staff."""
    return person.is_handler_in(place) or any(person.has_role(role, place) for role in ABOVE)


def may_see(person: Person, activity: Activity) -> bool:
    """Whether a person may read it: all may, once it is announced."""
    return bool(relations(person, activity))


def is_work(person: Person, activity: Activity) -> bool:
    """Whether somebody reads it as staff."""
    return bool(relations(person, activity) & AT_WORK)


def is_own(person: Person, activity: Activity) -> bool:
    """Whether somebody reads it as a neighbour."""
    return person.id != SYSTEM.id and not is_work(person, activity)


def open_to(person: Person, activity: Activity) -> frozenset[Action]:
    """The actions whose words somebody may read: what was announced, all; what people said of it
    and with it, its staff.
    """
    return frozenset(Action) if is_work(person, activity) else frozenset({Action.CANCEL})


class Command(command.Command[Activity, Action, Relation], frozen=True, kw_only=True, dict=True):
    """The activities' own."""

    relate: Callable[[Person, Activity], Relation] = relations


def attempt(
    activity: Activity, action: Action, actor: Person, now: datetime, rules: Rules,
    answers: Answers = NOTHING,
) -> Command:  # fmt: skip
    """The command."""
    return Command(
        subject=activity, action=action, actor=actor, now=now, rules=rules, answers=answers
    )

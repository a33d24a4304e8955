"""How a person stands to a topic, by the roster and the households as they are now, and what it
takes to do something with it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Flag, auto

from workflows.core.engine import command
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import ABOVE, CONVENERS
from workflows.council.model import Topic
from workflows.council.words import Action


class Relation(Flag):
    """How a person stands to a topic; computed at every question."""

    RAISER = auto()
    NEIGHBOUR = auto()  # was last at home in the building
    MEMBER = auto()  # has given the number of a household
    CONVENER = auto()  # leads the grid, or stands above who does
    STAFF = auto()
    SYSTEM = auto()


AT_WORK = Relation.CONVENER | Relation.STAFF
AT_HOME = Relation.RAISER | Relation.NEIGHBOUR | Relation.MEMBER


def relations(person: Person, topic: Topic) -> Relation:
    """How a person stands to a topic; the empty flag for strangers."""
    if person.id == SYSTEM.id:
        return Relation.SYSTEM
    facts = (
        (Relation.RAISER, person.id == topic.raiser),
        (Relation.NEIGHBOUR, person.last_place == topic.place),
        (Relation.MEMBER, bool(topic.household_of(person.id))),
        (Relation.CONVENER, any(person.has_role(role, topic.place) for role in CONVENERS)),
        (Relation.STAFF, _is_staff(person, topic.place)),
    )
    return Relation(sum(flag.value for flag, holds in facts if holds))


def may_raise(person: Person, place: str) -> bool:
    """Whether a person may raise a topic of a building: who was last at home there, and staff."""
    return person.last_place == place or _is_staff(person, place)


def _is_staff(person: Person, place: str) -> bool:
    return person.is_handler_in(place) or any(person.has_role(role, place) for role in ABOVE)


def open_to(person: Person, topic: Topic) -> frozenset[Action]:
    """The actions whose words somebody may read: what is said in a council is said to all.

    What it was raised with stands on its card, as far as it names nobody.
    """
    return frozenset(Action) - {Action.RAISE} if relations(person, topic) else frozenset()


class Command(command.Command[Topic, Action, Relation], frozen=True, kw_only=True, dict=True):
    """The council's own: its subject is a topic."""

    relate: Callable[[Person, Topic], Relation] = relations


attempt = command.making(Command)

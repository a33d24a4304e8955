"""How a person stands to an entry, by the roster as it is now, and who reads it."""

from __future__ import annotations

from collections.abc import Container
from enum import Flag, auto
from typing import Any

from workflows.core.engine import command
from workflows.core.people import SYSTEM, Person, Role
from workflows.core.permissions import AUDITORS, KEEPERS
from workflows.core.places import community_of, covers
from workflows.passbook.model import Account, Entry, Gift
from workflows.passbook.words import Action

STAFF = {*KEEPERS, Role.PIONEER}  # who may open a passbook of paper


class Relation(Flag):
    """How a person stands to an entry; computed at every question."""

    OWNER = auto()
    WITNESS = auto()
    AUTHOR = auto()  # who entered it afterwards
    NEIGHBOUR = auto()  # of the community, to what is on the public list
    KEEPER = auto()
    LEAD = auto()
    COMMITTEE = auto()  # and who stands above it
    SYSTEM = auto()


HOME = Relation.OWNER | Relation.WITNESS | Relation.NEIGHBOUR
DECIDE = Relation.LEAD | Relation.COMMITTEE


def relations(person: Person, entry: Entry) -> Relation:
    """How a person stands to an entry; the empty flag for strangers."""
    if person.id == SYSTEM.id:
        return Relation.SYSTEM
    facts = (
        (Relation.OWNER, person.id == entry.person),
        (Relation.WITNESS, person.id == getattr(entry, "witness", 0)),
        (Relation.AUTHOR, person.id == entry.asked_by),
        (Relation.NEIGHBOUR, is_listed(entry) and is_neighbour(person, entry.place)),
        (Relation.KEEPER, isinstance(entry, Gift) and works_near(person, KEEPERS, entry.place)),
        (Relation.LEAD, person.has_role(Role.LEAD, entry.place)),
        (Relation.COMMITTEE, any(person.has_role(role, entry.place) for role in AUDITORS)),
    )
    return Relation(sum(flag.value for flag, holds in facts if holds))


def is_listed(entry: Entry) -> bool:
    """Whether the neighbours read it: what was entered afterwards, and approved."""
    return bool(getattr(entry, "asked_as", "") and entry.done_by)


def is_neighbour(person: Person, place: str) -> bool:
    """Whether somebody was last at home in the community."""
    return bool(person.last_place) and community_of(person.last_place) == community_of(place)


def works_near(person: Person, roles: Container[Role], place: str) -> bool:
    """Whether somebody has one of these roles anywhere in the community, or above it."""
    here = community_of(place)
    held = (m.place for m in person.memberships if m.role in roles)
    return any(covers(here, at) or covers(at, here) for at in held)


def may_open(person: Person, account: Account) -> bool:
    """Whether somebody may see a passbook: his own; as who hands out there; of paper any staff."""
    if account.person and person.id == account.person:
        return True
    return works_near(person, KEEPERS if account.person else STAFF, account.place)


def may_pay(person: Person, account: Account) -> bool:
    """Whether somebody may choose gifts for it: who has it; the counter for one of paper."""
    is_at_counter = not account.person and works_near(person, KEEPERS, account.place)
    return is_at_counter or (bool(account.person) and person.id == account.person)


Command = command.Command[Any, Action, Relation]
attempt = command.making(command.Command, relate=relations)

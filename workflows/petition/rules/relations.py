"""How a person stands to a ticket, by the roster as it is now."""

from __future__ import annotations

from enum import Flag, auto

from workflows.core.people import SYSTEM, Person, Role
from workflows.core.permissions import ABOVE, LEADING
from workflows.core.places import community_of, covers
from workflows.petition.model import Glimpse, Ticket


class Relation(Flag):
    """How a person stands to a ticket; computed from the roster at every question."""

    RESIDENT = auto()
    FOLLOWER = auto()
    NEIGHBOUR = auto()  # may not see it yet, but was last at home in its community
    OFFERED = auto()
    CALLED = auto()  # a handler of the grid while the ticket lies open in the grid's group
    HANDLER = auto()
    HELPER = auto()
    RECEIVER = auto()  # may take it into his own community, once asked
    CHECKER = auto()  # was drawn to ask how it went
    LEAD = auto()
    COMMITTEE = auto()
    STREET = auto()
    SYSTEM = auto()


AT_WORK = ~(Relation.RESIDENT | Relation.FOLLOWER | Relation.NEIGHBOUR)


def relations(person: Person, ticket: Ticket) -> Relation:
    """How a person stands to a ticket; the empty flag for strangers."""
    if person.id == SYSTEM.id:
        return Relation.SYSTEM
    is_handler = person.is_handler_in(ticket.place)
    is_resident = ticket.resident == person.id
    is_anothers = bool(ticket.on_behalf)
    hands = {person.id, *person.stands_for}
    facts = (
        (Relation.RESIDENT, is_resident),
        (Relation.FOLLOWER, person.id in ticket.followers and not is_resident),
        (Relation.NEIGHBOUR, _is_neighbour(person, ticket) and not may_see(person, ticket)),
        (Relation.OFFERED, ticket.offered_to in hands and is_handler),
        (Relation.CALLED, ticket.open_to_grid and is_handler and (not is_resident or is_anothers)),
        (Relation.HANDLER, ticket.handler in hands and is_handler),
        (Relation.HELPER, person.id in ticket.helpers and _is_of_community(person, ticket)),
        (Relation.RECEIVER, _is_receiver(person, ticket)),
        (Relation.CHECKER, ticket.checker == person.id and _is_of_community(person, ticket)),
        (Relation.LEAD, person.has_role(Role.LEAD, ticket.place)),
        (Relation.COMMITTEE, person.has_role(Role.COMMITTEE, ticket.place)),
        (Relation.STREET, person.has_role(Role.STREET, ticket.place)),
    )
    return Relation(sum(flag.value for flag, holds in facts if holds))


def may_see(person: Person, ticket: Ticket | Glimpse) -> bool:
    """Whether a person may read a ticket at all: its people, and the grid's own staff."""
    is_its = person.id in (SYSTEM.id, ticket.resident) or person.id in ticket.followers
    return is_its or (person.is_staff and _may_see_as_staff(person, ticket))


def _may_see_as_staff(person: Person, ticket: Ticket | Glimpse) -> bool:
    return (
        person.is_handler_in(ticket.place)
        or (person.id in {*ticket.helpers, ticket.checker} and _is_of_community(person, ticket))
        or _is_receiver(person, ticket)
        or any(person.has_role(role, ticket.place) for role in ABOVE)
    )


def may_call(person: Person, ticket: Ticket) -> bool:
    """Whether a person may have the number the resident left: who works on it, until it is over,
    and afterwards who is still to ask how it went.
    """
    stands = relations(person, ticket)
    if ticket.is_open:
        return bool(
            stands & (Relation.HANDLER | Relation.HELPER | Relation.LEAD | Relation.CHECKER)
        )
    return bool(stands & Relation.CHECKER) and not ticket.checked


def may_visit(person: Person, ticket: Ticket) -> bool:
    """Whether a person may read for whom it was filed and where he is found: who may call, who is
    asked to take it, and who is to bring him an answer that could not be sent.
    """
    stands = relations(person, ticket)
    is_asked = ticket.is_open and bool(stands & Relation.OFFERED)
    is_to_tell = ticket.untold and ticket.told_at is None
    tells = is_to_tell and bool(stands & (Relation.HANDLER | Relation.LEAD))
    return is_asked or tells or may_call(person, ticket)


def may_help(person: Person, ticket: Ticket) -> bool:
    """Whether the roster lets this person lend a hand: anybody of the community's staff."""
    return _is_of_community(person, ticket)


def _is_of_community(person: Person, ticket: Ticket | Glimpse) -> bool:
    """Whether the roster still has this person in the ticket's community."""
    here = community_of(ticket.place)
    return any(covers(here, m.place) or covers(m.place, here) for m in person.memberships)


def may_receive(person: Person, grid: str) -> bool:
    """Whether this person may agree for a grid to a ticket from another community."""
    return any(person.has_role(role, grid) for role in LEADING)


def _is_receiver(person: Person, ticket: Ticket | Glimpse) -> bool:
    return bool(ticket.referred_to) and ticket.is_open and may_receive(person, ticket.referred_to)


def _is_neighbour(person: Person, ticket: Ticket) -> bool:
    here = community_of(ticket.place)
    return bool(person.last_place) and community_of(person.last_place) == here

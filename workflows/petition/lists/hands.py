"""What somebody has in hand, and what goes on to others when he leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from workflows.core.people import Person
from workflows.desk.context import Context
from workflows.petition.model import Ticket
from workflows.petition.rules.relations import Relation, relations
from workflows.petition.store import loads as in_hand_of
from workflows.petition.store import lookups
from workflows.store import Tx


async def in_hand(context: Context, person: Person) -> list[Ticket]:
    """What a person has in hand, and what he does for those he stands in for, oldest first."""
    held = {i: await lookups.held_by(context.tx, i) for i in (person.id, *person.stands_for)}
    return his_of(person, held)


def his_of(person: Person, held: Mapping[int, Iterable[Ticket]]) -> list[Ticket]:
    """The same, where it is known what he and those he stands in for hold."""
    hands = Relation.OFFERED | Relation.HANDLER
    others = [t for i in person.stands_for for t in held[i] if t.holder == i]
    found = (*held[person.id], *(t for t in others if relations(person, t) & hands))
    return sorted({t.id: t for t in found}.values(), key=lambda t: t.id)


async def brought(context: Context, person: Person, limit: int) -> list[Ticket]:
    """What somebody filed or follows, newest first."""
    return await lookups.brought_by(context.tx, person.id, limit)


def helps(person: Person, ticket: Ticket) -> bool:
    """Whether somebody only lends the handler a hand."""
    return person.id in ticket.helpers


async def loads(tx: Tx, ids: Collection[int]) -> Mapping[int, int]:
    """How much each has in hand or on offer."""
    return {i: load.open for i, load in (await in_hand_of.of(tx, ids)).items()}


async def held(tx: Tx, person_id: int) -> int:
    """How many open ones somebody has, or helps with."""
    return len(await lookups.held_by(tx, person_id))

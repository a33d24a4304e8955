"""Somebody joins the roster, or comes to another place: what waits there is told at once."""

from __future__ import annotations

from workflows.core.people import SYSTEM, Membership, Person
from workflows.core.permissions import LIMITED
from workflows.core.places import grid_of
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import TO, Answers
from workflows.desk.context import Context
from workflows.desk.outbound.audience import superiors
from workflows.petition import service
from workflows.petition.model import Ticket
from workflows.petition.rules import agenda
from workflows.petition.store import lists
from workflows.petition.store.kept import TICKETS
from workflows.petition.store.lists import Section
from workflows.petition.words import Action, State, To

_CARDS = 5  # that come at once; the board has the others
_SECTIONS = (Section.UNASSIGNED, Section.PROPOSED)


async def arrived(context: Context, person: Person, held: Membership) -> None:
    """What nobody has is offered to a handler; who stands above gets the cards of what waits for
    him.
    """
    scope = (grid_of(held.place),)
    waiting = [one for one in await _waiting(context, scope) if one.resident != person.id]
    if held.role in LIMITED:
        for ticket in [one for one in waiting if one.handler is None][:_CARDS]:
            await _offer(context, ticket, person)
        return
    own = [one for one in waiting if await _is_for(context, one, person)]
    if own:
        context.say(person.id, "waiting", count=len(own), shown=min(len(own), _CARDS))
        context.answer(_card(one, person) for one in own[:_CARDS])


async def _waiting(context: Context, scope: tuple[str, ...]) -> list[Ticket]:
    """What nobody has, then what is to be decided; danger first."""
    ids: list[int] = []
    for section in _SECTIONS:
        ids += await context.tx.ask(lists.page, section, scope, context.now, 0, lists.AT_MOST)
    return await context.tx.get_all(TICKETS, dict.fromkeys(ids))


async def _offer(context: Context, ticket: Ticket, person: Person) -> None:
    """The same as if it had just come in; to danger everybody was called, so he is, too."""
    if ticket.urgent and ticket.state is State.DISPATCHED:
        context.answer([_card(ticket, person, "urgent")])
    elif ticket.state is State.UNASSIGNED:
        offer = await service.next_offer(context, ticket)
        if offer.to and offer.to.id == person.id:
            answers = Answers({TO: offer.to})
            await service.perform(context, ticket, Action.DISPATCH, SYSTEM, answers)


async def _is_for(context: Context, ticket: Ticket, person: Person) -> bool:
    """Whether it is this person who is to dispatch it, or to decide."""
    for to in (*agenda.deciders(ticket), *([To.LEAD] if ticket.handler is None else [])):
        if person.id in await superiors(context.tx, ticket.place, to, context.now):
            return True
    return False


def _card(ticket: Ticket, person: Person, template: str = "waits") -> Notice:
    return Notice(
        to=person.id, template=template, ticket_id=ticket.id, is_card=True,
        priority=Priority.REPLY,
    )  # fmt: skip

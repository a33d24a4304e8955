"""A yes or no right on the board: done as on the card, then the next one is shown."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.talk.messages import Incoming
from workflows.desk import actions
from workflows.desk.context import Context
from workflows.desk.lists import board
from workflows.petition import engine, forms
from workflows.petition.model import Ticket
from workflows.petition.rules import agenda
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action

_DECISIONS = {action.value: action for action in agenda.DECISIONS}


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A decision on what its seal names; when it cannot be had, what waits now is shown."""
    action, ticket, seal = await _aim(context, incoming)
    if not engine.may_see(person, ticket):
        raise Refusal("refused_unknown")
    try:
        await _decide(context, incoming, person, action, ticket, seal)
    except Refusal as refusal:
        await board.show_next(context, incoming, person, "proposed")
        context.toast(
            incoming, refusal.template, **await actions.with_name(context, refusal.values)
        )


async def _aim(context: Context, incoming: Incoming) -> tuple[Action, Ticket, str]:
    action = incoming.tap.meant(_DECISIONS)
    ticket = await context.tx.get(TICKETS, incoming.tap.number)
    if ticket is None:
        raise Refusal("refused_unknown")
    return action, ticket, incoming.tap.at(0)


async def _decide(
    context: Context, incoming: Incoming, person: Person, action: Action, ticket: Ticket, seal: str
) -> None:
    """Raises Refusal, also when something else waits now than what the button stood below."""
    step = engine.needs(person, action, ticket, context.now, context.rules)
    if seal != agenda.seal(ticket):
        raise Refusal("refused_changed")
    form = replace(forms.begin(ticket, step, context.rules), from_board=True)
    await actions.go_on(context.workflows.of(ticket), context, form, ticket, person, incoming)

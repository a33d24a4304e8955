"""The answer that a resident waits for was delivered, or not; his own, when he was asked."""

from __future__ import annotations

from workflows.core.people import SYSTEM
from workflows.desk.context import Context
from workflows.petition import engine, service
from workflows.petition.model import Ticket
from workflows.petition.words import Action
from workflows.store import Sent
from workflows.store.outbox import Outcome

_COUNTED = {Outcome.SENT: Action.TOLD, Outcome.PARKED: Action.UNTOLD, Outcome.DEAD: Action.UNTOLD}


async def delivered(context: Context, one: Sent, ticket: Ticket) -> None:
    """What a message having reached its chat, or not, means for the ticket it was about."""
    if one.owed.chat_id != ticket.resident:
        return
    if one.owed.answers:
        ticket = await _count(context, one, ticket)
    if one.outcome is Outcome.SENT and one.owed.template == "asked" and one.owed.kind == "card":
        await service.expect_answer(context, ticket)  # he has read it: his next words are for it


async def _count(context: Context, one: Sent, ticket: Ticket) -> Ticket:
    """The promise is kept when the answer was accepted by the channel, not when it was written."""
    action = _COUNTED.get(one.outcome)
    if action and engine.may(SYSTEM, action, ticket, context.now, context.rules):
        return await service.perform(context, ticket, action, SYSTEM)
    return ticket

"""What follows from a message having gone out, or not: promises kept, cards, parked chats."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from workflows.core.messages import Notice, Priority, To, Values
from workflows.core.needs import NOTHING
from workflows.core.people import SYSTEM
from workflows.core.policy import Rules
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.petition import engine, service
from workflows.petition.model import Ticket
from workflows.petition.store import queries
from workflows.petition.words import Action
from workflows.store import Outbox, Owed, Sent, Tx
from workflows.store.outbox import Outcome

_log = structlog.get_logger()
# Each says all that the one before it said.
_ALARMS = {"remind", "overdue", "urgent", "urgent_above", "calling"}


async def settle(tx: Tx, rules: Rules, sent: Sequence[Sent]) -> None:
    """Write down what came of sendings, and what follows from it.

    Where that fails the message is not sent again, and all others are settled: then each is
    followed up for itself.
    """
    cases = [
        (Context(tx=tx, rules=rules, now=tx.now, key=f"o{one.owed.id}"), one)
        for one in await Outbox(tx.conn, tx.now).settle(sent)
    ]
    if not cases or not await guarding.tried(cases[0][0], _follow_up_all(cases)):
        return
    for context, one in cases:
        if error := await guarding.tried(context, follow_up(context, one)):
            await lay_down(context, one, error)


async def _follow_up_all(cases: Sequence[tuple[Context, Sent]]) -> None:
    for context, one in cases:
        await follow_up(context, one)


async def lay_down(context: Context, one: Sent, error: Exception) -> None:
    """A dead letter, of which the admins hear; what is parked waits as it did."""
    _log.error("settle_failed", outbox=one.owed.id, error=type(error).__name__)
    if one.outcome is not Outcome.PARKED:
        said = "sent, but then" if one.outcome is Outcome.SENT else one.outcome.value
        await Outbox(context.tx.conn, context.now).bury(
            one.owed.id, f"{said}: {type(error).__name__}"
        )
    if not one.is_told:
        await guarding.report(context, error, "alert_dead", outbox=one.owed.id)


async def follow_up(context: Context, one: Sent) -> None:
    """Write what a sending's outcome means for the ticket and its people."""
    owed = one.owed
    if one.outcome is Outcome.SENT and owed.kind == "card" and owed.card:
        await _retire(context, owed)
    is_alert = owed.template.startswith("alert_")  # no alerts about alerts
    if one.outcome is Outcome.DEAD and not one.is_told and not is_alert:
        await context.alert("alert_dead", outbox=owed.id, error=one.error)
    if one.outcome is Outcome.PARKED and owed.chat_id < 0:
        await _fall_back(context, owed)
    if one.outcome is Outcome.PARKED and owed.chat_id > 0 and not owed.is_blocked:
        await _lose(context, owed.chat_id)
    if owed.answers:
        await _count_answer(context, one)
    if one.outcome is Outcome.SENT and owed.template == "asked" and owed.kind == "card":
        await _listen(context, owed)


async def _count_answer(context: Context, one: Sent) -> None:
    """The promise is kept when the answer was accepted by Telegram, not when it was written."""
    actions = {Outcome.SENT: Action.TOLD, Outcome.PARKED: Action.UNTOLD,
               Outcome.DEAD: Action.UNTOLD}  # fmt: skip
    action, ticket = actions.get(one.outcome), await _ticket(context, one.owed)
    is_his = ticket is not None and one.owed.chat_id == ticket.resident
    if not (action and ticket and is_his):
        return
    if engine.may(SYSTEM, action, ticket, context.now, context.rules):
        await service.perform(context, ticket, action, SYSTEM, NOTHING)


async def _listen(context: Context, owed: Owed) -> None:
    """He has read the question now: his next words are the answer."""
    ticket = await _ticket(context, owed)
    if ticket and ticket.resident == owed.chat_id:
        await service.expect_answer(context, ticket)


async def _fall_back(context: Context, owed: Owed) -> None:
    """The grid's group is closed to us: its lead hears of it, and of the ticket."""
    await context.tx.bind_group(owed.chat_id, "")
    ticket = await _ticket(context, owed)
    if ticket and owed.kind == "card":  # a call; that a card was not drawn again harms nobody
        notice = Notice(to=To.LEAD, template="group_gone", ticket_id=ticket.id, is_card=True)
        await context.tell(ticket, notice, SYSTEM)


async def _lose(context: Context, person_id: int) -> None:
    """Somebody cannot be reached any more, as is known from now on."""
    await context.tx.block(person_id)
    await service.lose(context, person_id)


async def _retire(context: Context, owed: Owed) -> None:
    """Only the newest card of a ticket keeps its buttons and the resident's number, and only the
    newest alarm stays at all: a week of silence is one message, not ten.
    """
    ticket = await _ticket(context, owed)
    is_again = {owed.template, owed.card_template} <= _ALARMS
    kind = "delete" if is_again else "fade" if await _has_shown(context, owed, ticket) else "strip"
    has_headline = ticket is not None and owed.card_state == ticket.state and kind != "strip"
    said: Values = owed.card_values if has_headline else {}
    notice = Notice(
        to=owed.chat_id, ticket_id=owed.ticket_id,
        template=owed.card_template if has_headline else "strip" if kind == "strip" else "card",
        values={**said, "message_id": owed.card},
        priority=Priority.BROADCAST,
    )  # fmt: skip
    context.tx.owe(notice, owed.chat_id, kind, f"strip:{owed.id}", context.now)


async def _has_shown(context: Context, owed: Owed, ticket: Ticket | None) -> bool:
    """Whether a card may have shown its reader, one of the staff, a number that is not his own."""
    if ticket is None or owed.chat_id < 0 or owed.chat_id == ticket.resident:
        return False
    if not ticket.contact and not await queries.was_shared(
        context.tx.conn, await _family(context, ticket)
    ):
        return False
    reader = await context.tx.person(owed.chat_id)
    return reader is not None and reader.is_staff


async def _family(context: Context, ticket: Ticket) -> list[int]:
    """A ticket and what it was split off from, whose number it was given."""
    ids, above = [ticket.id], ticket.parent
    while above:
        ids.append(above)
        parent = next(iter(await context.tx.tickets([above])), None)
        above = parent.parent if parent else None
    return ids


async def _ticket(context: Context, owed: Owed) -> Ticket | None:
    return await context.tx.ticket(owed.ticket_id) if owed.ticket_id else None

"""What follows from a message having gone out, or not: promises kept, cards, parked chats."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from workflows.core.engine.subject import Subject
from workflows.core.people import SYSTEM
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority, To, Values
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.people import leaving
from workflows.desk.workflow import Workflows
from workflows.store import Owed, Sent, Tx
from workflows.store.outbox import Outcome

_log = structlog.get_logger()
# Each says all that the one before it said.
_ALARMS = {"remind", "overdue", "urgent", "urgent_above", "calling"}


async def settle(tx: Tx, rules: Rules, workflows: Workflows, sent: Sequence[Sent]) -> None:
    """Write down what came of sendings, and what follows from it.

    Where that fails the message is not sent again, and all others are settled: then each is
    followed up for itself.
    """
    cases = [
        (Context(tx=tx, rules=rules, workflows=workflows, now=tx.now, key=f"o{one.owed.id}"), one)
        for one in await tx.outbox.settle(sent)
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
        await context.tx.outbox.bury(one.owed.id, f"{said}: {type(error).__name__}")
    if not one.is_told:
        await guarding.report(context, error, "alert_dead", outbox=one.owed.id)


async def follow_up(context: Context, one: Sent) -> None:
    """Write what a sending's outcome means for its subject and its people."""
    owed = one.owed
    if one.outcome is Outcome.SENT and owed.kind == "card" and owed.card:
        await _retire(context, owed)
    if one.outcome is Outcome.DEAD and not one.is_told and not owed.is_alert:
        await context.alert("alert_dead", outbox=owed.id, error=one.error)
    if one.outcome is Outcome.PARKED and owed.chat_id < 0:
        await _fall_back(context, owed)
    if one.outcome is Outcome.PARKED and owed.chat_id > 0 and not owed.is_blocked:
        await _lose(context, owed.chat_id)
    if owed.answers or owed.template in context.workflows.heeded:
        await _tell_its_workflow(context, one)


async def _tell_its_workflow(context: Context, one: Sent) -> None:
    """The promise is kept when the answer reached its chat, not when it was written."""
    if subject := await _subject(context, one.owed):
        await context.workflows.of(subject).cards.delivered(context, one, subject)


async def _subject(context: Context, owed: Owed) -> Subject | None:
    return await context.tx.subject(owed.ticket_id) if owed.ticket_id else None


async def _fall_back(context: Context, owed: Owed) -> None:
    """The grid's group is closed to us: its lead hears of it, and of what was called out there."""
    await context.tx.bind_group(owed.chat_id, "")
    subject = await _subject(context, owed)
    if subject and owed.kind == "card":  # a call; that a card was not drawn again harms nobody
        notice = Notice(to=To.LEAD, template="group_gone", ticket_id=subject.id, is_card=True)
        await context.tell(subject, notice, SYSTEM)


async def _lose(context: Context, person_id: int) -> None:
    """Somebody cannot be reached any more, as is known from now on."""
    await context.tx.block(person_id)
    await leaving.lose(context, person_id)


async def _retire(context: Context, owed: Owed) -> None:
    """Only the newest card of a subject keeps its buttons and what is shown there alone, and only
    the newest alarm stays at all: a week of silence is one message, not ten.
    """
    subject = await _subject(context, owed)
    is_again = {owed.template, owed.card_template} <= _ALARMS
    hides = subject and await context.workflows.of(subject).cards.hides(context, owed, subject)
    kind = "delete" if is_again else "fade" if hides else "strip"
    has_headline = subject is not None and owed.card_state == subject.state and kind != "strip"
    said: Values = owed.card_values if has_headline else {}
    notice = Notice(
        to=owed.chat_id, ticket_id=owed.ticket_id,
        template=owed.card_template if has_headline else "strip" if kind == "strip" else "card",
        values={**said, "message_id": owed.card},
        priority=Priority.BROADCAST,
    )  # fmt: skip
    context.tx.owe(notice, owed.chat_id, kind, f"strip:{owed.id}", context.now)

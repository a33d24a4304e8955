"""Handling a batch of updates; one that fails keeps no other out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from structlog.contextvars import bound_contextvars

from workflows.core.errors import Refusal
from workflows.core.policy import Rules
from workflows.core.talk.messages import Incoming
from workflows.desk import guarding
from workflows.desk.context import Context, Toast
from workflows.desk.inbound import flood, refusing, router
from workflows.desk.inbound.inbox import Unreadable, Update, handled
from workflows.desk.workflow import Workflows
from workflows.store import ConflictError, Tx
from workflows.store.reading import UnreadableError


async def receive(
    tx: Tx, rules: Rules, workflows: Workflows, batch: Sequence[Update]
) -> list[Toast]:
    """Handle what was not handled before. Returns the answers to taps."""
    toasts: list[Toast] = []
    for incoming in batch:
        if incoming.update_id and tx.is_seen(incoming.update_id):
            tx.work.handled.append(handled(incoming, "repeated"))
            continue
        key = f"u{incoming.update_id}"
        context = Context(tx=tx, rules=rules, workflows=workflows, now=tx.now, key=key)
        await _one(context, incoming)
        toasts += context.toasts
        tx.mark_seen(incoming.update_id)
    return toasts


async def _one(context: Context, incoming: Update) -> None:
    if isinstance(incoming, Unreadable):
        context.tx.bury(incoming.update_id, 0, incoming.error, incoming.raw)
        context.tx.work.handled.append(handled(incoming, "unreadable"))
        return
    with bound_contextvars(update_id=incoming.update_id):
        if await _is_admitted(context, incoming):
            await _attend(context, incoming)


async def _is_admitted(context: Context, incoming: Incoming) -> bool:
    """Nobody can be counted whose dialog cannot be read."""
    try:
        return await flood.admits(context, incoming)
    except UnreadableError as error:
        await refusing.apologise(context, incoming, error)
        context.tx.work.handled.append(handled(incoming, "failed"))
        return False


async def _attend(context: Context, incoming: Incoming) -> None:
    known, result = len(context.tx.work.events), "handled"
    try:
        await guarding.without_the_failing(context, partial(router.attend, context, incoming))
    except Refusal as refusal:
        result = "refused"
        await refusing.refuse(context, incoming, refusal)
    except ConflictError:
        raise
    except Exception as error:
        result = "failed"
        await refusing.apologise(context, incoming, error)
    if result != "failed":
        await guarding.tell_of_failing(context)
    events = context.tx.work.events[known:]
    context.tx.work.handled.append(handled(incoming, result, events))

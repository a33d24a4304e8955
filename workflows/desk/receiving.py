"""Handling a batch of updates; one that fails keeps no other out."""

from __future__ import annotations

from collections.abc import Sequence

from structlog.contextvars import bound_contextvars

from workflows.desk import flood, reception
from workflows.desk.case import Case, Toast
from workflows.desk.updates import Unreadable, Update, handled
from workflows.model import Incoming, Refusal
from workflows.rules import Rules
from workflows.store import ConflictError, Tx
from workflows.store.reading import UnreadableError


async def receive(tx: Tx, rules: Rules, batch: Sequence[Update]) -> list[Toast]:
    """Handle what was not handled before. Returns the answers to taps."""
    toasts: list[Toast] = []
    for incoming in batch:
        if incoming.update_id and tx.is_seen(incoming.update_id):
            tx.work.handled.append(handled(incoming, "repeated"))
            continue
        case = Case(tx=tx, rules=rules, now=tx.now, key=f"u{incoming.update_id}")
        await _one(case, incoming)
        toasts += case.toasts
        tx.mark_seen(incoming.update_id)
    return toasts


async def _one(case: Case, incoming: Update) -> None:
    if isinstance(incoming, Unreadable):
        case.tx.bury(incoming.update_id, 0, incoming.error, incoming.raw)
        case.tx.work.handled.append(handled(incoming, "unreadable"))
        return
    with bound_contextvars(update_id=incoming.update_id):
        if await _is_admitted(case, incoming):
            await _attend(case, incoming)


async def _is_admitted(case: Case, incoming: Incoming) -> bool:
    """Nobody can be counted whose dialog cannot be read."""
    try:
        return await flood.admits(case, incoming)
    except UnreadableError as error:
        await reception.apologise(case, incoming, error)
        case.tx.work.handled.append(handled(incoming, "failed"))
        return False


async def _attend(case: Case, incoming: Incoming) -> None:
    known, result = len(case.tx.work.events), "handled"
    try:
        async with case.tx.attempt():
            await reception.attend(case, incoming)
    except Refusal as refusal:
        result = "refused"
        await reception.refuse(case, incoming, refusal)
    except ConflictError:
        raise
    except Exception as error:
        result = "failed"
        await reception.apologise(case, incoming, error)
    events = case.tx.work.events[known:]
    case.tx.work.handled.append(handled(incoming, result, events))

"""What is said where something cannot be done: a kind no, or that it is not the asker's fault."""

from __future__ import annotations

import structlog
from msgspec.structs import replace

from workflows.core.errors import HaitangError, Refusal
from workflows.core.talk.messages import Incoming, Kind, Notice, Priority
from workflows.desk import actions
from workflows.desk.context import Context
from workflows.store.engine.conflicts import is_of_database
from workflows.store.reading import UnreadableError

_WHOSE = {"person", "dialog", "message"}  # what cannot be read of these is nothing one asked for
_log = structlog.get_logger()


async def refuse(context: Context, incoming: Incoming, refusal: Refusal) -> None:
    """A kind no: as a toast to a tap (the card is drawn again), as a message otherwise."""
    values = await actions.with_name(context, refusal.values)
    if incoming.kind is Kind.PRESS:
        context.toast(incoming, refusal.template, **values)
        await _redraw(context, incoming, values.get("about"))
    else:
        there = (
            incoming if not incoming.is_private else replace(incoming, chat_id=incoming.person_id)
        )
        context.say_there(there, refusal.template, **values)


async def _redraw(context: Context, incoming: Incoming, number: object) -> None:
    """An old button was pressed: show the card as it is now."""
    found = await context.tx.subjects([number]) if isinstance(number, int) else []
    for subject in found if incoming.is_private else []:
        notice = Notice(
            to=incoming.chat_id, template="card", ticket_id=subject.id,
            priority=Priority.REPLY, replaces=f"edit:{subject.id}",
        )  # fmt: skip
        key = f"{context.key}:redraw"
        context.tx.owe(notice, incoming.chat_id, "edit", key, context.now)


async def apologise(context: Context, incoming: Incoming, error: BaseException) -> None:
    """Nothing of this update was written: keep it, say so, tell the admins."""
    _log.error("update_failed", update_id=incoming.update_id, error=type(error).__name__,
               exc_info=not (isinstance(error, HaitangError) or is_of_database(error)))  # fmt: skip
    kept = context.workflows.without_secrets(incoming)
    context.tx.bury(incoming.update_id, incoming.person_id, repr(error), kept)
    if isinstance(error, UnreadableError):
        _say_unreadable(context, incoming, error)
        return
    context.toast(incoming, "refused_forged")
    if isinstance(error, HaitangError):
        return
    if incoming.person_id:
        context.say(incoming.person_id, "apology")
    await context.alert("alert_failed", update_id=incoming.update_id, error=type(error).__name__)


def _say_unreadable(context: Context, incoming: Incoming, error: UnreadableError) -> None:
    """The admins hear of it by its number; whoever asked, that it is nothing he did."""
    context.toast(incoming, "unreadable")
    if not incoming.callback_id:
        context.say(incoming.person_id, "apology" if error.what in _WHOSE else "unreadable")

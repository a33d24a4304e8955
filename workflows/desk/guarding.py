"""One thing of many that fails stops no other: nothing of it is kept, and the admins hear of it.

Of a row that this version cannot read they hear by its number, whoever met it first; of anything
else that fails, as its loop says it.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

import structlog

from workflows.desk.context import Context
from workflows.store import ConflictError
from workflows.store.engine.conflicts import is_unwritable
from workflows.store.reading import UnreadableError

_NAMED = 5  # rows that an alert names; `haitang doctor` names more
_WHOSE = {"person", "dialog"}  # numbered by whose they are, which is in no log
_log = structlog.get_logger()


async def tried(context: Context, work: Coroutine[Any, Any, object]) -> Exception | None:
    """Do this as a part that is dropped whole when it fails. Returns why it failed, if it did.

    Raises ConflictError, and what is the database's own fault and may be over soon.
    """
    try:
        async with context.tx.attempt():
            await work
    except ConflictError:
        raise
    except Exception as error:
        if not is_unwritable(error):
            raise
        return error
    return None


async def done(context: Context, work: Coroutine[Any, Any, None]) -> None:
    """Do this; if it fails, the admins hear that a step was not done, and what follows is."""
    if error := await tried(context, work):
        _log.error("step_failed", error=type(error).__name__)
        await report(context, error, "alert_timer", about=0)


async def report(context: Context, error: Exception, template: str, **values: object) -> None:
    """Tell the admins why something failed, unless it is a row that the unit tells of anyway."""
    if not isinstance(error, UnreadableError):
        await context.alert(template, **values, error=type(error).__name__)


async def tell_unreadable(context: Context, met: Sequence[UnreadableError]) -> None:
    """Rows that nobody can read, in one message."""
    for error in met:
        number = None if error.what in _WHOSE else error.number
        _log.error("unreadable_row", of=error.what, number=number, why=error.why)
    named = [[error.what, error.number, error.why] for error in met[:_NAMED]]
    await context.alert("alert_unreadable", rows=named, total=len(met))

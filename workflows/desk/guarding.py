"""One thing of many that fails stops no other: nothing of it is kept, and the admins hear of it.

Of a row that this version cannot read they hear by its number, whoever met it first; of anything
else that fails, as its loop says it.

So it is where all workflows are asked: who fails gives what one without that part gives. Where a
message is offered to each, which happens all the time, nothing is kept ready for a failure: the
message is handled anew instead, without who failed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import structlog

from workflows.core.errors import ForgedError, HaitangError, Refusal
from workflows.core.people import Person
from workflows.desk.context import Context
from workflows.desk.parts import Chat
from workflows.desk.workflow import Workflow
from workflows.store import ConflictError
from workflows.store.engine.conflicts import is_unwritable
from workflows.store.reading import UnreadableError

T = TypeVar("T")
_NAMED = 5  # rows that an alert names; `haitang doctor` names more
_WHOSE = {"person", "dialog"}  # numbered by whose they are, which is in no log
_log = structlog.get_logger()


async def tried(context: Context, work: Coroutine[Any, Any, object]) -> Exception | None:
    """Do this as a part that is dropped whole when it fails. Returns why it failed, if it did.

    Raises ConflictError, and what is the database's own fault and may be over soon.
    """
    return await failure(_attempted(context, work))


async def _attempted(context: Context, work: Coroutine[Any, Any, object]) -> None:
    async with context.tx.attempt():
        await work


async def failure(work: Awaitable[object]) -> Exception | None:
    """Why this failed, if it did: of what only reads, so that there is nothing to drop.

    Raises what `tried` does.
    """
    try:
        await work
    except ConflictError:
        raise
    except Exception as error:
        if not is_unwritable(error):
            raise
        return error
    return None


async def asked(
    context: Context, default: T, hook: Callable[..., Awaitable[T]], *given: object
) -> T:
    """What a workflow's hook gives; where it fails, `default`."""
    found = default

    async def ask() -> None:
        nonlocal found
        found = await hook(*given)

    if error := await tried(context, ask()):
        await tell(context, error)
    return found


async def tell(context: Context, error: Exception) -> None:
    """The admins hear that a part of a workflow does not work, and that all else does."""
    _log.error("hook_failed", error=type(error).__name__)
    if not isinstance(error, UnreadableError):
        await context.alert("alert_hook", error=type(error).__name__)


# who takes a message


class _AsideError(HaitangError):
    """A workflow failed where a message was offered to all: the others take it without that one."""

    def __init__(self, kind: str, why: Exception) -> None:
        super().__init__(kind)
        self.kind = kind
        self.why = why


async def without_the_failing(context: Context, work: Callable[[], Awaitable[None]]) -> None:
    """Do this as a part that is dropped whole when it fails; and where that was a workflow to which
    a message was offered, do it anew without that one.
    """
    while True:
        try:
            async with context.tx.attempt():
                await work()
        except _AsideError as error:
            context.aside[error.kind] = error.why
            context.toasts.clear()
        else:
            return


async def claimed(
    context: Context, person: Person, claim: Callable[[Chat], Callable[..., Awaitable[bool]]],
    *given: object,
) -> bool:  # fmt: skip
    """Whether one of the workflows that a person is offered takes it; those that failed are asked
    no more.
    """
    for workflow in context.workflows.offered(person, context.rules):
        is_asked = workflow.kind not in context.aside
        if is_asked and await _claims(workflow, claim(workflow.chat), *given):
            return True
    return False


async def _claims(
    workflow: Workflow, claim: Callable[..., Awaitable[bool]], *given: object
) -> bool:  # fmt: skip
    try:
        return await claim(*given)
    except (Refusal, ForgedError, ConflictError):  # answers, and what begins anew anyway
        raise
    except Exception as error:
        if not is_unwritable(error):
            raise
        raise _AsideError(workflow.kind, error) from error


def unclaimed(context: Context) -> None:
    """Nobody takes it. Raises why somebody could not be asked: it may have been meant for that."""
    for why in context.aside.values():
        raise why


async def tell_of_failing(context: Context) -> None:
    """The admins hear of each workflow that could not be asked."""
    for why in context.aside.values():
        await tell(context, why)


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

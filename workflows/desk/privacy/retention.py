"""Upkeep: each night what was done with is thrown away, and what ended long ago loses its words.

A step is one transaction of a bounded size; the chore stays due until nothing is left to do, so
that what comes in meanwhile waits for a step at most, and a restart goes on where it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any

from workflows.core.engine.subject import ERASE
from workflows.core.people import SYSTEM
from workflows.core.timing import calendar
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.store import Kept, schedule, upkeep
from workflows.store.erasure import ids_worded

NAME = "upkeep"
_AT = time(3)  # local, while people sleep
_ROWS = 500
_SUBJECTS = 50  # that a step takes the words out of


def expiring(
    kept: Kept[Any], erase: Callable[..., Awaitable[None]]
) -> Callable[[Context], Awaitable[bool]]:
    """How a workflow takes the words out of some subjects whose time is over: by their own step,
    and then by a deed of the store for what no step can reach, which also notes that it was done.
    """

    async def expire(context: Context) -> bool:
        if context.rules.retention is None:
            return False
        before = context.now - context.rules.retention
        ids = await context.tx.ask(ids_worded, kept.table, before, _SUBJECTS)
        for subject in await context.tx.get_all(kept, ids):
            action = context.workflows.of(subject).action(ERASE)
            await guarding.tried(context, context.perform(subject, action, SYSTEM))
        if ids:
            await context.tx.do(erase, ids, context.now)
        return bool(ids)

    return expire


async def plan(context: Context) -> None:
    """At every start: tonight, unless it is owed already."""
    await context.tx.do(
        schedule.plan, NAME, calendar.next_time(_AT, context.now, context.rules), context.now
    )


async def ring(context: Context) -> int:
    """One step, if its time has come. Returns 1 if it had, else 0."""
    due_at = await context.tx.ask(schedule.take, NAME, context.now)
    if due_at is None:
        return 0
    has_more = await context.tx.do(upkeep.prune, context.now - context.rules.keep, _ROWS)
    expired = [
        await guarding.asked(context, False, one.privacy.expire, context)
        for one in context.workflows
    ]
    if not (any(expired) or has_more):
        tomorrow = calendar.next_time(_AT, context.now, context.rules)
        await context.tx.do(schedule.move, NAME, due_at, tomorrow)
    return 1

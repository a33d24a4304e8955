"""Upkeep: each night what was done with is thrown away, and what ended long ago loses its words.

A step is one transaction of a bounded size; the chore stays due until nothing is left to do, so
that what comes in meanwhile waits for a step at most, and a restart goes on where it was.
"""

from __future__ import annotations

from datetime import time

from workflows.core.timing import calendar
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.store import schedule, upkeep

NAME = "upkeep"
_AT = time(3)  # local, while people sleep
_ROWS = 500


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

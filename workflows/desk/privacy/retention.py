"""Upkeep: each night what was done with is thrown away, and old tickets lose their words.

A step is one transaction of a bounded size; the chore stays due until nothing is left to do, so
that what comes in meanwhile waits for a step at most, and a restart goes on where it was.
"""

from __future__ import annotations

from datetime import time

import structlog

from workflows.core.people import SYSTEM
from workflows.core.timing import calendar
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.petition import service
from workflows.petition.model import Ticket
from workflows.petition.words import Action
from workflows.store import erasure, schedule, upkeep

NAME = "upkeep"
_AT = time(3)  # local, while people sleep
_ROWS = 500
_TICKETS = 50
_log = structlog.get_logger()


async def plan(context: Context) -> None:
    """At every start: tonight, unless it is owed already."""
    await schedule.plan(
        context.tx.conn, NAME, calendar.next_time(_AT, context.now, context.rules), context.now
    )


async def ring(context: Context) -> int:
    """One step, if its time has come. Returns 1 if it had, else 0."""
    due_at = await schedule.take(context.tx.conn, NAME, context.now)
    if due_at is None:
        return 0
    has_more = await upkeep.prune(context.tx.conn, context.now - context.rules.keep, _ROWS)
    if not (await _erase_some(context) or has_more):
        tomorrow = calendar.next_time(_AT, context.now, context.rules)
        await schedule.move(context.tx.conn, NAME, due_at, tomorrow)
    return 1


async def _erase_some(context: Context) -> bool:
    """Take the words out of some tickets whose time is over. Returns whether there were any."""
    if context.rules.retention is None:
        return False
    before = context.now - context.rules.retention
    ids = await upkeep.ids_to_erase(context.tx.conn, before, _TICKETS)
    bare = [x.id for x in await context.tx.tickets(ids) if await _is_bare(context, x)]
    if others := set(ids).difference(bare):
        await erasure.blank(context.tx.conn, others)
    if ids:
        await erasure.erase_tickets(context.tx.conn, ids, context.now)
        _log.info("words_expired", tickets=ids)
    return bool(ids)


async def _is_bare(context: Context, ticket: Ticket) -> bool:
    """Whether its own row has lost its words by a step, as every one that can be read does."""
    error = await guarding.tried(context, service.perform(context, ticket, Action.ERASE, SYSTEM))
    return error is None

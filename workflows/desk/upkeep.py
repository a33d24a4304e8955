"""Upkeep: each night what was done with is thrown away, and old tickets lose their words.

A step is one transaction of a bounded size; the chore stays due until nothing is left to do, so
that what comes in meanwhile waits for a step at most, and a restart goes on where it was.
"""

from __future__ import annotations

from datetime import time

import structlog

from workflows import sla
from workflows.desk import rights
from workflows.desk.case import Case
from workflows.store import erasure as stored
from workflows.store import schedule, upkeep

NAME = "upkeep"
_AT = time(3)  # local, while people sleep
_ROWS = 500
_TICKETS = 50
_log = structlog.get_logger()


async def plan(case: Case) -> None:
    """At every start: tonight, unless it is owed already."""
    await schedule.plan(case.tx.conn, NAME, sla.next_time(_AT, case.now, case.rules), case.now)


async def ring(case: Case) -> int:
    """One step, if its time has come. Returns 1 if it had, else 0."""
    due_at = await schedule.take(case.tx.conn, NAME, case.now)
    if due_at is None:
        return 0
    has_more = await upkeep.prune(case.tx.conn, case.now - case.rules.keep, _ROWS)
    if not (await _erase_some(case) or has_more):
        tomorrow = sla.next_time(_AT, case.now, case.rules)
        await schedule.move(case.tx.conn, NAME, due_at, tomorrow)
    return 1


async def _erase_some(case: Case) -> bool:
    """Take the words out of some tickets whose time is over. Returns whether there were any."""
    if case.rules.retention is None:
        return False
    before = case.now - case.rules.retention
    ids = await upkeep.ids_to_erase(case.tx.conn, before, _TICKETS)
    tickets = await case.tx.tickets(ids)
    for ticket in tickets:
        bare = rights.without_any_words(ticket)
        case.tx.put_ticket(bare, sla.timers(bare, case.rules))
    if unread := set(ids) - {ticket.id for ticket in tickets}:
        await stored.blank(case.tx.conn, unread)
    if ids:
        await stored.erase_tickets(case.tx.conn, ids, case.now)
        _log.info("words_expired", tickets=ids)
    return bool(ids)

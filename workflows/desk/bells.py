"""Ringing the timers that are due; one that cannot be rung stops no other."""

from __future__ import annotations

import structlog
from structlog.contextvars import bound_contextvars

from workflows.core.engine.subject import Subject, Timer
from workflows.core.faultpoints import point
from workflows.core.policy import Rules
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.workflow import Workflows
from workflows.store import Tx, timers

_AT_ONCE = 50  # a transaction holds up the loop meanwhile
_log = structlog.get_logger()


async def ring_some(tx: Tx, rules: Rules, workflows: Workflows) -> tuple[int, bool]:
    """Ring the first of what is due. Returns how many that were, and whether more is due: what
    was left for another transaction, or became due by ringing.
    """

    def context(key: str) -> Context:
        return Context(tx=tx, rules=rules, workflows=workflows, now=tx.now, key=key)

    await _put_away_strange(context(f"s{tx.now.timestamp():.0f}"))
    due = await tx.due_timers(_AT_ONCE + 1)
    now, later = due[:_AT_ONCE], due[_AT_ONCE:]
    await _look_ahead(tx, workflows, now)
    for timer in now:
        key = f"t{timer.ticket_id}.{timer.kind}.{timer.due_at.timestamp():.0f}"
        with bound_contextvars(ticket=timer.ticket_id, timer=timer.kind):
            await _try_to_ring(context(key), timer)
    made = (timer for theirs in tx.work.timers.values() for timer in theirs)
    return len(now), bool(later) or any(timer.due_at <= tx.now for timer in made)


async def _put_away_strange(context: Context) -> None:
    """A timer that this version cannot ring tells the admins so, and stops no other."""
    if count := await context.tx.do(timers.put_away_strange, context.tx.kinds, context.now):
        _log.error("strange_timers", count=count)
        await context.alert("alert_timer", about=0, error=f"{count} timers of unknown clocks")


async def _look_ahead(tx: Tx, workflows: Workflows, due: list[Timer]) -> None:
    """What timers are about, read at once."""
    about = await tx.subjects(timer.ticket_id for timer in due)
    await guarding.failure(_prefetch(tx, workflows, about))  # then each for itself


async def _prefetch(tx: Tx, workflows: Workflows, about: list[Subject]) -> None:
    await tx.prefetch_persons(i for x in about for i in workflows.of(x).cards.mentions(x) if i)


async def _try_to_ring(context: Context, timer: Timer) -> None:
    """One that fails rings no more, and the admins hear so."""
    if error := await guarding.tried(context, _ring(context, timer)):
        _log.error("timer_failed", error=type(error).__name__)
        context.tx.fire(timer)
        await guarding.report(context, error, "alert_timer", about=timer.ticket_id)


async def _ring(context: Context, timer: Timer) -> None:
    point("timer.before")
    subject = await context.tx.subject(timer.ticket_id)
    if subject is None:
        context.tx.fire(timer)
    else:
        await context.workflows.of(subject).ring(context, timer)
    point("timer.after")

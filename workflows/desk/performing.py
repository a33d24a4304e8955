"""Doing something with a subject: decide, write what follows, tell who is to be told.

The only way by which a subject changes. A workflow whose steps bring more with them has a
`perform` and a `ring` of its own around what is here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from workflows.core.engine.decision import Decision, decide, on_time
from workflows.core.engine.subject import Timer, changed
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.messages import Attachment
from workflows.core.talk.needs import NOTHING, PHOTOS, TIMER, Answers
from workflows.desk import spawning
from workflows.desk.context import Context

Perform = Callable[[Context, Any, Any, Person, Answers], Awaitable[Any]]


async def perform(
    context: Context, subject: Any, action: Any, actor: Person, answers: Answers = NOTHING
) -> Any:
    """Let `actor` do `action`. Returns the subject as it is then. Raises Refusal and writes
    nothing.
    """
    workflow = context.workflows.of(subject)
    command = workflow.command(subject, action, actor, context.now, context.rules, answers)
    decision = decide(workflow.flow, command)
    await write(context, decision, actor, answers[PHOTOS])
    return decision.subject


async def take_back(context: Context, subject: Any, answers: Answers) -> Any:
    """Let the system take it out of somebody's hands. Returns the subject as it is then; as it
    was, where its workflow has no such step.
    """
    action = context.workflows.of(subject).flow.returns
    if action is None:
        return subject
    return await context.perform(subject, action, SYSTEM, answers)


async def write(
    context: Context, decision: Decision[Any], actor: Person, files: tuple[Attachment, ...] = ()
) -> None:
    """Keep what was decided, and owe what it tells."""
    subject = decision.subject
    _keep(context, subject, decision.timers)
    context.tx.add_event(decision.event)
    context.tx.add_files(subject.id, files, decision.event.action, actor.id)
    for notice in decision.notices:
        await context.tell(subject, notice, actor)
    await spawning.done(context, decision.event, subject, actor)


async def ring(context: Context, timer: Timer) -> None:
    """Let a due timer do what it is for, if the subject still wants it."""
    subject = await rung(context, timer)
    if subject is not None:
        action = on_time(context.workflows.of(subject).flow, timer)
        if action is None:
            _leave(context, subject)
        else:
            await context.perform(subject, action, SYSTEM, Answers({TIMER: timer}))


def _leave(context: Context, subject: Any) -> None:
    """Nothing is done at this moment; that it has come is kept, so that it never comes again."""
    clockwork = context.workflows.of(subject).flow.clockwork
    kept = changed(subject, version=subject.version + 1)
    _keep(context, kept, clockwork.timers(kept, context.rules))


def _keep(context: Context, subject: Any, timers: tuple[Timer, ...]) -> None:
    context.tx.put(subject, timers)


async def rung(context: Context, timer: Timer) -> Any:
    """The subject after its timer rang; None where it has moved on, or the rules have changed."""
    subject = await context.tx.subject(timer.ticket_id)
    context.tx.fire(timer)
    if subject is None:
        return None
    clockwork = context.workflows.of(subject).flow.clockwork
    timers = clockwork.timers(subject, context.rules)
    if timer not in timers:
        context.tx.put_timers(subject.id, timers)
        return None
    return clockwork.ring(subject, timer, context.now, context.rules)

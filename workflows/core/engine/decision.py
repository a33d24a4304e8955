"""What follows from a step of any workflow: the event, who is told what, and the due moments.

`flow` says which row it is and what becomes of the subject; nothing here waits, reads or writes.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.engine.flow import Flow, Step
from workflows.core.engine.subject import Deed, Event, Subject, Timer
from workflows.core.talk.messages import Notice, To, Values
from workflows.core.timing.clocks import DUE, climbed, is_late, is_reminder

A = TypeVar("A", bound=StrEnum)
B = TypeVar("B", bound=Subject)
T = TypeVar("T", bound=Deed)
AnyFlow = Flow[Any, Any, Any, T, B]
Told = tuple[Any, str]  # an audience, and the template it is told


class Decision(Struct, Generic[B], frozen=True, kw_only=True):
    """What follows from an action: the subject as it is now, the event, and who is told what."""

    subject: B
    event: Event
    notices: tuple[Notice, ...]
    timers: tuple[Timer, ...]
    then: Enum | None = None  # what the shell does next


def begin(
    flow: AnyFlow[T, B], subject: B, by: int, now: datetime, rules: Any, *,
    data: Values, notices: tuple[Notice, ...] = (),
) -> Decision[B]:  # fmt: skip
    """The first step of a new subject: the clock of its first stage starts beside those it has.

    `data` is what the event holds of it, so that the chain covers every word.
    """
    own, running = flow.stages[flow.start].clock, dict(subject.clocks)
    if own:
        running[own] = flow.clockwork.start(own, subject, now, rules)
    begun: B = replace(subject, version=1, clocks=running)  # type: ignore[type-var]
    event = Event(
        ticket_id=subject.id, action=flow.begins, actor=by, at=now,
        source=flow.start, target=flow.start, data=data,
    )  # fmt: skip
    timers = flow.clockwork.timers(begun, rules)
    return Decision(subject=begun, event=event, notices=notices, timers=timers)


def decide(flow: AnyFlow[T, B], deed: T) -> Decision[B]:
    """What follows when it is done now. Raises the workflow's refusal, changes nothing."""
    taken = flow.decide(deed)
    moved, step = taken.subject, taken.step
    event = Event(
        ticket_id=moved.id, action=deed.action, actor=deed.by, at=deed.now,
        source=taken.source, target=taken.target, data=deed.as_given(),
    )  # fmt: skip
    notices = _notices(flow, step, deed, moved)
    timers = flow.clockwork.timers(moved, deed.rules)
    return Decision(subject=moved, event=event, notices=notices, timers=timers, then=step.then)


def on_time(flow: Flow[A, Any, Any, Any, Any], timer: Timer) -> A | None:
    """What the system does when this timer rings; None in a workflow that does nothing then."""
    if is_reminder(timer.mark):
        return flow.reminds
    own = flow.on_time(timer.clock) if timer.mark == DUE else None
    return own or flow.escalates


def _notices(
    flow: AnyFlow[T, B], step: Step[Any, Any, Any, Any], deed: T, moved: B
) -> tuple[Notice, ...]:  # fmt: skip
    """The row's messages, and the clock's own for a reminder or a breach."""
    values, named = deed.as_values(), deed.named
    urgent = moved.is_urgent or step.action == flow.escalates
    return tuple(
        Notice(
            to=named if to == To.NAMED and named else to, template=template, values=values,
            ticket_id=moved.id, is_card=True,
            urgent=urgent, answers=step.answers and to is flow.promised_to,
        )
        for to, template in (*step.tells, *_rung(flow, deed, moved))
    )  # fmt: skip


def _rung(flow: AnyFlow[T, B], deed: T, moved: B) -> list[Told]:
    """Whom a ringing clock tells."""
    if deed.timer is None or deed.action not in {flow.reminds, flow.escalates}:
        return []
    holder = flow.stages[moved.state].holder
    return flow.rings(deed, holder) if flow.rings else _usual(flow, deed, deed.timer, holder)


def _usual(flow: AnyFlow[T, B], deed: T, timer: Timer, holder: Any) -> list[Told]:
    """The holder before the due moment, the ladder after it; of missed ones only the last."""
    is_repeated = is_reminder(timer.mark) or is_late(timer.mark)
    if is_repeated and flow.clockwork.is_overtaken(deed.subject, timer, deed.now, deed.rules):
        return []
    if deed.action == flow.reminds:
        return [(holder, "remind")] if holder else []
    rungs = flow.clockwork.ladder(timer.clock, deed.rules)
    to = rungs[climbed(timer.mark, rungs)].to if rungs else holder
    return [(to, "overdue")] if to else []

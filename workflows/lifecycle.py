"""The lifecycle's engine: asks the one machine of `ticket.STEPS` what an action does, purely.

Nothing here knows a particular step; buttons, refusals and tests follow from the table's rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from workflows import ringing, sla
from workflows.attempt import NOTHING, Attempt, Given
from workflows.machine import TableMachine
from workflows.model import (
    ENDED,
    Action,
    Clock,
    ClockName,
    Event,
    Notice,
    Person,
    Priority,
    Refusal,
    State,
    Ticket,
    Timer,
    To,
    Values,
)
from workflows.rules import Rules
from workflows.standing import AT_WORK, relations
from workflows.standing import may_see as may_see  # noqa: PLC0414 - asked together with `may`
from workflows.ticket import (
    BEFORE,
    HIS_OWN,
    IN_HAND,
    LASTING,
    ON_TIME,
    PROMISES,
    SAME,
    SPOKEN_TO_RESIDENTS,
    STAGES,
    STEPS,
    A,
    C,
    S,
    Step,
)


class Decision(Struct, frozen=True, kw_only=True):
    """What follows from an action: the ticket as it is now, the event, and who is told what."""

    ticket: Ticket
    event: Event
    notices: tuple[Notice, ...]
    timers: tuple[Timer, ...]


class _Cursor:
    """The machine's only model: carries a ticket's state in, the next state and its row out.

    One shared synchronous machine costs 6 µs a question, one per ticket up to a millisecond; a
    decision never awaits, so nobody else can stand on the cursor meanwhile.
    """

    state: str
    step: Step

    def stand_on(self, step: Step) -> Callable[[Attempt], None]:
        def remember(_: Attempt) -> None:
            self.step = step

        return remember


CURSOR = _Cursor()


def _guards(step: Step, target: State | None) -> list[Callable[[Attempt], bool]]:
    guards: list[Callable[[Attempt], bool]] = [lambda a: bool(step.who & a.standing)]
    if step.target == BEFORE:
        guards.append(lambda a: a.ticket.before is target)
    if step.when:
        guards.append(step.when)
    return guards


def _build() -> TableMachine:
    """The machine of STEPS: one engine for every ticket, the state itself lives in the row."""
    # Names, not members: the library calls an Enum's members by their upper-case names.
    states = [state.value for state in State]
    machine = TableMachine(model=CURSOR, states=states, initial=states[0])
    for step in STEPS:
        for target in _targets(step):
            machine.add_transition(
                step.action.value,
                [*sorted(source.value for source in step.sources)],
                target and target.value,
                conditions=_guards(step, target),  # type: ignore[arg-type]
                before=CURSOR.stand_on(step),
            )
    return machine


def _targets(step: Step) -> tuple[State | None, ...]:
    """Where a row can lead: BEFORE stands for each state a question can be asked from."""
    if step.target == BEFORE:
        return tuple(sorted(IN_HAND))
    return (State(step.target) if step.target else SAME,)


MACHINE = _build()
_NAMED = tuple(dict.fromkeys(step.action for step in STEPS))
_LEAVING = {state: tuple(step for step in STEPS if state in step.sources) for state in State}
ASIDE = frozenset(step.action for step in STEPS if step.aside)  # behind 更多


def open_to(person: Person, ticket: Ticket) -> frozenset[Action]:
    """The actions whose words and files this person may have: residents not what staff write for
    themselves, and nobody who only joined what somebody else wrote.
    """
    if not relations(person, ticket) & AT_WORK:
        if person.id == ticket.resident == ticket.author:
            return SPOKEN_TO_RESIDENTS | {A.FILE}
        if person.id in {ticket.resident, *ticket.followers}:
            return SPOKEN_TO_RESIDENTS - HIS_OWN
    return frozenset(Action) if may_see(person, ticket) else frozenset()


def may(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> bool:
    """Whether the machine would accept this action from this person on this ticket now."""
    return _accepts(Attempt(ticket=ticket, action=action, actor=person, now=now, rules=rules))


def _accepts(attempt: Attempt) -> bool:
    CURSOR.state = attempt.ticket.state.value
    return bool(CURSOR.may_trigger(attempt.action.value, attempt))  # type: ignore[attr-defined]


def actions(person: Person, ticket: Ticket, now: datetime, rules: Rules) -> tuple[Action, ...]:
    """The buttons this person sees on this ticket: exactly what `may` allows, in table order."""
    first = Attempt(ticket=ticket, action=_NAMED[0], actor=person, now=now, rules=rules)
    likely = {step.action for step in _LEAVING[ticket.state] if step.who & first.standing}
    return tuple(a for a in _NAMED if a in likely and _accepts(first.instead(a)))


def needs(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> Step:
    """The row an action would take, to ask for what it needs. Raises Refusal when it may not."""
    if not may(person, action, ticket, now, rules):
        raise _refusal(ticket, action, person)
    attempt = Attempt(ticket=ticket, action=action, actor=person, now=now, rules=rules)
    return _take(attempt)[0]


def file(
    ticket: Ticket, now: datetime, rules: Rules, *, by: int | None = None, told: str = "filed",
    has_consent: bool = False,
) -> Decision:  # fmt: skip
    """The first step: a new ticket with its promise running from `ticket.filed_at`.

    The event holds what was filed, so that the chain covers every word; `by` is who files it
    (the resident, unless said), `told` the template of what the resident reads ("" for none);
    `has_consent` says that the person it is filed for agreed to it. A response clock that runs
    already runs on.
    """
    clocks = {
        C.RESPONSE: ticket.clocks.get(C.RESPONSE)
        or sla.start(C.RESPONSE, ticket, ticket.filed_at, rules),
        C.ASSIGN: sla.start(C.ASSIGN, ticket, now, rules),
    }
    filed = replace(ticket, version=1, clocks=clocks)
    event = Event(
        ticket_id=ticket.id, action=A.FILE, actor=by or ticket.resident, at=now,
        source=S.UNASSIGNED, target=S.UNASSIGNED,
        data=_what_was_filed(ticket, has_consent=has_consent),
    )  # fmt: skip
    notice = Notice(to=To.RESIDENT, template=told, ticket_id=ticket.id, is_card=True,
                    priority=Priority.REPLY)  # fmt: skip
    notices = (notice,) if told else ()
    return Decision(ticket=filed, event=event, notices=notices, timers=sla.timers(filed, rules))


def _what_was_filed(ticket: Ticket, *, has_consent: bool) -> Values:
    found = {
        "text": ticket.text, "place": ticket.place, "category": ticket.category,
        "urgent": ticket.urgent, "on_behalf": ticket.on_behalf, "parent": ticket.parent,
        "consent": has_consent,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def on_time(timer: Timer) -> Action:
    """What the system does when this timer rings."""
    if sla.is_reminder(timer.mark):
        return A.REMIND
    own = ON_TIME.get(timer.clock) if timer.mark == sla.DUE else None
    return own or A.ESCALATE


def decide(
    ticket: Ticket,
    action: Action,
    actor: Person,
    now: datetime,
    rules: Rules,
    given: Given = NOTHING,
) -> Decision:
    """What follows when `actor` does `action` now (aware UTC). Raises Refusal, changes nothing."""
    attempt = Attempt(ticket=ticket, action=action, actor=actor, now=now, rules=rules, given=given)
    if not _accepts(attempt):
        raise _refusal(ticket, action, actor)
    step, target = _take(attempt)
    moved = _settle(step.does(attempt), step, target, attempt)
    event = Event(
        ticket_id=ticket.id, action=action, actor=actor.id, at=now,
        source=ticket.state, target=target, data=given.as_values(),
    )  # fmt: skip
    told = _notices(step, attempt, moved)
    return Decision(ticket=moved, event=event, notices=told, timers=sla.timers(moved, rules))


def _take(attempt: Attempt) -> tuple[Step, State]:
    """The row the machine takes for an attempt that it accepts, and where that leads."""
    CURSOR.state = attempt.ticket.state.value
    CURSOR.trigger(attempt.action.value, attempt)  # type: ignore[attr-defined]
    return CURSOR.step, State(CURSOR.state)


def _settle(ticket: Ticket, step: Step, target: State, attempt: Attempt) -> Ticket:
    """The ticket in its new state with its clocks set right and its version counted."""
    ended_at = (ticket.ended_at or attempt.now) if target in ENDED else None
    moved = replace(ticket, state=target, version=ticket.version + 1, ended_at=ended_at)
    return replace(moved, clocks=_clocks(moved, step, attempt))


def _clocks(ticket: Ticket, step: Step, attempt: Attempt) -> dict[ClockName, Clock]:
    """What STAGES and the row say of the clocks: promises kept, paused or started, own one anew."""
    stage, now, rules = STAGES[ticket.state], attempt.now, attempt.rules
    if ticket.urgent and not attempt.ticket.urgent:
        ticket = sla.hasten(ticket, now, rules)
    clocks = {
        name: sla.pause(ticket.clocks[name], now)
        if stage.pauses and name in PROMISES
        else sla.resume(name, ticket, now, rules)
        for name in _lasting(ticket, step.stops)
    }
    if step.starts:
        due = {C.PLAN: ticket.plan_due, C.PARTNER: attempt.given.due}.get(step.starts)
        clocks[step.starts] = sla.start(step.starts, ticket, now, rules, due=due)
    if stage.clock and step.target is SAME and stage.clock in ticket.clocks:
        clocks[stage.clock] = ticket.clocks[stage.clock]
    elif stage.clock:
        due = attempt.given.due if stage.clock is C.SUSPEND else None
        clocks[stage.clock] = sla.start(stage.clock, ticket, now, rules, due=due)
    return clocks


def _lasting(ticket: Ticket, stopped: ClockName | None) -> list[ClockName]:
    """The clocks that outlive the step; the response's has ended once the answer was told."""
    ended = {stopped, C.RESPONSE if ticket.told_at else None}
    kept = (name for name, ends in LASTING.items() if ticket.state not in ends)
    return [name for name in kept if name in ticket.clocks and name not in ended]


def _notices(step: Step, attempt: Attempt, moved: Ticket) -> tuple[Notice, ...]:
    """The row's messages, and the clock's own for a reminder or a breach."""
    values = attempt.as_values()
    named = attempt.given.to.id if attempt.given.to else None
    rows = [*step.staff, *ringing.notices(attempt, STAGES[moved.state].holder)]
    if step.resident:
        rows.append((To.RESIDENT, step.resident))
    urgent = moved.urgent or step.action is A.ESCALATE
    return tuple(
        Notice(
            to=named if to is To.NAMED and named else to, template=template, values=values,
            ticket_id=moved.id, is_card=True,
            urgent=urgent, answers=step.answers and to is To.RESIDENT,
        )
        for to, template in rows
    )  # fmt: skip


def _refusal(ticket: Ticket, action: Action, actor: Person) -> Refusal:
    """Why not, as kindly and exactly as the ticket itself can say it."""
    if action is A.ACCEPT and ticket.handler:
        return Refusal("refused_taken", handler=ticket.handler, about=ticket.id)
    if action is A.ACCEPT and ticket.offered_to not in {None, actor.id}:
        return Refusal("refused_offered", handler=ticket.offered_to, about=ticket.id)
    if action is A.NUDGE and ticket.nudged_at and ticket.is_open:
        return Refusal("refused_nudge", about=ticket.id)
    return Refusal("refused_now", about=ticket.id, state=ticket.state.value)

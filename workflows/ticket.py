"""The lifecycle of a ticket on one page: STAGES, STEPS, and the pure `decide()` that asks them.

To add a step, add one row to STEPS and one template for what people are told. Buttons, refusals,
diagram, handbook table and tests follow from the row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from transitions import Machine

from workflows import effects, sla
from workflows.effects import Attempt, Given
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
)
from workflows.rules import Rules
from workflows.standing import AT_WORK, relations
from workflows.standing import Who as Who  # noqa: PLC0414 - part of this page
from workflows.standing import may_see as may_see  # noqa: PLC0414

A, S, C = Action, State, ClockName


class Need(Enum):
    """What an action asks for before it can happen."""

    TEXT = "text"
    NOTE_OR_PHOTO = "note_or_photo"
    DUE = "due"
    WHERE = "where"
    TO = "to"
    INTO = "into"
    RATING = "rating"


@dataclass(frozen=True)
class Stage:
    """A state: the clock that runs only in it, who must act, and whether promises stand still."""

    clock: ClockName | None
    holder: To | None
    pauses: bool = False


STAGES: dict[State, Stage] = {
    S.UNASSIGNED: Stage(C.ASSIGN, To.LEAD),
    S.DISPATCHED: Stage(C.ACCEPT, To.OFFERED),
    S.ACCEPTED: Stage(C.INSPECT, To.HANDLER),
    S.INSPECTED: Stage(None, To.HANDLER),
    S.PROPOSED: Stage(C.REVIEW, To.COMMITTEE),
    S.PLANNED: Stage(None, To.HANDLER),
    S.WAITING: Stage(C.WAIT, To.RESIDENT, pauses=True),
    S.SUSPENDED: Stage(C.SUSPEND, To.COMMITTEE),
    S.RESOLVED: Stage(C.FOLLOWUP, To.RESIDENT),
    S.CLOSED: Stage(None, None),
    S.DECLINED: Stage(None, None),
    S.WITHDRAWN: Stage(None, None),
    S.MERGED: Stage(None, None),
}

# The promise clocks outlive a state: RESPONSE until the answer was delivered, PLAN until the work
# is done. These states know no plan date any more.
_WITHOUT_PLAN_CLOCK = ENDED | {S.SUSPENDED, S.RESOLVED}
# What the clock itself does when a state's own time is up; every other clock escalates.
ON_TIME: dict[ClockName, Action] = {C.ACCEPT: A.DISPATCH, C.WAIT: A.ANSWER, C.FOLLOWUP: A.CONFIRM}

SAME = None  # the step leaves the state as it is
BEFORE = "before"  # the step returns to where the ticket was asked


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of the lifecycle: from where, to where, who may, what it needs, who is told what.

    `resident` and `staff` name templates; `starts` is a promise clock that starts anew, `answers`
    says that the resident's message is the answer the response clock waits for.
    """

    action: Action
    sources: frozenset[State]
    target: State | str | None
    who: Who
    needs: tuple[Need, ...] = ()
    when: Callable[[Attempt], bool] | None = None
    does: Callable[[Attempt], Ticket] = effects.nothing
    resident: str = ""
    staff: tuple[tuple[To, str], ...] = ()
    starts: ClockName | None = None
    answers: bool = False


def _step(
    action: Action, sources: frozenset[State], target: State | str | None, who: Who, **more: object
) -> Step:
    return Step(action=action, sources=sources, target=target, who=who, **more)  # type: ignore[arg-type]


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


OPEN = frozenset(S) - ENDED
BEFORE_PLAN = _of(S.UNASSIGNED, S.DISPATCHED, S.ACCEPTED, S.INSPECTED, S.PROPOSED)
IN_HAND = _of(S.ACCEPTED, S.INSPECTED, S.PROPOSED, S.PLANNED)
_STAFF = Who.HANDLER | Who.LEAD | Who.COMMITTEE | Who.STREET

# fmt: off
STEPS: tuple[Step, ...] = (
    # the offer
    _step(A.DISPATCH, _of(S.UNASSIGNED, S.DISPATCHED), S.DISPATCHED,
          Who.SYSTEM | Who.LEAD | Who.COMMITTEE, needs=(Need.TO,), does=effects.offer,
          staff=((To.OFFERED, "offered"), (To.GROUP, "called"))),
    _step(A.ACCEPT, _of(S.DISPATCHED), S.ACCEPTED, Who.OFFERED | Who.CALLED,
          does=effects.take, resident="accepted"),
    _step(A.RETURN, _of(S.DISPATCHED), S.UNASSIGNED, Who.OFFERED | Who.SYSTEM,
          needs=(Need.TEXT,), does=effects.give_back, staff=((To.LEAD, "returned"),)),
    # the way to a plan
    _step(A.INSPECT, _of(S.ACCEPTED), S.INSPECTED, Who.HANDLER,
          needs=(Need.NOTE_OR_PHOTO,), resident="inspected"),
    _step(A.PROPOSE, _of(S.ACCEPTED, S.INSPECTED), S.PROPOSED, Who.HANDLER,
          needs=(Need.TEXT, Need.DUE), when=effects.needs_approval, does=effects.draft_plan,
          staff=((To.COMMITTEE, "proposed"),)),
    _step(A.PROPOSE, _of(S.ACCEPTED, S.INSPECTED), S.PLANNED, Who.HANDLER,
          needs=(Need.TEXT, Need.DUE), when=effects.needs_no_approval, does=effects.draft_plan,
          resident="planned", starts=C.PLAN, answers=True),
    _step(A.APPROVE, _of(S.PROPOSED), S.PLANNED, Who.COMMITTEE,
          resident="planned", staff=((To.HANDLER, "approved"),), starts=C.PLAN, answers=True),
    _step(A.REJECT, _of(S.PROPOSED), S.INSPECTED, Who.COMMITTEE,
          needs=(Need.TEXT,), does=effects.drop_plan, staff=((To.HANDLER, "rejected"),)),
    # the work
    _step(A.RESOLVE, IN_HAND, S.RESOLVED, Who.HANDLER,
          needs=(Need.TEXT,), does=effects.finish, resident="resolved", answers=True),
    _step(A.EXTEND, _of(S.PLANNED), SAME, Who.HANDLER,
          needs=(Need.TEXT, Need.DUE), when=effects.has_no_extension, does=effects.ask_extension,
          staff=((To.COMMITTEE, "extension_asked"),)),
    _step(A.APPROVE, _of(S.PLANNED), S.PLANNED, Who.COMMITTEE, when=effects.has_extension,
          does=effects.grant_extension, resident="extended", staff=((To.HANDLER, "approved"),),
          starts=C.PLAN),
    _step(A.REJECT, _of(S.PLANNED), SAME, Who.COMMITTEE, needs=(Need.TEXT,),
          when=effects.has_extension, does=effects.refuse_extension,
          staff=((To.HANDLER, "rejected"),)),
    _step(A.ASK, IN_HAND, S.WAITING, Who.HANDLER,
          needs=(Need.TEXT,), does=effects.remember_stage, resident="asked"),
    _step(A.ANSWER, _of(S.WAITING), BEFORE, Who.RESIDENT | Who.SYSTEM,
          needs=(Need.NOTE_OR_PHOTO,), does=effects.forget_stage,
          staff=((To.HANDLER, "answered"),)),
    _step(A.TRANSFER, IN_HAND, S.DISPATCHED, Who.HANDLER | Who.LEAD,
          needs=(Need.TO, Need.TEXT), does=effects.hand_on, resident="transferred",
          staff=((To.OFFERED, "offered"),)),
    _step(A.RETURN, _of(S.ACCEPTED), S.UNASSIGNED, Who.HANDLER | Who.SYSTEM,
          needs=(Need.TEXT,), does=effects.give_back, staff=((To.LEAD, "returned"),)),
    _step(A.RETURN, _of(S.INSPECTED, S.PROPOSED, S.PLANNED), S.UNASSIGNED, Who.SYSTEM,
          needs=(Need.TEXT,), does=effects.give_back, staff=((To.LEAD, "returned"),)),
    _step(A.SUSPEND, IN_HAND, S.SUSPENDED, Who.COMMITTEE,
          needs=(Need.TEXT, Need.DUE), resident="suspended",
          staff=((To.HANDLER, "suspended_staff"),), answers=True),
    _step(A.RESUME, _of(S.SUSPENDED), S.PLANNED, Who.COMMITTEE,
          needs=(Need.TEXT, Need.DUE), does=effects.draft_plan, resident="planned",
          staff=((To.HANDLER, "resumed"),), starts=C.PLAN, answers=True),
    # beside the road
    _step(A.NUDGE, OPEN, SAME, Who.RESIDENT | Who.LEAD, when=effects.may_nudge_again,
          does=effects.mark_nudge,
          staff=((To.HANDLER, "nudged"), (To.OFFERED, "nudged"), (To.LEAD, "nudged"))),
    _step(A.NOTE, OPEN, SAME, _STAFF, needs=(Need.NOTE_OR_PHOTO,)),
    _step(A.SUPERVISE, OPEN, SAME, Who.COMMITTEE | Who.STREET, needs=(Need.TEXT,),
          staff=((To.HANDLER, "supervised"), (To.OFFERED, "supervised"), (To.LEAD, "supervised"))),
    _step(A.TELL, OPEN | ENDED, SAME, Who.HANDLER | Who.LEAD, when=effects.is_untold,
          does=effects.mark_told),
    _step(A.ADD, OPEN - {S.WAITING}, SAME, Who.RESIDENT, needs=(Need.NOTE_OR_PHOTO,),
          staff=((To.HANDLER, "added"), (To.OFFERED, "added"))),
    _step(A.EDIT, OPEN, SAME, Who.RESIDENT, when=effects.is_reworded, does=effects.reword,
          staff=((To.HANDLER, "edited"), (To.OFFERED, "edited"))),
    # the neighbours: who was shown it for his own draft may follow it (desk/matching.py)
    _step(A.FOLLOW, OPEN, SAME, Who.NEIGHBOUR, does=effects.join_in),
    _step(A.UNFOLLOW, OPEN, SAME, Who.FOLLOWER, does=effects.drop_out),
    # the end
    _step(A.CONFIRM, _of(S.RESOLVED), S.CLOSED, Who.RESIDENT | Who.SYSTEM,
          needs=(Need.RATING,), does=effects.rate, resident="closed",
          staff=((To.HANDLER, "closed_staff"),)),
    _step(A.REOPEN, _of(S.RESOLVED, S.CLOSED), S.ACCEPTED, Who.RESIDENT,
          needs=(Need.TEXT,), when=effects.is_recent, does=effects.start_again,
          staff=((To.HANDLER, "reopened"), (To.LEAD, "reopened")), starts=C.RESPONSE),
    _step(A.DECLINE, BEFORE_PLAN, S.DECLINED, Who.LEAD | Who.COMMITTEE,
          needs=(Need.TEXT, Need.WHERE), resident="declined",
          staff=((To.HANDLER, "declined_staff"),), answers=True),
    _step(A.WITHDRAW, OPEN, S.WITHDRAWN, Who.RESIDENT, needs=(Need.TEXT,),
          staff=((To.HANDLER, "withdrawn"), (To.OFFERED, "withdrawn"))),
    _step(A.MERGE, OPEN, S.MERGED, Who.HANDLER | Who.LEAD,
          needs=(Need.INTO,), does=effects.join_other, resident="merged"),
    # what the system does
    _step(A.REMIND, OPEN, SAME, Who.SYSTEM),
    _step(A.ESCALATE, OPEN, SAME, Who.SYSTEM, does=effects.mark_breach),
    _step(A.TOLD, OPEN | ENDED, SAME, Who.SYSTEM, when=effects.awaits_telling,
          does=effects.mark_told),
    _step(A.UNTOLD, OPEN | ENDED, SAME, Who.SYSTEM, when=effects.awaits_telling,
          does=effects.mark_untold, staff=((To.HANDLER, "untold"), (To.LEAD, "untold"))),
)
# fmt: on


_HIS_OWN = frozenset({A.ANSWER, A.ADD, A.EDIT, A.REOPEN, A.WITHDRAW})  # the resident's words
TOLD_TO_RESIDENTS = frozenset({A.FILE, A.TELL, A.NUDGE}) | _HIS_OWN
TOLD_TO_RESIDENTS |= {step.action for step in STEPS if step.resident}

# What staff say with these is said to the resident, who may read it again in the steps.
SPOKEN_TO_RESIDENTS = _HIS_OWN | {A.ASK, A.RESOLVE, A.SUSPEND, A.RESUME, A.DECLINE}


@dataclass(frozen=True, kw_only=True)
class Decision:
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
    guards: list[Callable[[Attempt], bool]] = [
        lambda a: bool(step.who & relations(a.actor, a.ticket))
    ]
    if step.target == BEFORE:
        guards.append(lambda a: a.ticket.before is target)
    if step.when:
        guards.append(step.when)
    return guards


def _build() -> Machine:
    """The machine of STEPS: one engine for every ticket, the state itself lives in the row."""
    # Names, not members: the library calls an Enum's members by their upper-case names.
    states = [state.value for state in State]
    machine = Machine(model=CURSOR, states=states, initial=states[0], auto_transitions=False)
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


def open_to(person: Person, ticket: Ticket) -> frozenset[Action]:
    """The actions whose words and files this person may have: residents not what staff write for
    themselves, followers not what the resident wrote.
    """
    if not relations(person, ticket) & AT_WORK:
        if person.id == ticket.resident:
            return SPOKEN_TO_RESIDENTS | {A.FILE}
        if person.id in ticket.followers:
            return SPOKEN_TO_RESIDENTS - _HIS_OWN
    return frozenset(Action) if may_see(person, ticket) else frozenset()


def may(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> bool:
    """Whether the machine would accept this action from this person on this ticket now."""
    return _accepts(Attempt(ticket=ticket, action=action, actor=person, now=now, rules=rules))


def _accepts(attempt: Attempt) -> bool:
    CURSOR.state = attempt.ticket.state.value
    return bool(CURSOR.may_trigger(attempt.action.value, attempt))  # type: ignore[attr-defined]


def actions(person: Person, ticket: Ticket, now: datetime, rules: Rules) -> tuple[Action, ...]:
    """The buttons this person sees on this ticket: exactly what `may` allows, in table order."""
    named = dict.fromkeys(step.action for step in STEPS)
    return tuple(action for action in named if may(person, action, ticket, now, rules))


def needs(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> Step:
    """The row an action would take, to ask for what it needs. Raises Refusal when it may not."""
    if not may(person, action, ticket, now, rules):
        raise _refusal(ticket, action, person)
    attempt = Attempt(ticket=ticket, action=action, actor=person, now=now, rules=rules)
    return _take(attempt)[0]


def file(ticket: Ticket, now: datetime, rules: Rules) -> Decision:
    """The first step: a new ticket with its promise running from `ticket.filed_at`."""
    clocks = {
        C.RESPONSE: sla.start(C.RESPONSE, ticket.filed_at, rules, urgent=ticket.urgent),
        C.ASSIGN: sla.start(C.ASSIGN, now, rules, urgent=ticket.urgent),
    }
    filed = replace(ticket, version=1, clocks=clocks)
    event = Event(
        ticket_id=ticket.id, action=A.FILE, actor=ticket.resident, at=now,
        source=S.UNASSIGNED, target=S.UNASSIGNED,
    )  # fmt: skip
    told = Notice(to=To.RESIDENT, template="filed", ticket_id=ticket.id, is_card=True,
                  priority=Priority.REPLY)  # fmt: skip
    return Decision(ticket=filed, event=event, notices=(told,), timers=sla.timers(filed, rules))


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
    given: Given = effects.NOTHING,
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
    turn = sla.pause if stage.pauses else sla.resume
    clocks = {n: turn(c, now) for n, c in _promises(ticket).items()}
    if step.starts:
        due = ticket.plan_due if step.starts is C.PLAN else None
        clocks[step.starts] = sla.start(step.starts, now, rules, urgent=ticket.urgent, due=due)
    if stage.clock and step.target is SAME and stage.clock in ticket.clocks:
        clocks[stage.clock] = ticket.clocks[stage.clock]
    elif stage.clock:
        due = attempt.given.due if stage.clock is C.SUSPEND else None
        clocks[stage.clock] = sla.start(stage.clock, now, rules, urgent=ticket.urgent, due=due)
    return clocks


def _promises(ticket: Ticket) -> dict[ClockName, Clock]:
    kept = dict.fromkeys((C.RESPONSE, C.PLAN))
    if ticket.told_at or not ticket.is_open:
        del kept[C.RESPONSE]
    if ticket.state in _WITHOUT_PLAN_CLOCK:
        del kept[C.PLAN]
    return {name: ticket.clocks[name] for name in kept if name in ticket.clocks}


def _notices(step: Step, attempt: Attempt, moved: Ticket) -> tuple[Notice, ...]:
    """The row's messages, and the clock's own for a reminder or a breach."""
    values = attempt.as_values()
    rows = [*step.staff, *effects.clock_notices(attempt, STAGES[moved.state].holder)]
    if step.resident:
        rows.append((To.RESIDENT, step.resident))
    urgent = moved.urgent or step.action is A.ESCALATE
    return tuple(
        Notice(
            to=to, template=template, values=values, ticket_id=moved.id, is_card=True,
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

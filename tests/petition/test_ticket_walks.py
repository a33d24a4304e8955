"""Random walks: what holds after every step whoever does whatever whenever."""

from datetime import datetime

from answering import answered
from folk import (
    APPROVED,
    CHEN,
    COMMITTEE,
    DAY,
    EVERYBODY,
    FAR_GRID,
    HOUR,
    LEAD,
    LI,
    NOW,
    OTHER_GRID,
    RULES,
    STREETMAN,
    SUN,
    UNAPPROVED,
    WANG,
    filed,
    rung,
)
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.petition import engine
from workflows.petition.lifecycle import BEFORE, PROMISES, SAME, STEPS
from workflows.petition.model import Ticket
from workflows.petition.timing import CLOCKWORK
from workflows.petition.words import Action, ClockName, State

A, S, C = Action, State, ClockName

ANSWERS = st.builds(
    answered,
    text=st.just("原因"),
    where=st.just("物业"),
    due=st.sampled_from([NOW + 60 * DAY, NOW + 90 * DAY, NOW + 500 * DAY]),
    to=st.sampled_from([WANG, LI, SUN, LEAD]),
    into=st.just(filed(2002)),
    rating=st.sampled_from([1, 2, 3]),
    to_group=st.booleans(),
    grid=st.sampled_from([OTHER_GRID, FAR_GRID]),
    partner=st.just("物业公司"),
    solved=st.sampled_from(["yes", "partly", "no"]),
)
BY_WHAT_WAS_GIVEN = {
    "refused_earlier", "refused_past", "refused_handler", "refused_over", "refused_grid",
    "refused_merge",
}  # fmt: skip
PLAYERS = (WANG, CHEN, COMMITTEE, LI, SYSTEM, LEAD, SUN, STREETMAN)
PEOPLE = tuple(p for p in EVERYBODY if p is not SYSTEM)
MOVES = st.tuples(
    st.sampled_from(EVERYBODY),
    st.sampled_from([a for a in A if a is not A.FILE]),
    ANSWERS,
    st.sampled_from([0.0, 0.2, 3.0, 30.0, 200.0]),
    st.integers(0, 100),
)


@given(
    category=st.sampled_from([APPROVED, UNAPPROVED]),
    urgent=st.booleans(),
    moves=st.lists(MOVES, min_size=15, max_size=40),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_random_walk_keeps_every_invariant(category: str, urgent: bool, moves: list):
    now = NOW
    ticket = filed(category=category, urgent=urgent)
    for actor, action, answers, hours, luck in moves:
        now += hours * HOUR
        ticket = ring_all(ticket, now)
        who, what = biased(actor, action, ticket, now, luck)
        allowed = engine.may(who, what, ticket, now, RULES)
        try:
            decision = engine.decide(ticket, what, who, now, RULES, answers)
        except Refusal as refusal:
            assert not allowed or refusal.template in BY_WHAT_WAS_GIVEN
            continue
        assert allowed or what is A.EDIT  # no button: it is decided by what was edited
        event(f"reached {decision.ticket.state}")
        check(ticket, decision, now)
        ticket = decision.ticket


def biased(
    actor: Person, action: Action, ticket: Ticket, now: datetime, luck: int
) -> tuple[Person, Action]:
    """Mostly something that is possible, so that walks get far; else what was drawn."""
    if luck >= 80:
        return actor, action
    dull = {A.REMIND, A.ESCALATE, A.NOTE, A.WITHDRAW, A.MERGE, A.DECLINE}
    for turn in range(len(PLAYERS)):
        who = PLAYERS[(luck + turn) % len(PLAYERS)]
        moving = [a for a in engine.actions(who, ticket, now, RULES) if a not in dull]
        if moving:
            return who, moving[luck % len(moving)]
    return actor, action


def ring_all(ticket: Ticket, now: datetime) -> Ticket:
    """Let every due timer ring, as the desk does."""
    for _ in range(60):
        due = [t for t in CLOCKWORK.timers(ticket, RULES) if t.due_at <= now]
        if not due:
            return ticket
        before = ticket
        decision = rung(ticket, due[0], now)
        ticket = decision.ticket
        assert due[0] not in decision.timers, "a timer rings once"  # F28
        check(before, decision, now)
    raise AssertionError("timers ring for ever")


def check(before: Ticket, decision: engine.Decision, now: datetime) -> None:
    ticket, step = decision.ticket, decision.event
    assert is_legal(step.action, before, ticket)
    assert ticket.version == before.version + 1
    assert ticket.handler is None or ticket.offered_to is None
    assert not (
        ticket.open_to_grid and (ticket.handler or (ticket.offered_to and not ticket.urgent))
    )
    assert decision.timers == CLOCKWORK.timers(ticket, RULES)
    if ticket.is_open:
        assert decision.timers, f"{step.action} left {ticket.state} without a timer"
        assert somebody_may_move(ticket, now), ticket.state
        assert ticket.ended_at is None
    else:
        assert decision.timers == ()
        assert ticket.ended_at is not None
    assert (C.RESPONSE in ticket.clocks) == (ticket.is_open and ticket.told_at is None)
    paused = {n for n, c in ticket.clocks.items() if c.paused}
    promises = PROMISES & set(ticket.clocks)
    assert paused == (promises if ticket.state is S.WAITING else set())
    if before.breached_at:
        assert ticket.breached_at == before.breached_at
    elif ticket.breached_at:
        assert ticket.breached_at <= now


def is_legal(action: Action, before: Ticket, after: Ticket) -> bool:
    targets = [s.target for s in STEPS if s.action is action and before.state in s.sources]
    resolved = {before.state if t is SAME else before.before if t == BEFORE else t for t in targets}
    return after.state in resolved


def somebody_may_move(ticket: Ticket, now: datetime) -> bool:
    """Somebody of the grid, or the resident, has a step that leads on."""
    leading = {s.action for s in STEPS if s.target is not SAME and ticket.state in s.sources}
    leading -= {A.WITHDRAW, A.MERGE}
    return any(engine.may(p, a, ticket, now, RULES) for a in leading for p in PEOPLE)

"""The lifecycle's clocks: the promise, the clocks of the states, and what they do."""

import pytest
from answering import answered
from folk import (
    DAY,
    HOUR,
    LI,
    NOW,
    PLAN,
    REASON,
    RULES,
    TO_ACCEPTED,
    TO_INSPECTED,
    TO_PLANNED,
    TO_PROPOSED,
    TO_RESOLVED,
    WANG,
    did,
    rung,
    story,
)
from msgspec.structs import replace

from workflows.core.engine.subject import Timer
from workflows.core.people import SYSTEM
from workflows.core.talk.needs import DUE
from workflows.petition import engine
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.words import Action, ClockName, State, To

A, S, C = Action, State, ClockName

# the promise


def test_the_response_clock_stops_when_the_plan_was_delivered_not_when_it_was_made():
    planned = story(*TO_PLANNED)
    assert C.RESPONSE in planned.clocks
    told = did(planned, A.TOLD, at=NOW + HOUR).subject
    assert C.RESPONSE not in told.clocks
    assert told.told_at == NOW + HOUR


def test_an_undelivered_plan_is_told_in_person():
    planned = story(*TO_PLANNED)
    assert not engine.may(WANG, A.TELL, planned, NOW, RULES)
    untold = did(planned, A.UNTOLD).subject
    assert untold.untold and C.RESPONSE in untold.clocks
    told = did(untold, A.TELL).subject
    assert told.told_at == NOW and not told.untold and C.RESPONSE not in told.clocks


@pytest.mark.parametrize("way", [(), TO_ACCEPTED, TO_INSPECTED, TO_PROPOSED])
def test_nothing_can_be_delivered_before_there_is_an_answer(way: tuple[Action, ...]):
    assert not engine.may(SYSTEM, A.TOLD, story(*way), NOW, RULES)
    assert not engine.may(SYSTEM, A.UNTOLD, story(*way), NOW, RULES)


def test_the_old_answer_arriving_after_a_reopening_does_not_stop_the_new_clock():
    reopened = story(*TO_RESOLVED, A.REOPEN)
    assert not engine.may(SYSTEM, A.TOLD, reopened, NOW, RULES)
    assert C.RESPONSE in reopened.clocks


def test_an_answer_delivered_late_is_a_breach_even_if_no_timer_rang_yet():  # F27
    told = did(story(*TO_PLANNED), A.TOLD, at=NOW + 25 * HOUR).subject
    assert told.breached_at == NOW + 24 * HOUR
    assert did(story(*TO_PLANNED), A.TOLD, at=NOW + 23 * HOUR).subject.breached_at is None


def test_delivery_after_the_end_does_not_move_the_end():
    closed = story(*TO_RESOLVED, A.CONFIRM)
    told = did(closed, A.TOLD, at=NOW + DAY).subject
    assert told.ended_at == NOW


# clocks of the states


@pytest.mark.parametrize(
    ("way", "clocks"),
    [
        ((), {C.RESPONSE, C.ASSIGN}),
        ((A.DISPATCH,), {C.RESPONSE, C.ACCEPT}),
        (TO_ACCEPTED, {C.RESPONSE, C.INSPECT}),
        (TO_INSPECTED, {C.RESPONSE}),
        (TO_PROPOSED, {C.RESPONSE, C.REVIEW}),
        (TO_PLANNED, {C.RESPONSE, C.PLAN}),
        ((*TO_PLANNED, A.TOLD), {C.PLAN}),
        ((*TO_PLANNED, A.ASK), {C.RESPONSE, C.PLAN, C.WAIT}),
        ((*TO_PLANNED, A.TOLD, A.SUSPEND), {C.SUSPEND}),
        ((*TO_PLANNED, A.TOLD, A.RESOLVE), {C.FOLLOWUP}),
        ((*TO_RESOLVED, A.CONFIRM), set()),
        ((*TO_RESOLVED, A.CONFIRM, A.REOPEN), {C.RESPONSE, C.INSPECT}),
        ((A.DECLINE,), set()),
        ((A.WITHDRAW,), set()),
    ],
)
def test_each_state_runs_its_clocks(way: tuple[Action, ...], clocks: set[ClockName]):
    assert set(story(*way).clocks) == clocks


def test_waiting_pauses_the_promises_and_the_answer_moves_them_by_the_pause():
    asked = did(story(*TO_PLANNED), A.ASK, at=NOW + 2 * HOUR).subject
    assert {n for n, c in asked.clocks.items() if c.paused} == {C.RESPONSE, C.PLAN}
    assert {t.clock for t in CLOCKWORK.timers(asked, RULES)} == {C.WAIT}
    back = did(asked, A.ANSWER, at=NOW + 12 * HOUR).subject
    assert back.clocks[C.RESPONSE].due == NOW + 34 * HOUR
    assert back.clocks[C.PLAN].due == PLAN[DUE] + 10 * HOUR


def test_a_note_does_not_restart_the_clock_of_the_state():
    accepted = story(*TO_ACCEPTED)
    noted = did(accepted, A.NOTE, at=NOW + HOUR).subject
    assert noted.clocks == accepted.clocks
    assert noted.version == accepted.version + 1


def test_the_next_offer_starts_its_clock_anew():
    first = story(A.DISPATCH)
    second = did(first, A.DISPATCH, at=NOW + HOUR, answers=answered(to=LI)).subject
    assert second.clocks[C.ACCEPT].started == NOW + HOUR
    assert second.offers == (WANG.id, LI.id)


def test_suspended_runs_to_its_review_date():
    assert story(*TO_PLANNED, A.SUSPEND).clocks[C.SUSPEND].due == REASON[DUE]


def test_a_granted_extension_moves_the_plan_date_and_a_refused_one_does_not():
    asked = story(*TO_PLANNED, A.EXTEND)
    assert asked.clocks[C.PLAN].due == PLAN[DUE]
    assert story(A.APPROVE, ticket=asked).clocks[C.PLAN].due == NOW + 9 * DAY
    refused = story(A.REJECT, ticket=asked)
    assert refused.state is S.PLANNED
    assert (refused.clocks[C.PLAN].due, refused.extension) == (PLAN[DUE], None)


def test_reopening_owes_a_new_answer_but_keeps_the_breach_on_record():
    resolved = replace(story(*TO_RESOLVED, A.TOLD), breached_at=NOW)
    again = did(resolved, A.REOPEN, at=NOW + HOUR).subject
    assert (again.told_at, again.plan, again.rating) == (None, "", None)
    assert again.clocks[C.RESPONSE].due == NOW + 25 * HOUR
    assert again.breached_at == NOW


# the clock's own steps


@pytest.mark.parametrize(
    ("clock", "mark", "action"),
    [
        (C.RESPONSE, "50", A.REMIND),
        (C.RESPONSE, "due", A.ESCALATE),
        (C.RESPONSE, "climb1", A.ESCALATE),
        (C.RESPONSE, "late1", A.ESCALATE),
        (C.ACCEPT, "50", A.REMIND),
        (C.ACCEPT, "due", A.DISPATCH),
        (C.WAIT, "due", A.ANSWER),
        (C.FOLLOWUP, "due", A.CONFIRM),
        (C.REVIEW, "due", A.ESCALATE),
    ],
)
def test_what_the_system_does_when_a_timer_rings(clock: ClockName, mark: str, action: Action):
    timer = Timer(ticket_id=1, clock=clock, mark=mark, due_at=NOW)
    assert engine.on_time(timer) is action


def test_a_closed_follow_up_of_the_system_has_no_rating():
    resolved = story(*TO_RESOLVED)
    timer = next(t for t in CLOCKWORK.timers(resolved, RULES) if t.kind == "followup.due")
    closed = rung(resolved, timer, timer.due_at).subject
    assert (closed.state, closed.rating) == (S.CLOSED, None)


def test_the_first_breach_is_recorded_with_its_own_moment():
    ticket = story(*TO_ACCEPTED)
    timer = next(t for t in CLOCKWORK.timers(ticket, RULES) if t.kind == "response.due")
    late = rung(ticket, timer, timer.due_at + HOUR).subject  # F27
    assert late.breached_at == NOW + 24 * HOUR


def test_nobody_acts_for_ever_and_the_ladder_is_climbed_then_daily():
    """24 hours with nobody acting: lead, committee, street, then once a day."""
    ticket, told = story(*TO_ACCEPTED), []
    for hours in range(0, 24 * 4):
        for timer in [t for t in CLOCKWORK.timers(ticket, RULES) if t.due_at <= NOW + hours * HOUR]:
            decision = rung(ticket, timer, timer.due_at)
            ticket = decision.subject
            told += [
                (n.to, (timer.due_at - NOW) / HOUR)
                for n in decision.notices
                if timer.clock is C.RESPONSE
            ]
    assert told == [
        (To.HANDLER, 12.0),  # 50 % at nine in the evening
        (To.HANDLER, 22.0),  # 75 % and 90 % fall into the night: at seven, the later one
        (To.LEAD, 24.0),
        (To.RESIDENT, 24.0),
        (To.HANDLER, 24.0),
        (To.COMMITTEE, 26.0),
        (To.STREET, 32.0),
        (To.LEAD, 56.0),
        (To.LEAD, 80.0),
    ]

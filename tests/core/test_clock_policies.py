"""Policies by category and urgency, and clocks that count working hours."""

from datetime import datetime, timedelta

import pytest
from folk import HOUR, NOW, RULES, A, local, new_ticket, story
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.engine.clocks import Clock
from workflows.core.policy import Category, ClockChange, ClockPolicy, Counts, Rules
from workflows.petition.model import Ticket
from workflows.petition.rules import timing
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.words import ClockName

C = ClockName
SHARE = st.integers(1, 99)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=14)).map(lambda later: NOW + later)


def with_policy(name: ClockName, **more: object) -> Rules:
    policy = ClockPolicy(**{"length": 7 * HOUR, "counts": Counts.WORKING} | more)  # type: ignore[arg-type]
    return replace(RULES, clocks={"petition": {**RULES.clocks["petition"], name: policy}})


def exceptions(own: ClockChange | None = None, urgent: ClockChange | None = None) -> Rules:
    """The example's rules, but for the answer to 停车 and to what is urgent."""
    parking = Category(key="停车", clocks={C.RESPONSE: own} if own else {})
    changes = {C.RESPONSE: urgent} if urgent else {}
    return replace(RULES, categories={**RULES.categories, "停车": parking}, urgent_clocks=changes)


def hours(category: str, rules: Rules, *, urgent: bool = False) -> float:
    return timing.policy(C.RESPONSE, category, rules, urgent=urgent).length / HOUR


def ticket_with(name: ClockName, at: datetime, rules: Rules, **more: object) -> Ticket:
    clock = CLOCKWORK.start(name, new_ticket(**more), at, rules)
    return new_ticket(clocks={name: clock}, **more)


def marks(ticket: Ticket, rules: Rules) -> dict[str, datetime]:
    return {t.mark: t.due_at for t in CLOCKWORK.timers(ticket, rules)}


# which policy holds


def test_urgent_beats_the_category_and_the_category_beats_the_general():
    rules = exceptions(ClockChange(length=4 * HOUR), ClockChange(length=2 * HOUR))
    assert [hours("停车", rules), hours("电梯", rules)] == [4, 24]
    assert [hours(key, rules, urgent=True) for key in ("停车", "电梯")] == [2, 2]


def test_what_is_not_said_stays_as_it_was():
    rules = exceptions(ClockChange(length=4 * HOUR), ClockChange(remind=(10,)))
    own = timing.policy(C.RESPONSE, "停车", rules, urgent=False)
    assert (own.length, own.remind, own.climbs) == (4 * HOUR, (50, 75, 90), True)
    urgent = timing.policy(C.RESPONSE, "停车", rules, urgent=True)
    assert (urgent.length, urgent.remind) == (4 * HOUR, (10,))


def test_a_category_that_the_config_no_longer_names_has_the_general_policy():
    assert (
        timing.policy(C.RESPONSE, "没有了", RULES, urgent=False)
        == RULES.clocks["petition"][C.RESPONSE]
    )


@pytest.mark.parametrize("counts", [Counts.DAY, Counts.WORKING])
def test_danger_waits_for_no_office_unless_the_config_says_so(counts: Counts):
    rules = exceptions(ClockChange(counts=counts))
    assert timing.policy(C.RESPONSE, "停车", rules, urgent=True).counts is Counts.CALENDAR
    rules = exceptions(urgent=ClockChange(counts=counts))
    assert timing.policy(C.RESPONSE, "停车", rules, urgent=True).counts is counts


def test_a_ticket_starts_with_its_own_policy():
    rules = exceptions(ClockChange(length=4 * HOUR), ClockChange(length=2 * HOUR))
    for changes, due in (({}, 24), ({"category": "停车"}, 4), ({"urgent": True}, 2)):
        ticket = new_ticket(**changes)
        assert CLOCKWORK.start(C.RESPONSE, ticket, NOW, rules).due == NOW + due * HOUR


# working hours: 09:00-12:00 and 13:30-17:30; 2 March 2026 is a Monday


def test_the_reminders_are_shares_of_the_working_time():
    rules = with_policy(C.REVIEW, remind=(50, 80))
    ticket = ticket_with(C.REVIEW, local(15, day=6), rules)  # Friday
    assert marks(ticket, rules) == {
        "50": local(10, day=9),
        "80": local(13, 36, day=9),
        "due": local(15, day=9),
    }


@given(percent=SHARE, moment=MOMENTS, length=st.integers(1, 40))
def test_no_reminder_rings_outside_working_time(percent: int, moment: datetime, length: int):
    rules = with_policy(C.REVIEW, remind=(percent,), length=length * HOUR)
    reminders = marks(ticket_with(C.REVIEW, moment, rules), rules)
    assert reminders.keys() <= {str(percent), "due"}
    assert all(rules.working.is_open(m) for mark, m in reminders.items() if mark != "due")


def test_a_share_that_ends_with_the_day_rings_when_the_next_one_begins():
    rules = with_policy(C.REVIEW, remind=(50,))
    assert marks(ticket_with(C.REVIEW, local(14), rules), rules)["50"] == local(9, day=3)


def test_the_rungs_count_working_hours_and_a_weekend_is_late_once():
    rules = with_policy(C.RESPONSE, climbs=True)
    ticket = ticket_with(C.RESPONSE, local(10, day=4), rules)  # due on Thursday at ten
    found = marks(ticket, rules)
    assert (found["climb1"], found["climb2"]) == (local(13, 30, day=5), local(11, day=6))
    late = next(t for t in CLOCKWORK.timers(ticket, rules) if t.mark == "late1")
    then = marks(CLOCKWORK.ring(ticket, late, late.due_at, rules), rules)
    assert (found["late1"], then["late2"]) == (local(9, day=9), local(9, day=10))


def test_a_pause_leaves_what_was_left_of_the_working_time():
    rules = with_policy(C.RESPONSE)
    ticket = ticket_with(C.RESPONSE, local(15, day=6), rules)
    paused = CLOCKWORK.pause(ticket.clocks[C.RESPONSE], local(16, day=6))  # six hours left
    ticket = replace(ticket, clocks={C.RESPONSE: paused})
    later = CLOCKWORK.resume(C.RESPONSE, ticket, local(20, day=10), rules)  # Tuesday evening
    assert later == Clock(started=local(16, 30, day=10), due=local(16, 30, day=11))


@given(run=st.integers(0, 60), pause=st.integers(0, 200))
def test_a_pause_changes_neither_what_ran_nor_what_is_left(run: int, pause: int):
    rules = with_policy(C.RESPONSE, length=30 * HOUR)
    ticket = ticket_with(C.RESPONSE, NOW, rules)
    clock, moment = ticket.clocks[C.RESPONSE], NOW + run * HOUR
    stopped = replace(ticket, clocks={C.RESPONSE: CLOCKWORK.pause(clock, moment)})
    later = CLOCKWORK.resume(C.RESPONSE, stopped, moment + pause * HOUR, rules)
    between = rules.working.between
    assert between(later.started, later.due) == 30 * HOUR
    assert between(moment + pause * HOUR, later.due) == between(moment, clock.due)


# becoming urgent


def test_a_ticket_that_becomes_urgent_is_due_as_if_it_began_now():
    rules = exceptions(urgent=ClockChange(length=2 * HOUR))
    ticket = replace(ticket_with(C.RESPONSE, NOW, rules), urgent=True)
    hastened = CLOCKWORK.hasten(ticket, NOW + 5 * HOUR, rules).clocks[C.RESPONSE]
    assert (hastened.started, hastened.due) == (NOW + 5 * HOUR, NOW + 7 * HOUR)
    assert CLOCKWORK.hasten(ticket, NOW + 23 * HOUR, rules).clocks == ticket.clocks


def test_an_offer_of_the_night_runs_at_once_when_it_becomes_urgent():
    offered = story(A.DISPATCH, at=local(23))
    assert offered.clocks[C.ACCEPT].due == local(7, 30, day=3)
    urgent = story(A.EDIT, ticket=offered, at=local(23))  # smoke, he writes now
    assert urgent.urgent and urgent.clocks[C.ACCEPT].due == local(23, 30)

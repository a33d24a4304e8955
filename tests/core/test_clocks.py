"""Clocks: percentages, quiet hours, pauses, the ladder, and the same on every host."""

import os
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from folk import DAY, HOUR, NOW, RULES, TO_ACCEPTED, TO_PLANNED, A, filed, local, new_ticket, story
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.engine.clocks import Clock
from workflows.core.engine.subject import Timer
from workflows.core.policy import ClockPolicy, Counts, Rules
from workflows.core.timing import calendar, clocks
from workflows.petition.model import Ticket
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.words import ClockName

C = ClockName


def with_clock(name: ClockName, clock: Clock, **more: object) -> Ticket:
    return new_ticket(clocks={name: clock}, **more)


def marks(ticket: Ticket, rules: Rules = RULES) -> dict[str, datetime]:
    return {t.mark: t.due_at for t in CLOCKWORK.timers(ticket, rules)}


def running(name: ClockName, at: datetime, rules: Rules = RULES, **more: object) -> Ticket:
    return with_clock(name, started(name, at, rules, **more), **more)


def started(name: ClockName, at: datetime, rules: Rules = RULES, **more: object) -> Clock:
    return CLOCKWORK.start(name, new_ticket(**more), at, rules)


def rung(ticket: Ticket, mark: str, at: datetime | None = None, rules: Rules = RULES) -> Ticket:
    """The ticket after a mark rang, on time unless said otherwise."""
    timer = Timer(ticket_id=1, clock=C.RESPONSE, mark=mark, due_at=NOW)
    timer = next((t for t in CLOCKWORK.timers(ticket, rules) if t.mark == mark), timer)
    return CLOCKWORK.ring(ticket, timer, at or timer.due_at, rules)


def resumed(
    clock: Clock, at: datetime, rules: Rules = RULES, name: ClockName = C.RESPONSE
) -> Clock:
    return CLOCKWORK.resume(name, with_clock(name, clock), at, rules)


def with_policy(name: ClockName, policy: ClockPolicy) -> Rules:
    return replace(RULES, clocks={"petition": {**RULES.clocks["petition"], name: policy}})


def test_reminders_ring_at_their_percentages_by_day():
    rules = with_policy(C.INSPECT, ClockPolicy(length=4 * HOUR, remind=(25, 50, 75)))
    assert marks(running(C.INSPECT, local(9), rules), rules) == {
        "25": local(10),
        "50": local(11),
        "75": local(12),
        "due": local(13),
    }


def test_reminders_of_the_night_move_to_the_morning():
    assert marks(running(C.RESPONSE, local(18)))["50"] == local(7, day=3)


def test_two_reminders_on_one_moment_collapse_to_the_later():
    found = marks(running(C.RESPONSE, local(9)))
    assert found["90"] == local(7, day=3)
    assert "75" not in found
    assert found["50"] == local(21)


def test_a_moved_reminder_never_passes_the_due_moment():
    rules = with_policy(C.INSPECT, ClockPolicy(length=4 * HOUR, remind=(75,)))
    assert marks(running(C.INSPECT, local(21), rules), rules) == {"due": local(1, day=3)}


def test_an_urgent_ticket_is_reminded_in_the_night():
    found = marks(running(C.RESPONSE, local(22), urgent=True))
    assert found["75"] == local(23, 30)
    assert found["90"] == local(23, 48)


def test_the_due_moment_does_not_wait_for_the_morning():
    assert marks(running(C.RESPONSE, local(2)))["due"] == local(2, day=3)


def test_a_mark_rings_once():
    ticket = running(C.RESPONSE, local(9))
    assert "50" in marks(ticket)
    assert "50" not in marks(rung(ticket, "50"))


def test_a_reminder_that_a_later_one_swallowed_does_not_come_back_after_a_pause():
    """50 % and 75 % met at seven; then the pause tears their moments apart again."""
    rules = with_policy(C.RESPONSE, ClockPolicy(length=16 * HOUR, remind=(50, 75)))
    clock = rung(running(C.RESPONSE, local(18), rules), "75", rules=rules).clocks[C.RESPONSE]
    later = resumed(CLOCKWORK.pause(clock, local(7, 30, day=3)), local(20, day=3), rules)
    assert "50" not in marks(with_clock(C.RESPONSE, later), rules)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (local(9), local(9, 30)),
        (local(21, 30), local(22)),
        (local(21, 45), local(7, 15, day=3)),  # a quarter in the evening, a quarter next day
        (local(22), local(7, 30, day=3)),
        (local(3), local(7, 30)),
        (local(7), local(7, 30)),
    ],
)
def test_the_accept_clock_stands_still_in_the_night(start: datetime, due: datetime):
    assert started(C.ACCEPT, start).due == due


def test_the_review_clock_too_over_the_evening():
    assert started(C.REVIEW, local(20)).due == local(9, day=3)


def test_a_clock_by_day_can_need_several_days():
    rules = with_policy(C.REVIEW, ClockPolicy(length=40 * HOUR, counts=Counts.DAY))
    assert started(C.REVIEW, local(9), rules).due == local(19, day=4)  # 13 + 15 + 12


def test_an_urgent_accept_clock_runs_through_the_night():
    assert started(C.ACCEPT, local(3), urgent=True).due == local(3, 30)


def test_without_quiet_hours_a_clock_by_day_runs_through():
    rules = replace(RULES, quiet_from=time(0), quiet_until=time(0))
    assert started(C.ACCEPT, local(23, 50), rules).due == local(0, 20, day=3)
    assert not calendar.is_quiet(local(0), rules)


def test_a_plans_own_date_beats_the_policys_length():
    due = NOW + 9 * DAY
    assert CLOCKWORK.start(C.PLAN, new_ticket(), NOW, RULES, due=due).due == due


@given(
    run=st.timedeltas(timedelta(0), timedelta(hours=20)),
    pause=st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_a_pause_moves_the_due_moment_by_exactly_its_length(run: timedelta, pause: timedelta):
    clock = started(C.RESPONSE, NOW)
    later = resumed(CLOCKWORK.pause(clock, NOW + run), NOW + run + pause)
    assert later == Clock(started=NOW + pause, due=clock.due + pause)


def test_pausing_twice_counts_from_the_first():
    clock = CLOCKWORK.pause(started(C.RESPONSE, NOW), NOW + HOUR)
    assert CLOCKWORK.pause(clock, NOW + 5 * HOUR) == clock


def test_resuming_a_running_clock_changes_nothing():
    clock = started(C.RESPONSE, NOW)
    assert resumed(clock, NOW + HOUR) is clock


def test_a_paused_clock_has_no_timers():
    paused = CLOCKWORK.pause(started(C.RESPONSE, NOW), NOW)
    assert marks(with_clock(C.RESPONSE, paused)) == {}


def test_after_the_breach_the_ladder_is_climbed_rung_by_rung():
    found = marks(running(C.RESPONSE, local(9)))
    due = found["due"]
    assert (found["climb1"], found["climb2"]) == (due + 2 * HOUR, due + 8 * HOUR)
    assert "climb3" not in found


def test_a_clock_that_does_not_climb_ends_with_its_due_moment():
    assert [*marks(running(C.ASSIGN, local(9)))][-1] == "due"


def test_late_marks_are_numbered_and_come_daily_after_the_last_rung():
    ticket = running(C.RESPONSE, NOW)
    for number in (1, 2, 3):
        found = marks(ticket)
        assert [m for m in found if m.startswith("late")] == [f"late{number}"]
        assert found[f"late{number}"] == found["due"] + 8 * HOUR + number * DAY
        ticket = rung(ticket, f"late{number}")


def test_a_daily_mark_that_rings_a_year_late_has_rung_for_every_day_and_keeps_its_hour():
    ticket = running(C.RESPONSE, NOW)
    first = marks(ticket)["late1"]
    ticket = rung(ticket, "late1", first + 400 * DAY + HOUR)
    assert marks(ticket)["late2"] == first + 401 * DAY
    ticket = rung(ticket, "late2")
    assert ticket.clocks[C.RESPONSE].fired == ("late2",)
    assert marks(ticket)["late3"] == first + 402 * DAY


def test_a_pause_moves_the_next_daily_mark_by_its_length():
    ticket = rung(running(C.RESPONSE, NOW), "late1")
    clock, after = ticket.clocks[C.RESPONSE], marks(ticket)["late2"]
    later = resumed(CLOCKWORK.pause(clock, after - HOUR), after + 9 * DAY - HOUR)
    assert marks(with_clock(C.RESPONSE, later))["late2"] == after + 9 * DAY


@pytest.mark.parametrize(
    ("mark", "level"), [("due", 0), ("climb1", 1), ("climb2", 2), ("climb9", 2), ("late4", 0)]
)
def test_which_rung_a_mark_reaches(mark: str, level: int):
    assert clocks.climbed(mark, RULES.climb) == level


def test_without_a_ladder_it_is_late_every_day_all_the_same():
    rules = replace(RULES, climb=())
    found = marks(running(C.RESPONSE, local(9), rules), rules)
    assert found["late1"] == found["due"] + DAY


def test_after_downtime_one_reminder_is_enough():  # F27
    ticket = running(C.RESPONSE, local(9))
    half, ninety = (t for t in CLOCKWORK.timers(ticket, RULES) if t.mark in {"50", "90"})
    assert not CLOCKWORK.is_overtaken(ticket, half, half.due_at, RULES)
    assert CLOCKWORK.is_overtaken(ticket, half, ninety.due_at, RULES)
    assert not CLOCKWORK.is_overtaken(ticket, ninety, ninety.due_at, RULES)


def test_another_clocks_mark_does_not_overtake():
    ticket = story(*TO_ACCEPTED)
    inspect = next(t for t in CLOCKWORK.timers(ticket, RULES) if t.kind == "inspect.due")
    assert not CLOCKWORK.is_overtaken(ticket, inspect, inspect.due_at, RULES)


def test_timers_come_in_the_order_of_their_moments():
    found = [t.due_at for t in CLOCKWORK.timers(story(*TO_PLANNED), RULES)]
    assert found == sorted(found) and len(found) > 5


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (local(21, 59), False),
        (local(22), True),
        (local(0), True),
        (local(6, 59), True),
        (local(7), False),
    ],
)
def test_the_quiet_hours_are_from_ten_until_seven(moment: datetime, quiet: bool):
    assert calendar.is_quiet(moment, RULES) == quiet


def test_quiet_hours_within_one_day():
    rules = replace(RULES, quiet_from=time(12), quiet_until=time(14))
    assert calendar.is_quiet(local(13), rules) and not calendar.is_quiet(local(23), rules)
    assert calendar.end_of_quiet(local(13), rules) == local(14)


@pytest.mark.parametrize(
    ("now", "moment"),
    [(local(9), local(9)), (local(23), local(7, day=3)), (local(2), local(7))],
)
def test_a_push_waits_for_the_morning(now: datetime, moment: datetime):
    assert calendar.push_moment(None, now, RULES) == moment


def test_a_push_goes_out_in_time_for_a_due_moment():
    ticket = with_clock(C.RESPONSE, Clock(started=local(3), due=local(3, day=3)))
    assert calendar.push_moment(ticket, local(23), RULES) == local(2, 30, day=3)


def test_a_push_just_before_a_due_moment_goes_out_at_once():
    ticket = with_clock(C.RESPONSE, Clock(started=local(3), due=local(23, 10)))
    assert calendar.push_moment(ticket, local(23), RULES) == local(23)


def test_only_the_breach_itself_wakes_anybody():
    ticket = with_clock(C.PLAN, Clock(started=local(9), due=local(18)))
    marks = {t.mark: t.due_at for t in CLOCKWORK.timers(ticket, RULES)}
    assert marks["climb2"] == marks["late1"] - timedelta(hours=24) == local(7, day=3)


def test_a_clock_that_stands_still_wakes_nobody():
    clock = Clock(started=local(3), due=local(3, day=3), paused=local(9))
    assert calendar.push_moment(with_clock(C.RESPONSE, clock), local(23), RULES) == local(7, day=3)


def test_a_due_moment_that_is_over_holds_nothing_up():
    ticket = with_clock(C.RESPONSE, Clock(started=local(1, day=1), due=local(1)))
    assert calendar.push_moment(ticket, local(23), RULES) == local(7, day=3)


def test_a_filed_ticket_reminds_the_lead_and_the_promise():
    kinds = [t.kind for t in CLOCKWORK.timers(filed(), RULES)]
    assert kinds[:2] == ["assign.50", "assign.due"]
    assert Timer(
        ticket_id=1001, clock=C.RESPONSE, mark="due", due_at=NOW + DAY
    ) in CLOCKWORK.timers(filed(), RULES)


def test_waiting_leaves_only_the_resident_to_be_reminded():
    kinds = [t.kind for t in CLOCKWORK.timers(story(*TO_ACCEPTED, A.ASK), RULES)]
    assert kinds == ["wait.33", "wait.66", "wait.due"]


PROGRAM = """
import sys; sys.path.insert(0, sys.argv[1])
from folk import RULES, local, filed, story, TO_PLANNED
from workflows.core.timing import calendar, clocks
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.words import ClockName
from workflows.core.timing.dates import parse_due
print([(t.kind, t.due_at.timestamp()) for t in CLOCKWORK.timers(story(*TO_PLANNED), RULES)])
print(CLOCKWORK.start(ClockName.ACCEPT, filed(), local(21, 45), RULES).due.timestamp())
print(calendar.push_moment(filed(), local(23), RULES).timestamp())
print(parse_due("明天", local(23), RULES).timestamp())
"""


def test_the_hosts_zone_changes_nothing():  # F29
    here = Path(__file__).parents[1] / "helpers"
    zones = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Apia")
    running_now = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(here)],
            env={**os.environ, "TZ": zone, "PYTHONPATH": str(here.parents[1])},
            stdout=subprocess.PIPE,
            text=True,
        )
        for zone in zones
    ]
    said = {process.communicate()[0] for process in running_now}
    assert all(process.returncode == 0 for process in running_now)
    assert len(said) == 1 and "response.due" in said.pop()


def test_so_many_hours_before_a_date_it_reminds_by_day_and_not_of_what_was_set_later():
    rules = with_policy(C.PLAN, ClockPolicy(length=HOUR, before=(24, 2)))
    due = local(8, 30, day=5)
    clock = Clock(started=NOW, due=due)
    assert marks(with_clock(C.PLAN, clock), rules) == {
        "-1440": local(8, 30, day=4), "-120": local(7, 0, day=5), "due": due,
    }  # fmt: skip
    late = replace(clock, started=local(9, day=4), fired=("-120",))
    assert [*marks(with_clock(C.PLAN, late), rules)] == ["due"]

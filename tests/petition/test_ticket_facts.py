"""What the rows of states, clocks and steps say beside where they lead."""

from collections import Counter

import pytest

from workflows.petition import service
from workflows.petition.lifecycle import PETITION, STEPS, Then
from workflows.petition.stages import ENDED, HASTENED, LASTING, OPEN, PROMISES, STAGES
from workflows.petition.words import Action, ClockName, State

OWN = [stage.clock for stage in STAGES.values() if stage.clock]


def test_a_state_has_a_spot_of_its_own_in_the_diagram():
    assert Counter(stage.spot for stage in STAGES.values()).most_common(1)[0][1] == 1


def test_a_clock_belongs_to_one_state_or_lasts():
    assert sorted([*OWN, *LASTING]) == sorted(ClockName)


def test_promises_are_the_answer_and_the_plan():
    assert {ClockName.RESPONSE, ClockName.PLAN} == PROMISES


def test_danger_hastens_what_staff_owe_and_nothing_that_was_promised_or_is_the_residents():
    owed = {"response", "assign", "accept", "inspect", "review"}
    assert {ClockName(name) for name in owed} == HASTENED


def test_everybody_is_called_until_somebody_has_it():
    assert OPEN - _until(ClockName.CALL) == {State.UNASSIGNED, State.DISPATCHED}


def test_an_end_keeps_no_clock_and_is_an_answer():
    assert {s for s in State if STAGES[s].is_end} == ENDED and set(State) == ENDED | OPEN
    for state in ENDED:
        assert STAGES[state].clock is None and STAGES[state].is_answer
        assert all(state in lasting.until for lasting in LASTING.values())


def test_what_a_clock_does_when_its_time_is_up_has_a_row_where_it_runs():
    for clock in ClockName:
        action = PETITION.on_time(clock)
        states = [s for s in OPEN if STAGES[s].clock == clock] or OPEN - _until(clock)
        rows = [row for row in STEPS if row.action is action]
        assert action is None or set(states) <= {s for row in rows for s in row.sources}


def _until(clock: ClockName) -> frozenset[State]:
    return LASTING[clock].until if clock in LASTING else frozenset()


@pytest.mark.parametrize("action", PETITION.named)
def test_the_rows_of_an_action_agree_on_who_may_read_it(action: Action):
    rows = [row for row in STEPS if row.action is action]
    assert len({(row.says, row.shown, row.aside) for row in rows}) == 1


def test_only_a_row_that_starts_a_clock_gives_it_a_date():
    for row in (row for row in STEPS if row.due):
        own = STAGES[row.target].clock if isinstance(row.target, State) else None
        assert row.starts or own, row.action


def test_what_a_row_says_comes_then_is_what_the_desk_can_do():
    assert set(service._AFTERWARDS) == set(Then) == {row.then for row in STEPS} - {None}

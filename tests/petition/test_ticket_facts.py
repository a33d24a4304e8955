"""What the rows of states, clocks and steps say beside where they lead."""

from workflows.petition import service
from workflows.petition.lifecycle import STEPS, Then
from workflows.petition.stages import GIVEN, HASTENED, LASTING, OPEN, PROMISES, STAGES
from workflows.petition.words import ClockName, State


def test_promises_are_the_answer_and_the_plan():
    assert {ClockName.RESPONSE, ClockName.PLAN} == PROMISES


def test_danger_hastens_what_staff_owe_and_nothing_that_was_promised_or_is_the_residents():
    owed = {"response", "assign", "accept", "inspect", "review"}
    assert {ClockName(name) for name in owed} == HASTENED


def test_everybody_is_called_until_somebody_has_it():
    assert OPEN - LASTING[ClockName.CALL].until == {State.UNASSIGNED, State.DISPATCHED}


def test_an_objection_is_waited_for_at_the_ends_that_staff_gave_and_nowhere_else():
    assert set(STAGES) - LASTING[ClockName.OBJECTION].until == GIVEN
    assert {State.DECLINED, State.MERGED} == GIVEN


def test_what_a_row_says_comes_then_is_what_the_desk_can_do():
    assert set(service._AFTERWARDS) == set(Then) == {row.then for row in STEPS} - {None}

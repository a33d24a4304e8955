"""Steps that are refused: what somebody is told who comes too late, too often or out of turn."""

import pytest
from folk import (
    CHEN,
    DAY,
    HOUR,
    LI,
    NOW,
    RULES,
    TO_ACCEPTED,
    TO_PLANNED,
    TO_RESOLVED,
    WANG,
    A,
    did,
    filed,
    refused,
    story,
)

from workflows.core.errors import Refusal
from workflows.core.talk.needs import DUE, TEXT
from workflows.petition import engine


def test_the_loser_of_a_race_is_told_who_has_it():  # F31
    with pytest.raises(Refusal) as raised:
        did(story(*TO_ACCEPTED), A.ACCEPT, by=LI)
    assert raised.value.template == "refused_taken"
    assert raised.value.values["handler"] == WANG.id


def test_taking_what_is_offered_to_another_names_him():
    with pytest.raises(Refusal) as raised:
        did(story(A.DISPATCH), A.ACCEPT, by=LI)
    assert raised.value.template == "refused_offered"
    assert raised.value.values["handler"] == WANG.id


def test_accepting_what_nobody_has_is_simply_not_possible_now():
    assert refused(filed(), A.ACCEPT, WANG) == "refused_now"


def test_a_second_nudge_is_refused_until_half_a_day_went_by():
    nudged = story(A.NUDGE)
    assert refused(nudged, A.NUDGE, CHEN, NOW + 11 * HOUR) == "refused_nudge"
    assert did(nudged, A.NUDGE, at=NOW + 12 * HOUR).subject.nudged_at == NOW + 12 * HOUR


def test_an_old_button_is_refused_with_the_state_it_is_in_now():  # F48
    with pytest.raises(Refusal) as raised:
        did(story(*TO_PLANNED), A.APPROVE)
    assert raised.value.template == "refused_now"
    assert raised.value.values["state"] == "planned"


def test_reopening_ends_seven_days_after_closing():
    closed = story(*TO_RESOLVED, A.CONFIRM)
    assert engine.may(CHEN, A.REOPEN, closed, NOW + 7 * DAY, RULES)
    late = NOW + 7 * DAY + HOUR
    assert refused(closed, A.REOPEN, CHEN, late) == "refused_now"


def test_needs_says_what_is_missing_or_refuses():
    accepted = story(*TO_ACCEPTED)
    assert engine.needs(WANG, A.PROPOSE, accepted, NOW, RULES).needs == (TEXT, DUE)
    with pytest.raises(Refusal, match="refused_now"):
        engine.needs(LI, A.PROPOSE, accepted, NOW, RULES)

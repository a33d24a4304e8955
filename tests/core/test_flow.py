"""The engine by itself, proved on a workflow that it has never seen."""

from datetime import UTC, datetime, timedelta

import pytest
from topic import DATE, TOPIC, VOTE, A, Attempt, B, S, Topic

from workflows.core.engine.clocks import Clock
from workflows.core.engine.flow import Says
from workflows.core.talk.needs import TEXT, Answers

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NEEDS = {need.name: need for need in (TEXT, DATE, VOTE)}
LENGTHS = dict.fromkeys(B, 2 * DAY)
PROMISE = {B.PROMISE: Clock(started=NOW, due=NOW + 9 * DAY)}


def about(topic, action, actor, at=NOW, **given):
    named = {NEEDS[name]: value for name, value in given.items()}
    return Attempt(
        subject=topic, action=action, actor=actor, now=at, rules=LENGTHS, answers=Answers(named)
    )  # fmt: skip


def did(topic, action, actor, at=NOW, **given):
    return TOPIC.decide(about(topic, action, actor, at, **given)).subject


def may(topic, actor):
    return TOPIC.actions(about(topic, A.RAISE, actor))


def seconded(**more):
    topic = did(Topic(clocks=PROMISE, **more), A.SECOND, "302")
    return did(topic, A.SECOND, "401")


def voting():
    return did(did(seconded(), A.CALL, "convener"), A.OPEN, "clock")


def decided():
    topic = did(did(voting(), A.VOTE, "301", vote="yes"), A.VOTE, "302", vote="yes")
    return did(topic, A.CLOSE, "clock")


def test_a_topic_is_carried_from_its_raising_to_its_result():
    topic = decided()
    assert (topic.state, topic.result, topic.ended_at) == (S.DECIDED, "yes", NOW)
    assert topic.version == 7


def test_everybody_has_the_actions_that_the_machine_would_accept():
    assert may(Topic(), "302") == (A.SECOND, A.SPEAK)
    assert may(Topic(), "301") == (A.SPEAK, A.DROP)
    assert may(Topic(), "convener") == ()
    assert may(voting(), "clock") == (A.CLOSE,)


def test_of_two_rows_of_an_action_the_condition_chooses():
    once = did(Topic(), A.SECOND, "302")
    assert (once.state, did(once, A.SECOND, "401").state) == (S.RAISED, S.SECONDED)


def test_what_is_refused_says_why_and_changes_nothing():
    for topic, action, actor in ((Topic(), A.SECOND, "301"), (Topic(), A.VOTE, "302")):
        assert not TOPIC.may(about(topic, action, actor))
        with pytest.raises(PermissionError, match=action.value):
            did(topic, action, actor)


def test_a_decision_says_by_which_row_from_where_to_where():
    taken = TOPIC.decide(about(seconded(), A.CALL, "convener"))
    assert (taken.source, taken.target, taken.step.needs) == (S.SECONDED, S.CALLED, (DATE,))
    assert TOPIC.row_for(about(seconded(), A.CALL, "convener")) is taken.step


def test_a_states_own_clock_starts_with_it_and_runs_on_while_it_stays():
    topic = did(voting(), A.VOTE, "302", at=NOW + DAY, vote="no")
    assert topic.clocks[B.BALLOT].due == NOW + 2 * DAY
    assert B.MEETING not in topic.clocks


def test_the_rows_date_goes_over_the_rules_length():
    called = did(seconded(), A.CALL, "convener", date=NOW + 5 * DAY)
    assert called.clocks[B.MEETING].due == NOW + 5 * DAY
    assert did(seconded(), A.CALL, "convener").clocks[B.MEETING].due == NOW + 2 * DAY


def test_a_promise_outlives_states_and_stands_still_in_a_pause():
    rested = did(voting(), A.ADJOURN, "convener", at=NOW + DAY)
    assert rested.clocks[B.PROMISE].paused == NOW + DAY
    resumed = did(rested, A.RESUME, "convener", at=NOW + 2 * DAY)
    assert (resumed.state, resumed.clocks[B.PROMISE].due) == (S.VOTING, NOW + 10 * DAY)


def test_what_waits_goes_back_to_where_it_came_from():
    rows = [row for row in TOPIC.steps if row.action is A.RESUME]
    assert TOPIC.targets(rows[0]) == (S.CALLED, S.VOTING)


def test_the_end_leaves_no_clock():
    assert decided().clocks == {}
    assert did(Topic(clocks=PROMISE), A.DROP, "clock").clocks == {}


def test_what_is_undone_stands_no_longer_and_its_promise_starts_anew():
    again = did(decided(), A.RECALL, "301")
    assert (again.result, again.votes, again.ended_at) == ("", {}, None)
    assert set(again.clocks) == {B.PROMISE, B.MEETING}


def test_facts_of_the_table_are_asked_of_it():
    assert TOPIC.start is S.RAISED and TOPIC.begins is A.RAISE
    assert TOPIC.actions_that(lambda row: row.says is Says.RESIDENT) == {A.SPEAK}
    assert (TOPIC.on_time(B.BALLOT), TOPIC.on_time(B.PROMISE)) == (A.CLOSE, None)

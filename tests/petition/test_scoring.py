"""The figures, computed by hand."""

from datetime import UTC, datetime

import pytest
from folk import NOW, SHANGHAI, local

from workflows.petition.lists import scoring
from workflows.petition.lists.scoring import Scored
from workflows.petition.settings import Scoring
from workflows.petition.words import State

CLOSED, OPEN = State.CLOSED, State.ACCEPTED
IN_TIME = Scored(state=OPEN, told_at=NOW)
LATE = Scored(state=OPEN, told_at=NOW, breached_at=NOW)
STILL_SILENT = Scored(state=OPEN, breached_at=NOW)
NOT_DUE = Scored(state=OPEN)


def closed(rating: int | None = None, solved: str = "", checked: str = "") -> Scored:
    return Scored(state=CLOSED, told_at=NOW, rating=rating, solved=solved, checked=checked)


def rated(rating: int) -> Scored:
    return closed(rating, "yes")


PARTLY, SILENT = closed(solved="partly"), closed()


def figures(*scored: Scored) -> scoring.Figures:
    return scoring.count(scored, Scoring())


def test_the_response_rate_is_told_in_time_of_what_is_due():
    found = figures(IN_TIME, IN_TIME, IN_TIME, LATE, STILL_SILENT, NOT_DUE)
    assert (found.filed, found.due, found.in_time, found.breached) == (6, 5, 3, 2)
    assert found.response_rate == 3 / 5


def test_the_resolution_rate_is_solved_of_those_who_were_heard():
    found = figures(rated(3), rated(1), PARTLY, SILENT)
    assert (found.asked, found.solved, found.resolution_rate) == (3, 2, 2 / 3)


def test_not_content_is_no_solved_unless_it_was_said():
    found = figures(closed(1), closed(1, "yes"), rated(3))
    assert (found.asked, found.solved, found.rated, found.unheard) == (2, 2, 3, 0)


def test_a_month_that_was_closed_when_any_rating_was_solved_stays_as_it_was():
    assert figures(rated(1), rated(2), rated(3), PARTLY).resolution_rate == 3 / 4


def test_what_stood_still_is_counted():
    found = figures(Scored(state=OPEN, pauses=2), Scored(state=OPEN, pauses=1), NOT_DUE)
    assert (found.paused, found.pauses) == (2, 3)


def test_the_satisfaction_rate_weighs_what_was_said():
    found = figures(rated(3), rated(3), rated(2), PARTLY, rated(1))
    assert found.satisfaction_rate == pytest.approx((1 + 1 + 0.8 + 0.5 + 0) / 5)


def test_the_weights_are_the_settings():
    weights = Scoring(fairly=60)
    assert scoring.count([rated(3), rated(2)], weights).satisfaction_rate == 0.8


def test_closed_without_a_word_is_neither_solved_nor_satisfied_but_said():
    found = figures(SILENT, SILENT, rated(3))
    assert (found.unheard, found.asked, found.rated) == (2, 1, 1)
    assert figures(SILENT).satisfaction_rate is None


def test_a_neutral_follow_up_counts_for_more_than_the_tap():
    found = figures(closed(3, "yes", "no"), closed(checked="yes"))
    assert (found.asked, found.solved, found.unheard) == (2, 1, 0)


def test_what_is_excluded_is_left_out_of_everything_but_its_own_count():
    excluded = Scored(state=CLOSED, breached_at=NOW, rating=1, solved="yes", is_excluded=True)
    found = figures(excluded, IN_TIME)
    assert (found.filed, found.excluded, found.due, found.response_rate) == (2, 1, 1, 1.0)
    assert found.rated == found.asked == 0


def test_without_anything_there_is_no_rate():
    found = figures(NOT_DUE)
    assert found.response_rate is found.resolution_rate is found.satisfaction_rate is None


def test_months_are_the_communitys_over_the_new_year():
    moment = datetime(2026, 12, 31, 17, tzinfo=UTC)  # one in the morning of the new year
    this, last = scoring.months(moment, SHANGHAI, 2)
    assert this == (_first(2027, 1), _first(2027, 2))
    assert last == (_first(2026, 12), _first(2027, 1))


def _first(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=SHANGHAI).astimezone(UTC)


def test_a_month_begins_at_midnight_of_the_zone():
    [(begins, _)] = scoring.months(local(9), SHANGHAI, 1)
    assert begins == datetime(2026, 2, 28, 16, tzinfo=UTC)

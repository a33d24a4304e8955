"""What comes out of a config: the values that the domain works with."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from configuring import ELSEWHERE, TOKEN, as_environ, good, loaded
from folk import EXAMPLE

from bot.config.settings import load
from workflows.core.placing.finding import places_named
from workflows.core.policy import ClockChange, Counts
from workflows.core.talk.messages import To
from workflows.petition.settings import PetitionSettings
from workflows.petition.words import ClockName


def test_rules_hold_the_places_the_config_names() -> None:
    places = loaded().rules({}).places
    assert list(places.by_path)[:3] == ["友新街道", "友新街道/南环一", "友新街道/南环一/1网格"]
    assert places_named("东苑1幢", places) == ("友新街道/南环一/1网格/1幢",)


def test_every_clock_has_a_policy_and_what_is_left_out_stays() -> None:
    rules = loaded(sla={"response": {"days": 2}, "accept": {"remind": []}}).rules({})
    clocks = rules.clocks["petition"]
    assert set(clocks) == set(ClockName)
    response, accept = clocks[ClockName.RESPONSE], clocks[ClockName.ACCEPT]
    assert (response.length, response.remind) == (timedelta(days=2), (50, 75, 90))
    assert (accept.length, accept.remind, accept.counts) == (timedelta(minutes=30), (), Counts.DAY)


def test_what_differs_by_category_and_urgency_goes_on_to_the_domain() -> None:
    tree = good(sla={"urgent": {"response": {"hours": 4}}, "review": {"counts": "working"}})
    tree["categories"][0]["sla"] = {"response": {"hours": 4, "counts": "day"}}
    rules = loaded(**tree).rules({})
    assert rules.clocks["petition"][ClockName.REVIEW].counts is Counts.WORKING
    assert rules.urgent_clocks[ClockName.RESPONSE] == ClockChange(length=timedelta(hours=4))
    own = ClockChange(length=timedelta(hours=4), counts=Counts.DAY)
    assert rules.categories["电梯"].clocks == {ClockName.RESPONSE: own}
    assert rules.categories["其他"].clocks == {}


def test_working_hours_and_the_days_that_differ_go_on_to_the_domain() -> None:
    calendar = {"hours": ["08:30-11:30"], "holidays": ["2027-02-05"], "workdays": ["2026-05-03"]}
    working = loaded(calendar=calendar).rules({}).working
    assert working.spans == ((timedelta(hours=8.5), timedelta(hours=11.5)),)
    days = (date(2027, 2, 5), date(2026, 5, 3), date(2026, 5, 4))
    assert [working.is_workday(day) for day in days] == [False, True, False]


@pytest.mark.parametrize(
    ("changes", "today", "year"),
    [
        ({}, date(2049, 6, 1), None),  # no clock counts working hours
        ({"sla": {"review": {"counts": "working"}}}, date(2026, 6, 1), None),
        ({"sla": {"review": {"counts": "working"}}}, date(2049, 6, 1), 2049),
        (
            {
                "sla": {"urgent": {"plan": {"counts": "working"}}},
                "calendar": {"holidays": ["2048-12-20"]},
            },
            date(2048, 12, 20),
            2049,  # it begins soon
        ),
        (
            {
                "sla": {"review": {"counts": "working"}},
                "calendar": {"holidays": ["2049-10-01"]},
            },
            date(2049, 6, 1),
            None,
        ),
    ],
)
def test_a_year_without_known_holidays_is_named_where_it_matters(
    changes: dict[str, Any], today: date, year: int | None
) -> None:
    assert loaded(**changes).unknown_holidays(today) == year


def test_times_and_rungs_become_the_domains_values() -> None:
    rules = loaded(quiet={"from": "23:30"}, nudge_hours=6).rules({"petition": {"note": ("好",)}})
    assert (rules.quiet_from, rules.quiet_until) == (time(23, 30), time(7))
    assert [(c.after.total_seconds() / 3600, c.to) for c in rules.climb] == [
        (0, To.LEAD), (2, To.COMMITTEE), (8, To.STREET),
    ]  # fmt: skip
    assert rules.of(PetitionSettings).nudge_every == timedelta(hours=6)
    assert rules.choices == {"petition": {"note": ("好",)}}


@pytest.mark.parametrize(("days", "span"), [(400, timedelta(days=400)), (0, None), ("", None)])
def test_words_are_kept_for_so_long_or_for_ever(days: int | str, span: timedelta | None) -> None:
    rules = loaded(keep_days=3, privacy={"retention_days": days}).rules({})
    assert (rules.keep, rules.retention) == (timedelta(days=3), span)


def test_what_is_decided_elsewhere_becomes_the_domains_values() -> None:
    [read] = loaded(elsewhere=[ELSEWHERE]).rules({}).of(PetitionSettings).elsewhere
    assert (read.key, read.words, read.where) == ("学校", ("小学",), "教育局")
    assert loaded().rules({}).of(PetitionSettings).elsewhere == ()


@pytest.mark.parametrize(
    ("said", "weekday", "at"),
    [("周一 09:00", 0, time(9)), ("星期日 8:30", 6, time(8, 30)), ("周天 20:00", 6, time(20))],
)
def test_the_week_has_a_day_and_a_time(said: str, weekday: int, at: time) -> None:
    weekly = loaded(weekly=said).rules({}).weekly
    assert weekly and (weekly.weekday, weekly.at) == (weekday, at)


def test_the_week_can_be_never() -> None:
    assert load(None, as_environ(good()) | TOKEN).rules({}).weekly
    assert load(EXAMPLE, TOKEN).model_copy(update={"weekly": None}).rules({}).weekly is None


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded().locale = "en"

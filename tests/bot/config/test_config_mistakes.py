"""What a config may not say: every mistake is told at once, by its key."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from configuring import ELSEWHERE, good, loaded, mistakes

from bot.config.sections import CATEGORY_BYTES
from workflows.petition.intake.view import Verb


def test_every_mistake_is_told_at_once() -> None:
    tree = good(timezone="Mars/Base", fallback_category="没有", colour="red", nudge_hours=0)
    tree["communities"][0]["grids"][1]["buildings"][1] = {"name": "1幢", "floor": 3}
    tree["stations"].append({"code": "east", "name": "西站", "place": "9网格"})
    found = mistakes(tree | {"sla": {"respond": {}}}, {}) | mistakes({"quiet": {"from": 22}}, {})
    assert {
        "timezone", "fallback_category", "nudge_hours", "telegram.token", "sla.respond",
        "communities.0.grids.1.buildings.1.floor", "communities.0.grids.1.buildings.1.name",
        "stations.1.code", "stations.1.place", "HAITANG_COLOUR", "communities", "quiet.from",
    } <= set(found)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [
        ({"timezone": "Mars/Base"}, "timezone", "no time zone"),
        ({"timezone": "../etc"}, "timezone", "no time zone"),
        ({"locale": "fr"}, "locale", "no templates"),
        ({"locale": "../x"}, "locale", 'like "zh"'),
        ({"fallback_category": "没有"}, "fallback_category", "none of the categories"),
        ({"sla": {"respond": {}}}, "sla.respond", "the clocks are response, plan"),
        ({"sla": {"plan": {"remind": [50, 100]}}}, "sla.plan.remind.1", "99 or less"),
        ({"sla": {"plan": {"remind": [0]}}}, "sla.plan.remind.0", "1 or more"),
        ({"sla": {"plan": {"hours": 0}}}, "sla.plan.hours", "more than 0"),
        ({"sla": {"plan": {"counts": "office"}}}, "sla.plan.counts", '"day" or "working"'),
        ({"sla": {"urgent": {"respond": {}}}}, "sla.urgent.respond", "the clocks are response"),
        ({"sla": {"urgent": {"urgent": {}}}}, "sla.urgent.urgent", "the clocks are response"),
        ({"calendar": {"hours": []}}, "calendar.hours", "empty"),
        ({"calendar": {"hours": ["9-12"]}}, "calendar.hours.0", "09:00-12:00"),
        ({"calendar": {"hours": ["12:00-09:00"]}}, "calendar.hours.0", "later than it begins"),
        ({"calendar": {"hours": ["09:00-24:30"]}}, "calendar.hours.0", "by 24:00"),
        ({"calendar": {"hours": ["09:00-09:20"]}}, "calendar.hours", "an hour a day"),
        ({"calendar": {"hours": ["13:00-17:00", "09:00-12:00"]}}, "calendar.hours", "in order"),
        ({"calendar": {"holidays": ["明天"]}}, "calendar.holidays.0", "2027-02-06"),
        ({"calendar": {"workdays": [20270206]}}, "calendar.workdays.0", "2027-02-06"),
        ({"calendar": {"days": []}}, "calendar.days", "unknown key"),
        ({"quiet": {"from": 22}}, "quiet.from", "22:00"),
        ({"quiet": {"from": "25:00"}}, "quiet.from", "22:00"),
        ({"quiet": {"until": "07:00Z"}}, "quiet.until", "time zone"),
        ({"telegram": {"tokn": "x"}}, "telegram.tokn", "unknown key"),
        ({"telegram": "x"}, "telegram", "table"),
        ({"telegram": {"mode": "push"}}, "telegram.mode", '"polling" or "webhook"'),
        ({"telegram": {"mode": "webhook"}}, "telegram.webhook.secret", "missing"),
        ({"telegram": {"base_url": "ftp://x"}}, "telegram.base_url", "https://"),
        ({"database": {"url": "postgresql://x"}}, "database.url", "postgresql+asyncpg"),
        ({"health": {"port": 70000}}, "health.port", "65535 or less"),
        ({"keep_days": 1}, "keep_days", "2 or more"),
        ({"keep_days": "soon"}, "keep_days", "whole number"),
        ({"privacy": {"retention_days": -1}}, "privacy.retention_days", "0 or more"),
        ({"privacy": {"retention_days": 7}}, "privacy.retention_days", "more than reopen_days"),
        ({"privacy": {"retention_days": "never"}}, "privacy.retention_days", "whole number"),
        ({"admins": ["haitang"]}, "admins.0", "whole number"),
        ({"admins": "1,2"}, "admins", "list"),
        ({"escalation": []}, "escalation", "empty"),
        ({"escalation": [{"after_hours": 1, "to": "lead"}]}, "escalation.0.after_hours", "be 0"),
        (
            {"escalation": [{"after_hours": 0, "to": "mayor"}]},
            "escalation.0.to",
            '"lead", "committee", "street" or "admin"',
        ),
        ({"elsewhere": [{"key": "学校", "where": "教育局"}]}, "elsewhere.0.words", "missing"),
        ({"elsewhere": [ELSEWHERE | {"words": []}]}, "elsewhere.0.words", "empty"),
        ({"elsewhere": [ELSEWHERE | {"where": " "}]}, "elsewhere.0.where", "empty"),
        ({"elsewhere": [ELSEWHERE | {"where": "长" * 101}]}, "elsewhere.0.where", "at most 100"),
        ({"elsewhere": [ELSEWHERE | {"phone": "1"}]}, "elsewhere.0.phone", "unknown key"),
        ({"elsewhere": [ELSEWHERE] * 2}, "elsewhere.1.key", "first at elsewhere.0.key"),
        ({"communities": []}, "communities", "empty"),
        ({"categories": []}, "categories", "empty"),
    ],
)
def test_a_mistake_names_its_key_and_problem(change: Any, key: str, problem: str) -> None:
    assert problem in mistakes(good(**change))[key]


def test_a_day_is_a_holiday_or_a_workday() -> None:
    days = {"holidays": ["2027-02-05", "2027-02-06"], "workdays": ["2027-02-20", "2027-02-06"]}
    assert list(mistakes(good(calendar=days))) == ["calendar.workdays.1"]


def test_the_clocks_of_a_category_are_checked_with_the_rest() -> None:
    tree = good(calendar={"hours": ["9-12"]})
    tree["categories"][0]["sla"] = {"respond": {}, "plan": {"hours": 0}}
    assert list(mistakes(tree)) == [
        "calendar.hours.0", "categories.0.sla.plan.hours", "categories.0.sla.respond",
    ]  # fmt: skip


def test_escalation_only_climbs() -> None:
    rungs = [{"after_hours": h, "to": "lead"} for h in (0, 8, 2)]
    assert list(mistakes(good(escalation=rungs))) == ["escalation.2.after_hours"]


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("9网格", "no place"),
        ("1幢", "write more of the path"),
        ("南环一", "grid or a building"),
        (" ", "empty"),
    ],
)
def test_a_station_stands_at_one_known_grid_or_building(place: str, problem: str) -> None:
    station = {"code": "east", "name": "东站", "place": place}
    found = mistakes(good(stations=[station]))
    assert list(found) == ["stations.0.place"]
    assert problem in found["stations.0.place"]


@pytest.mark.parametrize("code", ["东站", "a b", "x" * 41, ""])
def test_a_station_code_fits_a_link(code: str) -> None:
    station = {"code": code, "name": "东站", "place": "1网格"}
    assert list(mistakes(good(stations=[station]))) == ["stations.0.code"]


def test_names_are_given_only_once() -> None:
    tree = good()
    for key in ("communities", "stations", "categories"):
        tree[key].append(copy.deepcopy(tree[key][0]))
    found = mistakes(tree | {"stations": [{**s, "place": "2幢"} for s in tree["stations"]]})
    assert {"communities.1.name", "stations.1.code", "categories.2.key"} <= set(found)
    assert "first at categories.0.key" in found["categories.2.key"]


def test_a_place_without_a_name_does_not_make_stations_wrong_too() -> None:
    tree = good()
    del tree["communities"][0]["grids"][0]["name"]
    assert list(mistakes(tree)) == ["communities.0.grids.0.name"]


def test_a_category_fits_its_button() -> None:
    key = "类" * (CATEGORY_BYTES // 3)
    assert len(f"d:12345678:{Verb.CATEGORY}:{key}".encode()) <= 64
    assert loaded(categories=[{"key": key}], fallback_category=key)
    found = mistakes(good(categories=[{"key": key + "类"}], fallback_category=key + "类"))
    assert "too long" in found["categories.0.key"]


def test_a_list_is_not_called_empty_for_what_is_wrong_inside() -> None:
    tree = good()
    tree["communities"][0]["grids"] = [{"name": "1网格", "floor": 1}]
    assert list(mistakes(tree | {"stations": []})) == ["communities.0.grids.0.floor"]


@pytest.mark.parametrize("said", ["周八 09:00", "09:00", "周一", "周一 25:00", "Monday 09:00"])
def test_a_wrong_week_is_told(said: str) -> None:
    assert "must be a weekday and a time" in mistakes(good(weekly=said))["weekly"]


def test_a_checklist_is_short() -> None:
    rows = [{"key": "电梯", "checklist": ["长" * 31]}, {"key": "其他"}]
    assert "at most 30" in mistakes(good(categories=rows))["categories.0.checklist.0"]

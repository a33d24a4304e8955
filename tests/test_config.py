from __future__ import annotations

import copy
import json
import re
import traceback
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import ConfigError, Settings, load, load_choices
from bot.config_parts import CATEGORY_BYTES
from workflows.intake_view import Verb
from workflows.model import Action, ClockName, To
from workflows.rules import ClockChange, Counts, Rules
from workflows.suggestion import suggest
from workflows.ticket import STEPS, Need

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
CANARY = "1234567:canary-in-the-mine"
TOKEN = {"HAITANG_TELEGRAM__TOKEN": CANARY}

GOOD: dict[str, Any] = {
    "communities": [
        {
            "name": "南环一",
            "street": "友新街道",
            "grids": [
                {"name": "1网格", "estates": ["东苑"], "buildings": [{"name": "1幢"}]},
                {"name": "2网格", "buildings": [{"name": "1幢"}, {"name": "2幢"}]},
            ],
        }
    ],
    "stations": [{"code": "east", "name": "东站", "place": "南环一/1网格"}],
    "categories": [{"key": "电梯", "words": ["电梯"]}, {"key": "其他"}],
}
ELSEWHERE = {"key": "学校", "words": ["小学"], "where": "教育局"}


def good(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(GOOD) | changes


def as_environ(tree: dict[str, Any]) -> dict[str, str]:
    return {
        f"HAITANG_{key.upper()}": value if isinstance(value, str) else json.dumps(value)
        for key, value in tree.items()
    }


def loaded(**changes: Any) -> Settings:
    return load(None, as_environ(good(**changes)) | TOKEN)


def mistakes(tree: dict[str, Any], environ: dict[str, str] = TOKEN) -> dict[str, str]:
    with pytest.raises(ConfigError) as raised:
        load(None, as_environ(tree) | environ)
    return {mistake.key: mistake.problem for mistake in raised.value.mistakes}


def file_mistake(path: Path) -> str:
    with pytest.raises(ConfigError) as raised:
        load(path, TOKEN)
    (mistake,) = raised.value.mistakes
    assert mistake.key == str(path)
    return mistake.problem


@pytest.fixture(scope="module")
def example() -> Rules:
    return load(EXAMPLE, TOKEN).rules(load_choices("zh"))


# the example


def test_the_example_loads_as_it_is_except_for_the_token() -> None:
    with pytest.raises(ConfigError) as raised:
        load(EXAMPLE, {})
    assert [m.key for m in raised.value.mistakes] == ["telegram.token"]
    assert "HAITANG_TELEGRAM__TOKEN" in str(raised.value)


def test_a_command_without_telegram_needs_no_token() -> None:
    assert load(EXAMPLE, {}, needs_token=False).communities[0].name == "南环一"


def test_the_example_is_two_communities_with_all_they_need(example: Rules) -> None:
    inside = [len(example.places.inside("友新街道/南环一", depth)) for depth in (2, 3, 4)]
    assert inside == [1, 3, 12]
    assert len(example.places.inside("友新街道/南环二", 4)) == 2
    assert len({p.number for p in example.places.inside("", 4)}) == 14
    assert all(p.position for p in example.places.inside("友新街道/南环一", 4))
    assert (len(example.stations), len(example.categories)) == (2, 12)
    assert example.stations["nanhuan-east"].place == "友新街道/南环一/1网格"
    assert example.categories["充电设施"].needs_approval


def test_the_example_says_exactly_the_defaults() -> None:
    written = load(EXAMPLE, {}, needs_token=False)
    own = {"communities", "stations", "categories", "elsewhere", "urgent_words", "partners"}
    assert written.sla.policies() == Settings().sla.policies()
    assert written.model_dump(exclude={*own, "sla"}) == Settings().model_dump(exclude={*own, "sla"})


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("3号楼下充电桩坏了", "充电设施"),
        ("5幢电梯又停了，困了人", "电梯"),
        ("楼上漏水，滴到我家厨房", "渗漏水"),
        ("楼下的路灯好几天不亮了", "公共照明"),
        ("垃圾桶满了没有人收，很臭", "环境卫生"),
        ("楼道里堆杂物，把消防通道堵了", "消防安全"),
        ("半夜还在跳广场舞，吵得睡不着", "噪音"),
        ("树枝长到窗户上了，请来修剪", "绿化"),
        ("想请人来看看", "其他"),
    ],
)
def test_plain_words_suggest_the_right_category(example: Rules, said: str, category: str) -> None:
    assert suggest(said, example).categories[0] == category


@pytest.mark.parametrize(
    "said", ["3幢起火，快来", "厨房有煤气味", "有人被困在电梯里", "电线在冒烟"]
)
def test_danger_is_heard_as_urgent(example: Rules, said: str) -> None:
    assert any(word in said for word in example.urgent_words)


# what comes out


def test_rules_hold_the_places_the_config_names() -> None:
    places = loaded().rules({}).places
    assert list(places.by_path)[:3] == ["友新街道", "友新街道/南环一", "友新街道/南环一/1网格"]
    assert places.mentioned("东苑1幢") == ("友新街道/南环一/1网格/1幢",)


def test_every_clock_has_a_policy_and_what_is_left_out_stays() -> None:
    clocks = loaded(sla={"response": {"days": 2}, "accept": {"remind": []}}).rules({}).clocks
    assert set(clocks) == set(ClockName)
    response, accept = clocks[ClockName.RESPONSE], clocks[ClockName.ACCEPT]
    assert (response.length, response.remind) == (timedelta(days=2), (50, 75, 90))
    assert (accept.length, accept.remind, accept.counts) == (timedelta(minutes=30), (), Counts.DAY)


def test_what_differs_by_category_and_urgency_goes_on_to_the_domain() -> None:
    tree = good(sla={"urgent": {"response": {"hours": 2}}, "review": {"counts": "working"}})
    tree["categories"][0]["sla"] = {"response": {"hours": 4, "counts": "day"}}
    rules = loaded(**tree).rules({})
    assert rules.clocks[ClockName.REVIEW].counts is Counts.WORKING
    assert rules.urgent_clocks == {ClockName.RESPONSE: ClockChange(length=timedelta(hours=2))}
    own = ClockChange(length=timedelta(hours=4), counts=Counts.DAY)
    assert rules.categories["电梯"].clocks == {ClockName.RESPONSE: own}
    assert rules.categories["其他"].clocks == {}


def test_working_hours_and_the_days_that_differ_go_on_to_the_domain() -> None:
    calendar = {"hours": ["08:30-11:30"], "holidays": ["2027-02-05"], "workdays": ["2026-05-03"]}
    working = loaded(calendar=calendar).rules({}).working
    assert working.spans == ((timedelta(hours=8.5), timedelta(hours=11.5)),)
    days = (date(2027, 2, 5), date(2026, 5, 3), date(2026, 5, 4))
    assert [working.is_workday(day) for day in days] == [False, True, False]


def test_a_file_may_write_days_as_tomls_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace("holidays = []", "holidays = [2027-02-05]"))
    assert load(path, TOKEN).calendar.holidays == (date(2027, 2, 5),)


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
    rules = loaded(quiet={"from": "23:30"}, nudge_hours=6).rules({"note": ("好",)})
    assert (rules.quiet_from, rules.quiet_until) == (time(23, 30), time(7))
    assert [(c.after.total_seconds() / 3600, c.to) for c in rules.climb] == [
        (0, To.LEAD), (2, To.COMMITTEE), (8, To.STREET),
    ]  # fmt: skip
    assert rules.nudge_every == timedelta(hours=6)
    assert rules.choices == {"note": ("好",)}


@pytest.mark.parametrize(("days", "span"), [(400, timedelta(days=400)), (0, None), ("", None)])
def test_words_are_kept_for_so_long_or_for_ever(days: int | str, span: timedelta | None) -> None:
    rules = loaded(keep_days=3, privacy={"retention_days": days}).rules({})
    assert (rules.keep, rules.retention) == (timedelta(days=3), span)


def test_the_environment_beats_the_file() -> None:
    environ = TOKEN | {
        "HAITANG_TELEGRAM__BASE_URL": "http://127.0.0.1:9/bot",
        "HAITANG_DATABASE__URL": "sqlite+aiosqlite:///other.db",
        "HAITANG_QUIET__FROM": "21:00",
        "HAITANG_SLA__RESPONSE__HOURS": "12",
        "HAITANG_ADMINS": "[7, 8]",
    }
    settings = load(EXAMPLE, environ)
    assert settings.telegram.token.get_secret_value() == CANARY
    assert settings.telegram.base_url == "http://127.0.0.1:9/bot"
    assert settings.database.url == "sqlite+aiosqlite:///other.db"
    assert (settings.quiet.from_, settings.quiet.until) == (time(21), time(7))
    assert settings.sla.response.hours == 12
    assert settings.admins == (7, 8)


def test_an_empty_variable_counts_as_unset() -> None:
    assert load(EXAMPLE, TOKEN | {"HAITANG_DATABASE__URL": ""}).database == Settings().database


def test_settings_built_directly_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", CANARY)
    assert not Settings().telegram.token


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded().locale = "en"


# what is refused


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
        ({"sla": {"plan": {"counts": "office"}}}, "sla.plan.counts", "'day' or 'working'"),
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
        ({"telegram": {"mode": "push"}}, "telegram.mode", "'polling' or 'webhook'"),
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
        ({"escalation": [{"after_hours": 0, "to": "mayor"}]}, "escalation.0.to", "'lead'"),
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


def test_what_is_decided_elsewhere_becomes_the_domains_values() -> None:
    [read] = loaded(elsewhere=[ELSEWHERE]).rules({}).elsewhere
    assert (read.key, read.words, read.where) == ("学校", ("小学",), "教育局")
    assert loaded().rules({}).elsewhere == ()


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


@pytest.mark.parametrize("name", ["HAITANG_TELEGRAM_TOKEN", "HAITANG_DATABSE__URL"])
def test_a_mistyped_variable_is_told(name: str) -> None:
    assert "two underscores" in mistakes(good(), TOKEN | {name: "x"})[name]


def test_a_variable_with_broken_bytes_is_refused_like_any_other() -> None:
    assert "no time zone" in mistakes(good(), TOKEN | {"HAITANG_TIMEZONE": "\udcff"})["timezone"]


def test_a_list_is_not_called_empty_for_what_is_wrong_inside() -> None:
    tree = good()
    tree["communities"][0]["grids"] = [{"name": "1网格", "floor": 1}]
    assert list(mistakes(tree | {"stations": []})) == ["communities.0.grids.0.floor"]


# the file


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "no such file" in file_mistake(tmp_path / "config.toml")
    assert "cannot be read" in file_mistake(tmp_path)


def test_bad_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'locale = "zh"\n[telegram]\ntoken = {CANARY}\n', "utf-8")
    assert "at line 3" in file_mistake(path)


def test_chinese_punctuation_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("locale = “zh”\n", "utf-8")
    assert "English keyboard" in file_mistake(path)


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path, TOKEN) == load(EXAMPLE, TOKEN)
    path.write_bytes('locale = "中"'.encode("gbk"))
    assert "UTF-8" in file_mistake(path)


# the secret


def test_no_secret_shows_in_the_settings() -> None:
    hook = {"secret": CANARY.replace(":", "-")}
    database = {"url": f"postgresql+asyncpg://bot:{CANARY}@db/haitang"}
    settings = loaded(telegram={"token": CANARY, "webhook": hook}, database=database)
    for shown in (repr(settings), str(settings), repr(settings.telegram), f"{settings.database}"):
        assert "canary" not in shown


@pytest.mark.parametrize(
    "environ",
    [
        {"HAITANG_TELEGRAM__TOKEN": f"{CANARY}\n"},
        {"HAITANG_TELEGRAM": f'{{"token": "{CANARY}"'},
        {"HAITANG_TELEGRAM": f'{{"token": ["{CANARY}"]}}'},
        {"HAITANG_TELEGRAM": f'{{"token": {{"x": "{CANARY}"}}, "nope": 1}}'},
        {"HAITANG_TELEGRAM__WEBHOOK__SECRET": CANARY},
        {"HAITANG_TELEGRAM_TOKEN": CANARY},
        TOKEN | {"HAITANG_DATABASE__URL": f"mysql://{CANARY}"},
    ],
)
def test_no_secret_shows_in_an_error(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as raised:
        load(EXAMPLE, environ)
    told = "".join(traceback.format_exception(raised.value))
    assert "canary" not in told + repr(raised.value.mistakes)
    assert raised.value.__context__ is None


# the quick replies


def test_quick_replies_are_few_and_short() -> None:
    choices = load_choices("zh")
    for key, replies in choices.items():
        shown = {*replies, *choices.get(key.rpartition(".")[2], ())}
        assert len(shown) <= 8
        assert 2 <= len(replies) <= 5
        assert len(set(replies)) == len(replies)
        assert all(0 < len(reply) <= 30 for reply in replies)


def test_every_question_for_words_has_quick_replies_and_none_is_idle() -> None:
    worded = {s.action for s in STEPS if {Need.TEXT, Need.NOTE_OR_PHOTO} & set(s.needs)}
    assert {key for key in load_choices("zh") if "." not in key} == {*map(str, worded), "where"}
    assert Action.RETURN in worded


def test_every_table_of_quick_replies_is_for_a_category_of_the_example(example: Rules) -> None:
    own = [key.split(".") for key in load_choices("zh") if "." in key]
    assert len({category for category, _ in own}) >= 4
    assert {category for category, _ in own} <= set(example.categories)
    assert {action for _, action in own} <= set(load_choices("zh"))


# the week


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


@pytest.mark.parametrize("said", ["周八 09:00", "09:00", "周一", "周一 25:00", "Monday 09:00"])
def test_a_wrong_week_is_told(said: str) -> None:
    assert "must be a weekday and a time" in mistakes(good(weekly=said))["weekly"]


def test_a_checklist_is_short() -> None:
    rows = [{"key": "电梯", "checklist": ["长" * 31]}, {"key": "其他"}]
    assert "at most 30" in mistakes(good(categories=rows))["categories.0.checklist.0"]


def test_an_unknown_locale_has_no_quick_replies() -> None:
    with pytest.raises(ConfigError, match="no quick replies"):
        load_choices("fr")


def test_the_example_names_no_secret_and_every_setting() -> None:
    text = EXAMPLE.read_text("utf-8")
    assert not re.search(r"\d{5,}:[\w-]{10,}", text)
    for name in (*Settings.model_fields, *type(Settings().telegram).model_fields):
        assert re.search(rf"\b{name}\b", text)

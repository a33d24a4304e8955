"""Keys that moved under [petition]: both places are read, and each mistake is told where it is."""

from pathlib import Path
from typing import Any

import pytest
from configuring import GOOD, TOKEN, as_environ, good, loaded, mistakes
from folk import EXAMPLE

from bot.__main__ import main
from bot.config.moved import MOVED, place_of
from bot.config.settings import Settings, load, old_keys

KEYS = MOVED["petition"]
VALUES: dict[str, Any] = {
    "most_pauses": 4, "reopen_days": 9, "nudge_hours": 5, "followup_percent": 33, "most_open": 3,
    "partners": ["物业"], "fallback_category": "电梯", "scoring": {"partly": 40},
    "sla": {"plan": {"hours": 5}},
    "urgent_escalation": [{"after_minutes": 4, "to": "street"}], "categories": [{"key": "电梯"}],
    "elsewhere": [{"key": "学校", "words": ["小学"], "where": "教育局"}],
}  # fmt: skip


def moved(**changes: Any) -> dict[str, Any]:
    """The small config with the petition's own under [petition]."""
    tree = good(**changes)
    return tree | {"petition": {key: tree.pop(key) for key in KEYS if key in tree}}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_means_the_same_at_its_old_and_its_new_place(key: str):
    told = {"fallback_category": "电梯"} if key == "categories" else {}
    old = loaded(**told | {key: VALUES[key]})
    new = load(None, as_environ(moved(**told | {key: VALUES[key]})) | TOKEN)
    assert new == old and getattr(old, key) != getattr(Settings(), key)


def test_an_old_file_is_read_on(tmp_path: Path):
    old = tmp_path / "config.toml"
    text = EXAMPLE.read_text("utf-8")
    top, own = text.split("[petition]\n")
    plain, tables = own.split("[petition.scoring]\n")
    old.write_text(plain + top + "[scoring]\n" + tables.replace("[petition.", "["), "utf-8")
    assert load(old, TOKEN) == load(EXAMPLE, TOKEN)
    assert old_keys(old, {}) == sorted(KEYS) and old_keys(EXAMPLE, TOKEN) == []


@pytest.mark.parametrize("name", ["HAITANG_MOST_OPEN", "HAITANG_PETITION__MOST_OPEN"])
def test_the_environment_beats_the_file_whichever_place_it_names(name: str):
    assert load(EXAMPLE, TOKEN | {name: "3"}).most_open == 3


def test_the_environment_changes_one_clock_by_its_new_name():
    settings = load(EXAMPLE, TOKEN | {"HAITANG_PETITION__SLA__RESPONSE__HOURS": "12"})
    assert (settings.sla.response.hours, settings.sla.plan.hours) == (12, 72)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"most_open": "x"}, "most_open"),
        ({"sla": {"nope": {}}}, "sla.nope"),
        ({"categories": [{"key": "其他", "x": 1}]}, "categories.0.x"),
        ({"fallback_category": "没有"}, "fallback_category"),
    ],
)
def test_a_mistake_is_told_by_the_key_that_was_written(change: dict[str, Any], key: str):
    assert mistakes(moved(**change)).keys() == {f"petition.{key}"}
    assert mistakes(good(**change)).keys() == {key}


def test_a_mistake_names_another_key_as_it_was_written_too():
    twice = [{"key": "其他"}, {"key": "其他"}]
    assert "first at petition.categories.0.key" in mistakes(moved(categories=twice)).popitem()[1]
    assert "first at categories.0.key" in mistakes(good(categories=twice)).popitem()[1]
    assert "[[petition.categories]]" in mistakes(moved(categories=[]))["petition.categories"]


def test_a_key_at_both_places_is_told():
    told = mistakes(moved() | {"categories": GOOD["categories"]})
    assert told == {"categories": "is there twice, also as petition.categories"}


def test_what_is_not_the_petitions_is_no_key_of_it():
    told = mistakes(moved() | {"petition": {**moved()["petition"], "timezone": "x"}})
    assert told == {"petition.timezone": "is an unknown key"}
    assert mistakes(good(petition="x")) == {"petition": "must be a table"}


def test_check_says_where_a_key_stands_now_and_takes_it_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name, value in (as_environ(good(most_open=3)) | TOKEN).items():
        monkeypatch.setenv(name, value)
    assert main(["check"]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if "read on" in line]
    assert [line.partition(":")[0] for line in said] == ["categories", "most_open"]
    assert place_of("most_open") == "petition.most_open" and "petition.most_open" in said[1]
    assert main(["check", "--config", str(EXAMPLE)]) == 0  # the environment's are old there too

"""Where settings come from: the environment and the file, and neither ever shows a secret."""

from __future__ import annotations

import traceback
from datetime import date, time
from pathlib import Path

import pytest
from configuring import CANARY, TOKEN, good, loaded, mistakes
from folk import EXAMPLE

from bot.config.settings import ConfigError, Settings, load

# the environment


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


@pytest.mark.parametrize("name", ["HAITANG_TELEGRAM_TOKEN", "HAITANG_DATABSE__URL"])
def test_a_mistyped_variable_is_told(name: str) -> None:
    told = mistakes(good(), TOKEN | {name: "x"})
    assert told.keys() == {name} and "two underscores" in told[name]


@pytest.mark.parametrize("table", ["HAITANG_TELEGRAM", "haitang_telegram"])
def test_what_is_said_of_a_key_beats_what_is_said_of_its_table(table: str) -> None:
    environ = TOKEN | {table: '{"token": "1:other", "per_second": 5}'}
    telegram = load(EXAMPLE, environ).telegram
    assert (telegram.token.get_secret_value(), telegram.per_second) == (CANARY, 5)


def test_a_text_where_a_table_belongs_is_told_though_its_keys_are_set() -> None:
    assert "table" in mistakes(good(), TOKEN | {"HAITANG_TELEGRAM": "x"})["telegram"]


def test_a_variable_with_broken_bytes_is_refused_like_any_other() -> None:
    assert "no time zone" in mistakes(good(), TOKEN | {"HAITANG_TIMEZONE": "\udcff"})["timezone"]
    told = mistakes(good(timezone="Mars"), TOKEN | {"HAITANG_QUIET__\udcff": "x"})
    assert told.keys() == {"quiet.?", "timezone"}


# the file


def file_mistake(path: Path) -> str:
    with pytest.raises(ConfigError) as raised:
        load(path, TOKEN)
    (mistake,) = raised.value.mistakes
    assert mistake.key == str(path)
    return mistake.problem


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


def test_a_file_may_write_days_as_tomls_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace("holidays = []", "holidays = [2027-02-05]"))
    assert load(path, TOKEN).calendar.holidays == (date(2027, 2, 5),)


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

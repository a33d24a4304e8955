"""The command: its help, every mistake at once before anything starts, and who may be invited."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from folk import EXAMPLE

from bot.__main__ import main
from bot.endings import EXIT_CONFIG
from workflows.core.people import Role

TOKEN = f"100:canary-in-the-mine{'-' * 17}"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No HAITANG_ variable but these; a folder of one's own; an address where nobody answers."""
    for name in [n for n in os.environ if n.startswith("HAITANG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HAITANG_DATABASE__URL", f"sqlite+aiosqlite:///{tmp_path}/haitang.db")
    monkeypatch.setenv("HAITANG_TELEGRAM__BASE_URL", "http://127.0.0.1:9/bot")
    monkeypatch.chdir(tmp_path)
    yield
    structlog.reset_defaults()  # `run` set the logs up for a stderr that is closed now


def invite(*arguments: str) -> int:
    return main(["invite", "--config", str(EXAMPLE), *arguments])


COMMANDS = ["run", "check", "doctor", "backup", "restore", "dead-letters", "invite", "demo",
            "playground", "roster", "stations"]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0 and f"haitang {command}" in capsys.readouterr().out


def test_without_a_command_the_commands_are_named(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(name in told for name in ("run", "check", "invite", "demo"))


def test_check_says_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", TOKEN)
    assert main(["check", "--config", str(EXAMPLE)]) == 0
    assert re.match(r"ok: 2 communities, 12 categories", capsys.readouterr().out)


BAD = """
timezone = "Asia/Suzhou"
colour = "red"
[telegram]
mode = "webhook"
poll_timeout = 99
[[communities]]
name = "南环一"
street = "友新街道"
grids = [{ name = "1网格" }]
[[stations]]
code = "east"
name = "东站"
place = "9网格"
[[categories]]
key = "电梯"
"""
BROKEN = [
    "line 2: timezone", "line 3: colour", "line 6: [telegram] poll_timeout",
    "line 4: [telegram] token", "line 4: [telegram] webhook.url",
    "line 4: [telegram] webhook.secret", 'line 14: [[stations]] no. 1 "东站", place',
]  # fmt: skip


@pytest.mark.parametrize("command", ["run", "check"])
def test_every_mistake_is_told_at_once_and_nothing_is_started(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """# F60"""
    config = tmp_path / "bad.toml"
    config.write_text(BAD, "utf-8")
    assert main([command, "--config", str(config)]) == EXIT_CONFIG == 2
    told = capsys.readouterr().err
    assert all(f"{config}, {where}: " in told for where in BROKEN)
    assert f"{config}: fallback_category: " in told and len(told.splitlines()) == len(BROKEN) + 1
    assert not (tmp_path / "haitang.db").exists()


def test_a_file_that_is_no_toml_says_where_without_repeating_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """# F60, F58"""
    config = tmp_path / "bad.toml"
    config.write_text(f"[telegram]\ntoken = “{TOKEN}”\n", "utf-8")
    assert main(["run", "--config", str(config)]) == EXIT_CONFIG
    told = capsys.readouterr().err
    assert "line 2" in told and "canary" not in told


def test_a_config_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]):
    """# F60"""
    assert main(["run", "--config", "nowhere.toml"]) == EXIT_CONFIG
    assert capsys.readouterr().err.startswith("nowhere.toml:")


@pytest.mark.parametrize("command", ["check", "run", "doctor", "backup", "dead-letters"])
def test_where_there_is_no_config_toml_it_says_where_it_looked_and_what_to_do(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", TOKEN)
    assert main([command]) == EXIT_CONFIG
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith(f"config.toml: there is none in {tmp_path}: copy config.example.toml")


def test_config_toml_is_read_when_it_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "config.toml").write_text("colour = 1", "utf-8")
    assert main(["check"]) == EXIT_CONFIG
    told = capsys.readouterr().err
    assert "config.toml, line 1: colour: is an unknown key" in told
    assert "there is none" not in told and "communities: is empty" in told
    assert "petition.categories: is empty: add at least one [[petition.categories]]" in told


def test_the_environment_alone_is_enough(monkeypatch: pytest.MonkeyPatch):
    grids = [{"name": "1网格"}]
    community = [{"name": "南环一", "street": "友新街道", "grids": grids}]
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("HAITANG_COMMUNITIES", json.dumps(community))
    monkeypatch.setenv("HAITANG_CATEGORIES", '[{"key": "其他"}]')
    assert main(["check"]) == 0


# invitations


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--role", "boss", "--place", "1网格"), "--role boss: one of pioneer"),
        (("--role", "lead", "--place", "99网格"), "there are 南环一/1网格, 南环一/2网格"),
        (("--role", "lead", "--place", "南环一/1网个"), "is 南环一/1网格 meant?"),
        (("--role", "lead", "--place", "友新街道/南环一"), "must be a grid"),
        (("--role", "committee", "--place", "南环一/1网格"), "must be a community"),
        (("--role", "street", "--place", "南环一"), "must be a street"),
        (("--role", "pioneer"), "--place: is missing; there are 南环一/1网格"),
        (
            ("--role", "worker", "--place", "南环一/1网格", "--category", "飞船"),
            "there are 充电设施, 电梯",
        ),
    ],
)
def test_a_wrong_invitation_says_what_is_wrong(
    arguments: tuple[str, ...], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert invite(*arguments) == 2
    printed = capsys.readouterr()
    assert problem in printed.err and printed.out == ""
    assert not (tmp_path / "haitang.db").exists()


def test_an_invitation_needs_a_role(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        invite("--place", "南环一/1网格")
    assert ended.value.code == 2 and "--role" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.PIONEER, "南环一/1网格/3幢"),
        (Role.WORKER, "南环一/1网格"),
        (Role.COMMITTEE, "友新街道/南环一"),
        (Role.STREET, "友新街道"),
        (Role.ADMIN, ""),
    ],
)
def test_each_invitation_is_a_new_one(role: Role, place: str, capsys: pytest.CaptureFixture[str]):
    """Without a token what to send to the bot; each 24 random bytes, so never the same twice."""
    assert invite("--role", role, "--place", place) == 0
    assert invite("--role", role, "--place", place) == 0
    told = capsys.readouterr()
    printed = told.out.splitlines()
    assert len(set(printed)) == 2
    assert all(re.fullmatch(r"/start iv_[\w-]{32}", line) for line in printed)
    assert "no token is set" in told.err and "sends the bot the line above" in told.err


def test_with_a_token_that_cannot_be_asked_it_still_says_what_to_send(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """# F58"""
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", TOKEN)
    assert invite("--role", "lead", "--place", "南环一/1网格") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("/start iv_") and "canary" not in printed.out + printed.err
    assert "Telegram cannot be asked" in printed.err

"""Secrets: from the environment, or from files that others cannot read."""

from pathlib import Path

import pytest
from folk import EXAMPLE

from bot.config.settings import ConfigError, Settings, load

CANARY = f"100:canary-in-the-mine{'-' * 17}"


def mistakes(path: Path, **environ: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as raised:
        load(path, environ)
    assert CANARY not in str(raised.value)
    return {m.key: m.problem for m in raised.value.mistakes}


def token_file(folder: Path, mode: int, text: str = f"{CANARY}\n") -> dict[str, str]:
    path = folder / "token"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return {"HAITANG_TELEGRAM__TOKEN_FILE": str(path)}


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440])
def test_the_token_may_be_in_a_file_of_its_own(tmp_path: Path, mode: int):
    settings = load(EXAMPLE, token_file(tmp_path, mode))
    assert settings.telegram.token.get_secret_value() == CANARY


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660, 0o666])
def test_a_token_that_others_can_read_is_refused(tmp_path: Path, mode: int):
    """# F60"""
    told = mistakes(EXAMPLE, **token_file(tmp_path, mode))
    assert "chmod 600" in told["telegram.token_file"] and len(told) == 1


def test_the_environment_beats_the_file(tmp_path: Path):
    environ = token_file(tmp_path, 0o600, "200:other") | {"HAITANG_TELEGRAM__TOKEN": CANARY}
    assert load(EXAMPLE, environ).telegram.token.get_secret_value() == CANARY


def test_a_token_file_that_is_not_there_is_named():
    """# F60"""
    told = mistakes(EXAMPLE, HAITANG_TELEGRAM__TOKEN_FILE="/nowhere/token")
    assert told == {"telegram.token_file": "cannot be read: FileNotFoundError"}


def test_an_empty_token_file_is_no_token(tmp_path: Path):
    """# F60"""
    told = mistakes(EXAMPLE, **token_file(tmp_path, 0o600, "\n"))
    assert told == {"telegram.token_file": "is empty: put the token in it"}


def with_token(folder: Path, mode: int) -> Path:
    text = EXAMPLE.read_text("utf-8").replace('# token = ""', f'token = "{CANARY}"')
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_a_config_with_a_token_must_be_ones_own(tmp_path: Path):
    """# F60, F58"""
    told = mistakes(with_token(tmp_path, 0o644))
    assert "chmod 600" in told["telegram.token"] and len(told) == 1
    assert isinstance(load(with_token(tmp_path, 0o600), {}), Settings)


def test_a_config_without_secrets_may_be_read_by_all(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    path.chmod(0o644)
    assert load(path, {"HAITANG_TELEGRAM__TOKEN": CANARY})


def test_a_databases_password_is_a_secret_too(tmp_path: Path):
    """# F58"""
    path = tmp_path / "config.toml"
    url = "postgresql+asyncpg://haitang:canary-in@db/haitang"
    path.write_text(EXAMPLE.read_text("utf-8").replace("sqlite+aiosqlite:///data/haitang.db", url))
    path.chmod(0o644)
    assert set(mistakes(path, HAITANG_TELEGRAM__TOKEN=CANARY)) == {"database.url"}

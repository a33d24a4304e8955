"""The config's file and the token's: what is in them, or why it cannot be used."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.config.checks import NEEDED, ConfigError, Mistake, table

USUAL = "config.toml"
_COPY = "copy config.example.toml to it, and write your places in it"
_TOKEN_FILE = "telegram.token_file"  # noqa: S105 - the key's name
_WIDE = "“”‘’，：＝［］｛｝"  # what a Chinese keyboard types instead of TOML's own marks


def text_of(path: Path) -> str:
    """A file as tomllib takes it; Windows' editors put a mark in front and end lines their way."""
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def read_toml(path: Path | None) -> tuple[dict[str, Any] | None, list[Mistake]]:
    """A file's tree, or None and why it cannot be read; no path is an empty tree."""
    if path is None:
        return {}, []
    try:
        text = text_of(path)
        return tomllib.loads(text), []
    except FileNotFoundError:
        return None, [Mistake(str(path), _why_not_there(path))]
    except OSError as error:
        return None, [Mistake(str(path), f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return None, [Mistake(str(path), "is not UTF-8; save it with that encoding")]
    except tomllib.TOMLDecodeError as error:
        return None, [Mistake(str(path), _why_no_toml(str(error), text))]


def _why_not_there(path: Path) -> str:
    looked = "" if path.is_absolute() else f" in {Path.cwd()}"
    return f"there is no such file{looked}: {_COPY}"


def without_file(error: ConfigError) -> ConfigError:
    """The same where no file was read: what is empty for want of it is told as that."""
    rest = [one for one in error.mistakes if one.key.rpartition(".")[2] not in NEEDED]
    if len(rest) == len(error.mistakes):
        return error
    problem = f"there is none in {Path.cwd()}: {_COPY}, or say --config FILE"
    return ConfigError([Mistake(USUAL, problem), *rest])


def _why_no_toml(message: str, text: str) -> str:
    """Only where, not what: the line may be the one with the token."""
    found = re.search(r"line (\d+)", message)
    lines = text.splitlines() or [""]
    number = min(int(found[1]) if found else len(lines), len(lines))
    problem = f"is not valid TOML at line {number}"
    if any(mark in lines[number - 1] for mark in _WIDE):
        return f"{problem}: type quotes, commas and brackets with an English keyboard"
    return f"{problem}: quotes, brackets or an = may be missing, or a key is there twice"


def exposed_secrets(path: Path | None, data: Mapping[str, Any]) -> list[Mistake]:
    """A token or password in a config file that everybody on the machine can read."""
    if path is None or not _is_exposed(path):
        return []
    telegram, database = table(data, "telegram"), str(table(data, "database").get("url", ""))
    secrets = {
        "telegram.token": telegram.get("token"),
        "telegram.webhook.secret": table(telegram, "webhook").get("secret"),
        "database.url": re.search(r"//[^/@]*:[^/@]+@", database),
    }
    problem = f"is in a file that others can read: chmod 600 {path}, or set it in the environment"
    return [Mistake(key, problem) for key, secret in secrets.items() if secret]


def read_token_file(data: dict[str, Any]) -> tuple[dict[str, Any], list[Mistake]]:
    """The tree with the token that its `telegram.token_file` holds, or why it cannot be used."""
    telegram = table(data, "telegram")
    name = telegram.get("token_file")
    if not isinstance(name, str) or not name or telegram.get("token"):
        return data, []
    try:
        if _is_exposed(Path(name)):
            return data, [Mistake(_TOKEN_FILE, f"can be read by others: chmod 600 {name}")]
        token = Path(name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        return data, [Mistake(_TOKEN_FILE, f"cannot be read: {type(error).__name__}")]
    if not token:
        return data, [Mistake(_TOKEN_FILE, "is empty: put the token in it")]
    return {**data, "telegram": {**telegram, "token": token}}, []


def _is_exposed(path: Path) -> bool:
    """Whether people who do not own it may read or write it; a group may be let read."""
    return bool(path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP))

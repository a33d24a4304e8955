"""What is wrong with a config, all of it at once, in words for whoever edits the file.

The checks across sections read the raw tree, so that they find theirs whatever else is wrong.
No message repeats a value that could be secret.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workflows.core.errors import HaitangError
from workflows.core.places import Place, Places, UnknownPlaceError
from workflows.registry import CLOCKS, FIRST

PREFIX = "HAITANG_"
TOKEN_VARIABLE = f"{PREFIX}TELEGRAM__TOKEN"
_TOKEN_FILE = "telegram.token_file"  # noqa: S105 - the key's name
_WIDE = "“”‘’，：＝［］｛｝"  # what a Chinese keyboard types instead of TOML's own marks
FALLBACK = "其他"


@dataclass(frozen=True)
class Mistake:
    """One thing to put right: the key as in "communities.0.grids.1.name", and what is wrong."""

    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}"


class ConfigError(HaitangError):
    """The config cannot be used; `mistakes` says all that is wrong with it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def read_toml(path: Path | None) -> tuple[dict[str, Any] | None, list[Mistake]]:
    """A file's tree, or None and why it cannot be read; no path is an empty tree."""
    if path is None:
        return {}, []
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Windows' editors put a mark in front
        return tomllib.loads(text.replace("\r\n", "\n")), []
    except FileNotFoundError:
        return None, [Mistake(str(path), "there is no such file; copy config.example.toml")]
    except OSError as error:
        return None, [Mistake(str(path), f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return None, [Mistake(str(path), "is not UTF-8; save it with that encoding")]
    except tomllib.TOMLDecodeError as error:
        return None, [Mistake(str(path), _why_no_toml(str(error), text))]


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
    telegram, database = _table(data, "telegram"), str(_table(data, "database").get("url", ""))
    secrets = {
        "telegram.token": telegram.get("token"),
        "telegram.webhook.secret": _table(telegram, "webhook").get("secret"),
        "database.url": re.search(r"//[^/@]*:[^/@]+@", database),
    }
    problem = f"is in a file that others can read: chmod 600 {path}, or set it in the environment"
    return [Mistake(key, problem) for key, secret in secrets.items() if secret]


def read_token_file(data: dict[str, Any]) -> tuple[dict[str, Any], list[Mistake]]:
    """The tree with the token that its `telegram.token_file` holds, or why it cannot be used."""
    telegram = _table(data, "telegram")
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


def unknown_variables(environ: Mapping[str, str], fields: Iterable[str]) -> list[Mistake]:
    """Variables with our prefix that set nothing, as with one underscore where two belong."""
    known = set(fields)
    ours = (name for name in environ if name.upper().startswith(PREFIX))
    return [
        Mistake(name, "is no setting; sections are parted by two underscores")
        for name in ours
        if name[len(PREFIX) :].lower().split("__")[0] not in known
    ]


def explain(error: ValidationError) -> list[Mistake]:
    """pydantic's mistakes in plain words."""
    found = error.errors(include_url=False, include_input=False)
    told = [e for e in found if e["type"] != "too_short" or not _is_consequence(e, found)]
    return [Mistake(".".join(str(part) for part in e["loc"]), _problem(e)) for e in told]


def _is_consequence(short: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """Whether a list only counts as too short because what is in it does not fit."""
    loc = short["loc"]
    return any(len(e["loc"]) > len(loc) and e["loc"][: len(loc)] == loc for e in found)


_PROBLEMS = {
    "missing": "is missing",
    "extra_forbidden": "is an unknown key",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be {le:g} or less",
    "multiple_of": "must be a multiple of {multiple_of:g}",
    "finite_number": "must be a number",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be a list in [ ]",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_too_short": "is too short: at least {min_length} characters",
    "too_short": "is too short: at least {min_length}",
    "too_long": "is too long: at most {max_length}",
    "time_parsing": 'must be a time like "22:00"',
    "date_type": "must be a date like 2027-02-05",
    "date_from_datetime_parsing": "must be a date like 2027-02-05",
    "string_pattern_mismatch": "must be like {pattern}",
}
_PATTERNS = {
    "code": "may only have letters A-Z, digits, _ and -, at most 40",
    "locale": 'must be like "zh" or "zh_TW"',
    "path": "must begin with /",
    "name": "may not have a / in it",
    "street": "may not have a / in it",
}


def _problem(error: ErrorDetails) -> str:
    kind, loc, context = error["type"], error["loc"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch" and loc[-1] in _PATTERNS:
        return _PATTERNS[str(loc[-1])]
    if kind == "extra_forbidden" and loc[-2:-1] in {("sla",), ("urgent",), ("clocks",)}:
        return f"is no clock; the clocks are {', '.join(_clocks_around(loc))}"
    if context.get("min_length") == 1:
        return "is empty"
    return _PROBLEMS.get(kind, "does not fit").format(**context)


def _clocks_around(loc: tuple[int | str, ...]) -> Iterable[str]:
    """Those of the workflow in whose section this is; the first one's are in several."""
    kind = str(loc[0])
    return CLOCKS[kind if kind in CLOCKS else FIRST].usual


def check(data: Mapping[str, Any]) -> list[Mistake]:
    """What is wrong between the parts of a config tree."""
    return [
        mistake
        for found in (_empty, _webhook, _duplicates, _stations, _fallback, _ladder, _calendar)
        for mistake in found(data)
    ]


def check_token(data: Mapping[str, Any]) -> list[Mistake]:
    """The missing token, with where to put it."""
    telegram = data.get("telegram", {})
    if not isinstance(telegram, Mapping) or telegram.get("token") or telegram.get("token_file"):
        return []
    problem = f"is missing: set {TOKEN_VARIABLE}, or token_file under [telegram]"
    return [Mistake("telegram.token", problem)]


def _empty(data: Mapping[str, Any]) -> Iterator[Mistake]:
    for key in ("communities", "categories"):
        if not data.get(key):
            yield Mistake(key, f"is empty: add at least one [[{key}]]")


def _webhook(data: Mapping[str, Any]) -> Iterator[Mistake]:
    telegram = _table(data, "telegram")
    hook = _table(telegram, "webhook")
    if telegram.get("mode") == "webhook":
        for key in ("url", "secret"):
            if not hook.get(key):
                yield Mistake(f"telegram.webhook.{key}", "is missing: the webhook needs it")


def _duplicates(data: Mapping[str, Any]) -> Iterator[Mistake]:
    paths = [(f"{key}.name", path) for key, path in _places(data) if _is_whole(path)]
    codes = [(f"{key}.code", _text(row, "code")) for key, row in _rows(data, "stations")]
    kinds = [(f"{key}.key", _text(row, "key")) for key, row in _rows(data, "categories")]
    outside = [(f"{key}.key", _text(row, "key")) for key, row in _rows(data, "elsewhere")]
    for named in (paths, codes, kinds, outside):
        yield from _twice(named)


def _twice(named: list[tuple[str, str]]) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for key, name in named:
        if name and first.setdefault(name, key) != key:
            yield Mistake(key, f'"{name}" is there twice, first at {first[name]}')


def _stations(data: Mapping[str, Any]) -> Iterator[Mistake]:
    paths = [path for _, path in _places(data)]
    if not paths or not all(_is_whole(path) for path in paths):
        return  # a place without a name may be the one that is meant
    streets = {path.split("/")[0] for path in paths}
    places = Places({path: Place(path=path) for path in [*streets, *paths]})
    for key, row in _rows(data, "stations"):
        problem = _place_problem(_text(row, "place"), places)
        if problem:
            yield Mistake(f"{key}.place", problem)


def _place_problem(name: str, places: Places) -> str:
    """Why a station cannot stand here; without a grid nobody leads what is brought there."""
    if not name:
        return ""
    try:
        depth = places.by_path[places.resolve(name)].depth
    except UnknownPlaceError:
        several = [path for path in places.by_path if path.endswith("/" + name)]
        if several:
            return f'"{name}" can be {" or ".join(several)}: write more of the path'
        return f'there is no place "{name}"'
    return "" if depth >= 3 else f'"{name}" must be a grid or a building'


def _fallback(data: Mapping[str, Any]) -> Iterator[Mistake]:
    keys = [_text(row, "key") for _, row in _rows(data, "categories")]
    fallback = data.get("fallback_category", FALLBACK)
    if keys and all(keys) and isinstance(fallback, str) and fallback.strip() not in keys:
        yield Mistake("fallback_category", f'"{fallback}" is none of the categories')


_LADDERS = {"escalation": "after_hours", "urgent_escalation": "after_minutes"}


def _ladder(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """The first rung is the due moment itself, each other one later than the one before."""
    hours = _steps(data, "escalation", "after_hours")
    if hours and hours[0][0] == "escalation.0.after_hours" and hours[0][1] != 0:
        yield Mistake("escalation.0.after_hours", "must be 0: the first step is the due moment")
    for name, steps in _LADDERS.items():
        if data.get(name) == []:
            yield Mistake(name, "is empty: somebody must be told when time is up")
        for (_, before), (key, after) in pairwise(_steps(data, name, steps)):
            if after <= before:
                yield Mistake(key, f"must be more than {before:g}, the step before")


def _steps(data: Mapping[str, Any], ladder: str, name: str) -> list[tuple[str, float]]:
    """How long after each step of a ladder is, with its key, where that is a number."""
    found = ((f"{key}.{name}", row.get(name)) for key, row in _rows(data, ladder))
    return [(key, length) for key, length in found if isinstance(length, int | float)]


def _calendar(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """A day is one or the other."""
    calendar = _table(data, "calendar")
    closed, opened = calendar.get("holidays"), calendar.get("workdays")
    closed = [str(day) for day in closed] if isinstance(closed, list) else []
    for index, day in enumerate(opened if isinstance(opened, list) else []):
        if str(day) in closed:
            yield Mistake(f"calendar.workdays.{index}", f"{day} is under holidays too")


def _places(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The key and path of every community, grid, building and spot; a missing name leaves a gap."""
    for key, community in _rows(data, "communities"):
        path = f"{_text(community, 'street')}/{_text(community, 'name')}"
        yield key, path
        for grid_key, grid in _rows(community, "grids"):
            inner = f"{path}/{_text(grid, 'name')}"
            yield f"{key}.{grid_key}", inner
            for inner_key, row in chain(_rows(grid, "buildings"), _rows(grid, "spots")):
                yield f"{key}.{grid_key}.{inner_key}", f"{inner}/{_text(row, 'name')}"


def _is_whole(path: str) -> bool:
    return all(path.split("/"))


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, Mapping) else {}


def _rows(data: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables of a list with their keys, whatever else stands there."""
    found = data.get(key)
    for index, row in enumerate(found if isinstance(found, list) else []):
        if isinstance(row, Mapping):
            yield f"{key}.{index}", row


def _text(row: Mapping[str, Any], key: str) -> str:
    found = row.get(key)
    return found.strip() if isinstance(found, str) else ""

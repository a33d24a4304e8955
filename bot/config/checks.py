"""What is wrong with a config, all of it at once, in words for whoever edits the file.

The checks across sections read the raw tree, so that they find theirs whatever else is wrong.
No message repeats a value that could be secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, pairwise
from typing import Any

from workflows.core.errors import HaitangError
from workflows.core.places import Place, Places, UnknownPlaceError

FALLBACK = "其他"
NEEDED = ("communities", "categories")  # lists that may not be empty
TOKEN_VARIABLE = "HAITANG_TELEGRAM__TOKEN"  # noqa: S105 - the variable's name
TELEGRAM = "https://api.telegram.org/bot"
_TELEGRAMS = re.compile(r"\d+:[\w-]{35,}", re.ASCII)  # what @BotFather gives
_FEW = 12  # places that are all named
ANYWHERE = (1, 2, 3, 4)  # depths of a place
_LEVELS = {1: "street", 2: "community", 3: "grid", 4: "building"}


@dataclass(frozen=True)
class Mistake:
    """One thing to put right: the key as in "communities.0.grids.1.name", and what is wrong;
    `first` is the key where the same stands already. `where` and `at` are both as they are
    written, once that is known (see `telling.located`).
    """

    key: str
    problem: str
    first: str = ""
    where: str = ""
    at: str = ""

    def __str__(self) -> str:
        other = f", first at {self.at or self.first}" if self.first else ""
        return f"{self.where or self.key}: {self.problem}{other}"


class ConfigError(HaitangError):
    """The config cannot be used; `mistakes` says all that is wrong with it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def check(data: Mapping[str, Any]) -> list[Mistake]:
    """What is wrong between the parts of a config tree."""
    return [mistake for found in _BETWEEN for mistake in found(data)]


def check_token(data: Mapping[str, Any]) -> list[Mistake]:
    """The missing token, with where to put it."""
    telegram = data.get("telegram", {})
    if not isinstance(telegram, Mapping) or telegram.get("token") or telegram.get("token_file"):
        return []
    return [
        Mistake(
            "telegram.token", f"is missing: set {TOKEN_VARIABLE}, or token_file under [telegram]"
        )
    ]


def _empty(data: Mapping[str, Any]) -> Iterator[Mistake]:
    for key in NEEDED:
        if not data.get(key):
            yield Mistake(key, f"is empty: add at least one [[{key}]]")


def _token(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Another server may give tokens of its own form, as the playground does."""
    telegram = table(data, "telegram")
    token = _text(telegram, "token")
    is_telegrams = (_text(telegram, "base_url") or TELEGRAM).startswith(TELEGRAM)
    if is_telegrams and re.match(r"\d+:", token) and not _TELEGRAMS.fullmatch(token):
        problem = "is none of Telegram's: 35 letters, digits, _ or - follow the colon"
        yield Mistake("telegram.token", f"{problem}; copy all that @BotFather gives")


def _webhook(data: Mapping[str, Any]) -> Iterator[Mistake]:
    telegram = table(data, "telegram")
    hook = table(telegram, "webhook")
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
            yield Mistake(key, f'"{name}" is there twice', first[name])


def _stations(data: Mapping[str, Any]) -> Iterator[Mistake]:
    paths = [path for _, path in _places(data)]
    if not paths or not all(_is_whole(path) for path in paths):
        return  # a place without a name may be the one that is meant
    streets = {path.split("/")[0] for path in paths}
    places = Places({path: Place(path=path) for path in [*streets, *paths]})
    for key, row in _rows(data, "stations"):
        name = _text(row, "place")
        if problem := name and misplaced(name, places):
            yield Mistake(f"{key}.place", problem)


def misplaced(name: str, places: Places, depths: tuple[int, ...] = (3, 4)) -> str:
    """Why a place that is named so is none at these depths, with what could be meant; or ""."""
    if not name:
        return f"is missing; {_instead(name, places, depths)}"
    try:
        depth = places.by_path[places.resolve(name)].depth
    except UnknownPlaceError:
        several = [path for path in places.by_path if path.endswith("/" + name)]
        if several:
            return f'"{name}" can be {" or ".join(several)}: write more of the path'
        return f'there is no place "{name}"; {_instead(name, places, depths)}'
    return "" if depth in depths else f'"{name}" must be a {_levels(depths)}'


def _instead(name: str, places: Places, depths: tuple[int, ...]) -> str:
    """The place that was probably meant, else the widest there are, as they may be written."""
    known = {_short(one): one.depth for one in places.by_path.values() if one.depth in depths}
    if near := get_close_matches(name, known, n=1):
        return f"is {near[0]} meant?"
    widest = [short for short, depth in known.items() if depth == min(depths)]
    more = " …" if len(widest) > _FEW else ""
    return f"there are {', '.join(widest[:_FEW])}{more}"


def _short(place: Place) -> str:
    """A place without its street, where it lies in one."""
    return place.path.partition("/")[2] or place.path


def _levels(depths: tuple[int, ...]) -> str:
    return " or a ".join(_LEVELS[depth] for depth in depths)


def _fallback(data: Mapping[str, Any]) -> Iterator[Mistake]:
    keys = [_text(row, "key") for _, row in _rows(data, "categories")]
    fallback = data.get("fallback_category", FALLBACK)
    if keys and all(keys) and isinstance(fallback, str) and fallback.strip() not in keys:
        yield Mistake(
            "fallback_category", f'"{fallback}" is none of the categories: {", ".join(keys)}'
        )


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
    calendar = table(data, "calendar")
    closed, opened = calendar.get("holidays"), calendar.get("workdays")
    closed = [str(day) for day in closed] if isinstance(closed, list) else []
    for index, day in enumerate(opened if isinstance(opened, list) else []):
        if str(day) in closed:
            yield Mistake(f"calendar.workdays.{index}", f"{day} is under holidays too")


_BETWEEN = (_empty, _token, _webhook, _duplicates, _stations, _fallback, _ladder, _calendar)


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


def table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """What stands under a key, empty where that is no table."""
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

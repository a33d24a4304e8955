"""A locale's quick replies and its words for who is private, a community's own over them by key.

What is wrong with its own is a mistake to put right, and the built-in words hold in its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert

from bot.config.checks import ConfigError, Mistake
from bot.config.locales import locate, locate_of, locate_own, locate_own_of
from bot.config.sources.files import read_toml
from workflows.core.policy import Choices
from workflows.masking.words import PrivateWords
from workflows.registry import FIRST, REPLY_KEYS

REPLY = 30  # characters a button shows
_CHOICES = "choices.toml"
_Keys = Mapping[str, Collection[str]]
_Read = tuple[dict[str, Any], list[Mistake]]


def load_choices(
    locale: str, own: Path | None = None, categories: Collection[str] = ()
) -> dict[str, Choices]:  # fmt: skip
    """The quick replies of a locale, those of each workflow by its kind (see `policy.Choices`).

    `own` is a community's folder of this locale; what is wrong in it is left out (see
    `read_choices`). Raises ConfigError when the locale has none.
    """
    return read_choices(locale, own, categories)[0]


def read_choices(
    locale: str, own: Path | None = None, categories: Collection[str] = (),
    keys: _Keys = REPLY_KEYS,
) -> tuple[dict[str, Choices], list[Mistake]]:  # fmt: skip
    """The quick replies, and what is wrong with a community's own; `categories` are its kinds of
    problems, `keys` say what each workflow's replies are for.
    """
    if locate_of(FIRST, locale, _CHOICES) is None:
        raise ConfigError([Mistake("locale", f'there are no quick replies for "{locale}"')])
    found: dict[str, Choices] = {}
    mistakes: list[Mistake] = []
    for kind, known in keys.items():
        path = locate_of(kind, locale, _CHOICES)
        read, unread = _own_tree(locate_own_of(kind, own, _CHOICES))
        said = _flat(read)
        wrong = {k: why for k, v in said.items() if (why := _problem(k, v, categories, known))}
        sound = {key: value for key, value in said.items() if key not in wrong}
        builtin = _flat(built_in(path)) if path else {}
        found[kind] = {key: tuple(replies) for key, replies in (builtin | sound).items()}
        head = "choices" if kind == FIRST else f"{kind}/choices"
        mistakes += [*unread, *(Mistake(f"{head}.{key}", why) for key, why in wrong.items())]
    return found, mistakes


@cache
def built_in(path: Path) -> Mapping[str, Any]:
    """A file that comes with the bot, read once: it does not change while the bot runs."""
    return tomllib.loads(path.read_text("utf-8"))


def own_tree(locale: str, own: Path | None, name: str) -> _Read:
    """A community's file, where it has one that can be read."""
    return _own_tree(locate_own(locale, own, name))


def _own_tree(path: Path | None) -> _Read:
    if path is None:
        return {}, []
    tree, mistakes = read_toml(path)
    return tree or {}, mistakes


def _flat(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A file's keys as one level: "resolve", "电梯.resolve"."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        inner = value if isinstance(value, Mapping) else None
        flat |= {key: value} if inner is None else {f"{key}.{k}": v for k, v in inner.items()}
    return flat


def _problem(
    key: str, value: Any, categories: Collection[str], known: Collection[str]
) -> str:  # fmt: skip
    """Why these replies cannot be used, or ""."""
    category, _, action = key.rpartition(".")
    if category and category not in categories:
        return f'"{category}" is none of the categories'
    if action not in known:
        return f"asks for no words; what does: {', '.join(sorted(known))}"
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        return "must be a list of texts in [ ]"
    wrong = [reply for reply in value if not 0 < len(reply.strip()) <= REPLY]
    return f'"{wrong[0]}" must be 1 to {REPLY} characters' if wrong else ""


def read_private(locale: str, own: Path | None = None) -> tuple[PrivateWords, list[Mistake]]:
    """By which words of a locale a text says who somebody is, and what is wrong with one's own.

    None in a locale without: then numbers alone are known.
    """
    path = locate(locale, "private.toml")
    builtin = built_in(path) if path else {}
    found = {table: dict(entries) for table, entries in builtin.items()}
    read, mistakes = own_tree(locale, own, "private.toml")
    for table, key, value in keys_of(read):
        why = _no_private(table, key, value)
        if why:
            mistakes.append(Mistake(f"private.{table}.{key}".rstrip("."), why))
        else:
            found.setdefault(table, {})[key] = value
    return convert(found, PrivateWords), mistakes


def _no_private(table: str, key: str, value: Any) -> str:
    """Why these words cannot stand where the built-in ones stand, or ""."""
    try:
        convert({table: {key: value}}, PrivateWords, strict=True)
    except ValidationError:
        return "must be as it is in the built-in file: a text, or a list of texts"
    known = getattr(PrivateWords(), table, None)
    return "" if hasattr(known, key) else "is no word of the bot's"


def keys_of(tree: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every key of a file with its table; one that stands in no table as a table without keys."""
    for table, entries in tree.items():
        if not isinstance(entries, Mapping):
            yield table, "", entries
            continue
        yield from ((table, key, value) for key, value in entries.items())

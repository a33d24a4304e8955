"""The words of a locale by table and key, and a community's own in their place.

A workflow's own words stand under its kind, so that two may call different things by one key. What
is wrong with a community's own is a mistake to put right, and the built-in word holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from msgspec import Struct

from bot.config.checks import Mistake
from bot.config.locales import folders, own_folders
from bot.config.sources.files import read_toml
from bot.config.wording import built_in, keys_of

_FILE = "words.toml"
_Tables = Mapping[str, Mapping[str, Any]]


class Words(Struct, frozen=True, kw_only=True):
    """The words that need no kind, by table and key, and those of each workflow by its kind."""

    shared: _Tables
    by_kind: Mapping[str, _Tables]

    def table(self, name: str, kind: str = "") -> Mapping[str, Any]:
        """A whole table, as this workflow has it."""
        return {**self.shared.get(name, {}), **self.by_kind.get(kind, {}).get(name, {})}

    def find(self, key: str, table: str, kind: str = "") -> Any:
        """The word that this workflow has for it, or the shared one. Raises KeyError."""
        own = self.by_kind[kind].get(table, {}) if kind in self.by_kind else {}
        return own[key] if key in own else self.shared[table][key]

    def heard(self) -> dict[str, tuple[str, ...]]:
        """How words begin that a workflow takes for its own: its table [hears], by its kind."""
        tables = {kind: tables.get("hears", {}) for kind, tables in self.by_kind.items()}
        return {kind: tuple(table["words"]) for kind, table in tables.items() if table}


def read_words(locale: str, own: Path | None = None) -> tuple[Words, list[Mistake]]:
    """The words of a locale, and what is wrong with a community's own."""
    builtin = {f.name: built_in(f / _FILE) for f in folders(locale) if (f / _FILE).is_file()}
    words = {name: {t: dict(e) for t, e in tables.items()} for name, tables in builtin.items()}
    mistakes: list[Mistake] = []
    for path in own_folders(locale, own) if own else ():
        if (path / _FILE).exists():
            tree, wrong = read_toml(path / _FILE)
            mistakes += [*wrong, *_put(tree or {}, path.name, builtin, words)]
    return Words(shared=_merged(words), by_kind=words), mistakes


def _put(
    tree: Mapping[str, Any], folder: str, builtin: Mapping[str, _Tables],
    words: Mapping[str, dict[str, dict[str, Any]]],
) -> Iterator[Mistake]:  # fmt: skip
    """A file's words in the place of the built-in ones, those of its own folder before others."""
    names = sorted(builtin, key=lambda name: name != folder)
    for table, key, value in keys_of(tree):
        home = next((name for name in names if key in builtin[name].get(table, {})), "")
        why = _no_word(builtin[home][table][key], value) if home else "is no word of the bot's"
        if why:
            yield Mistake(f"words.{table}.{key}".rstrip("."), why)
        else:
            words[home][table][key] = value


def _merged(words: Mapping[str, _Tables]) -> dict[str, dict[str, Any]]:
    """All in one; where two folders have the same key, the first one's word."""
    merged: dict[str, dict[str, Any]] = {}
    for tables in words.values():
        for table, found in tables.items():
            there = merged.setdefault(table, {})
            there |= {key: word for key, word in found.items() if key not in there}
    return merged


def _no_word(builtin: Any, value: Any) -> str:
    """Why this cannot stand where the built-in word stands, or ""."""
    if isinstance(builtin, list):
        same = isinstance(value, list) and len(value) == len(builtin)
        fits = same and all(isinstance(one, str) for one in value)
        return "" if fits else f"must be a list of {len(builtin)} texts"
    if not isinstance(value, str) or not value.strip():
        return "must be text in quotes"
    return _no_pattern(builtin, value)


def _no_pattern(builtin: str, value: str) -> str:
    try:
        extra = _blanks(value) - _blanks(builtin)
    except ValueError:
        return "has a { or } without the other"
    known = ", ".join(sorted(_blanks(builtin))) or "no braces"
    return f"may only use {known}" if extra else ""


def _blanks(pattern: str) -> set[str]:
    """What a pattern is filled with, each as it is written."""
    parts = Formatter().parse(pattern)
    return {
        "{" + name + (f"!{how}" if how else "") + (f":{spec}" if spec else "") + "}"
        for _, name, spec, how in parts
        if name is not None
    }

"""The words by which a message is known for what it is, and a community's own added to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.config.checks import ConfigError, Mistake
from bot.config.locales import locate
from bot.config.wording import built_in, own_tree
from workflows.danger.language import Language, read_sign
from workflows.hearing.language import Hearing

_FILE = "hearing.toml"
_TABLES = ("whole", "buttons", "words", "topics")  # a community can add to these
_Tree = Mapping[str, Mapping[str, Any]]


def load_hearing(locale: str, own: Path | None = None) -> Hearing:
    """A locale's words with a community's own; what is wrong in those is left out. Raises
    ConfigError when the locale has none.
    """
    return read_hearing(locale, own)[0]


def read_hearing(locale: str, own: Path | None = None) -> tuple[Hearing, list[Mistake]]:
    """The words, and what is wrong with a community's own."""
    path = locate(locale, _FILE)
    if path is None:
        raise ConfigError([Mistake("locale", f'there are no words of hearing for "{locale}"')])
    said, mistakes = own_tree(locale, own, _FILE)
    if not said:
        return _built_in(path), mistakes
    tree, wrong = _joined(built_in(path), said)
    return _as_hearing(tree), [*mistakes, *wrong]


@cache
def _built_in(path: Path) -> Hearing:
    """The same value for everybody who changes nothing: its patterns are made once."""
    return _as_hearing(built_in(path))


def _joined(tree: _Tree, said: Mapping[str, Any]) -> tuple[_Tree, list[Mistake]]:
    """The built-in words and a community's own beside them."""
    joined = {name: dict(table) for name, table in tree.items()}
    mistakes = []
    for name, table in said.items():
        for key, value in table.items() if isinstance(table, Mapping) else [("", table)]:
            if name in _TABLES and key in joined[name] and isinstance(value, str):
                joined[name][key] += f" {value}"
            else:
                where = f"hearing.{name}.{key}".rstrip(".")
                mistakes.append(Mistake(where, "only words can be added, to what is there"))
    return joined, mistakes


def _as_hearing(tree: _Tree) -> Hearing:
    words, common = _split(tree["words"]), _split(tree["common"])
    return Hearing(
        whole=_split(tree["whole"]),
        buttons=_split(tree["buttons"]),
        signs=Language(
            words=words,
            dangers={kind: tuple(map(read_sign, s)) for kind, s in tree["signs"].items()},
        ),
        topics=_split(tree["topics"]),
        common=tuple(w for name in common["words"] for w in words[name]),
        numbers=common["numbers"],
    )


def _split(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words.split()) for name, words in table.items()}

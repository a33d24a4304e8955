"""The environment's part of a config: HAITANG_TELEGRAM__TOKEN is `token` under [telegram]."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from bot.config.checks import Mistake

PREFIX = "HAITANG_"
Path = tuple[str, ...]


def tree_of(environ: Mapping[str, str], sections: Collection[str]) -> dict[str, Any]:
    """The tree that our variables name, two underscores between table and key; empty ones count as
    unset, and what is said of a key beats what is said of its whole table.
    """
    tree: dict[str, Any] = {}
    for (section, *keys), name in paths(environ, sections).items():
        said = _read(_clean(environ[name]))
        for key in reversed(keys):
            said = {key: said}
        known = tree.setdefault(section, said)
        if isinstance(known, dict) and isinstance(said, dict):  # else it is told to be wrong
            tree[section] = merged(known, said)
    return tree


def paths(environ: Mapping[str, str], sections: Collection[str]) -> dict[Path, str]:
    """What our variables set that say something, with their names; a table before its keys."""
    ours = [name for name in sorted(environ, key=str.lower) if name.upper().startswith(PREFIX)]
    named = {tuple(_clean(name)[len(PREFIX) :].lower().split("__")): name for name in ours}
    return {path: name for path, name in named.items() if path[0] in sections and environ[name]}


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two trees as one; where both say something, `above` holds."""
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        are_tables = isinstance(old, Mapping) and isinstance(value, Mapping)
        both[key] = merged(old, value) if are_tables and old is not None else value
    return both


def unknown_variables(environ: Mapping[str, str], sections: Collection[str]) -> list[Mistake]:
    """Variables with our prefix that set nothing, as with one underscore where two belong."""
    ours = (name for name in environ if name.upper().startswith(PREFIX))
    return [
        Mistake(name, "is no setting; sections are parted by two underscores")
        for name in ours
        if name[len(PREFIX) :].lower().split("__")[0] not in sections
    ]


def _read(value: str) -> Any:
    """A list or table as JSON; anything else stays text, so that it is reported by its key."""
    try:
        read = msgspec.json.decode(value)
    except (ValueError, RecursionError):
        return value
    return read if isinstance(read, list | dict) else value


def _clean(value: str) -> str:
    """Bytes that are no UTF-8 arrive as lone surrogates, which nothing here can carry."""
    return value.encode("utf-8", "replace").decode()

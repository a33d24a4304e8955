"""Settings that moved: what is the first workflow's own stands in a section of its kind now.

A tree is brought to one shape before anything checks it, so the checks need not know where a key
stood; what is wrong is told by the key as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import fields

from bot.config.checks import Mistake
from workflows.registry import FIRST, SETTINGS

_ALONE = ("fallback_category", "sla", "urgent_escalation", "categories")
# The section, and the keys that stood at the top before it was there and are read on from there.
MOVED = {FIRST: (*(one.name for one in fields(SETTINGS[FIRST])), *_ALONE)}
_SECTION_OF = {key: section for section, keys in MOVED.items() for key in keys}
_NAMED = re.compile(rf"(?<![\w.])({'|'.join(_SECTION_OF)})(?=\]\])")  # within a sentence


def brought(tree: Mapping[str, Any]) -> tuple[dict[str, Any], list[Mistake]]:
    """A tree with what stands in the sections at its top, and what cannot stand there."""
    top = {key: value for key, value in tree.items() if key not in MOVED}
    mistakes = [mistake for section in MOVED for mistake in _wrong_in(section, tree)]
    for section, keys in MOVED.items():
        found = _table(tree, section)
        top = {key: found[key] for key in keys if key in found} | top
    return top, mistakes


def _wrong_in(section: str, tree: Mapping[str, Any]) -> Iterator[Mistake]:
    if not isinstance(tree.get(section, {}), Mapping):
        yield Mistake(section, "must be a table")
    for key in _table(tree, section):
        if key not in MOVED[section]:
            yield Mistake(f"{section}.{key}", "is an unknown key")
        elif key in tree:
            yield Mistake(key, f"is there twice, also as {section}.{key}")


def old_keys(trees: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys that still stand where an earlier version had them."""
    return sorted({key for tree in trees for key in tree if key in _SECTION_OF})


def place_of(key: str) -> str:
    """Where a key that moved stands now, as in "petition.sla"."""
    return f"{_SECTION_OF[key]}.{key}"


def as_written(mistakes: Iterable[Mistake], trees: Iterable[Mapping[str, Any]]) -> list[Mistake]:
    """The mistakes by the keys these trees have: the new ones in a section that is used at all, and
    where no old key is.
    """
    trees = list(trees)
    is_new = not old_keys(trees)
    used = {section for section in MOVED if is_new or any(section in tree for tree in trees)}
    moved = {key for key, section in _SECTION_OF.items() if section in used} - {*old_keys(trees)}
    return [_renamed(mistake, moved) for mistake in mistakes]


def _renamed(mistake: Mistake, moved: set[str]) -> Mistake:
    problem = _NAMED.sub(lambda m: place_of(m[1]) if m[1] in moved else m[1], mistake.problem)
    key, first = _key(mistake.key, moved), _key(mistake.first, moved)
    return Mistake(key, problem, first)


def _key(key: str, moved: set[str]) -> str:
    first, dot, rest = key.partition(".")
    return place_of(first) + dot + rest if first in moved else key


def _table(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = tree.get(key)
    return found if isinstance(found, Mapping) else {}

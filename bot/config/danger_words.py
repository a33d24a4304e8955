"""The words by which dangers are known in a locale, and a community's own added to them.

What is wrong with its own is a mistake to put right, and the built-in words hold in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.config.checks import ConfigError, Mistake
from bot.config.danger_ear import read_ear
from bot.config.locales import locate
from bot.config.wording import built_in, own_tree
from workflows.danger.language import Language, read_sign

_FILE = "danger.toml"


def load_danger(locale: str, own: Path | None = None) -> Language:
    """A locale's words of danger with a community's own; what is wrong in those is left out.

    Raises ConfigError when the locale has none.
    """
    return read_danger(locale, own)[0]


def read_danger(locale: str, own: Path | None = None) -> tuple[Language, list[Mistake]]:
    """The words, and what is wrong with a community's own."""
    path = locate(locale, _FILE)
    if path is None:
        raise ConfigError([Mistake("locale", f'there are no words of danger for "{locale}"')])
    language, mistakes = _with_own(locale, path, own)
    ear, more = read_ear(locale, own)
    same = language if ear is language.ear else replace(language, ear=ear)
    return same, [*mistakes, *more]


def _with_own(locale: str, path: Path, own: Path | None) -> tuple[Language, list[Mistake]]:
    """The built-in words, a community's own added."""
    tree, (said, mistakes) = built_in(path), own_tree(locale, own, _FILE)
    if not said:
        return _language(locale, path), mistakes
    wrong = dict(_wrong(tree["words"], said))
    mistakes += [Mistake(f"danger.{key}", why) for key, why in wrong.items()]
    table = said.get("words")
    more = table if isinstance(table, Mapping) else {}
    sound = {key: value for key, value in more.items() if f"words.{key}" not in wrong}
    language = _as_language({**tree, "words": _joined(tree["words"], sound)})
    return language.trusting(_added(sound)), mistakes


@cache
def _language(locale: str, path: Path) -> Language:
    """The same value for everybody who changes nothing: its patterns are made once."""
    ear = read_ear(locale)[0]
    return replace(_as_language(built_in(path)), ear=ear)


def _wrong(known: Mapping[str, str], said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a community's file says that cannot be used, by key."""
    for key in said.keys() - {"words"}:
        yield key, "cannot be changed: only words can be added, under [words]"
    words = said.get("words", {})
    if not isinstance(words, Mapping):
        yield "words", "must be a table: [words]"
        return
    for key, value in words.items():
        if key not in known:
            yield f"words.{key}", f"is no class of words; there are: {', '.join(known)}"
        elif not isinstance(value, str):
            yield f"words.{key}", "must be words in quotes, with a space between them"


def _added(more: Mapping[str, str]) -> Iterator[str]:
    words = (word for value in more.values() for word in value.split())
    return (word for word in words if not word.startswith("-"))


def _joined(words: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The built-in words and the others; one with a minus before it is taken away."""
    joined = {}
    for key, value in words.items():
        added = more.get(key, "").split()
        out = {word[1:] for word in added if word.startswith("-")}
        kept = [word for word in value.split() if word not in out]
        joined[key] = " ".join([*kept, *(word for word in added if not word.startswith("-"))])
    return joined


def _as_language(tree: Mapping[str, Any]) -> Language:
    letters = tree["letters"]
    return Language(
        words={name: tuple(words.split()) for name, words in tree["words"].items()},
        dangers={kind: tuple(map(read_sign, s)) for kind, s in tree["dangers"].items()},
        harmless=tuple(map(read_sign, tree["harmless"])),
        judged=tree["judged"],
        over=tree["over"],
        lasting=frozenset(tree["lasting"]),
        threatened=frozenset(tree["threatened"]),
        letters=str.maketrans(letters["from"], letters["to"]),
        spelling=tree["spelling"],
    )

"""The staff's own words, each with what a resident is told instead, and where one stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from template_names import FILES, ROOT

LIST = ROOT / "tests" / "data" / "plain_words.csv"


def _read() -> dict[str, str]:
    with LIST.open(encoding="utf-8") as file:
        return {row["word"]: row["instead"] for row in csv.DictReader(file)}


INSTEAD = _read()
OFFICE = re.compile("|".join(sorted(map(re.escape, INSTEAD), key=len, reverse=True)))
TEXTS = {path: path.read_text("utf-8") for path in FILES}
TEXTS |= {path: path.read_text("utf-8") for path in (ROOT / "templates/zh").glob("*/words.toml")}
_INCLUDED = re.compile(r'(?:include|extends|from) "(\w+)\.html"')
_HINT = "; if only staff read it, name it in STAFFS of tests/templates/test_resident_words.py"


def complaints(template: str, texts: Iterable[str]) -> list[str]:
    """Each staff word that a resident reads in this message: its files, and what to say."""
    words = {word for text in texts for word in OFFICE.findall(text)}
    return [
        f"{', '.join(_where(template, word))}: 「{word}」, say 「{INSTEAD[word]}」{_HINT}"
        for word in sorted(words)
    ]


def _where(template: str, word: str) -> list[str]:
    """The files that the word can have come from: the message's own, else those of all words."""
    own = [path for path in _parts(template) if word in TEXTS[path]]
    found = own or [path for path in TEXTS if path.name == "words.toml" and word in TEXTS[path]]
    return [str(path.relative_to(ROOT)) for path in found]


def _parts(template: str) -> Iterator[Path]:
    """A message's file, what it includes, and the cards that it can show."""
    named = {path.stem: path for path in FILES}
    parts = {template, *_INCLUDED.findall(TEXTS[named[template]])}
    cards = {name for name in named if name.startswith("_card_") and name.endswith("resident")}
    yield from (named[name] for name in sorted(parts | cards) if name in named)

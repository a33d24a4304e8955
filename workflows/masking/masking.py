"""Whatever tells who somebody is, taken out of what people wrote: what and where stay to be read.

Every text of one person that another is shown goes through here. It is read once in a folded form
(narrow, small, without what cannot be seen), a character for a character, so that what is found
there is hidden in the text itself. Every pattern is bounded: the time grows with the text alone.
Measured by `python -m benchmarks.masking`; docs/masking.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, normalize

from workflows.masking import patterns
from workflows.masking.parts import HIDE, KEPT
from workflows.masking.words import PrivateWords

HIDDEN = "•••"
_UNSEEN = {"Cf", "Mn", "Me", "Cc"}
_REMEMBERED = 1024  # texts: a neighbour's is shown with every preview of the same place
_Span = tuple[int, int]


def excerpt(text: str, most: int, words: PrivateWords) -> str:
    """A text on one line, masked and only then cut: no cut lets half a number through."""
    return masked(" ".join(text.split()), words)[:most]


@lru_cache(maxsize=_REMEMBERED)
def masked(text: str, words: PrivateWords) -> str:
    """A text with whatever identifies somebody hidden."""
    folded, places = _folded(text)
    shown, at = [], 0
    for start, end in _joined(_found(folded, words), folded):
        shown += [text[at : places[start]], HIDDEN]
        at = places[end - 1] + 1
    return "".join([*shown, text[at:]])


def _folded(text: str) -> tuple[str, list[int]]:
    """The text narrow and small, and where each of its characters stands in the text."""
    pairs = [(_plain(c), i) for i, c in enumerate(text) if category(c) not in _UNSEEN]
    return "".join(c for c, _ in pairs), [i for _, i in pairs]


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """One character for one: "Ａ" and "①" have a plain one, "㎡" stays as it is."""
    found = normalize("NFKC", character).lower()
    return found if len(found) == 1 else character


def _found(folded: str, words: PrivateWords) -> Iterator[_Span]:
    """Where something to hide stands; what matched as KEPT is passed over."""
    for pattern in patterns.compiled(words):
        for match in pattern.finditer(folded):
            if match.lastgroup != KEPT:
                yield match.span(HIDE)


def _joined(spans: Iterator[_Span], folded: str) -> Iterator[_Span]:
    """The spans in order; those that overlap, or have only a sign between them, are one."""
    begun: _Span | None = None
    for start, end in sorted(spans):
        if begun is None:
            begun = (start, end)
        elif start <= begun[1] or not folded[begun[1] : start].strip(" -_.·:/()"):
            begun = (begun[0], max(begun[1], end))
        else:
            yield begun
            begun = (start, end)
    if begun:
        yield begun

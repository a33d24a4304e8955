"""Both judges of danger together: the signs that words are, and the ear for how it sounds.

What a sign says counts, unless the ear is sure of no danger there. Where no sign stands, what the
ear is sure of counts. What is set aside as denied, over or feared, the ear does not bring back. A
community's own words need no ear.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from workflows.danger.ear import Ear, likeliest, likelihood, pieces
from workflows.danger.judge import is_meant
from workflows.danger.language import OTHER
from workflows.danger.signs import Heard, Parts, Span

_Placed = tuple[str, Parts, Span]  # a sign's kind and words, and the stretch around them


def judged(heard: Heard, ear: Ear) -> Iterator[str]:
    """The kinds of danger in a message, some of them repeatedly."""
    spans = pieces(heard.said)
    signs = [(kind, parts, _around(spans, parts)) for kind, parts in heard.signs()]
    yield from _meant(heard, ear, signs)
    yield from _sounding(heard, ear, _silent(spans, signs))


def _meant(heard: Heard, ear: Ear, signs: Sequence[_Placed]) -> Iterator[str]:
    """What signs say, where the ear does not doubt it."""

    @cache
    def is_doubted(start: int, end: int) -> bool:
        return likelihood(heard.said.text[start:end], ear) < ear.doubt

    for kind, parts, around in signs:
        is_sure = _is_own(heard, parts) or not is_doubted(*around)
        if is_sure and is_meant(heard, kind, parts):
            yield kind


def _sounding(heard: Heard, ear: Ear, spans: Sequence[Span]) -> Iterator[str]:
    """What the ear alone is sure of."""
    for start, end in spans:
        text = heard.said.text[start:end]
        if likelihood(text, ear) > ear.sure:
            yield likeliest(text, ear) or OTHER


def _around(spans: Sequence[Span], parts: Parts) -> Span:
    """From the beginning to the end of the pieces in which a sign's words stand."""
    first, last = (bisect_right(spans, at, key=_start) - 1 for at in (parts[0][0], parts[-1][0]))
    return spans[first][0], spans[last][1]


def _silent(spans: Sequence[Span], signs: Sequence[_Placed]) -> list[Span]:
    """The pieces that no sign touches."""
    touched: set[int] = set()
    for start, end in {around for _, _, around in signs}:
        first, last = (bisect_right(spans, at, key=_start) for at in (start, end - 1))
        touched.update(range(first - 1, last))
    return [span for at, span in enumerate(spans) if at not in touched]


def _start(span: Span) -> int:
    return span[0]


def _is_own(heard: Heard, parts: Parts) -> bool:
    """Whether one of its words is the community's own."""
    return any(heard.said.text[start:end] in heard.language.own for start, end in parts)

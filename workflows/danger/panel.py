"""Both judges of danger together: the signs that words are, and the ear for how it sounds.

What a sign says counts, unless the ear is sure of no danger there. Where no sign stands, what the
ear is sure of counts. What is set aside as denied, over or feared, the ear does not bring back. A
community's own words need no ear.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from workflows.danger.ear import (
    AT_ONCE,
    Ear,
    Span,
    likeliest,
    likelihood,
    pieces,
    sure_of_one,
    windows,
)  # fmt: skip
from workflows.danger.judge import is_meant
from workflows.danger.language import OTHER
from workflows.danger.signs import Heard, Parts
from workflows.danger.text import Said


def judged(heard: Heard, ear: Ear) -> Iterator[str]:
    """The kinds of danger in a message, some of them repeatedly."""
    text, signs = heard.said.text, list(heard.signs())
    stretches = Stretches.of(heard.said)

    @cache
    def chance(span: Span) -> float:
        return likelihood(text[slice(*span)], ear)

    for kind, parts in signs:
        is_heard = any(chance(span) >= ear.doubt for span in stretches.around(parts))
        if (is_heard or _is_own(heard, parts)) and is_meant(heard, kind, parts):
            yield kind
    touched = {at for _, parts in signs for span in parts for at in range(*span)}
    needed = sure_of_one(ear, len(stretches.spans))
    for span in stretches.spans:
        if chance(span) > needed and touched.isdisjoint(range(*span)):
            yield likeliest(text[slice(*span)], ear) or OTHER


class Stretches(Struct, frozen=True, kw_only=True):
    """What the ear judges at once: `spans` in order, and which of them are `whole` sentences."""

    said: Said
    spans: list[Span]
    whole: set[Span]

    @classmethod
    def of(cls, said: Said) -> Stretches:
        """Those of a message."""
        whole = pieces(said)
        spans = [span for piece in whole for span in windows(said, piece)]
        return cls(said=said, spans=spans, whole=set(whole))

    def around(self, parts: Parts) -> list[Span]:
        """Where a sign is judged: its sentence; of a long one, parts and its own clause."""
        start, end = parts[0][0], max(end for _, end in parts)
        first = bisect_left(self.spans, end, key=lambda span: span[1])
        last = bisect_right(self.spans, start, key=lambda span: span[0])
        near = self.spans[first:last]
        return near if self.whole.intersection(near) else [*near, self._clause(start, end)]

    def _clause(self, start: int, end: int) -> Span:
        """From the clause's beginning to its end, or the sign alone where that is long."""
        first, last = self.said.clause(start)[0], self.said.clause(end - 1)[1]
        return (first, last) if last - first <= AT_ONCE else (start, end)


def _is_own(heard: Heard, parts: Parts) -> bool:
    """Whether one of its words is the community's own."""
    return any(heard.said.text[start:end] in heard.language.own for start, end in parts)

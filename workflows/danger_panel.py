"""Both judges of danger together: the signs that words are, and the ear for how it sounds.

What a sign says counts, unless the ear is sure of no danger there. Where no sign stands, what the
ear is sure of counts. What is set aside as denied, over or feared, the ear does not bring back. A
community's own words need no ear.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from workflows.danger_ear import AT_ONCE, Ear, Span, likeliest, likelihood, pieces, sure_of_one, windows
from workflows.danger_judge import is_meant
from workflows.danger_language import OTHER
from workflows.danger_signs import Heard, Parts
from workflows.danger_text import Said

_Chance = Callable[[Span], float]


def judged(heard: Heard, ear: Ear) -> Iterator[str]:
    """The kinds of danger in a message, some of them repeatedly."""
    text, signs = heard.said.text, list(heard.signs())

    @cache
    def chance(span: Span) -> float:
        return likelihood(text[slice(*span)], ear)

    spans = pieces(heard.said)
    yield from _meant(heard, signs, spans, lambda span: chance(span) >= ear.doubt)
    touched = {at for _, parts in signs for span in parts for at in range(*span)}
    tried = [span for piece in spans for span in windows(heard.said, piece)]
    needed = sure_of_one(ear, len(tried))
    for span in tried:
        if chance(span) > needed and touched.isdisjoint(range(*span)):
            yield likeliest(text[slice(*span)], ear) or OTHER


def _meant(
    heard: Heard,
    signs: Sequence[tuple[str, Parts]],
    spans: Sequence[Span],
    is_likely: Callable[[Span], bool],
) -> Iterator[str]:
    """What signs say, where the ear does not doubt it."""
    for kind, parts in signs:
        around = _around(heard.said, spans, parts)
        if _is_own(heard, parts) or any(map(is_likely, around)):
            if is_meant(heard, kind, parts):
                yield kind


def _around(said: Said, spans: Sequence[Span], parts: Parts) -> list[Span]:
    """The stretches in which a sign is judged: its sentence, or parts of a long one."""
    start, end = parts[0][0], max(end for _, end in parts)
    piece = spans[bisect_right(spans, start, key=lambda span: span[0]) - 1]
    if end <= piece[1] <= piece[0] + AT_ONCE:
        return [piece]
    near = [span for span in windows(said, piece) if span[0] <= start and end <= span[1]]
    return [*near, (said.clause(start)[0], said.clause(end - 1)[1])]


def _is_own(heard: Heard, parts: Parts) -> bool:
    """Whether one of its words is the community's own."""
    return any(heard.said.text[start:end] in heard.language.own for start, end in parts)

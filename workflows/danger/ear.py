"""How a stretch of text sounds: like danger or not, and like which; labelled sentences taught it.

One to three characters in a row weigh for danger or against it. Their sum, over the root of how
many different ones there are, is the score: a long harmless text does not add up to an alarm.
`python -m benchmarks.danger_training` teaches; docs/danger.md has the figures.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import pairwise
from math import exp, sqrt

from msgspec import Struct

from workflows.danger.text import Said

Span = tuple[int, int]
AT_ONCE = 28  # characters: about as long as most of the sentences that it was taught by
LONGEST = 3  # characters in a row that weigh together
UNIT = 100  # weights are whole numbers: the same sum in whatever order
_UTMOST = 30  # beyond it nothing is surer
_PIECE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")


class Weights(Struct, frozen=True, kw_only=True):
    """What speaks for something (above 0) and against it, in hundredths."""

    bias: int
    grams: Mapping[str, int]


# The same one all along, as the language that it belongs to.
class Ear(Struct, frozen=True, kw_only=True, eq=False):
    """`danger` against no danger; `kinds`, each against the others; and from where on it counts.

    Below `doubt` it is sure of no danger, above `sure` of one, above `clear` of which.
    """

    danger: Weights
    kinds: Mapping[str, Weights]
    doubt: float
    sure: float
    clear: float


def pieces(said: Said) -> list[Span]:
    """The sentences of a message; what was sent or written as a line is one, too."""
    return [found.span() for found in _PIECE.finditer(said.text)]


def windows(said: Said, piece: Span) -> list[Span]:
    """The stretches of a piece that are judged at once: all of it, or whole clauses in turn.

    A danger between commas, within a long complaint, would not be heard in all of it.
    """
    start, end = piece
    if end - start <= AT_ONCE:
        return [piece]
    cuts = _cuts(said, piece)
    found = [(start, start)]
    for cut in cuts[:-1]:
        last = cuts[bisect_right(cuts, cut + AT_ONCE) - 1]
        if last > found[-1][1]:
            found.append((cut, last))
    return found[1:]


def _cuts(said: Said, piece: Span) -> list[int]:
    """Where clauses begin, and where a long one is cut, to the end."""
    start, end = piece
    first, last = bisect_right(said.pauses, start), bisect_left(said.pauses, end)
    clauses = pairwise([start, *said.pauses[first:last], end])
    return [*(cut for clause in clauses for cut in range(*clause, AT_ONCE)), end]


def grams(text: str) -> set[str]:
    """Everything that weighs, once each."""
    line = text.replace("\n", "，")
    return {
        line[at : at + length]
        for length in range(1, LONGEST + 1)
        for at in range(len(line) - length + 1)
    }


def likelihood(text: str, ear: Ear) -> float:
    """From 0, no danger, to 1."""
    return 1 / (1 + exp(-_score(grams(text), ear.danger)))


def sure_of_one(ear: Ear, tried: int) -> float:
    """How likely one of several stretches must be: among many, some sound like anything."""
    odds = ear.sure / (1 - ear.sure) * sqrt(tried)
    return odds / (1 + odds)


def likeliest(text: str, ear: Ear) -> str | None:
    """The kind of danger that it sounds like, where that is clear among all kinds."""
    found = grams(text)
    odds = {kind: exp(_score(found, weights)) for kind, weights in ear.kinds.items()}
    best = max(odds, key=odds.__getitem__, default=None)
    return best if best and odds[best] > ear.clear * sum(odds.values()) else None


def _score(found: set[str], weights: Weights) -> float:
    known = weights.grams
    total = sum(known[gram] for gram in found if gram in known)
    score = (weights.bias + total / sqrt(len(found) or 1)) / UNIT
    return max(min(score, _UTMOST), -_UTMOST)

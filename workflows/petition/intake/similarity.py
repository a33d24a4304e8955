"""Whether two petitions are about the same thing: place first, then words, then category.

The same words in another estate score as high as a paraphrase in this one (TRAPS), so no words
count before the place fits. Measured by `python -m benchmarks.duplicates`; docs/duplicates.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from msgspec import Struct

from workflows.core.places import covers
from workflows.core.placing.buildings import without_buildings
from workflows.core.policy import Rules
from workflows.petition.intake.suggestion import headline, suggest
from workflows.petition.settings import Elsewhere

AT_MOST = 3
_ALIKE = 0.2  # within one category, or one kind of matter that others decide
_ALIKE_ANYHOW = 0.26  # otherwise
_IN_HEADLINE = 0.4  # a headline's share of the score
_UNSAID = 4  # as if each had said so many pairs more: two short sentences prove little
_AS_LIKELY = 0.5  # of the best score: likely enough to lead when most people follow it
_NO_WORDS = re.compile(r"[\W_]+")


class Said(NamedTuple):
    """What of an open ticket says whether another petition repeats it; `followers` is how many."""

    id: int
    place: str
    category: str
    text: str
    followers: int = 0


class Pairs(Struct, frozen=True):
    """What a text says, as pairs of neighbouring characters: all of it, and its headline."""

    every: frozenset[str]
    headline: frozenset[str]


@lru_cache(maxsize=1024)  # the newest of a score of places
def pairs(text: str) -> Pairs:
    """A text's pairs, without punctuation and the buildings' numbers."""
    every, first = bigrams(text), bigrams(headline(text))
    return Pairs(every=every, headline=every if first == every else first)


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters, without punctuation and the buildings' numbers."""
    bare = _NO_WORDS.sub("", without_buildings(text)).lower()
    # People use the same words: a pair is kept once for all the texts that are remembered.
    return frozenset(intern(bare[i : i + 2]) for i in range(len(bare) - 1))


def alike(one: Pairs, other: Pairs) -> float:
    """From 0 to nearly 1: how much of the shorter the longer says too, and of a headline."""
    held = len(one.every & other.every)
    if not held:  # a headline is part of the text
        return 0
    shorter = min(len(one.every), len(other.every))
    heads = max(
        len(one.headline & other.every) / (len(one.headline) + _UNSAID),
        len(other.headline & one.every) / (len(other.headline) + _UNSAID),
    )
    return (1 - _IN_HEADLINE) * (held / (shorter + _UNSAID)) + _IN_HEADLINE * heads


def is_near(place: str, other: str) -> bool:
    """The same building, or one grid where one of the two does not say the building."""
    is_known = min(place.count("/"), other.count("/")) >= 2
    return is_known and (covers(place, other) or covers(other, place))


def most_alike(
    place: str, category: str, text: str, tickets: Iterable[Said], rules: Rules
) -> tuple[int, ...]:
    """The ids of the open tickets that a new petition may repeat, three at most.

    First the one to gather at: of those about as likely as the best, the one most people follow,
    then the oldest. The others by likeness, then the newest.
    """
    said, kind, several = pairs(text), _kind(category, text, rules), list(tickets)
    near = {other for other in {t.place for t in several} if is_near(place, other)}
    scores = {other: alike(said, pairs(other)) for other in {t.text for t in several}}
    scored = [(s, t) for t in several if (s := scores[t.text]) >= _ALIKE and t.place in near]
    likely = sorted(((s, t) for s, t in scored if _is_enough(s, kind, t, rules)), reverse=True)
    if not likely:
        return ()
    enough = likely[0][0] * _AS_LIKELY
    *_, first = max((t.followers, -t.id, t) for s, t in likely if s >= enough)
    return (first.id, *(t.id for _, t in likely[:AT_MOST] if t is not first))[:AT_MOST]


def _kind(category: str, text: str, rules: Rules) -> str | Elsewhere | None:
    """The category, or what kind of matter it is that others decide; None where neither shows."""
    is_known = category not in {"", rules.fallback_category}
    return category if is_known else suggest(text, rules).elsewhere


def _is_enough(score: float, kind: str | Elsewhere | None, ticket: Said, rules: Rules) -> bool:
    """Whether they are alike enough; fewer words will do where both are of one kind."""
    if kind is None or not _ALIKE <= score < _ALIKE_ANYHOW:
        return score >= _ALIKE_ANYHOW
    return kind == _kind(ticket.category, ticket.text, rules)

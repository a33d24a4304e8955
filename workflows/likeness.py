"""Whether two petitions are about the same thing: place first, then category, then words.

The same words in another estate score as high as a paraphrase in this one (TRAPS), so no words
count before the place fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from workflows.model import Ticket, covers
from workflows.places import without_buildings
from workflows.rules import Rules

AT_MOST = 3
_ALIKE = 0.25  # within one category
_ALIKE_ANYHOW = 0.4  # where one of the two was given no category
_NO_WORDS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"(?:\d[ \-]?){2,}\d")  # telephones, rooms, identity cards


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters, without punctuation and the buildings' numbers."""
    bare = _NO_WORDS.sub("", without_buildings(text)).lower()
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the shorter text the longer one says too, from 0 to 1."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def is_near(place: str, other: str) -> bool:
    """The same building, or one grid where one of the two does not say the building."""
    is_known = min(place.count("/"), other.count("/")) >= 2
    return is_known and (covers(place, other) or covers(other, place))


def masked(text: str, most: int) -> str:
    """A text on one line, cut, without the numbers by which people could be found."""
    return _NUMBERS.sub("•••", " ".join(text.split()))[:most]


def most_alike(
    place: str, category: str, text: str, tickets: Iterable[Ticket], rules: Rules
) -> tuple[Ticket, ...]:
    """The open tickets that a new petition may repeat: most alike first, then the newest."""
    words = bigrams(text)
    scored = [
        (_score(category, words, ticket, rules), ticket)
        for ticket in tickets
        if ticket.is_open and is_near(place, ticket.place)
    ]
    likely = sorted((s, t.id, t) for s, t in scored if s)
    return tuple(ticket for _, _, ticket in reversed(likely[-AT_MOST:]))


def _score(category: str, words: frozenset[str], ticket: Ticket, rules: Rules) -> float:
    """0 where category or words keep them apart."""
    unknown = {"", rules.fallback_category}
    is_same = category == ticket.category
    if not is_same and not unknown & {category, ticket.category}:
        return 0.0
    enough = _ALIKE if is_same and category not in unknown else _ALIKE_ANYHOW
    score = alike(words, bigrams(ticket.text))
    return score if score >= enough else 0.0

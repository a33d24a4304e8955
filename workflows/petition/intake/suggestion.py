"""What a petition's words suggest: its category, and whether somebody else decides such matters.

Measured by `python -m benchmarks.categories`; docs/categories.md has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import sqrt
from typing import TypeVar

from msgspec import Struct

from workflows.core.policy import Category, Rules
from workflows.petition.settings import Elsewhere, PetitionSettings

_AT_MOST = 2
_IN_HEADLINE = 2.0  # what a headline says counts as much as twice more
_SURELY = 1.5  # by so much somebody else's words must outweigh the community's own
_HEADLINE = 40  # characters
_SENTENCE_ENDS = re.compile(r"[。！？!?；;\n]")
_Kind = TypeVar("_Kind", Category, Elsewhere)


class Suggestion(Struct, frozen=True, kw_only=True):
    """The two likeliest categories, the first to be preset; `elsewhere` is who may decide it."""

    categories: tuple[str, ...]
    elsewhere: Elsewhere | None = None


def headline(text: str) -> str:
    """The first sentence, which names the matter; at most 40 characters of it."""
    return _SENTENCE_ENDS.split(text.strip(), maxsplit=1)[0][:_HEADLINE]


@lru_cache(maxsize=512)  # a turn asks up to three times about the same words
def suggest(text: str, rules: Rules) -> Suggestion:
    """The categories whose own words weigh most, or the fallback first where others decide."""
    own = _by_weight(rules.categories.values(), text)
    others = _by_weight(rules.of(PetitionSettings).elsewhere, text)
    keys = [category.key for _, category in own if category.key != rules.fallback_category]
    top = own[0][0] if own else 0.0
    if others and others[0][0] > top * _SURELY:
        likely = (rules.fallback_category, *keys)
        return Suggestion(categories=likely[:_AT_MOST], elsewhere=others[0][1])
    return Suggestion(categories=(*keys, rules.fallback_category)[:_AT_MOST])


def _by_weight(kinds: Iterable[_Kind], text: str) -> list[tuple[float, _Kind]]:
    """The kinds a text has words of, the heaviest first, else in the config's order."""
    first = headline(text)
    weighed = [(_weight(kind.words, text, first), kind) for kind in kinds]
    return sorted((pair for pair in weighed if pair[0]), key=lambda pair: -pair[0])


def _weight(words: Iterable[str], text: str, first: str) -> float:
    """Long words weigh more, repeated ones a little more, those in the headline much more."""
    return sum(
        len(word) * (sqrt(text.count(word)) + _IN_HEADLINE * (word in first))
        for word in words
        if word in text
    )

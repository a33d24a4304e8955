"""What danger a text speaks of, by kind: what it says is judged, in any language with its words.

Signs are looked for first, each a word or several near each other; words that are harmless in spite
of their looks are left out. Then each sign is judged: whether it is denied, over, feared or meant
to be prevented. A second judge, the ear, doubts some signs and hears more (`panel`).
Measured by `python -m benchmarks.danger`; docs/danger.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from workflows.danger.judge import is_meant
from workflows.danger.language import Language
from workflows.danger.panel import judged
from workflows.danger.signs import Heard, hear


class Danger(StrEnum):
    """What can be wrong at this moment, the first to be told first."""

    FIRE = "fire"
    GAS = "gas"
    ELECTRICITY = "electricity"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    PERSON_DOWN = "person_down"
    TRAPPED = "trapped"
    COLLAPSE = "collapse"
    FLOOD_ELECTRIC = "flood_electric"
    MISSING = "missing"
    OTHER = "other"  # a cry for help, or a community's own word


_TOLD = 2  # kinds at once: who is in danger reads no page


@lru_cache(maxsize=512)  # a turn asks several times about the same words
def find(text: str, language: Language) -> tuple[Danger, ...]:
    """The dangers that a text speaks of, in the order of `Danger`; most texts speak of none."""
    heard = hear(text, language)
    found = set(_meant(heard) if language.ear is None else judged(heard, language.ear))
    return tuple(danger for danger in Danger if danger in found)


def _meant(heard: Heard) -> Iterator[str]:
    """What the signs alone say."""
    return (kind for kind, parts in heard.signs() if is_meant(heard, kind, parts))


def is_said(text: str, language: Language) -> bool:
    """Whether its words say a danger, not the ear alone."""
    known = find(text, language)
    return bool(known) and any(kind in known for kind in _meant(hear(text, language)))


def told(said: str, before: str, language: Language) -> tuple[Danger, ...]:
    """What to say the numbers for: the first dangers of what is said that were not named before."""
    known = find(before, language)
    new = [danger for danger in find(said, language) if danger not in known]
    particular = [danger for danger in new if danger is not Danger.OTHER]
    return tuple(particular or ([] if known else new))[:_TOLD]

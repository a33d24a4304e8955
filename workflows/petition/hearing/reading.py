"""What free words say: what the language finds in them, and the buildings that they name."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from workflows.core.placing.buildings import building_numbers
from workflows.hearing import language
from workflows.hearing.language import Found, Hearing


@lru_cache(maxsize=512)  # a message is looked at several times, and what is open beside it
def read(text: str, words: Hearing) -> Found:
    """Both, of a text."""
    numbers = frozenset(str(number) for number in building_numbers(text))
    return replace(language.read(text, words), buildings=numbers)

"""A number that somebody says: №10019, 10 019, 100-19？, 10019怎么样了."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

from workflows.core.numbers import parse_number
from workflows.core.placing.flats import flat_in
from workflows.hearing.language import Hearing, squeezed

_NUMBER = re.compile(r"(?<![\d.])\d(?:[ \-－–—]?\d){3,8}(?![\d.])")
_LETTERS = re.compile(r"[^\W\d_]")


class Number(Struct, frozen=True, kw_only=True):
    """One of a person's own (0: none; -1: of nobody here), and whether it is all that was said."""

    number: int = 0
    is_alone: bool = False


def number_in(text: str, own: Collection[int], language: Hearing) -> Number:
    """The number in a text, where it is one of a person's own, or all that was said."""
    written = _NUMBER.findall(text)
    found = [number for one in written if (number := parse_number(one))]
    is_alone = bool(written) and not _LETTERS.search(language.beside_number.sub("", squeezed(text)))
    mine = next((n for n in found if n in own), 0)
    if is_alone and not mine and flat_in(text):  # 3-402
        return Number()
    return Number(number=mine or (-1 if is_alone else 0), is_alone=is_alone)

"""A message as its dangers are looked for: spelled one way, without spaces, cut into clauses."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise

from msgspec import Struct

_SENTENCE = "。"
_CLAUSE = "，"
_LINE = "\n"
_PAUSED = _CLAUSE + _LINE
_ENDS = re.compile(r"[。！？!?；;…]+")
_PAUSES = re.compile(r"[，,：:\n\r~～—]+")
_SPACES = re.compile(r"[^\S\n]+")
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_DIGITS = str.maketrans("0123456789", "#" * 10)


class Said(Struct, frozen=True, kw_only=True):
    """What somebody wrote; `pauses` and `ends` are where a clause and a sentence begin, in order.

    A space pauses, unless it stands between single characters, and is itself left out: no word
    is hidden by a space in the middle of it.
    """

    text: str
    pauses: tuple[int, ...]
    ends: tuple[int, ...]

    def clause(self, at: int) -> tuple[int, int]:
        """From where to where the clause around a position goes."""
        return _around(self.pauses, at, len(self.text))

    def sentence(self, at: int) -> tuple[int, int]:
        """From where to where the sentence around a position goes."""
        return _around(self.ends, at, len(self.text))

    def clause_before(self, at: int) -> int:
        """Where the clause before that of a position begins, in the same sentence."""
        start, sentence = self.clause(at)[0], self.sentence(at)[0]
        return self.clause(start - 1)[0] if start > sentence else start


def _around(starts: tuple[int, ...], at: int, length: int) -> tuple[int, int]:
    index = bisect_right(starts, at)
    return (starts[index - 1] if index else 0), (starts[index] if index < len(starts) else length)


def spell(text: str, letters: Mapping[int, int]) -> str:
    """A text in plain letters: full width, old characters and capitals mended, a # for a digit."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).lower()
    return plain.translate(letters).translate(_DIGITS)


def listen(text: str, letters: Mapping[int, int], spelling: Mapping[str, str]) -> Said:
    """A text ready to be searched; `spelling` puts one word in the place of another as long."""
    marked = _PAUSES.sub(_paused, _ENDS.sub(_SENTENCE, spell(text, letters).strip()))
    words, gaps = _squeezed(marked)
    for wrong, right in spelling.items():
        words = words.replace(wrong, right)
    ends = [i for i, char in enumerate(words, 1) if char == _SENTENCE]
    pauses = {*gaps, *ends, *(i for i, char in enumerate(words, 1) if char in _PAUSED)}
    return Said(text=words, pauses=tuple(sorted(pauses)), ends=tuple(ends))


def _paused(pause: re.Match[str]) -> str:
    return _LINE if _LINE in pause.group() else _CLAUSE


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text without its spaces, and where one parted two words."""
    pieces = _SPACES.split(text)
    gaps, at = [], 0
    for before, piece in pairwise(pieces):
        at += len(before)
        if len(before) > 1 or len(piece) > 1:
            gaps.append(at)
    return "".join(pieces), gaps

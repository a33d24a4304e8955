"""The patterns of what identifies somebody, made from the words of a language.

Each has a group HIDE for what goes, or one KEPT for what is passed over: a date, an amount, a bus.
None repeats without a bound, so that none is slow on a text made to be slow.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import Pattern

from workflows.masking import accounts, called, names, nicknames, numbers
from workflows.masking.words import PrivateWords


@lru_cache(maxsize=8)
def compiled(words: PrivateWords) -> tuple[Pattern[str], ...]:
    """All patterns of a language, each to be looked for through the whole text."""
    kinds = (numbers, accounts, nicknames, names, called)
    return tuple(re.compile(part) for kind in kinds for part in kind.patterns(words))

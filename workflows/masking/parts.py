"""What the patterns of masking are put together from."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDE, KEPT = "hide", "kept"
LINK = r"[ :=\-—~·,、>→(\[“\"'《<@]{0,3}"  # between a label and what it labels
HAN = r"[\u4e00-\u9fff]"
SIGN = r"$|[^\u4e00-\u9fff]"  # an end, a sign, a digit, a Latin letter


def any_of(words: Iterable[str]) -> str:
    """One of some words, the longest first; what never matches where there are none."""
    found = sorted({re.escape(word) for word in words if word}, key=lambda w: (-len(w), w))
    return f"(?:{'|'.join(found)})" if found else "(?!)"


def one_of(characters: str) -> str:
    """One of some characters; what never matches where there are none."""
    return f"[{re.escape(characters)}]" if characters else "(?!)"


def hide(pattern: str) -> str:
    """What of a pattern goes."""
    return f"(?P<{HIDE}>{pattern})"

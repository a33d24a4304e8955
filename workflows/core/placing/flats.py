"""The flat that a text names: "301室", "2单元301", "3-301", or "301" where a flat was asked for."""

from __future__ import annotations

import re
from functools import lru_cache

from workflows.core.placing.numerals import NUMERAL, fold

_ROOM = r"\d{1,2}(?:0[1-9]|1\d|20)(?!\d)"
_STAIRS = rf"(?:{NUMERAL}\s*单元\s*)"
_FLAT = re.compile(
    rf"{_STAIRS}?(?<!\d){_ROOM}\s*[室户]|{_STAIRS}{_ROOM}"
    rf"|(?<=[幢栋座楼#])\s*{_ROOM}(?!\s*[室户元块米路])"
    rf"|(?<![\w.-])\d{{1,2}}-(?:\d{{1,2}}-)?{_ROOM}(?![.-])"
)
_BARE = re.compile(rf"(?:在|是|我家)?\s*({_ROOM})\s*[。.]?")

# Where somebody lives, whatever is wrong there.
_INDOORS = re.compile(
    r"厨房|卫生间|(?<!公)厕所|洗手间|浴室|客厅|卧室|书房|[我你他她]?[家屋](?:里头?|头)(?!附近|门口|楼下)"
)


def is_indoors(text: str) -> bool:
    """Whether it speaks of what is in somebody's flat."""
    return bool(_INDOORS.search(fold(text)))


@lru_cache(maxsize=512)  # a preview asks several times about the same words
def flat_in(text: str) -> str:
    """The flat a text names, as it is said there; "" without one."""
    found = _FLAT.search(fold(text))
    return found[0].strip() if found else ""


def spelled(answer: str) -> str:
    """An answer to the question for the flat: a bare number says what it is, "301室"."""
    bare = _BARE.fullmatch(fold(answer).strip())
    return f"{bare[1]}室" if bare else answer

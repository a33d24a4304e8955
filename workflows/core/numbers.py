"""Numbers that people can say on the phone: short, digits only, with a check digit.

The last digit is Damm's (H. M. Damm, 2004): one wrong digit, or two neighbours swapped, is
noticed, so a misheard number never opens somebody else's ticket.
"""

from __future__ import annotations

import re
import unicodedata

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_MAX_DIGITS = 15


def _check(digits: str) -> int:
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return state


def format_number(ticket_id: int) -> str:
    """The number shown to people for a ticket's id."""
    return f"{ticket_id}{_check(str(ticket_id))}"


def parse_number(text: str) -> int | None:
    """The ticket id behind a number as typed or dictated ("10 017", "№10017"), or None."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    if not 2 <= len(digits) <= _MAX_DIGITS or _check(digits):
        return None
    return int(digits[:-1])

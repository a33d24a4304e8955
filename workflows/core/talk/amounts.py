"""Numbers as people answer them: "0.8", "0.8MPa", "120元"."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from workflows.core.errors import Refusal
from workflows.core.placing.numerals import fold
from workflows.core.policy import Rules

_NUMBER = re.compile(r"-?\d{1,7}(?:\.\d{1,4})?")


def number(answer: str, _: datetime, __: Rules) -> Decimal:
    """The one number in it, with or without its unit. Raises Refusal."""
    found = _NUMBER.findall(fold(answer))
    if len(found) != 1:
        raise Refusal("form_no_number")
    return Decimal(found[0])


def whole(answer: str, now: datetime, rules: Rules) -> int:
    """The same, rounded; never less than nothing."""
    return max(0, int(number(answer, now, rules).to_integral_value()))

"""What a workflow's own settings are made of: frozen values with defaults, which it declares.

The config reads its section into them and says what does not fit; `Rules.of` has them. A span is a
number, and its unit stands in the name: `nudge_hours`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

YEAR = 366  # days; nothing in a neighbourhood is promised for longer
Word = Annotated[str, Meta(min_length=1)]
Hours = Annotated[float, Meta(gt=0, le=YEAR * 24)]
Days = Annotated[float, Meta(gt=0, le=YEAR)]
Share = Annotated[int, Meta(ge=0, le=100)]  # in percent
Count = Annotated[int, Meta(ge=0, le=10_000)]


class NoSettings(Struct, frozen=True):
    """Of a workflow that has none."""

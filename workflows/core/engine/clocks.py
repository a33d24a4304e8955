"""A running clock, as a subject holds it (how clocks run: `timing.clocks`)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Clock(Struct, frozen=True, kw_only=True):
    """A running or paused clock; `fired` are the marks that already rang, of the daily ones only
    the last, which was due at `late_at`.
    """

    started: datetime
    due: datetime
    paused: datetime | None = None
    fired: tuple[str, ...] = ()
    late_at: datetime | None = None

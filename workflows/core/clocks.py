"""A running clock, and what the engine asks of whoever sets them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

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


class Clockwork(Protocol):
    """How long a workflow's clocks run, by its own rules; a module with these functions is one."""

    def start(
        self, name: Any, subject: Any, now: datetime, rules: Any, /, *, due: datetime | None
    ) -> Clock:
        """A clock that starts now; `due` overrides the length that the rules say."""

    def pause(self, clock: Clock, now: datetime, /) -> Clock:
        """The clock standing still from now on."""

    def resume(self, name: Any, subject: Any, now: datetime, rules: Any, /) -> Clock:
        """The subject's clock of this name running on."""

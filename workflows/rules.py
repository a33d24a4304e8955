"""What a community settles for itself, as values: places, categories, clocks, hours, words.

The config file is read elsewhere; the domain only sees these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from workflows.model import ClockName, To
from workflows.places import Places


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of problem; `words` suggest it from a petition's text."""

    key: str
    words: tuple[str, ...] = ()
    needs_approval: bool = True


@dataclass(frozen=True, kw_only=True)
class Station:
    """A 民情站: its link's code, and the place whose petitions it brings."""

    code: str
    name: str
    place: str


@dataclass(frozen=True, kw_only=True)
class ClockPolicy:
    """How long a clock runs, at which percentages it reminds, whether its breach climbs.

    `by_day` clocks stand still in the quiet hours unless the ticket is urgent.
    """

    length: timedelta
    remind: tuple[int, ...] = ()
    climbs: bool = False
    by_day: bool = False


@dataclass(frozen=True, kw_only=True)
class Climb:
    """One rung of the escalation: so long after the due moment, this audience is told."""

    after: timedelta
    to: To


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything the config says to the domain."""

    zone: ZoneInfo
    places: Places
    categories: Mapping[str, Category]
    stations: Mapping[str, Station]
    clocks: Mapping[ClockName, ClockPolicy]
    climb: tuple[Climb, ...]
    quiet_from: time
    quiet_until: time
    urgent_words: tuple[str, ...]
    fallback_category: str
    morning: time | None = None  # local, when staff get the day's list; None for never
    reopen_within: timedelta = timedelta(days=7)
    nudge_every: timedelta = timedelta(hours=12)
    late_every: timedelta = timedelta(hours=24)
    invitation_lasts: timedelta = timedelta(days=7)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

"""The words that plans, rounds and findings share."""

from __future__ import annotations

from enum import StrEnum


class To(StrEnum):
    """Whom a notice is for."""

    LEAD = "lead"
    COMMITTEE = "committee"
    NAMED = "named"
    PATROLLERS = "patrollers"  # who has the round, or may take it
    GROUP = "group"  # the grid's own
    FINDERS = "finders"  # everybody who reported it
    CHECKERS = "checkers"  # the first above the place who did not mend it himself


class Level(StrEnum):
    """How grave a finding is."""

    MINOR = "minor"
    SERIOUS = "serious"
    MAJOR = "major"

"""The words of the room. A service comes in and a gift goes out, and both walk the same way: they
wait for somebody else's word, and what was done can be contested, and undone by two.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an entry stands."""

    WAITING = "waiting"
    DONE = "done"
    CONTESTED = "contested"
    RULED = "ruled"
    UNDONE = "undone"
    DROPPED = "dropped"


class Action(StrEnum):
    """What can be done with it."""

    BEGIN = "begin"
    CHANGE = "change"
    CONFIRM = "confirm"
    DROP = "drop"
    CONTEST = "contest"
    UPHOLD = "uphold"
    REVERSE = "reverse"
    UNDO = "undo"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class ClockName(StrEnum):
    """Its clocks, one a state."""

    WAITING = "waiting"
    CONTESTED = "contested"
    RULED = "ruled"


class To(StrEnum):
    """Whom a notice is for."""

    OWNER = "owner"  # whose passbook it is
    OTHER = "other"  # who can say that it was so; of what was entered afterwards, the other role
    LEAD = "lead"
    COMMITTEE = "committee"

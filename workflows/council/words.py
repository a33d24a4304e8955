"""The words of the council: its states, its clocks, what can be done with a topic, who hears."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a topic stands."""

    RAISED = "raised"
    SECONDED = "seconded"
    CALLED = "called"
    VOTING = "voting"
    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    LAPSED = "lapsed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class ClockName(StrEnum):
    """The clocks of a topic, one a state: until enough second it, until it is called, until the
    meeting, until the vote is closed.
    """

    SUPPORT = "support"
    SUMMON = "summon"
    MEETING = "meeting"
    BALLOT = "ballot"


class Action(StrEnum):
    """What can be done with a topic."""

    RAISE = "raise"
    SECOND = "second"
    JOIN = "join"
    SUMMON = "summon"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"
    OPEN = "open"
    VOTE = "vote"
    LAPSE = "lapse"
    CLOSE = "close"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class Choice(StrEnum):
    """What a household can say to a topic."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class To(StrEnum):
    """Whom a notice about a topic is for."""

    MEMBERS = "members"  # everybody registered with it, and who raised it
    BUILDING = "building"  # and who was last at home there
    UNVOTED = "unvoted"  # the registered whose household has no ballot yet
    LEAD = "lead"  # the convener

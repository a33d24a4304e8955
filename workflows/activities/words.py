"""The words of activities: their states, their clocks, what can be done, who hears."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an activity stands."""

    DRAFT = "draft"
    REVIEW = "review"
    ANNOUNCED = "announced"
    RUNNING = "running"
    ENDED = "ended"
    SUMMED = "summed"
    CANCELLED = "cancelled"


class ClockName(StrEnum):
    """The clocks of an activity, one a state; and the one of places that are held for somebody."""

    PLAN = "plan"
    REVIEW = "review"
    START = "start"
    END = "end"
    VERIFY = "verify"
    OFFER = "offer"


class Action(StrEnum):
    """What can be done with an activity."""

    BEGIN = "begin"
    PLAN = "plan"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RETIME = "retime"
    RELOCATE = "relocate"
    RESIZE = "resize"
    JOIN = "join"
    HELP = "help"
    TAKE = "take"
    LEAVE = "leave"
    PAPER = "paper"
    OPEN = "open"
    HERE = "here"
    MARK = "mark"
    STOCK = "stock"
    HEAR = "hear"
    CLOSE = "close"
    RATE = "rate"
    SUM_UP = "sum_up"
    REPEAT = "repeat"
    PHOTO = "photo"
    AGREE = "agree"
    TAKE_OFF = "take_off"
    CALL_OFF = "call_off"
    EXPIRE = "expire"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class To(StrEnum):
    """Whom a notice about an activity is for."""

    LEADER = "leader"  # who leads it, or who stands above while nobody does
    COMMITTEE = "committee"
    COMING = "coming"  # who is in, as guest or helper, and the leader
    SIGNED = "signed"  # who is in or in line
    CAME = "came"
    LAST = "last"  # who came the time before, or had signed up where that was called off
    GROUPS = "groups"  # the residents' groups around, once it is announced


class Rest(StrEnum):
    """What becomes of the further meetings of a series when one is called off."""

    KEEP = "keep"
    END = "end"


class Rating(StrEnum):
    """How it was."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"

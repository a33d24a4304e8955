"""The words of the domain: roles, states, actions, audiences and places."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any

Values = Mapping[str, Any]  # what a template is filled with: JSON, nothing else


class Role(StrEnum):
    """What a member of staff is, at one place."""

    PIONEER = "pioneer"
    WORKER = "worker"
    LEAD = "lead"
    COMMITTEE = "committee"
    STREET = "street"
    ADMIN = "admin"


HANDLERS = frozenset({Role.PIONEER, Role.WORKER, Role.LEAD})


class State(StrEnum):
    """Where a ticket stands."""

    UNASSIGNED = "unassigned"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    INSPECTED = "inspected"
    PROPOSED = "proposed"
    PLANNED = "planned"
    WAITING = "waiting"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Action(StrEnum):
    """What can be done with a ticket: the verbs of the lifecycle's table."""

    FILE = "file"
    DISPATCH = "dispatch"
    CALL = "call"
    ACCEPT = "accept"
    PASS = "pass"  # noqa: S105 - no password
    RETURN = "return"
    TRANSFER = "transfer"
    MOVE = "move"
    REFER = "refer"
    RECEIVE = "receive"
    REFUSE = "refuse"
    LAPSE = "lapse"
    ASSIST = "assist"
    LEAVE = "leave"
    SPLIT = "split"
    ENGAGE = "engage"
    DISENGAGE = "disengage"
    INSPECT = "inspect"
    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    ASK = "ask"
    ANSWER = "answer"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    PARTLY = "partly"
    EXPLAIN = "explain"
    SAMPLE = "sample"
    CHECK = "check"
    REOPEN = "reopen"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    REVIVE = "revive"
    NUDGE = "nudge"
    NOTE = "note"
    ANNOUNCE = "announce"
    SUPERVISE = "supervise"
    REPORT = "report"
    EXCLUDE = "exclude"
    ENDORSE = "endorse"
    OVERRULE = "overrule"
    ESCALATE = "escalate"
    REMIND = "remind"
    TOLD = "told"
    UNTOLD = "untold"
    TELL = "tell"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    ADD = "add"
    EDIT = "edit"
    SHARE = "share"
    CORRECT = "correct"
    ENTRUST = "entrust"
    TAKE_OVER = "take_over"


class ClockName(StrEnum):
    """The clocks of a ticket: RESPONSE and PLAN are promises; SUPERVISE, PARTNER and REFERRAL run
    beside them; CALL runs until somebody takes what is urgent; the others belong to one state.
    """

    RESPONSE = "response"
    PLAN = "plan"
    ASSIGN = "assign"
    ACCEPT = "accept"
    CALL = "call"
    INSPECT = "inspect"
    REVIEW = "review"
    WAIT = "wait"
    SUSPEND = "suspend"
    FOLLOWUP = "followup"
    SUPERVISE = "supervise"
    PARTNER = "partner"
    REFERRAL = "referral"


class To(StrEnum):
    """Whom a notice is for; the desk looks up who that is now."""

    RESIDENT = "resident"
    ON_DUTY = "on_duty"  # every handler of the grid who can come now
    OFFERED = "offered"
    HANDLER = "handler"
    NAMED = "named"  # whom the action itself names
    GROUP = "group"
    RECEIVER = "receiver"
    REFERRER = "referrer"
    SUPERVISOR = "supervisor"
    CHECKER = "checker"
    LEAD = "lead"
    COMMITTEE = "committee"
    STREET = "street"
    ADMIN = "admin"


class Priority(IntEnum):
    """Which of two owed messages goes first."""

    REPLY = 0
    PUSH = 1
    BROADCAST = 2


def covers(place: str, inner: str) -> bool:
    """Whether `inner` is `place` or lies inside it; places are paths, "street/community/grid/…"."""
    return not place or inner == place or inner.startswith(place + "/")


def street_of(place: str) -> str:
    """The street of a path."""
    return place.partition("/")[0]


def community_of(place: str) -> str:
    """The street and community of a path: the border nothing is read or written across."""
    return "/".join(place.split("/")[:2])


def grid_of(place: str) -> str:
    """The grid a building lies in; a shorter path is returned as it is."""
    return "/".join(place.split("/")[:3])

"""The words of the petition: its states, its clocks, and what can be done with it."""

from __future__ import annotations

from enum import StrEnum


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
    GATHER = "gather"
    REVIVE = "revive"
    NUDGE = "nudge"
    NOTE = "note"
    ANNOUNCE = "announce"
    COME = "come"
    PHONED = "phoned"
    SUPERVISE = "supervise"
    REPORT = "report"
    EXCLUDE = "exclude"
    ENDORSE = "endorse"
    OVERRULE = "overrule"
    ESCALATE = "escalate"
    REMIND = "remind"
    TOLD = "told"
    UNTOLD = "untold"
    ERASE = "erase"
    TELL = "tell"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    ADD = "add"
    EDIT = "edit"
    SHARE = "share"
    CORRECT = "correct"
    ENTRUST = "entrust"
    TAKE_OVER = "take_over"


class To(StrEnum):
    """Whom a notice about a petition is for; the desk looks up who that is now."""

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

"""What stands in front on a petition's card, state by state, the likeliest first; see core `front`.

Who may do what, `lifecycle` says: here is only the order. What is named first stays in front for
whoever may do it; "not me" is never first, and in front only where there is room. What no row
names waits behind 更多, in the order of BEHIND.
"""

from __future__ import annotations

from typing import Final

from workflows.petition.words import Action, State

A, S = Action, State
STEPS: Final = "steps"
TEXT: Final = "text"
FILES: Final = "files"
ALIKE: Final = "alike"  # others of the same cause, done together
SOON: Final = "soon"  # COME with the first of its quick replies: one tap tells the resident

# What somebody is waited for, whatever else he could do.
_ASKED = (
    A.ANSWER, A.RECEIVE, A.REFUSE, A.ENDORSE, A.OVERRULE, A.TELL, A.REPORT, A.CHECK, A.ATTEND,
    A.REVIVE, A.UPHOLD,
)  # fmt: skip
_AT_HOME = (A.ADD, A.NUDGE, A.SHARE, A.CORRECT, A.RELOCATE, A.ENTRUST, A.FOLLOW)
_ABOVE = (A.SUPERVISE, A.ANNOUNCE, A.NOTE, A.LEAVE, STEPS, A.UNFOLLOW)

FRONT: dict[State, tuple[str, ...]] = {
    S.UNASSIGNED: (*_ASKED, A.DISPATCH, *_AT_HOME, A.DECLINE, A.MERGE, *_ABOVE),
    S.DISPATCHED: (*_ASKED, A.ACCEPT, A.PASS, A.DISPATCH, *_AT_HOME, TEXT, A.DECLINE, *_ABOVE),
    S.ACCEPTED: (
        *_ASKED, A.INSPECT, A.PROPOSE, A.RESOLVE, SOON, A.ANNOUNCE, *_AT_HOME, A.TRANSFER, *_ABOVE,
    ),
    S.INSPECTED: (
        *_ASKED, A.PROPOSE, A.RESOLVE, SOON, A.ANNOUNCE, A.ASK, *_AT_HOME, A.TRANSFER, *_ABOVE,
    ),
    S.PROPOSED: (
        *_ASKED, A.APPROVE, A.REJECT, A.RESOLVE, SOON, A.ANNOUNCE, A.TRANSFER, *_AT_HOME, *_ABOVE,
    ),
    S.PLANNED: (
        *_ASKED, A.APPROVE, A.REJECT, A.RESOLVE, SOON, A.ANNOUNCE, A.EXTEND, A.TRANSFER,
        *_AT_HOME, *_ABOVE,
    ),
    S.WAITING: (*_ASKED, *_AT_HOME, *_ABOVE),
    S.SUSPENDED: (*_ASKED, A.RESUME, *_AT_HOME, *_ABOVE),
    S.RESOLVED: (*_ASKED, A.CONFIRM, A.UNHAPPY, A.PARTLY, A.REOPEN, *_ABOVE),
    S.UNHAPPY: (*_ASKED, A.REDO, A.SETTLE, A.EXPLAIN, A.REOPEN, A.ADD, A.CONFIRM, *_ABOVE),
    S.CLOSED: (*_ASKED, A.EXPLAIN, A.REOPEN, A.CONFIRM, A.UNHAPPY, STEPS, FILES),
    S.DECLINED: (*_ASKED, A.OBJECT, STEPS, FILES),
    S.WITHDRAWN: (*_ASKED, STEPS, FILES),
    S.MERGED: (*_ASKED, A.OBJECT, A.ADD, STEPS, FILES),
}  # fmt: skip

# First what is looked at and said, then other hands, then other ways, at last what ends it.
BEHIND: tuple[str, ...] = (
    FILES, TEXT, STEPS,
    A.PHONED, SOON, A.COME, A.NOTE, A.ANNOUNCE, A.ASK, A.EXTEND,
    A.ASSIST, A.LEAVE, A.ENGAGE, A.DISENGAGE, A.SPLIT, ALIKE,
    A.NUDGE, A.SUPERVISE, A.CALM, A.DISPATCH, A.TRANSFER, A.MOVE, A.REFER, A.RETURN,
    A.ADD, A.SHARE, A.CORRECT, A.RELOCATE, A.ENTRUST,
    A.SUSPEND, A.MERGE, A.DECLINE, A.EXCLUDE, A.REOPEN, A.UNFOLLOW, A.WITHDRAW,
)  # fmt: skip

# How many of these quick replies are buttons of the card itself: one tap says them.
ON_CARD: dict[str, int] = {A.EXPLAIN: 3, SOON: 1}

# What is answered right on the card and is long to read: a row for each button.
WIDE: frozenset[str] = frozenset({A.CONFIRM, A.UNHAPPY})

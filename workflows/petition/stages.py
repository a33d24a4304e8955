"""Where a ticket can stand, and which clocks outlive a state: what holds there, a row each.

Whatever depends on a state or a clock asks these rows; `lifecycle` says what can be done.
"""

from __future__ import annotations

from datetime import timedelta

from workflows.core.engine import flow
from workflows.core.policy import ClockChange, ClockDefaults, ClockPolicy, Counts
from workflows.petition.words import Action, ClockName, State, To


class Stage(flow.Stage[Action, ClockName, To], frozen=True):
    """A state of a ticket, and what its card says there that is not in the words."""

    planned: bool = False  # the plan is being carried out: its date holds, not the answer's
    judged: bool = False  # the resident had the last word: how it was, and why


Lasting = flow.Lasting[Action, State]
A, S, C = Action, State, ClockName

# The main road runs down the middle of the diagram; who waits stands at the right, other ends at
# the left.
STAGES: dict[State, Stage] = {
    S.UNASSIGNED: Stage(C.ASSIGN, To.LEAD, (1, 0), hastened=True),
    S.DISPATCHED: Stage(C.ACCEPT, To.OFFERED, (1, 1), on_time=A.DISPATCH, hastened=True),
    S.ACCEPTED: Stage(C.INSPECT, To.HANDLER, (1, 2), hastened=True),
    S.INSPECTED: Stage(None, To.HANDLER, (1, 3)),
    S.PROPOSED: Stage(C.REVIEW, To.COMMITTEE, (1, 4), hastened=True),
    S.PLANNED: Stage(None, To.HANDLER, (1, 5), planned=True),
    S.WAITING: Stage(
        C.WAIT, To.RESIDENT, (2, 3.2), on_time=A.ANSWER, pauses=True, keeps_holder=True
    ),
    S.SUSPENDED: Stage(C.SUSPEND, To.COMMITTEE, (2, 5), keeps_holder=True, answered=True),
    S.RESOLVED: Stage(
        C.FOLLOWUP, To.RESIDENT, (1, 6), on_time=A.CONFIRM,
        keeps_holder=True, answered=True, done=True,
    ),
    S.UNHAPPY: Stage(
        C.AGAIN, To.LEAD, (2, 6.5), keeps_holder=True, answered=True, done=True, judged=True
    ),
    S.CLOSED: Stage(None, None, (1, 7), judged=True),
    S.DECLINED: Stage(None, None, (0, 2), called_off=True),
    S.WITHDRAWN: Stage(None, None, (0, 5), called_off=True),
    S.MERGED: Stage(None, None, (0, 6)),
}  # fmt: skip
ENDED = frozenset(state for state, stage in STAGES.items() if stage.is_end)
OPEN = frozenset(STAGES) - ENDED
GIVEN = frozenset({S.DECLINED, S.MERGED})  # ends that staff gave it: the resident may object
IN_HAND = frozenset({S.ACCEPTED, S.INSPECTED, S.PROPOSED, S.PLANNED})
DONE = frozenset(state for state, stage in STAGES.items() if not stage.is_work)

# RESPONSE runs until the answer was delivered, CALL until somebody has it, ATTEND until he says
# that he is at it or does something with it, PLAN until the work is done, SUPERVISE until a report,
# PARTNER until they are done, REFERRAL until another community says yes or no. OBJECTION runs where
# all others have ended, until the resident is answered or it is open again.
LASTING: dict[ClockName, Lasting] = {
    C.RESPONSE: Lasting(until=ENDED, promise=True, hastened=True),
    C.CALL: Lasting(until=frozenset(STAGES) - {S.UNASSIGNED, S.DISPATCHED}),
    C.ATTEND: Lasting(until=frozenset(STAGES) - IN_HAND, on_time=A.RETURN),
    C.PLAN: Lasting(until=DONE | {S.SUSPENDED}, promise=True),
    C.SUPERVISE: Lasting(until=ENDED),
    C.PARTNER: Lasting(until=DONE),
    C.REFERRAL: Lasting(until=DONE, on_time=A.LAPSE),
    C.OBJECTION: Lasting(until=frozenset(STAGES) - GIVEN),
}
PROMISES = frozenset(name for name, clock in LASTING.items() if clock.promise)
# What staff owe, due sooner once it is urgent; dates that were promised stay, as does the time that
# residents have.
HASTENED = frozenset(name for name, clock in LASTING.items() if clock.hastened)
HASTENED |= {stage.clock for stage in STAGES.values() if stage.clock and stage.hastened}


def _runs(
    hours: float, *remind: int, climbs: bool = False, counts: Counts = Counts.CALENDAR
) -> ClockPolicy:
    return ClockPolicy(length=timedelta(hours=hours), remind=remind, climbs=climbs, counts=counts)


# Where the config says nothing. PLAN and SUSPEND run to the date people set; their length only
# counts where there is none. CALL is not here: its ladder says it all.
DEFAULTS = ClockDefaults(
    usual={
        C.RESPONSE: _runs(24, 50, 75, 90, climbs=True),
        C.PLAN: _runs(72, 75, 90, climbs=True),
        C.ASSIGN: _runs(2, 50, counts=Counts.DAY),
        C.ACCEPT: _runs(0.5, 50, counts=Counts.DAY),
        C.ATTEND: _runs(1 / 6, 50),
        C.INSPECT: _runs(4, 75, counts=Counts.DAY),
        C.REVIEW: _runs(4, 50, counts=Counts.DAY),
        C.WAIT: _runs(72, 33, 66),
        C.SUSPEND: _runs(30 * 24, 90, climbs=True),
        C.FOLLOWUP: _runs(72, 50),
        C.AGAIN: _runs(24, 50, climbs=True),
        C.SUPERVISE: _runs(24, 75),
        C.PARTNER: _runs(72, 90),
        C.REFERRAL: _runs(8, 50, counts=Counts.DAY),
        C.OBJECTION: _runs(24, 50, climbs=True),
    },
    # What is urgent: its answer, and how long those who are asked may take.
    urgent={
        C.RESPONSE: ClockChange(length=timedelta(hours=2)),
        C.INSPECT: ClockChange(length=timedelta(minutes=30)),
        C.REVIEW: ClockChange(length=timedelta(minutes=30)),
    },
    called=C.CALL,
    within=dict.fromkeys((C.ASSIGN, C.ACCEPT, C.INSPECT, C.REVIEW), C.RESPONSE),
)

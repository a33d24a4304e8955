"""Where an activity can stand, and how long."""

from __future__ import annotations

from datetime import timedelta

from workflows.activities.words import Action, ClockName, State, To
from workflows.core.engine import flow
from workflows.core.policy import ClockDefaults, ClockPolicy, Counts

A, S, C = Action, State, ClockName


class Stage(flow.Stage[Action, ClockName, To], frozen=True):
    """A state of an activity, and what holds there that is not in the words."""

    public: bool = False  # everybody around may read of it
    seats: bool = False  # people sign up, and leave
    counts: bool = False  # who is there is taken down


STAGES: dict[State, Stage] = {
    S.DRAFT: Stage(C.PLAN, To.LEADER, (1, 0), on_time=A.LAPSE),
    S.REVIEW: Stage(C.REVIEW, To.COMMITTEE, (1, 1)),
    S.ANNOUNCED: Stage(C.START, To.COMING, (1, 2), on_time=A.OPEN, public=True, seats=True),
    S.RUNNING: Stage(C.END, To.LEADER, (1, 3), on_time=A.CLOSE, public=True, counts=True),
    S.ENDED: Stage(C.VERIFY, To.LEADER, (1, 4), public=True, counts=True),
    S.SUMMED: Stage(None, None, (1, 5), public=True),
    S.CANCELLED: Stage(None, None, (0, 2), public=True, called_off=True),
}
ENDED = frozenset(state for state, stage in STAGES.items() if stage.is_end)
OPEN = frozenset(STAGES) - ENDED
LASTING = {C.OFFER: flow.Lasting(until=frozenset(S) - {S.ANNOUNCED}, on_time=A.EXPIRE)}

# The clocks of the beginning and the end run to what was planned; these lengths count without it.
DEFAULTS = ClockDefaults(
    usual={
        C.PLAN: ClockPolicy(length=timedelta(days=14), remind=(50,)),
        C.REVIEW: ClockPolicy(
            length=timedelta(hours=14), remind=(50,), climbs=True, counts=Counts.WORKING
        ),
        C.START: ClockPolicy(length=timedelta(days=7), before=(24, 2), wakes=True),
        C.END: ClockPolicy(length=timedelta(hours=2)),
        C.VERIFY: ClockPolicy(length=timedelta(hours=48), remind=(50,), climbs=True),
        C.OFFER: ClockPolicy(length=timedelta(hours=4), counts=Counts.DAY),
    }
)

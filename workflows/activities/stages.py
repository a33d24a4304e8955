"""Where an activity can stand, and how long."""

from __future__ import annotations

from datetime import timedelta

from workflows.activities.words import Action, ClockName, State, To
from workflows.core.engine import flow
from workflows.core.policy import ClockDefaults, ClockPolicy, Counts

A, S, C = Action, State, ClockName


class Stage(flow.Stage[Action, ClockName, To], frozen=True):
    """A state of an activity, and what holds there: everybody may read of it, people sign up and
    leave, who is there is taken down.
    """

    public: bool = False
    seats: bool = False
    counts: bool = False


STAGES: dict[State, Stage] = {
    S.DRAFT: Stage(C.PLAN, To.LEADER, (1, 0), on_time=A.CALL_OFF),
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

# The beginning and the end have dates of their own; these lengths count without one.
DEFAULTS = ClockDefaults(
    usual={
        C.PLAN: ClockPolicy(length=timedelta(days=14), remind=(50,)),
        C.REVIEW: ClockPolicy(length=timedelta(hours=48), remind=(50,), climbs=True),
        C.START: ClockPolicy(length=timedelta(days=7), before=(24, 2)),
        C.END: ClockPolicy(length=timedelta(hours=2)),
        C.VERIFY: ClockPolicy(length=timedelta(hours=48), remind=(50,), climbs=True),
        C.OFFER: ClockPolicy(length=timedelta(hours=4), counts=Counts.DAY),
    }
)

STEPS, FILE, SHEET, CODE, MY_CODE, WALL = "steps", "file", "sheet", "code", "my_code", "wall"
# What stands in front on a card, the likeliest first; see core `front`.
FRONT: dict[State, tuple[str, ...]] = {
    S.DRAFT: (A.PLAN, A.SUBMIT, A.RETIME, A.RELOCATE, A.RESIZE),
    S.REVIEW: (A.APPROVE, A.SEND_BACK, A.RETIME, STEPS),
    S.ANNOUNCED: (A.TAKE, A.JOIN, A.HELP, A.LEAVE, FILE, A.OPEN, A.MARK, A.PAPER),
    S.RUNNING: (A.HERE, MY_CODE, CODE, A.MARK, A.HEAR, A.CLOSE),
    S.ENDED: (A.RATE, WALL, A.SUM_UP, A.MARK, A.PHOTO, A.REPEAT, A.HEAR),
    S.SUMMED: (A.RATE, WALL, A.PHOTO, A.REPEAT, STEPS),
}

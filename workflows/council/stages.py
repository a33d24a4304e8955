"""Where a topic can stand, and how long."""

from __future__ import annotations

from datetime import timedelta

from workflows.core.engine import flow
from workflows.core.policy import ClockDefaults, ClockPolicy
from workflows.council.words import Action, ClockName, State, To

A, S, C = Action, State, ClockName


class Stage(flow.Stage[Action, ClockName, To], frozen=True):
    """A state of a topic, and what its card says there that is not in the words."""

    votes: bool = False  # ballots are cast
    counts: bool = False  # households are waited for


STAGES: dict[State, Stage] = {
    S.RAISED: Stage(C.SUPPORT, To.BUILDING, (1, 0), on_time=A.LAPSE, counts=True),
    S.SECONDED: Stage(C.SUMMON, To.LEAD, (1, 1)),
    S.CALLED: Stage(C.MEETING, To.LEAD, (1, 2), on_time=A.OPEN),
    S.VOTING: Stage(C.BALLOT, To.UNVOTED, (1, 3), on_time=A.CLOSE, votes=True),
    S.AGREED: Stage(None, None, (1, 4)),
    S.NOT_AGREED: Stage(None, None, (2, 4)),
    S.LAPSED: Stage(None, None, (0, 1)),
    S.DISMISSED: Stage(None, None, (0, 2), called_off=True),
    S.WITHDRAWN: Stage(None, None, (0, 3), called_off=True),
}
ENDED = frozenset(state for state, stage in STAGES.items() if stage.is_end)
OPEN = frozenset(STAGES) - ENDED

# The meeting's clock runs to the moment it was called for; its length counts only without one.
DEFAULTS = ClockDefaults(
    usual={
        C.SUPPORT: ClockPolicy(length=timedelta(days=7)),
        C.SUMMON: ClockPolicy(length=timedelta(days=7), remind=(50,), climbs=True),
        C.MEETING: ClockPolicy(length=timedelta(days=3)),
        C.BALLOT: ClockPolicy(length=timedelta(days=3), remind=(66,)),
    }
)

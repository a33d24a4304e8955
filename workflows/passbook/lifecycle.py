"""The lifecycle of a service and of a gift: the same way, walked by other people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from workflows.core.engine import flow
from workflows.core.engine.flow import SAME, Flow, Says, Stage, not_now
from workflows.core.engine.flow import step as _step
from workflows.core.errors import Refusal
from workflows.core.policy import ClockDefaults, ClockPolicy
from workflows.core.talk.messages import Notice
from workflows.core.talk.needs import TEXT
from workflows.core.timing.clocks import Clockwork
from workflows.passbook import effects
from workflows.passbook.model import Entry, Gift, Service
from workflows.passbook.needs import CODE, DAY, INSTEAD, MINUTES, WHAT
from workflows.passbook.relations import DECIDE, Command, Relation
from workflows.passbook.words import Action, ClockName, State, To

Step = flow.Step[Action, State, Command, Any]
Waiting = Stage[Action, ClockName, To]
A, C, R, S = Action, ClockName, Relation, State
_OPEN = frozenset({S.WAITING, S.CONTESTED, S.RULED})
_OWN, _LEAD, _UP = (To.OWNER, "entry"), (To.LEAD, "entry"), (To.COMMITTEE, "entry")


def _days(days: int, *remind: int, climbs: bool = True) -> ClockPolicy:
    return ClockPolicy(length=timedelta(days=days), remind=remind, climbs=climbs)


_LOOKED_AT: Mapping[str, ClockPolicy] = {C.CONTESTED: _days(7, 50), C.RULED: _days(7, 50)}
SERVICE_CLOCKS = ClockDefaults(usual={C.WAITING: _days(7, 50), **_LOOKED_AT})
GIFT_CLOCKS = ClockDefaults(usual={C.WAITING: _days(14, 50, 86, climbs=False), **_LOOKED_AT})


# fmt: off
_SERVICE: tuple[Step, ...] = (
    _step(A.CHANGE, {S.WAITING}, SAME, R.AUTHOR, needs=(WHAT, DAY, MINUTES, TEXT),
          when=effects.is_unfilled, does=effects.filled, tells=((To.OTHER, "entry_asked"),)),
    _step(A.CONFIRM, {S.WAITING}, S.DONE, R.WITNESS | DECIDE, when=effects.verifies,
          does=effects.by("done_by"), tells=(_OWN,), shown=True),
    _step(A.DROP, {S.WAITING}, S.DROPPED, R.WITNESS | DECIDE, needs=(TEXT,),
          when=effects.is_not_his, does=effects.by(), tells=(_OWN,), says=Says.STAFF),
    _step(A.DROP, {S.WAITING}, S.DROPPED, R.SYSTEM, says=Says.STAFF),
    _step(A.CONTEST, {S.DONE}, S.CONTESTED, R.OWNER | R.WITNESS | DECIDE, needs=(TEXT,),
          does=effects.by("contested_by"), tells=(_LEAD, _UP, _OWN)),
    _step(A.CONTEST, {S.DONE}, S.CONTESTED, R.NEIGHBOUR, needs=(TEXT,), when=effects.is_fresh,
          does=effects.by("contested_by"), tells=(_LEAD, _UP, _OWN)),
    _step(A.REVERSE, {S.CONTESTED}, S.RULED, DECIDE, needs=(TEXT,), when=effects.is_another,
          does=effects.by("ruled_by"), tells=(_UP,), says=Says.STAFF),
)
_GIFT: tuple[Step, ...] = (
    _step(A.CHANGE, {S.WAITING}, SAME, R.OWNER, needs=(INSTEAD,), does=effects.swapped, shown=True),
    _step(A.CONFIRM, {S.WAITING}, S.DONE, R.KEEPER, needs=(CODE,), when=effects.is_not_his,
          does=effects.handed, tells=(_OWN,), shown=True),
    _step(A.DROP, {S.WAITING}, S.DROPPED, R.OWNER | R.KEEPER | R.SYSTEM, tells=(_OWN,), shown=True),
    _step(A.CONTEST, {S.DONE}, S.CONTESTED, R.OWNER, needs=(TEXT,),
          does=effects.by("contested_by"), tells=(_LEAD, _UP)),
    _step(A.REVERSE, {S.DONE, S.CONTESTED}, S.RULED, R.KEEPER | DECIDE, needs=(TEXT,),
          when=effects.is_another, does=effects.by("ruled_by"), tells=(_UP,)),
)
_BOTH: tuple[Step, ...] = (
    _step(A.UPHOLD, {S.CONTESTED, S.RULED}, S.DONE, DECIDE, when=effects.is_another,
          does=effects.upheld, tells=(_OWN,), shown=True),
    _step(A.UNDO, {S.RULED}, S.UNDONE, DECIDE, when=effects.is_another, tells=(_OWN, _LEAD),
          shown=True),
    _step(A.REMIND, _OPEN, SAME, R.SYSTEM),
    _step(A.ESCALATE, _OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, frozenset(State) - _OPEN, SAME, R.SYSTEM, does=effects.erased),
)
# fmt: on


def refusal(a: Command) -> Refusal:
    """Why not: somebody else is asked, or it stands elsewhere by now."""
    if a.action in {A.CONFIRM, A.UNDO, A.UPHOLD, A.REVERSE} and not effects.is_another(a):
        return Refusal("refused_another", about=a.subject.id)
    return not_now(a)


def _flow(kind: str, waiting: Waiting, steps: tuple[Step, ...]) -> Flow[Any, Any, Step, Any, Any]:
    stages = {
        S.WAITING: waiting,
        S.DONE: Stage(None, None, (0, 1)),
        # What was done stands while somebody looks at it once more.
        S.CONTESTED: Stage(C.CONTESTED, To.LEAD, (1, 1), answered=True, done=True),
        S.RULED: Stage(C.RULED, To.COMMITTEE, (1, 2), answered=True, done=True),
        S.UNDONE: Stage(None, None, (0, 2)),
        S.DROPPED: Stage(None, None, (1, 0), called_off=True),
    }
    return Flow(
        kind=kind, begins=A.BEGIN, stages=stages, steps=(*steps, *_BOTH), clockwork=Clockwork(),
        refusal=refusal, reminds=A.REMIND, escalates=A.ESCALATE,
    )  # fmt: skip


SERVICE = _flow(Service.kind, Stage(C.WAITING, To.OTHER, (0, 0)), _SERVICE)
GIFT = _flow(Gift.kind, Stage(C.WAITING, To.OWNER, (0, 0), on_time=A.DROP), _GIFT)


def asked(entry: Entry) -> Notice:
    """Who can say that it was so is asked."""
    return Notice(to=To.OTHER, template="entry_asked", ticket_id=entry.id, is_card=True)

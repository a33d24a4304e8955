"""The lifecycle of a service and of a gift: the same way, walked by other people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.core.engine import decision, flow
from workflows.core.engine.flow import SAME, Flow, Says, Stage
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.policy import ClockDefaults, ClockPolicy, Rules
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import TEXT
from workflows.core.timing.clocks import Clockwork
from workflows.passbook import effects
from workflows.passbook.model import Entry, Gift, Service
from workflows.passbook.needs import CODE, DAY, INSTEAD, MINUTES, WHAT
from workflows.passbook.relations import DECIDE, Command, Relation
from workflows.passbook.words import Action, ClockName, State, To

Step = flow.Step[Action, State, Command, Any]
Stages = Mapping[State, Stage[Action, ClockName, To]]
A, C, R, S = Action, ClockName, Relation, State
_OPEN = frozenset({S.WAITING, S.CONTESTED, S.RULED})
_OWN, _LEAD = (To.OWNER, "entry"), (To.LEAD, "entry")


def _stages(waiting: Stage[Action, ClockName, To]) -> Stages:
    """What was done stands while somebody looks at it once more."""
    return {
        S.WAITING: waiting,
        S.DONE: Stage(None, None, (0, 1)),
        S.CONTESTED: Stage(C.CONTESTED, To.LEAD, (1, 1), answered=True, done=True),
        S.RULED: Stage(C.RULED, To.COMMITTEE, (1, 2), answered=True, done=True),
        S.UNDONE: Stage(None, None, (0, 2)),
        S.DROPPED: Stage(None, None, (1, 0), called_off=True),
    }


SERVICES = _stages(Stage(C.WAITING, To.OTHER, (0, 0)))
GIFTS = _stages(Stage(C.WAITING, To.OWNER, (0, 0), on_time=A.DROP))


def _days(days: int, *remind: int, climbs: bool = True) -> ClockPolicy:
    return ClockPolicy(length=timedelta(days=days), remind=remind, climbs=climbs)


_LOOKED_AT = {C.CONTESTED: _days(7, 50), C.RULED: _days(7, 50)}
SERVICE_CLOCKS = ClockDefaults(usual={C.WAITING: _days(7, 50), **_LOOKED_AT})
GIFT_CLOCKS = ClockDefaults(usual={C.WAITING: _days(14, 50, 86, climbs=False), **_LOOKED_AT})


def _step(action: Action, sources: Any, target: State | None, who: Relation, **more: Any) -> Step:
    return Step(action=action, sources=frozenset(sources), target=target, who=who, **more)


# fmt: off
_SERVICE: tuple[Step, ...] = (
    _step(A.CHANGE, {S.WAITING}, SAME, R.AUTHOR, needs=(WHAT, DAY, MINUTES, TEXT),
          when=effects.is_unfilled, does=effects.filled, tells=((To.OTHER, "entry_asked"),)),
    _step(A.CONFIRM, {S.WAITING}, S.DONE, R.WITNESS | DECIDE, when=effects.verifies,
          does=effects.done, tells=(_OWN,), shown=True),
    _step(A.DROP, {S.WAITING}, S.DROPPED, R.WITNESS | DECIDE, needs=(TEXT,),
          when=effects.is_not_his, does=effects.explained, tells=(_OWN,), says=Says.STAFF),
    _step(A.DROP, {S.WAITING}, S.DROPPED, R.SYSTEM, says=Says.STAFF),
    _step(A.CONTEST, {S.DONE}, S.CONTESTED, R.OWNER | R.WITNESS | DECIDE, needs=(TEXT,),
          does=effects.contested, tells=(_LEAD, _OWN)),
    _step(A.CONTEST, {S.DONE}, S.CONTESTED, R.NEIGHBOUR, needs=(TEXT,), when=effects.is_fresh,
          does=effects.contested, tells=(_LEAD, _OWN)),
    _step(A.REVERSE, {S.CONTESTED}, S.RULED, DECIDE, needs=(TEXT,), when=effects.is_another,
          does=effects.ruled, tells=((To.COMMITTEE, "entry"),), says=Says.STAFF),
)
_GIFT: tuple[Step, ...] = (
    _step(A.CONFIRM, {S.WAITING}, S.DONE, R.KEEPER, needs=(CODE,), when=effects.is_not_his,
          does=effects.handed, tells=(_OWN,), shown=True),
    _step(A.CHANGE, {S.WAITING}, SAME, R.OWNER, needs=(INSTEAD,), does=effects.swapped, shown=True),
    _step(A.DROP, {S.WAITING}, S.DROPPED, R.OWNER | R.KEEPER | R.SYSTEM, tells=(_OWN,), shown=True),
    _step(A.CONTEST, {S.DONE}, S.CONTESTED, R.OWNER, needs=(TEXT,), does=effects.contested,
          tells=(_LEAD,)),
    _step(A.REVERSE, {S.DONE, S.CONTESTED}, S.RULED, R.KEEPER | DECIDE, needs=(TEXT,),
          when=effects.is_another, does=effects.ruled, tells=((To.COMMITTEE, "entry"),)),
)
_BOTH: tuple[Step, ...] = (
    _step(A.UPHOLD, {S.CONTESTED, S.RULED}, S.DONE, DECIDE, when=effects.is_another,
          does=effects.upheld, tells=(_OWN,), shown=True),
    _step(A.UNDO, {S.RULED}, S.UNDONE, DECIDE, when=effects.is_another,
          tells=(_OWN, _LEAD), shown=True),
    _step(A.REMIND, _OPEN, SAME, R.SYSTEM),
    _step(A.ESCALATE, _OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, frozenset(State) - _OPEN, SAME, R.SYSTEM, does=effects.erased),
)
# fmt: on


def refusal(a: Command) -> Refusal:
    """Why not: somebody else is asked, or it stands elsewhere by now."""
    if a.action in {A.CONFIRM, A.UNDO, A.UPHOLD, A.REVERSE} and not effects.is_another(a):
        return Refusal("refused_another", about=a.subject.id)
    values = {"about": a.subject.id, "state": a.subject.state.value}
    return Refusal("refused_now", kind=a.subject.kind, **values)


def _flow(kind: str, stages: Stages, steps: tuple[Step, ...]) -> Flow[Any, Any, Step, Command, Any]:
    return Flow(
        kind=kind, begins=A.BEGIN, stages=stages, steps=(*steps, *_BOTH), clockwork=Clockwork(),
        refusal=refusal, reminds=A.REMIND, escalates=A.ESCALATE,
    )  # fmt: skip


SERVICE = _flow(Service.kind, SERVICES, _SERVICE)
GIFT = _flow(Gift.kind, GIFTS, _GIFT)
FLOWS = {Service.kind: SERVICE, Gift.kind: GIFT}
HOME = R.OWNER | R.NEIGHBOUR | R.WITNESS


def told(one: Flow[Any, Any, Step, Command, Any]) -> frozenset[Action]:
    """The steps that residents read of."""
    return one.actions_that(lambda row: row.shown or row.says is Says.STAFF) | {A.BEGIN}


def begin(
    entry: Entry, by: Person, now: datetime, rules: Rules, cause: int, *notices: Notice
) -> decision.Decision[Any]:
    """The first step of a new one."""
    said = {"text": entry.text} | ({"cause": cause} if cause else {})
    told = {"data": said, "notices": notices}
    return decision.begin(FLOWS[entry.kind], entry, by.id, now, rules, **told)  # type: ignore[arg-type]


def card(entry: Entry, to: To | int, template: str) -> Notice:
    """What somebody is told of it with its card."""
    priority = Priority.REPLY if isinstance(to, int) else Priority.PUSH
    return Notice(to=to, template=template, ticket_id=entry.id, is_card=True, priority=priority)

"""The lifecycle of a round on one page: what can be done from where."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from workflows.core.engine import decision, flow
from workflows.core.engine.flow import SAME, Flow, Lasting
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.core.places import covers
from workflows.core.policy import ClockDefaults, ClockPolicy, Rules
from workflows.core.talk.messages import Notice
from workflows.core.talk.needs import NOTE_OR_PHOTO, TEXT, TO
from workflows.core.timing.clocks import Clockwork
from workflows.patrols.needs import ITEM, LEVEL, MEASURE, POINT, PROOF
from workflows.patrols.relations import Command, Relation, attempting, standing
from workflows.patrols.rounds import effects as do
from workflows.patrols.rounds.model import ENDED, STAGES, Action, ClockName, Round, State
from workflows.patrols.words import To

A, S, R, C = Action, State, Relation, ClockName
Step = flow.Step[Action, State, Command[Round], Round]

DEFAULTS = ClockDefaults(
    usual={
        C.WINDOW: ClockPolicy(length=timedelta(hours=12), remind=(66,)),
        C.SETTLE: ClockPolicy(length=timedelta(days=1), remind=(50,), climbs=True),
    }
)


def relate(person: Person, one: Round) -> Relation:
    """A round that nobody has is anybody's who has a role for it; else his, or his stand-in's."""
    is_open = one.holder is None and _is_of(person, one)
    is_his = one.holder is not None and one.holder in {person.id, *person.stands_for}
    return standing(person, one.place, (R.PATROLLER, is_open or is_his))


def _is_of(person: Person, one: Round) -> bool:
    """Whether he has such a role around its place, or inside it."""
    places = [m.place for m in person.memberships if m.role in one.roles]
    return any(covers(p, one.place) or covers(one.place, p) for p in places)


def _step(
    action: Action, sources: set[State] | frozenset[State], target: State | None, who: Relation,
    **more: Any,
) -> Step:  # fmt: skip
    return Step(action=action, sources=frozenset(sources), target=target, who=who, **more)


_GOING = {S.DUE, S.UNDERWAY}
_OPEN = frozenset(S) - ENDED

# fmt: off
STEPS: tuple[Step, ...] = (
    # where he stands
    _step(A.WELL, {S.UNDERWAY}, SAME, R.PATROLLER, when=do.is_nearly_well, does=do.well),
    _step(A.MEASURE, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(MEASURE,), when=do.may_measure,
          does=do.measure),
    _step(A.FAULT, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(ITEM, NOTE_OR_PHOTO, PROOF, LEVEL),
          when=do.is_there, does=do.fault),
    _step(A.ALL_WELL, {S.UNDERWAY}, SAME, R.PATROLLER, when=do.is_nearly_done, does=do.all_well),
    _step(A.TOUCH, {S.DUE}, S.UNDERWAY, R.PATROLLER, needs=(POINT,), does=do.touch),
    _step(A.TOUCH, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(POINT,), does=do.touch),
    _step(A.BEYOND, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(TEXT,), when=do.has_more,
          does=do.beyond),
    # the whole of it
    _step(A.ASSIGN, _GOING, SAME, R.PATROLLER | R.LEAD, needs=(TO,), does=do.assign,
          tells=((To.NAMED, "round_yours"),)),
    _step(A.EXCUSE, _GOING, S.EXCUSED, R.PATROLLER | R.LEAD, needs=(TEXT,), does=do.explain,
          tells=((To.LEAD, "round_excused"),)),
    _step(A.FINISH, {S.UNDERWAY}, S.DONE, R.SYSTEM, when=do.is_complete, does=do.finish,
          shown=True, tells=((To.GROUP, "round_done"),)),
    _step(A.VERIFY, {S.DONE}, SAME, R.LEAD, when=do.may_earn, does=do.verify),
    # the lead, of what was missed
    _step(A.MAKE_UP, {S.MISSED}, S.DUE, R.LEAD, starts=C.WINDOW, due=do.today,
          tells=((To.PATROLLERS, "round_again"),)),
    _step(A.ACCEPT, {S.MISSED}, S.ACCEPTED, R.LEAD, needs=(TEXT,), does=do.explain),
    # the system
    _step(A.LAPSE, _GOING, S.MISSED, R.SYSTEM, does=do.lapse, shown=True,
          tells=((To.LEAD, "round_missed"), (To.PATROLLERS, "round_missed"))),
    _step(A.RETURN, _GOING, SAME, R.SYSTEM, does=do.give_back,
          tells=((To.PATROLLERS, "round_due"),)),
    _step(A.REMIND, _OPEN, SAME, R.SYSTEM),
    _step(A.ESCALATE, _OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, frozenset(S), SAME, R.SYSTEM, does=do.erase),
)
# fmt: on

STEPS_LOOK, FILES_LOOK = "steps", "files"
_WAYS = (A.ASSIGN, A.EXCUSE, STEPS_LOOK, FILES_LOOK)
FRONT: dict[State, tuple[str, ...]] = {
    S.DUE: (A.TOUCH, *_WAYS),
    S.UNDERWAY: (A.ALL_WELL, A.WELL, A.MEASURE, A.FAULT, A.TOUCH, A.BEYOND, *_WAYS),
    S.MISSED: (A.MAKE_UP, A.ACCEPT, STEPS_LOOK, FILES_LOOK),
    S.DONE: (A.VERIFY, FILES_LOOK, STEPS_LOOK),
}


def refusal(a: Command[Round]) -> Refusal:
    """It cannot be done where it stands."""
    return Refusal("refused_now", kind=Round.kind, about=a.subject.id, state=a.subject.state.value)


ROUNDS: Flow[Action, State, Step, Command[Round], Round] = Flow(
    kind=Round.kind, begins=A.OPEN, stages=STAGES, steps=STEPS, clockwork=Clockwork(),
    refusal=refusal, reminds=A.REMIND, escalates=A.ESCALATE, returns=A.RETURN, front=FRONT,
    lasting={C.WINDOW: Lasting(until=ENDED | {S.MISSED}, on_time=A.LAPSE)},
)  # fmt: skip
attempt = attempting(relate)


def begin(one: Round, now: datetime, rules: Rules) -> decision.Decision[Round]:
    """Its window is open; of one that is over already nobody is asked to walk it."""
    said = {"text": one.name, "place": one.place}
    due = Notice(to=To.PATROLLERS, template="round_due", ticket_id=one.id, is_card=True)
    notices = (due,) if one.clocks[C.WINDOW].due > now else ()
    return decision.begin(ROUNDS, one, SYSTEM.id, now, rules, data=said, notices=notices)

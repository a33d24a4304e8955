"""A round (巡查): one time of a plan, from its window until it is done, missed or excused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.core.engine import command, decision, flow
from workflows.core.engine.clocks import Clock
from workflows.core.engine.flow import SAME, Flow, Lasting, not_now
from workflows.core.engine.flow import step as _step
from workflows.core.errors import Refusal
from workflows.core.kernels.checklist import Item, Mark, Verdict
from workflows.core.kernels.walk import OrderError, UnknownSpotError, Walk
from workflows.core.people import SYSTEM, Person, Role
from workflows.core.places import covers
from workflows.core.policy import ClockDefaults, ClockPolicy, Rules
from workflows.core.talk.messages import Notice
from workflows.core.talk.needs import NOTE_OR_PHOTO, PHOTOS, TEXT, TO
from workflows.core.timing import calendar
from workflows.core.timing.clocks import Clockwork
from workflows.patrols import words as w
from workflows.patrols.words import Relation, To, standing


class State(StrEnum):
    """Where a round stands."""

    DUE = "due"
    UNDERWAY = "underway"
    MISSED = "missed"
    DONE = "done"
    ACCEPTED = "accepted"
    EXCUSED = "excused"
    SKIPPED = "skipped"


class Action(StrEnum):
    """What can be done with a round."""

    OPEN = "open"
    WELL = "well"
    MEASURE = "measure"
    FAULT = "fault"
    TOUCH = "touch"
    BEYOND = "beyond"
    TELL = "tell"
    ASSIGN = "assign"
    EXCUSE = "excuse"
    RETURN = "return"
    FINISH = "finish"
    SUM_UP = "sum_up"
    VERIFY = "verify"
    LAPSE = "lapse"
    SKIP = "skip"
    MAKE_UP = "make_up"
    ACCEPT = "accept"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class ClockName(StrEnum):
    """Its window; and how long a missed one may stand undecided."""

    WINDOW = "window"
    SETTLE = "settle"


A, S, R, C = Action, State, Relation, ClockName
Stage = flow.Stage[Action, ClockName, To]
STAGES: dict[State, Stage] = {
    S.DUE: Stage(None, To.PATROLLERS, (1, 0)),
    S.UNDERWAY: Stage(None, To.PATROLLERS, (1, 1)),
    S.MISSED: Stage(C.SETTLE, To.LEAD, (2, 1), keeps_holder=True),
    S.DONE: Stage(None, None, (1, 2)),
    S.ACCEPTED: Stage(None, None, (2, 2)),
    S.EXCUSED: Stage(None, None, (0, 1), called_off=True),
    S.SKIPPED: Stage(None, None, (0, 0)),
}
DEFAULTS = ClockDefaults(
    usual={
        C.WINDOW: ClockPolicy(length=timedelta(hours=12), remind=(66,)),
        C.SETTLE: ClockPolicy(length=timedelta(days=1), remind=(50,), climbs=True),
    }
)


class Round(Struct, frozen=True, kw_only=True):
    """One time of a plan (`name`): its `slot` is where the rule has it. Points, list and roles stay
    as they were when it opened. It stays `missed_at` though it is made up for.
    """

    kind: ClassVar[str] = "patrols"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = S.DUE
    place: str
    name: str
    slot: str
    opened_at: datetime
    walk: Walk
    is_campaign: bool = False
    roles: tuple[Role, ...] = ()
    holder: int | None = None
    service_minutes: int = 0
    text: str = ""  # why it was not walked, or how a campaign was summed up
    missed_at: datetime | None = None
    done_at: datetime | None = None
    verified_by: int | None = None
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]


def relate(person: Person, one: Round) -> Relation:
    """A round that nobody has is anybody's who has a role for it; else his, or his stand-in's."""
    places = [m.place for m in person.memberships if m.role in one.roles]
    is_able = any(covers(p, one.place) or covers(one.place, p) for p in places)
    is_his = one.holder in {person.id, *person.stands_for}
    return standing(person, one.place, (R.PATROLLER, is_his if one.holder else is_able))


Command = command.Command[Round, Action, Relation]

# what is asked


def _is_there(a: Command) -> bool:
    return bool(a.subject.walk.at(a.by))


def _has_more(a: Command) -> bool:
    return a.subject.walk.at(a.by) in a.subject.walk.left


def _has_well(a: Command) -> bool:
    return a.subject.walk.well(a.by, a.now) != a.subject.walk


def _is_unmeasured(a: Command) -> bool:
    return a.subject.walk.unmeasured(a.by) is not None


def _is_complete(a: Command) -> bool:
    return not a.subject.walk.left


def _may_earn(a: Command) -> bool:
    is_open = bool(a.subject.service_minutes) and a.subject.verified_by is None
    return is_open and a.subject.holder not in {None, a.by}


def _is_not_summed(a: Command) -> bool:
    return a.subject.is_campaign and not a.subject.text


# what is done


def _touch(a: Command) -> Round:
    """He is at a point; whoever begins what was anybody's has it, unless many walk it."""
    one, way = a.subject, "scan" if a.answers[w.SCANNED] else "tap"
    try:
        walk = one.walk.touch(a.answers[w.POINT], a.by, way)
    except UnknownSpotError as error:
        raise Refusal("form_over") from error
    except OrderError as error:
        raise Refusal("refused_order", about=one.id, point=error.spot.name) from error
    return replace(one, walk=walk, holder=one.holder or (None if one.is_campaign else a.by))


def _measure(a: Command) -> Walk:
    item = a.subject.walk.unmeasured(a.by)
    assert item
    return a.subject.walk.mark(item, replace(_mark(a), measure=a.answers[w.MEASURE]))


def _fault(a: Command) -> Walk:
    if not a.answers[PHOTOS]:
        raise Refusal("form_tap_or_photo")
    return a.subject.walk.wrong(faulty(a), _mark(a))


def faulty(a: Command) -> Item:
    """Which line is wrong: the one that was chosen, whose number says so, or the only one."""
    items, said = a.subject.walk.checklist.items, a.answers[w.ITEM]
    if not said:
        return a.subject.walk.unproven(a.by) or items[0]
    if not said.isdecimal() or int(said[:3]) >= len(items):
        raise Refusal("form_tap_an_answer")
    return items[int(said)]


def _mark(a: Command) -> Mark:
    note, photos = a.answers[TEXT], a.answers[PHOTOS]
    return Mark(verdict=Verdict.OK, by=a.by, at=a.now, note=note, photos=photos)


def _erase(a: Command) -> Round:
    """What was found stays; what one person wrote and showed goes, or without one, everybody's."""
    one, person = a.subject, a.named
    holder = None if person and person == one.holder else one.holder
    text = one.text if person else ""
    return replace(one, walk=one.walk.without(person), text=text, holder=holder)


def _set(**changes: Any) -> Any:
    """An effect that sets fields, each to what a function of the command gives."""

    def effect(a: Command) -> Round:
        return replace(a.subject, **{name: value(a) for name, value in changes.items()})

    return effect


_said = _set(text=lambda a: a.answers[TEXT])


# the table

Step = flow.Step[Action, State, Command, Round]
_GOING, _OPEN = {S.DUE, S.UNDERWAY}, {S.DUE, S.UNDERWAY, S.MISSED}


# fmt: off
STEPS: tuple[Step, ...] = (
    # who walks it
    _step(A.WELL, {S.UNDERWAY}, SAME, R.PATROLLER, when=_has_well,
          does=_set(walk=lambda a: a.subject.walk.well(a.by, a.now))),
    _step(A.MEASURE, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(w.MEASURE,), when=_is_unmeasured,
          does=_set(walk=_measure)),
    _step(A.FAULT, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(w.ITEM, NOTE_OR_PHOTO, w.PROOF, w.LEVEL),
          when=_is_there, does=_set(walk=_fault)),
    _step(A.TOUCH, {S.DUE}, S.UNDERWAY, R.PATROLLER, needs=(w.POINT,), does=_touch),
    _step(A.TOUCH, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(w.POINT,), does=_touch),
    _step(A.BEYOND, {S.UNDERWAY}, SAME, R.PATROLLER, needs=(TEXT,), when=_has_more,
          does=_set(walk=lambda a: a.subject.walk.beyond(_mark(a)))),
    _step(A.ASSIGN, _GOING, SAME, R.PATROLLER | R.LEAD, needs=(TO,),
          does=_set(holder=lambda a: a.named), tells=((To.NAMED, "round_yours"),)),
    _step(A.EXCUSE, _GOING, S.EXCUSED, R.PATROLLER | R.LEAD, needs=(TEXT,), does=_said,
          tells=((To.LEAD, "round_excused"),)),
    # whoever walks by
    _step(A.TELL, {*S}, SAME, R.PASSER_BY, needs=(w.POINT, NOTE_OR_PHOTO)),
    # the lead
    _step(A.MAKE_UP, {S.MISSED}, S.DUE, R.LEAD, starts=C.WINDOW,
          due=lambda a: calendar.end_of_day(a.now, a.rules),
          tells=((To.PATROLLERS, "round_again"),)),
    _step(A.ACCEPT, {S.MISSED}, S.ACCEPTED, R.LEAD, needs=(TEXT,), does=_said),
    _step(A.SUM_UP, {S.DONE}, SAME, R.LEAD, needs=(TEXT,), when=_is_not_summed, does=_said,
          tells=((To.COMMITTEE, "round_summed"),)),
    _step(A.VERIFY, {S.DONE}, SAME, R.LEAD, when=_may_earn, does=_set(verified_by=lambda a: a.by)),
    # the system
    _step(A.FINISH, {S.UNDERWAY}, S.DONE, R.SYSTEM, when=_is_complete, shown=True,
          does=_set(done_at=lambda a: a.now), tells=((To.GROUP, "round_done"),)),
    _step(A.LAPSE, _GOING, S.MISSED, R.SYSTEM, shown=True,
          does=_set(missed_at=lambda a: a.subject.missed_at or a.now),
          tells=((To.LEAD, "round_missed"), (To.PATROLLERS, "round_missed"))),
    _step(A.SKIP, {S.DUE}, S.SKIPPED, R.SYSTEM, shown=True),
    _step(A.RETURN, _GOING, SAME, R.SYSTEM, does=_set(holder=lambda a: None),
          tells=((To.PATROLLERS, "round_due"),)),
    _step(A.REMIND, _OPEN, SAME, R.SYSTEM),
    _step(A.ESCALATE, _OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, {*S}, SAME, R.SYSTEM, does=_erase),
)
# fmt: on
_MORE = (A.ASSIGN, A.EXCUSE, "steps", "files")
FRONT: dict[State, tuple[str, ...]] = {
    S.DUE: (A.TOUCH, *_MORE),
    S.UNDERWAY: (A.WELL, A.MEASURE, A.FAULT, A.TOUCH, A.BEYOND, *_MORE),
    S.MISSED: (A.MAKE_UP, A.ACCEPT, *_MORE),
    S.DONE: (A.SUM_UP, A.VERIFY, *_MORE),
}


ROUNDS: Flow[Action, State, Step, Command, Round] = Flow(
    kind=Round.kind, begins=A.OPEN, stages=STAGES, steps=STEPS, clockwork=Clockwork(),
    refusal=not_now, reminds=A.REMIND, escalates=A.ESCALATE, returns=A.RETURN, front=FRONT,
    lasting={C.WINDOW: Lasting(until=frozenset(S) - _GOING, on_time=A.LAPSE)},
)  # fmt: skip
attempt = command.making(command.Command, relate=relate)


def begin(
    one: Round, now: datetime, rules: Rules, *, is_asked: bool = True
) -> decision.Decision[Round]:
    """Its window is open, and whoever may is asked to walk it."""
    due = Notice(to=To.PATROLLERS, template="round_due", ticket_id=one.id, is_card=True)
    said = {"text": one.name, "place": one.place}
    notices = (due,) if is_asked else ()
    return decision.begin(ROUNDS, one, SYSTEM.id, now, rules, data=said, notices=notices)

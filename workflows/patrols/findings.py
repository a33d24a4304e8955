"""A finding (隐患), from the fault until somebody else has checked that it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.core.engine import command, decision, flow
from workflows.core.engine.clocks import Clock
from workflows.core.engine.flow import SAME, Flow, Says, not_now
from workflows.core.engine.flow import step as _step
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.permissions import is_staff
from workflows.core.policy import ClockDefaults, ClockPolicy, Rules
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import DUE, NOTE_OR_PHOTO, PHOTOS, TEXT
from workflows.core.timing.clocks import Clockwork, by_kind
from workflows.patrols import words as w
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.words import Level, Relation, To, standing


class State(StrEnum):
    """Where a finding stands."""

    FOUND = "found"
    UNPLANNED = "unplanned"
    RECTIFYING = "rectifying"
    TO_CHECK = "to_check"
    CLEARED = "cleared"
    REFUTED = "refuted"


class Action(StrEnum):
    """What can be done with a finding."""

    FIND = "find"
    FIX = "fix"
    REPORT = "report"
    PLAN = "plan"
    CLEAR = "clear"
    FAIL = "fail"
    REFUTE = "refute"
    AGAIN = "again"
    ANSWERED = "answered"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class ClockName(StrEnum):
    """Whether it is put right on the spot; the plan of a major one; putting it right; the check."""

    SPOT = "spot"
    PLAN = "plan"
    RECTIFY = "rectify"
    CHECK = "check"


class Then(Enum):
    """What follows from a step."""

    TELL_OFFICE = "tell_office"  # it becomes a petition


A, S, R, C = Action, State, Relation, ClockName
Stage = flow.Stage[Action, ClockName, To]
STAGES: dict[State, Stage] = {
    S.FOUND: Stage(C.SPOT, To.FINDERS, (1, 0), on_time=A.REPORT),
    S.UNPLANNED: Stage(C.PLAN, To.LEAD, (2, 0.5)),
    S.RECTIFYING: Stage(C.RECTIFY, To.LEAD, (1, 1)),
    S.TO_CHECK: Stage(C.CHECK, To.CHECKERS, (1, 2)),
    S.CLEARED: Stage(None, None, (1, 3)),
    S.REFUTED: Stage(None, None, (0, 1), called_off=True),
}
DEFAULTS = ClockDefaults(
    usual={
        C.SPOT: ClockPolicy(length=timedelta(minutes=15)),
        C.PLAN: ClockPolicy(length=timedelta(hours=24), remind=(50,), climbs=True),
        C.RECTIFY: ClockPolicy(length=timedelta(hours=24), remind=(75,), climbs=True),
        C.CHECK: ClockPolicy(length=timedelta(days=2), remind=(50,), climbs=True),
    }
)


class Finding(Struct, frozen=True, kw_only=True):
    """What is wrong with the thing behind a code (`point`), in which line of the list (`item`, ""
    where a passer-by told it). The same fault again is the same finding: `faulted_at` has each
    time. `fixers` are all who mended it since; none of them checks it. `plan` has the five of a
    major one. `cost` is in yuan.
    """

    kind: ClassVar[str] = "findings"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = S.FOUND
    place: str
    round: int
    point: str
    name: str
    category: str = ""
    item: str = ""
    text: str = ""
    level: Level = Level.MINOR
    finders: tuple[int, ...]
    opened_at: datetime
    faulted_at: tuple[datetime, ...]
    fixers: tuple[int, ...] = ()
    failed: int = 0
    cost: int = 0
    plan: Mapping[str, str] = field(default_factory=dict)
    cleared_at: datetime | None = None
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

    @property
    def is_unplanned(self) -> bool:
        """Whether it needs a plan that is not there."""
        return self.level is Level.MAJOR and not self.plan


def relate(person: Person, finding: Finding) -> Relation:
    """Whoever of the staff has not mended it may check it."""
    may_check = is_staff(person, finding.place) and person.id not in finding.fixers
    is_finder = (R.FINDER, person.id in finding.finders)
    return standing(person, finding.place, is_finder, (R.CHECKER, may_check))


def _policy(name: str, finding: Finding, rules: Rules) -> ClockPolicy:
    """How long it may take to put right, its level says."""
    policy = by_kind(name, finding, rules)
    within = rules.of(PatrolSettings).within(finding.level)
    return replace(policy, length=within) if name == C.RECTIFY else policy


Command = command.Command[Finding, Action, Relation]

# what is asked


def _is_unplanned(a: Command) -> bool:
    return a.subject.is_unplanned


def _is_planned(a: Command) -> bool:
    return not a.subject.is_unplanned


def _is_told(a: Command) -> bool:
    return a.answers[w.SEEN] and not _again(a).is_unplanned


def _is_told_graver(a: Command) -> bool:
    return a.answers[w.SEEN] and _again(a).is_unplanned


# what is done


def _fix(a: Command) -> Finding:
    if not a.answers[PHOTOS]:
        raise Refusal("form_tap_or_photo")
    return _mended(a.subject, a.by, cost=a.subject.cost + a.answers[w.COST])


def _answered(a: Command) -> Finding:
    return _mended(a.subject, *a.answers[w.FIXERS])


def _mended(finding: Finding, *by: int, **more: int) -> Finding:
    return replace(finding, fixers=tuple(dict.fromkeys((*finding.fixers, *by))), **more)


def _plan(a: Command) -> Finding:
    said = a.answers.as_values()
    return replace(a.subject, plan={need.name: str(said.get(need.name, "")) for need in w.FIVE})


def _clear(a: Command) -> Finding:
    return replace(a.subject, cleared_at=a.now)


def _fail(a: Command) -> Finding:
    """Who tried may not say next time either that it is gone."""
    return replace(a.subject, failed=a.subject.failed + 1, text=a.answers[TEXT] or a.subject.text)


def _again(a: Command) -> Finding:
    """Somebody saw it, too; once it was mended it has failed once more."""
    finding = a.subject
    level = max(finding.level, a.answers[w.LEVEL], key=tuple(Level).index)
    found = tuple(dict.fromkeys((*finding.finders, a.by)))
    seen = replace(finding, finders=found, level=level)
    if finding.state not in {S.TO_CHECK, S.CLEARED}:
        return seen
    text = a.answers[TEXT] or finding.text
    times = (*finding.faulted_at, a.now)
    return replace(seen, text=text, faulted_at=times, fixers=(), plan={}, cleared_at=None)


def _erase(a: Command) -> Finding:
    """Without one person's words and number; without one, with nobody's words. What is still
    worked on keeps its plan.
    """
    finding, person = a.subject, a.named
    if person is None:
        return replace(finding, text="", plan={} if finding.ended_at else finding.plan)
    text = "" if finding.finders[:1] == (person,) else finding.text
    return replace(finding, text=text, finders=tuple(i for i in finding.finders if i != person))


# the table

Step = flow.Step[Action, State, Command, Finding]
_OPEN = {S.FOUND, S.UNPLANNED, S.RECTIFYING, S.TO_CHECK}
_MAJOR = ((To.LEAD, "finding_major"), (To.COMMITTEE, "finding_major"))
_CHECK = ((To.CHECKERS, "finding_check"),)
_FAILED = ((To.LEAD, "finding_failed"),)


# fmt: off
STEPS: tuple[Step, ...] = (
    _step(A.FIX, {S.FOUND, S.RECTIFYING}, S.TO_CHECK, R.STAFF, needs=(w.AFTER, w.COST), does=_fix,
          tells=_CHECK),
    _step(A.REPORT, {S.FOUND}, S.RECTIFYING, R.STAFF | R.SYSTEM, when=_is_planned,
          then=Then.TELL_OFFICE),
    _step(A.REPORT, {S.FOUND}, S.UNPLANNED, R.STAFF | R.SYSTEM, when=_is_unplanned, tells=_MAJOR,
          then=Then.TELL_OFFICE),
    _step(A.PLAN, {S.UNPLANNED}, S.RECTIFYING, R.LEAD, needs=w.FIVE, does=_plan,
          due=lambda a: a.answers[DUE], tells=((To.COMMITTEE, "finding_planned"),)),
    _step(A.CLEAR, {S.TO_CHECK}, S.CLEARED, R.CHECKER, does=_clear, shown=True,
          tells=((To.FINDERS, "finding_cleared"),)),
    _step(A.FAIL, {S.TO_CHECK}, S.RECTIFYING, R.CHECKER, needs=(NOTE_OR_PHOTO,), when=_is_planned,
          does=_fail, tells=_FAILED, then=Then.TELL_OFFICE),
    _step(A.FAIL, {S.TO_CHECK}, S.UNPLANNED, R.CHECKER, needs=(NOTE_OR_PHOTO,), when=_is_unplanned,
          does=_fail, tells=_FAILED, then=Then.TELL_OFFICE),
    _step(A.REFUTE, _OPEN, S.REFUTED, R.LEAD, needs=(TEXT,), says=Says.STAFF,
          tells=((To.FINDERS, "finding_refuted"),)),
    # who sees it once more
    _step(A.AGAIN, {S.FOUND, S.UNPLANNED, S.RECTIFYING}, SAME, R.PASSER_BY, when=_is_told,
          does=_again),
    _step(A.AGAIN, {S.FOUND, S.UNPLANNED, S.RECTIFYING}, S.UNPLANNED, R.PASSER_BY,
          when=_is_told_graver, does=_again, tells=_MAJOR),
    _step(A.AGAIN, {S.TO_CHECK, S.CLEARED}, S.FOUND, R.PASSER_BY,
          when=lambda a: a.answers[w.SEEN], does=_again, undoes=True),
    # the system
    _step(A.ANSWERED, {S.RECTIFYING}, S.TO_CHECK, R.SYSTEM, does=_answered, tells=_CHECK),
    _step(A.REMIND, _OPEN, SAME, R.SYSTEM),
    _step(A.ESCALATE, _OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, {*S}, SAME, R.SYSTEM, does=_erase),
)
# fmt: on
FRONT: dict[State, tuple[str, ...]] = {
    S.FOUND: (A.FIX, A.REPORT),
    S.UNPLANNED: (A.PLAN,),
    S.RECTIFYING: (A.FIX,),
    S.TO_CHECK: (A.CLEAR, A.FAIL, "pair"),
}


def _refusal(a: Command) -> Refusal:
    """Who mended it does not check it."""
    if a.action in {A.CLEAR, A.FAIL} and a.by in a.subject.fixers:
        about = {"about": a.subject.id, "state": a.subject.state.value}
        return Refusal("refused_own_work", **about)
    return not_now(a)


FINDINGS: Flow[Action, State, Step, Command, Finding] = Flow(
    kind=Finding.kind, begins=A.FIND, stages=STAGES, steps=STEPS, refusal=_refusal,
    clockwork=Clockwork(policy=_policy), reminds=A.REMIND, escalates=A.ESCALATE, front=FRONT,
    behind=("pair", "files", "steps"),
)  # fmt: skip
attempt = command.making(command.Command, relate=relate)


def begin(
    finding: Finding, by: Person, now: datetime, rules: Rules, *, can_wait: bool = True
) -> decision.Decision[Finding]:
    """The first step of a new finding: who found it can put it right on the spot."""
    own = Notice(to=by.id, template="finding_found", ticket_id=finding.id, is_card=True,
                 priority=Priority.REPLY)  # fmt: skip
    said = {"text": finding.text, "place": finding.place, "level": finding.level.value}
    notices = (own,) if can_wait and is_staff(by, finding.place) else ()
    return decision.begin(FINDINGS, finding, by.id, now, rules, data=said, notices=notices)

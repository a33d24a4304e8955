"""The lifecycle of a finding on one page: what can be done from where, and what that does."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from msgspec.structs import replace

from workflows.core.engine import decision, flow
from workflows.core.engine.flow import SAME, Flow, Says
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.core.policy import ClockDefaults, ClockPolicy, Rules
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import DUE, NOTE_OR_PHOTO, PHOTOS, TEXT
from workflows.core.timing.clocks import Clockwork, by_kind
from workflows.patrols.findings.model import STAGES, Action, ClockName, Finding, Plan, State
from workflows.patrols.needs import (
    AFTER,
    COST,
    FALLBACK,
    FIXERS,
    FUNDS,
    LEVEL,
    METHOD,
    OWNER,
    SEEN,
    WORN,
)
from workflows.patrols.relations import Command, Relation, attempting, is_staff, standing
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.words import Level, To

A, S, R, C = Action, State, Relation, ClockName
Step = flow.Step[Action, State, Command[Finding], Finding]
_GRAVE = tuple(Level)


class Then(Enum):
    """What follows from a step."""

    TELL_OFFICE = "tell_office"  # it becomes a petition


DEFAULTS = ClockDefaults(
    usual={
        C.SPOT: ClockPolicy(length=timedelta(minutes=15)),
        C.PLAN: ClockPolicy(length=timedelta(hours=24), remind=(50,), climbs=True),
        C.RECTIFY: ClockPolicy(length=timedelta(hours=24), remind=(75,), climbs=True),
        C.CHECK: ClockPolicy(length=timedelta(days=2), remind=(50,), climbs=True),
    }
)


def _policy(name: str, finding: Finding, rules: Rules) -> ClockPolicy:
    """How long it may take to put right, its level says."""
    policy = by_kind(name, finding, rules)
    within = rules.of(PatrolSettings).within(finding.level)
    return replace(policy, length=within) if name == C.RECTIFY else policy


def relate(person: Person, finding: Finding) -> Relation:
    """Whoever of the staff has not mended it may check it."""
    may_check = is_staff(person, finding.place) and person.id not in finding.fixers
    is_finder = (R.FINDER, person.id in finding.finders)
    somebody = (R.PASSER_BY, person.id != SYSTEM.id)
    return standing(person, finding.place, is_finder, (R.CHECKER, may_check), somebody)


# what is asked, and done


def is_major(a: Command[Finding]) -> bool:
    """Whether it needs a plan first."""
    return a.subject.is_major and a.subject.plan is None


def is_usual(a: Command[Finding]) -> bool:
    """Whether it does not."""
    return not is_major(a)


def is_seen(a: Command[Finding]) -> bool:
    """Whether somebody tells of it, and does not just look at its card."""
    return bool(a.answers[SEEN])


def is_graver(a: Command[Finding]) -> bool:
    """Whether what somebody tells makes a plan needed that is not there."""
    return is_seen(a) and is_usual(a) and is_major(replace(a, subject=add(a)))


def is_alike(a: Command[Finding]) -> bool:
    """Whether it does not."""
    return is_seen(a) and not is_graver(a)


def is_worn(a: Command[Finding]) -> bool:
    """Whether the thing has failed too often."""
    return bool(a.subject.worn)


def fix(a: Command[Finding]) -> Finding:
    """Somebody put it right, and shows it. Raises Refusal without a picture."""
    if not a.answers[PHOTOS]:
        raise Refusal("form_tap_or_photo")
    cost = a.subject.cost + a.answers[COST]
    return replace(a.subject, fixers=_with(a.subject.fixers, a.by), cost=cost)


def answered(a: Command[Finding]) -> Finding:
    """It was put right as a petition, by these."""
    return replace(a.subject, fixers=_with(a.subject.fixers, *a.answers[FIXERS]))


def plan(a: Command[Finding]) -> Finding:
    """With all five it is planned."""
    given = a.answers
    made = Plan(
        method=given[METHOD], owner=given[OWNER], funds=given[FUNDS], due=given[DUE] or a.now,
        fallback=given[FALLBACK],
    )  # fmt: skip
    return replace(a.subject, plan=made)


def plan_due(a: Command[Finding]) -> datetime | None:
    """By when it is to be right."""
    return a.answers[DUE]


def clear(a: Command[Finding]) -> Finding:
    """It is gone."""
    return replace(a.subject, cleared_at=a.now)


def fail(a: Command[Finding]) -> Finding:
    """It is still there; who tried may not say next time either that it is gone."""
    return replace(a.subject, failed=a.subject.failed + 1, text=a.answers[TEXT] or a.subject.text)


def add(a: Command[Finding]) -> Finding:
    """Somebody else saw it too."""
    return replace(a.subject, finders=_with(a.subject.finders, a.by), level=_graver(a))


def reopen(a: Command[Finding]) -> Finding:
    """It has failed once more."""
    times = (*a.subject.faulted_at, a.now)
    return replace(
        add(a), faulted_at=times, fixers=(), plan=None, text=a.answers[TEXT] or a.subject.text
    )


def _graver(a: Command[Finding]) -> Level:
    return max(a.subject.level, a.answers[LEVEL], key=_GRAVE.index)


def propose(a: Command[Finding]) -> Finding:
    """It has failed so often."""
    return replace(a.subject, worn=a.answers[WORN][0])


def renew(a: Command[Finding]) -> Finding:
    """There is another thing now, whose faults are counted anew."""
    return replace(a.subject, worn=0, replaced_at=a.now, cost=a.subject.cost + a.answers[COST])


def undo(finding: Finding) -> Finding:
    """It is not gone after all."""
    return replace(finding, cleared_at=None)


def erase(a: Command[Finding]) -> Finding:
    """Without one person's words and number; without one, with nobody's words."""
    person, finding = a.named, a.subject
    if person is None:
        return replace(finding, text="", plan=None)
    text = "" if finding.finders[:1] == (person,) else finding.text
    return replace(finding, text=text, finders=tuple(i for i in finding.finders if i != person))


def _with(known: tuple[int, ...], *more: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*known, *more)))


# the table


def _step(
    action: Action,
    sources: set[State] | frozenset[State],
    target: State | None,
    who: Relation,
    **more: Any,
) -> Step:
    return Step(action=action, sources=frozenset(sources), target=target, who=who, **more)


_OPEN = frozenset(S) - {S.CLEARED, S.REFUTED}
_FIVE = (METHOD, OWNER, FUNDS, DUE, FALLBACK)

# fmt: off
STEPS: tuple[Step, ...] = (
    _step(A.FIX, {S.FOUND}, S.TO_CHECK, R.STAFF, needs=(AFTER, COST), does=fix,
          tells=((To.CHECKERS, "finding_check"),)),
    _step(A.FIX, {S.RECTIFYING}, S.TO_CHECK, R.STAFF, needs=(AFTER, COST), does=fix,
          tells=((To.CHECKERS, "finding_check"),)),
    _step(A.REPORT, {S.FOUND}, S.RECTIFYING, R.STAFF | R.SYSTEM, when=is_usual,
          then=Then.TELL_OFFICE),
    _step(A.REPORT, {S.FOUND}, S.UNPLANNED, R.STAFF | R.SYSTEM, when=is_major,
          tells=((To.LEAD, "finding_major"), (To.COMMITTEE, "finding_major")),
          then=Then.TELL_OFFICE),
    _step(A.PLAN, {S.UNPLANNED}, S.RECTIFYING, R.LEAD, needs=_FIVE, does=plan, due=plan_due,
          tells=((To.COMMITTEE, "finding_planned"),)),
    _step(A.ANSWERED, {S.RECTIFYING}, S.TO_CHECK, R.SYSTEM, does=answered,
          tells=((To.CHECKERS, "finding_check"),)),
    _step(A.CLEAR, {S.TO_CHECK}, S.CLEARED, R.CHECKER, does=clear, shown=True,
          tells=((To.FINDERS, "finding_cleared"),)),
    _step(A.FAIL, {S.TO_CHECK}, S.RECTIFYING, R.CHECKER, needs=(NOTE_OR_PHOTO,), when=is_usual,
          does=fail, tells=((To.LEAD, "finding_failed"),), then=Then.TELL_OFFICE),
    _step(A.FAIL, {S.TO_CHECK}, S.UNPLANNED, R.CHECKER, needs=(NOTE_OR_PHOTO,), when=is_major,
          does=fail, tells=((To.LEAD, "finding_failed"),), then=Then.TELL_OFFICE),
    _step(A.REFUTE, _OPEN, S.REFUTED, R.LEAD, needs=(TEXT,), says=Says.STAFF,
          tells=((To.FINDERS, "finding_refuted"),)),
    _step(A.REPLACE, _OPEN | {S.CLEARED}, SAME, R.LEAD, needs=(COST,), when=is_worn, does=renew),
    # who saw it again
    _step(A.ADD, {S.FOUND, S.UNPLANNED}, SAME, R.PASSER_BY, when=is_seen, does=add),
    _step(A.ADD, {S.RECTIFYING}, SAME, R.PASSER_BY, when=is_alike, does=add),
    _step(A.ADD, {S.RECTIFYING}, S.UNPLANNED, R.PASSER_BY, when=is_graver, does=add,
          tells=((To.LEAD, "finding_major"), (To.COMMITTEE, "finding_major"))),
    _step(A.REOPEN, {S.TO_CHECK, S.CLEARED}, S.FOUND, R.PASSER_BY, when=is_seen, does=reopen,
          undoes=True),
    # the system
    _step(A.PROPOSE, _OPEN, SAME, R.SYSTEM, does=propose,
          tells=((To.LEAD, "finding_worn"), (To.COMMITTEE, "finding_worn"))),
    _step(A.REMIND, _OPEN, SAME, R.SYSTEM),
    _step(A.ESCALATE, _OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, frozenset(S), SAME, R.SYSTEM, does=erase),
)
# fmt: on

STEPS_LOOK, FILES_LOOK, PAIR = "steps", "files", "pair"
_LOOKS = (PAIR, FILES_LOOK, STEPS_LOOK)
FRONT: dict[State, tuple[str, ...]] = {
    S.FOUND: (A.FIX, A.REPORT, *_LOOKS, A.REFUTE),
    S.UNPLANNED: (A.PLAN, *_LOOKS, A.REFUTE),
    S.RECTIFYING: (A.FIX, A.REPLACE, *_LOOKS, A.REFUTE),
    S.TO_CHECK: (A.CLEAR, A.FAIL, A.REPLACE, *_LOOKS, A.REFUTE),
    S.CLEARED: (A.REPLACE, *_LOOKS),
}


def refusal(a: Command[Finding]) -> Refusal:
    """Why not: who mended it does not check it."""
    about = {"about": a.subject.id, "state": a.subject.state.value}
    if a.action in {A.CLEAR, A.FAIL} and a.by in a.subject.fixers:
        return Refusal("refused_own_work", **about)
    return Refusal("refused_now", kind=Finding.kind, **about)


FINDINGS: Flow[Action, State, Step, Command[Finding], Finding] = Flow(
    kind=Finding.kind, begins=A.FIND, stages=STAGES, steps=STEPS, refusal=refusal, undo=undo,
    clockwork=Clockwork(policy=_policy), reminds=A.REMIND, escalates=A.ESCALATE, front=FRONT,
)  # fmt: skip
attempt = attempting(relate)


def begin(finding: Finding, by: Person, now: datetime, rules: Rules) -> decision.Decision[Finding]:
    """The first step of a new finding: who found it can put it right on the spot."""
    said = {"text": finding.text, "place": finding.place, "level": finding.level.value}
    own = Notice(to=by.id, template="finding_found", ticket_id=finding.id, is_card=True,
                 priority=Priority.REPLY)  # fmt: skip
    notices = (own,) if is_staff(by, finding.place) else ()
    return decision.begin(FINDINGS, finding, by.id, now, rules, data=said, notices=notices)

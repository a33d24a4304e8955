"""The lifecycle of a plan on one page: what can be done from where."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from msgspec.structs import replace

from workflows.core.engine import decision, flow
from workflows.core.engine.flow import SAME, Flow
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.core.policy import ClockDefaults, ClockPolicy, Rules
from workflows.core.talk.needs import NOTE_OR_PHOTO, TEXT
from workflows.core.timing.clocks import Clockwork, by_kind
from workflows.patrols.needs import SPOT
from workflows.patrols.plans.model import STAGES, Action, ClockName, Plan, State
from workflows.patrols.relations import Command, Relation, attempting, standing
from workflows.patrols.words import To

A, S, R = Action, State, Relation
Step = flow.Step[Action, State, Command[Plan], Plan]

DEFAULTS = ClockDefaults(
    usual={
        ClockName.TERM: ClockPolicy(length=timedelta(days=365)),
        ClockName.SUMMARY: ClockPolicy(length=timedelta(days=7), remind=(50,), climbs=True),
    }
)


def relate(person: Person, plan: Plan) -> Relation:
    """Anybody may report what is wrong at a point."""
    is_somebody = person.id != SYSTEM.id
    return standing(person, plan.place, (R.PASSER_BY, is_somebody))


def _policy(name: str, plan: Plan, rules: Rules) -> ClockPolicy:
    """A campaign runs until the end of its last day."""
    policy = by_kind(name, plan, rules)
    if name != ClockName.TERM or plan.until is None:
        return policy
    end = datetime.combine(plan.until + timedelta(days=1), time(), rules.zone)
    return replace(policy, length=max(end - plan.begun_at, timedelta(minutes=1)))


def _summed(a: Command[Plan]) -> Plan:
    """What came of it, or why it is stopped."""
    return replace(a.subject, text=a.answers[TEXT])


def _erased(a: Command[Plan]) -> Plan:
    """Sums stay; what somebody wrote goes."""
    return replace(a.subject, text="")


def _step(
    action: Action, source: State | None, target: State | None, who: Relation, **more: Any
) -> Step:
    sources = frozenset([source] if source else S)
    return Step(action=action, sources=sources, target=target, who=who, **more)


STEPS: tuple[Step, ...] = (
    _step(A.TELL, S.RUNNING, SAME, R.PASSER_BY, needs=(SPOT, NOTE_OR_PHOTO)),
    _step(A.CLOSE, S.RUNNING, S.ENDING, R.SYSTEM, shown=True, tells=((To.LEAD, "patrol_ending"),)),
    _step(A.STOP, S.RUNNING, S.STOPPED, R.LEAD, needs=(TEXT,), does=_summed, shown=True,
          tells=((To.COMMITTEE, "patrol_stopped"),)),
    _step(A.SUM_UP, S.ENDING, S.SUMMED, R.LEAD, needs=(TEXT,), does=_summed, shown=True,
          tells=((To.COMMITTEE, "patrol_summed"),)),
    _step(A.REMIND, None, SAME, R.SYSTEM),
    _step(A.ESCALATE, None, SAME, R.SYSTEM),
    _step(A.ERASE, None, SAME, R.SYSTEM, does=_erased),
)  # fmt: skip


def refusal(a: Command[Plan]) -> Refusal:
    """It cannot be done where it stands."""
    return Refusal("refused_now", kind=Plan.kind, about=a.subject.id, state=a.subject.state.value)


PLANS: Flow[Action, State, Step, Command[Plan], Plan] = Flow(
    kind=Plan.kind, begins=A.OPEN, stages=STAGES, steps=STEPS, refusal=refusal,
    clockwork=Clockwork(policy=_policy), reminds=A.REMIND, escalates=A.ESCALATE,
)  # fmt: skip
attempt = attempting(relate)


def begin(plan: Plan, now: datetime, rules: Rules) -> decision.Decision[Plan]:
    """The first step of a new plan."""
    said = {"text": plan.name, "place": plan.place}
    return decision.begin(PLANS, plan, SYSTEM.id, now, rules, data=said)

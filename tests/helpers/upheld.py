"""What holds after every step of any workflow, whoever does whatever whenever."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from trials import Trial

from workflows.core.engine.decision import Decision
from workflows.core.engine.flow import BEFORE, SAME
from workflows.core.people import SYSTEM
from workflows.core.permissions import ABOVE

Step = Decision[Any]


def uphold(trial: Trial, before: Any, decision: Step, now: datetime) -> None:
    """Assert all of it."""
    subject = decision.subject
    _is_as_the_table_says(trial, before, decision, now)
    _has_the_clocks_of_where_it_stands(trial, decision)
    _is_told_to_somebody(trial, decision)
    if trial.flow.stages[subject.state].is_end:
        assert bool(decision.timers) == bool(subject.clocks), "what is over rings no more"
    else:
        assert decision.timers, f"{subject.state} is left without a timer"
        assert may_go_on(trial, subject, now), f"nothing leads on from {subject.state}"
    assert may_be_let_go(trial, subject, now), f"{subject.state} stays with who has left"
    assert not stands_too_long(trial, subject), f"{subject.state} has an outcome already"
    trial.sample.holds(before, subject, now)


def _is_as_the_table_says(trial: Trial, before: Any, decision: Step, now: datetime) -> None:
    subject, event = decision.subject, decision.event
    rows = [row for row in trial.flow.steps if row.action == event.action]
    targets = {_target(row, before) for row in rows if before.state in row.sources}
    assert event.source is before.state and event.target is subject.state in targets
    assert (event.ticket_id, event.at, subject.id) == (before.id, now, before.id)
    assert subject.version == before.version + 1
    is_end = trial.flow.stages[subject.state].is_end
    assert subject.ended_at == ((before.ended_at or now) if is_end else None)
    assert msgspec.json.encode(event.data)


def _target(row: Any, before: Any) -> Any:
    return {SAME: before.state, BEFORE: before.before}.get(row.target, row.target)


def _has_the_clocks_of_where_it_stands(trial: Trial, decision: Step) -> None:
    subject, flow = decision.subject, trial.flow
    stage = flow.stages[subject.state]
    lasting = {c for c, rule in flow.lasting.items() if subject.state not in rule.until}
    begun = {row.starts for row in flow.steps if row.action == decision.event.action}
    own = {stage.clock} - {None}
    assert own <= set(subject.clocks) <= own | lasting | begun
    promises = {c for c in subject.clocks if c in flow.lasting and flow.lasting[c].promise}
    paused = {name for name, clock in subject.clocks.items() if clock.paused}
    assert paused == (promises if stage.pauses else set())
    assert decision.timers == flow.clockwork.timers(subject, trial.sample.rules)


def audiences_of(trial: Trial) -> set[str]:
    """Everybody whom a message about its subjects can be for."""
    return {*trial.workflow.audiences, *(role.value for role in ABOVE)}


def _is_told_to_somebody(trial: Trial, decision: Step) -> None:
    for notice in decision.notices:
        assert isinstance(notice.to, int) or notice.to in audiences_of(trial), notice
        assert msgspec.json.encode(notice.values)


def may_go_on(trial: Trial, subject: Any, now: datetime) -> bool:
    """Whether its clock leads it on, or somebody can who does not just give it up."""
    return trial.flow.stages[subject.state].on_time or any(_leading(trial, subject, now))


def _leading(trial: Trial, subject: Any, now: datetime) -> Iterator[bool]:
    flow = trial.flow
    for person in (p for p in trial.people if p is not SYSTEM):
        command = trial.command(subject, flow.begins, person, now)
        rows = (flow.row_for(command.instead(action)) for action in flow.actions(command))
        yield any(
            row.target not in {SAME, subject.state} and not gives_up(trial, row) for row in rows
        )


def gives_up(trial: Trial, row: Any) -> bool:
    """Whether it leads to an end from wherever it stands."""
    stages = trial.flow.stages
    is_from_all = row.sources >= {state for state, stage in stages.items() if not stage.is_end}
    return is_from_all and any(stages[to].is_end for to in trial.flow.targets(row) if to)


def may_be_let_go(trial: Trial, subject: Any, now: datetime) -> bool:
    """Whether nobody is stuck with it: what somebody has in hand stays in peace, or the system can
    take it back.
    """
    flow, holder = trial.flow, trial.workflow.hands.holder(subject)
    stage = flow.stages[subject.state]
    if holder is None or stage.is_end or stage.keeps_holder:
        return True
    returns = flow.returns
    return bool(returns and flow.may(trial.command(subject, returns, SYSTEM, now)))


def stands_too_long(trial: Trial, subject: Any) -> bool:
    """Whether something came of it although work is still to be done."""
    return trial.flow.stages[subject.state].is_work and bool(getattr(subject, trial.sample.outcome))

"""Every workflow's table by itself: its states, its clocks and its rows fit together."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from trials import REGISTERED, Trial
from unregistered import TOPIC
from upheld import gives_up

from workflows.core.engine.flow import SAME

every = pytest.mark.parametrize("trial", [*REGISTERED, TOPIC], ids=repr)


# states


@every
def test_every_state_has_a_stage_and_every_action_a_row(trial: Trial):
    flow, kept = trial.flow, trial.kept
    assert set(flow.stages) == set(kept.states)
    assert {*flow.named, flow.begins} == set(kept.actions)
    assert flow.begins not in flow.named


@every
def test_every_state_is_reached_from_the_start_and_leads_to_an_end(trial: Trial):
    flow = trial.flow
    ends = {state for state, stage in flow.stages.items() if stage.is_end}
    ways = {(a, b) for _, a, b in _ways(trial)}
    assert ends and _spread({flow.start}, ways) == set(flow.stages)
    assert _spread(ends, {(b, a) for a, b in ways}) == set(flow.stages)


def _ways(trial: Trial) -> Iterator[tuple[Any, Any, Any]]:
    """Each row with a state from which, and one to which it leads."""
    for row in trial.flow.steps:
        for source in row.sources:
            for target in trial.flow.targets(row):
                yield row, source, source if target is SAME else target


def _spread(known: set[Any], ways: set[tuple[Any, Any]]) -> set[Any]:
    further = {b for a, b in ways if a in known} - known
    return _spread(known | further, ways) if further else known


@every
def test_every_open_state_is_led_on_by_people_or_by_its_own_clock(trial: Trial):
    """By more than what gives it up from everywhere alike."""
    flow, people = trial.flow, ~trial.system
    led = {
        a for row, a, b in _ways(trial)
        if a is not b and row.who.value & people and not gives_up(trial, row)
    }  # fmt: skip
    led |= {state for state, stage in flow.stages.items() if stage.on_time}
    assert [state for state in _open(trial) if state not in led] == []


def _open(trial: Trial) -> list[Any]:
    return [state for state, stage in trial.flow.stages.items() if not stage.is_end]


@every
def test_what_was_done_is_taken_back_when_work_begins_anew(trial: Trial):
    stages = trial.flow.stages
    anew = [
        (row.action, a) for row, a, b in _ways(trial)
        if stages[b].is_work and not stages[a].is_work and not row.undoes
    ]  # fmt: skip
    assert anew == []


@every
def test_every_state_has_a_spot_of_its_own_in_the_diagram(trial: Trial):
    spots = Counter(stage.spot for stage in trial.flow.stages.values())
    assert [spot for spot, states in spots.items() if states > 1] == []


# clocks


@every
def test_every_clock_belongs_to_one_state_or_lasts(trial: Trial):
    flow = trial.flow
    own = [stage.clock for stage in flow.stages.values() if stage.clock]
    assert sorted([*own, *flow.lasting]) == sorted(trial.kept.clocks)
    assert {row.starts for row in flow.steps} | {row.stops for row in flow.steps} <= {
        *flow.lasting, None,
    }  # fmt: skip


@every
def test_no_clock_runs_beyond_the_end(trial: Trial):
    """But one that runs nowhere else: it begins there."""
    ends = set(trial.flow.stages) - set(_open(trial))
    assert [state for state in ends if trial.flow.stages[state].clock] == []
    for clock, rules in trial.flow.lasting.items():
        runs = set(trial.flow.stages) - rules.until
        assert runs <= ends or not runs & ends, clock


@every
def test_whatever_rings_is_for_something_that_the_system_can_do_there(trial: Trial):
    flow = trial.flow
    idle = [
        (clock, state, action)
        for clock, state in _running(trial)
        for action in (flow.reminds, flow.escalates, flow.on_time(clock) or flow.escalates)
        if not any(
            row.action == action and state in row.sources and row.who.value & trial.system
            for row in flow.steps
        )
    ]
    assert idle == []


def _running(trial: Trial) -> Iterator[tuple[Any, Any]]:
    """Each clock with every state in which it can run."""
    for state, stage in trial.flow.stages.items():
        if stage.clock:
            yield stage.clock, state
        yield from (
            (clock, state)
            for clock, rules in trial.flow.lasting.items()
            if state not in rules.until
        )


@every
def test_only_a_row_that_starts_a_clock_gives_it_a_date(trial: Trial):
    stages = trial.flow.stages
    for row in (row for row in trial.flow.steps if row.due):
        targets = [target for target in trial.flow.targets(row) if target is not SAME]
        assert row.starts or (targets and all(stages[t].clock for t in targets)), row.action


# rows


@every
def test_the_rows_of_an_action_agree_on_who_may_read_it(trial: Trial):
    readings = {(row.action, row.says, row.shown) for row in trial.flow.steps}
    times = Counter(action for action, *_ in readings)
    assert [action for action, times in times.items() if times > 1] == []

"""Every workflow by a bounded walk: each row from each state, tried by each whom it names."""

from typing import Any

import pytest
from replies import done
from roaming import met, roamed
from trials import REGISTERED, Trial
from unregistered import TOPIC
from upheld import may_be_let_go, uphold

from workflows.core.engine import decision
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.talk.needs import NOTHING

every = pytest.mark.parametrize("trial", [*REGISTERED, TOPIC], ids=repr)


@every
def test_the_walk_meets_every_state_and_takes_every_row_by_each_whom_it_names(trial: Trial):
    assert {subject.state for subject in met(trial)} == set(trial.flow.stages)
    taken = {(id(move.row), one) for move in roamed(trial) for one in move.relations}
    named = [(row.action, one, id(row)) for row in trial.flow.steps for one in row.who]
    assert [(action, one) for action, one, row in named if (row, one) not in taken] == []


@every
def test_each_may_do_exactly_what_the_rows_say_and_sees_a_button_for_it(trial: Trial):  # F47
    for subject in _each_kind(trial):
        for person in trial.standing(subject):
            command = trial.command(subject, trial.flow.begins, person)
            named = [a for a in trial.flow.named if _has_a_row(trial, command.instead(a))]
            assert list(trial.flow.actions(command)) == named, (subject.state, person)
            assert [a for a in trial.flow.named if trial.flow.may(command.instead(a))] == named
            assert [a for a in named if not _can_be_done(trial, subject, a, person)] == []


def _each_kind(trial: Trial) -> list[Any]:
    """One subject for each state and set of people who stand to it."""
    kinds = {(s.state, tuple(p.id for p in trial.standing(s))): s for s in met(trial)}
    return list(kinds.values())


def _has_a_row(trial: Trial, command: Any) -> bool:
    """By the rows alone, without the machine."""
    return any(
        row.action is command.action
        and command.subject.state in row.sources
        and command.relations & row.who
        and (row.when is None or row.when(command))
        for row in trial.flow.steps
    )


def _can_be_done(trial: Trial, subject: Any, action: Any, person: Person) -> bool:
    """Whether it is accepted, given what it asks for."""
    beside = (NOTHING, *trial.sample.beside.get(action, ()))
    return any(done(trial, subject, action, person, trial.sample.now, one) for one in beside)


@every
def test_what_the_machine_would_not_accept_is_refused(trial: Trial):
    for subject in trial.sample.fresh:
        for person in trial.standing(subject):
            command = trial.command(subject, trial.flow.begins, person)
            for action in set(trial.flow.named) - set(trial.flow.actions(command)):
                with pytest.raises(Refusal):
                    decision.decide(trial.flow, command.instead(action))


@every
def test_a_stranger_may_do_nothing(trial: Trial):  # F47
    nobody = Person(id=999, name="")
    for subject in met(trial):
        command = trial.command(subject, trial.flow.begins, nobody)
        assert command.relations or trial.flow.actions(command) == ()


@every
def test_every_step_leaves_its_subject_as_the_table_says(trial: Trial):
    for move in roamed(trial):
        uphold(trial, move.before, move.decision, trial.sample.now)


@every
def test_what_somebody_has_in_hand_goes_on_when_he_leaves(trial: Trial):
    stuck = {s.state for s in met(trial) if not may_be_let_go(trial, s, trial.sample.now)}
    assert stuck == set(), "neither keeps_holder nor a row by which the system takes it back"


@every
def test_whatever_rings_first_can_be_done(trial: Trial):
    """The marks of every clock, as if nobody had acted."""
    for subject in met(trial):
        for timer in trial.flow.clockwork.timers(subject, trial.sample.rules):
            action = decision.on_time(trial.flow, timer)
            assert action in trial.flow.named

"""A bounded walk through a workflow's table: each row from each state, by each whom it names."""

from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct
from replies import done
from trials import Trial

from workflows.core.engine.decision import Decision
from workflows.core.people import Person
from workflows.core.talk.needs import NOTHING, Answers


class Move(Struct, frozen=True, kw_only=True, eq=False):
    """A step that was taken: from which subject, by which row, who did it, and what followed."""

    before: Any
    row: Any
    relations: Any
    decision: Decision[Any]


@cache
def roamed(trial: Trial) -> tuple[Move, ...]:
    """Every step that is found from the fresh subjects, at one moment: from the first each row in
    each state, from the others each row, with other answers.
    """
    return tuple(
        move
        for luck, subject in enumerate(trial.sample.fresh)
        for move in _from(trial, subject, luck)
    )


def _from(trial: Trial, fresh: Any, luck: int) -> Iterator[Move]:
    ahead, seen = deque([fresh]), set[Any]()
    while ahead:
        for move in _steps(trial, ahead.popleft(), luck, seen):
            yield move
            ahead.append(move.decision.subject)


def _steps(trial: Trial, subject: Any, luck: int, seen: set[Any]) -> Iterator[Move]:
    """The steps from here that were not taken yet."""
    where = "" if luck else subject.state
    for person in trial.standing(subject):
        for action, beside in _choices(trial, subject, person):
            command = trial.command(subject, action, person, None, beside)
            row = trial.flow.row_for(command)
            new = {(id(row), id(beside), where, one) for one in command.relations & row.who} - seen
            found = new and done(trial, subject, action, person, trial.sample.now, beside, luck)
            if found:
                seen |= new
                yield Move(before=subject, row=found[0], relations=command.relations,
                           decision=found[1])  # fmt: skip


def _choices(trial: Trial, subject: Any, person: Person) -> Iterator[tuple[Any, Answers]]:
    """What this person may do, plainly and with what the sample gives beside."""
    first = trial.command(subject, trial.flow.begins, person)
    yield from ((action, NOTHING) for action in trial.flow.actions(first))
    for action, more in trial.sample.beside.items():
        for beside in more:
            if trial.flow.may(trial.command(subject, action, person, None, beside)):
                yield action, beside


@cache
def met(trial: Trial) -> tuple[Any, ...]:
    """The fresh subjects, and those after each of the steps."""
    return (*trial.sample.fresh, *(move.decision.subject for move in roamed(trial)))

"""A workflow and how its subjects begin: what the tests of every flow start from.

Each workflow of the registry says it in `tests/<kind>/samples.py`, by a value SAMPLE.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from beside import samples
from crowd import around
from folk import NOW, RULES
from msgspec import Struct, field

from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import NOTHING, Answers, Need
from workflows.desk.workflow import Workflow
from workflows.registry import WORKFLOWS


def _nothing(*_: object) -> None:
    """There is nothing else to hold."""


class Sample(Struct, frozen=True, kw_only=True, eq=False):
    """What the tests cannot know of a workflow by itself.

    `fresh` are subjects just begun at `now`, one of each sort that the table's conditions ask
    about. `outcome` is the field that says what came of the work, empty until then. `values` are
    answers to needs that must be looked up; `beside` what comes with an action though no row needs
    it. `holds` asserts what else is so after every step, given the subject before, after, and when.
    """

    fresh: tuple[Any, ...]
    outcome: str
    now: datetime = NOW
    rules: Any = RULES
    values: Mapping[Need[Any], tuple[Any, ...]] = field(default_factory=dict)
    beside: Mapping[Any, tuple[Answers, ...]] = field(default_factory=dict)
    holds: Callable[[Any, Any, datetime], None] = _nothing


class Trial(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """A workflow as it is tried: with its sample, and everybody who could stand around."""

    workflow: Workflow
    own: Sample | None = None  # else it is found by its kind

    def __repr__(self) -> str:
        return self.workflow.kind

    @cached_property
    def sample(self) -> Sample:
        """How its subjects begin."""
        found: Sample = self.own or samples(self.workflow.kind).SAMPLE
        return found

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Those around the first of its subjects."""
        return around(self.sample.fresh[0].place)

    @cached_property
    def system(self) -> int:
        """How the table calls the system, as a number of flags."""
        value: int = self.command(self.sample.fresh[0], self.flow.begins, SYSTEM).relations.value
        return value

    @property
    def flow(self) -> Any:
        """Its table."""
        return self.workflow.flow

    @property
    def kept(self) -> Any:
        """How it is kept, with all its words."""
        return self.workflow.kept

    def command(
        self, subject: Any, action: Any, person: Person,
        now: datetime | None = None, answers: Answers = NOTHING,
    ) -> Any:  # fmt: skip
        """Somebody about to do something."""
        when = now or self.sample.now
        return self.workflow.command(subject, action, person, when, self.sample.rules, answers)

    def standing(self, subject: Any) -> list[Person]:
        """One of those who stand to it in the same way, after each step another."""
        found = defaultdict[int, list[Person]](list)
        for person in self.people:
            stands = self.command(subject, self.flow.begins, person).relations.value
            found[stands].append(person)
        return [some[subject.version % len(some)] for stands, some in found.items() if stands]


REGISTERED = [Trial(workflow=workflow) for workflow in WORKFLOWS]

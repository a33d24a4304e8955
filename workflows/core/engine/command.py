"""Somebody about to do something with a subject: what conditions and effects look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Flag, StrEnum
from functools import cached_property
from typing import Any, Generic, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.engine.subject import Subject, Timer
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.core.talk.needs import HEARD, NOTHING, TIMER, TO, Answers

A = TypeVar("A", bound=StrEnum)  # the workflow's actions
B = TypeVar("B", bound=Subject)
F = TypeVar("F", bound=Flag)  # how its people stand to a subject


class Command(Struct, Generic[B, A, F], frozen=True, kw_only=True, dict=True):
    """Somebody about to do something: all that a condition or an effect may look at.

    `relate` is the workflow's own: how somebody stands to a subject.
    """

    subject: B
    action: A
    actor: Person
    now: datetime
    rules: Rules
    answers: Answers = NOTHING
    relate: Callable[[Person, B], F]

    @cached_property
    def relations(self) -> F:
        """How the actor stands to the subject: every row of the table asks."""
        return self.relate(self.actor, self.subject)

    @property
    def by(self) -> int:
        """Who does it, by number."""
        return self.actor.id

    @property
    def timer(self) -> Timer | None:
        """The due moment that made the system do it."""
        return self.answers[TIMER]

    @property
    def named(self) -> int | None:
        """Whom it names, by number."""
        person = self.answers[TO]
        return person.id if person else None

    def as_given(self) -> Values:
        """What was given with it, for the event."""
        return self.answers.as_values()

    def instead(self, action: A) -> Self:
        """The same person before the same subject, about to do something else."""
        other = replace(self, action=action)
        other.__dict__.update(self.__dict__)  # how he stands to it
        return other

    def as_values(self) -> Values:
        """What a message about this command can say."""
        said = self.answers.as_values() | self._heard() | self._rung()
        return said | {"actor": self.actor.id, "at": self.now.isoformat()}

    def _heard(self) -> dict[str, Any]:
        heard = self.answers[HEARD]
        return {"heard": heard.text, "heard_from": heard.by} if heard else {}

    def _rung(self) -> dict[str, Any]:
        timer = self.timer
        if timer is None:
            return {}
        clock = self.subject.clocks.get(timer.clock)
        late = (self.now - timer.due_at).total_seconds()
        return {
            "clock": timer.clock, "mark": timer.mark, "late": late,
            "due": clock.due.isoformat() if clock else None,
        }  # fmt: skip


C = TypeVar("C", bound=Command[Any, Any, Any])


def making(kind: type[C]) -> Callable[..., C]:
    """How a workflow makes commands of its kind: of what, what to do, by whom, when, by which
    rules, and with which answers.
    """

    def attempt(
        subject: Any, action: Any, actor: Person, now: datetime, rules: Rules,
        answers: Answers = NOTHING,
    ) -> C:  # fmt: skip
        told: dict[str, Any] = {"subject": subject, "action": action, "actor": actor, "now": now}
        return kind(**told, rules=rules, answers=answers)

    return attempt

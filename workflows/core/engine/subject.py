"""What every workflow's things share: what the engine asks of them, their steps and due moments.

A clock, an action and a state are words here; the workflow's own enums are such words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Flag, StrEnum
from typing import Any, ClassVar, Protocol, Self, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.core.engine.clocks import Clock
from workflows.core.talk.messages import Values

ERASE = "erase"  # by which, in every workflow, words are taken out of a subject


class Subject(Protocol):
    """What is walked through a workflow's table: frozen, and its row in the store is the truth."""

    kind: ClassVar[str]  # the workflow that it walks through

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def place(self) -> str:
        """Where it belongs."""

    @property
    def opened_at(self) -> datetime:
        """Since when there is one."""

    @property
    def is_urgent(self) -> bool:
        """Whether it waits for no office; most kinds never are."""
        return False

    @property
    def version(self) -> int:
        """Counts its changes (compare-and-set)."""

    @property
    def state(self) -> StrEnum:
        """Where it stands."""

    @property
    def before(self) -> StrEnum | None:
        """The state it goes back to, while it waits."""

    @property
    def clocks(self) -> Mapping[Any, Clock]:
        """Those that run or are paused, by their names."""

    @property
    def ended_at(self) -> datetime | None:
        """Since when nobody owes anything any more."""


class Timer(Struct, frozen=True, kw_only=True):
    """A due moment of a subject: `mark` is a percentage ("50"), "due", a climb or a daily "late".

    The number is called `ticket_id` in every workflow: its column is.
    """

    ticket_id: int
    clock: str
    mark: str
    due_at: datetime

    @property
    def kind(self) -> str:
        """The name that fires once for a subject's clock, as in "response.50"."""
        return f"{self.clock}.{self.mark}"


class Event(Struct, frozen=True, kw_only=True):
    """One step of a subject, past tense and for ever; `data` is what was said with it.

    The number is called `ticket_id` in every workflow: the chain of hashes spells it so.
    """

    ticket_id: int
    action: str
    actor: int
    at: datetime
    source: str
    target: str
    data: Values = field(default_factory=dict)


class Attempt(Protocol):
    """Somebody about to do something with a subject: all that a row may look at."""

    @property
    def subject(self) -> Subject:
        """With what."""

    @property
    def action(self) -> StrEnum:
        """What is to be done."""

    @property
    def relations(self) -> Flag:
        """How the actor stands to the subject."""

    @property
    def now(self) -> datetime:
        """When (aware UTC)."""

    @property
    def rules(self) -> Any:
        """What the community settles for itself; the clockwork reads it."""

    def instead(self, action: Any, /) -> Self:
        """The same person before the same subject, about to do something else."""


class Deed(Attempt, Protocol):
    """An attempt with all that is written down of it, and told, when it is done."""

    @property
    def by(self) -> int:
        """Who does it, by number; 0 is the system."""

    @property
    def timer(self) -> Timer | None:
        """The due moment that made the system do it."""

    @property
    def named(self) -> int | None:
        """Whom it names, by number: an audience of its own."""

    def as_given(self) -> Values:
        """What was given with it, for the event."""

    def as_values(self) -> Values:
        """What a message about it can say."""


B = TypeVar("B", bound=Subject)


def changed(subject: B, **changes: Any) -> B:
    """The same subject but for these of its fields."""
    return replace(subject, **changes)  # type: ignore[type-var] # no Protocol can say Struct

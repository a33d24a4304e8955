"""What the engine asks of a workflow's own things, and of whoever is about to change one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Flag, StrEnum
from typing import Any, Protocol, Self

from workflows.core.clocks import Clock


class Subject(Protocol):
    """What is walked through a workflow's table: frozen, and its row in the store is the truth."""

    @property
    def id(self) -> int:
        """Its number."""

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

"""A plan: which one of the config it is, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct, field

from workflows.core.engine import flow
from workflows.core.engine.clocks import Clock
from workflows.patrols.words import To


class State(StrEnum):
    """Where a plan stands."""

    RUNNING = "running"
    ENDING = "ending"
    SUMMED = "summed"
    STOPPED = "stopped"


class Action(StrEnum):
    """What can be done with a plan."""

    OPEN = "open"
    TELL = "tell"
    CLOSE = "close"
    STOP = "stop"
    SUM_UP = "sum_up"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class ClockName(StrEnum):
    """Until its last day, or for a year; then until it is summed up."""

    TERM = "term"
    SUMMARY = "summary"


Stage = flow.Stage[Action, ClockName, To]

STAGES: dict[State, Stage] = {
    State.RUNNING: Stage(ClockName.TERM, To.LEAD, (1, 0), on_time=Action.CLOSE),
    State.ENDING: Stage(ClockName.SUMMARY, To.LEAD, (1, 1)),
    State.SUMMED: Stage(None, None, (1, 2)),
    State.STOPPED: Stage(None, None, (2, 1), called_off=True),
}


class Plan(Struct, frozen=True, kw_only=True):
    """What is walked by a plan of the config, which is found by its `name`: as long as it runs, the
    config says all else of it. `text` is how it was summed up.
    """

    kind: ClassVar[str] = "patrols"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = State.RUNNING
    place: str
    name: str
    begun_at: datetime
    until: date | None = None
    text: str = ""
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def opened_at(self) -> datetime:
        """When it began."""
        return self.begun_at

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

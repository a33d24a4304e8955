"""A finding: what is wrong with which thing, how often it was, and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct, field

from workflows.core.engine import flow
from workflows.core.engine.clocks import Clock
from workflows.patrols.words import Level, To


class State(StrEnum):
    """Where a finding stands."""

    FOUND = "found"
    UNPLANNED = "unplanned"
    RECTIFYING = "rectifying"
    TO_CHECK = "to_check"
    CLEARED = "cleared"
    REFUTED = "refuted"


class Action(StrEnum):
    """What can be done with a finding."""

    FIND = "find"
    FIX = "fix"
    REPORT = "report"
    PLAN = "plan"
    ANSWERED = "answered"
    CLEAR = "clear"
    FAIL = "fail"
    REFUTE = "refute"
    REPLACE = "replace"
    ADD = "add"
    REOPEN = "reopen"
    PROPOSE = "propose"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class ClockName(StrEnum):
    """Whether it is put right on the spot; the plan of a major one; putting it right; the check."""

    SPOT = "spot"
    PLAN = "plan"
    RECTIFY = "rectify"
    CHECK = "check"


Stage = flow.Stage[Action, ClockName, To]
C = ClockName

STAGES: dict[State, Stage] = {
    State.FOUND: Stage(C.SPOT, To.FINDERS, (1, 0), on_time=Action.REPORT),
    State.UNPLANNED: Stage(C.PLAN, To.LEAD, (2, 0.5)),
    State.RECTIFYING: Stage(C.RECTIFY, To.LEAD, (1, 1)),
    State.TO_CHECK: Stage(C.CHECK, To.CHECKERS, (1, 2)),
    State.CLEARED: Stage(None, None, (1, 3)),
    State.REFUTED: Stage(None, None, (0, 1), called_off=True),
}


class Plan(Struct, frozen=True, kw_only=True):
    """The five that a major finding needs before it counts as planned; the fifth is the date."""

    method: str
    owner: str
    funds: str
    due: datetime
    fallback: str


class Finding(Struct, frozen=True, kw_only=True):
    """What is wrong with the thing behind a code (`point`), in which line of the list (`item`, ""
    where a passer-by reported it). The same fault again is the same finding: `faulted_at` has each
    time. `fixers` are all who mended it since; none of them checks it. `cost` is in yuan.
    From `replaced_at` on it is another thing.
    """

    kind: ClassVar[str] = "findings"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = State.FOUND
    place: str
    point: str
    name: str
    category: str = ""
    item: str = ""
    text: str = ""
    level: Level = Level.MINOR
    patrol: int
    finders: tuple[int, ...]
    found_at: datetime
    faulted_at: tuple[datetime, ...]
    fixers: tuple[int, ...] = ()
    failed: int = 0
    cost: int = 0
    plan: Plan | None = None
    worn: int = 0
    replaced_at: datetime | None = None
    cleared_at: datetime | None = None
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def opened_at(self) -> datetime:
        """When it was seen first."""
        return self.found_at

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

    @property
    def is_major(self) -> bool:
        """Whether it needs a plan of its own."""
        return self.level is Level.MAJOR

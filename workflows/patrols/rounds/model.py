"""A round: its points, what is looked at there, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct, field

from workflows.core.engine import flow
from workflows.core.engine.clocks import Clock
from workflows.core.kernels.checklist import Checklist, Item, Mark, Sheet
from workflows.core.people import Role
from workflows.patrols.words import To


class State(StrEnum):
    """Where a round stands."""

    DUE = "due"
    UNDERWAY = "underway"
    MISSED = "missed"
    DONE = "done"
    ACCEPTED = "accepted"
    EXCUSED = "excused"


class Action(StrEnum):
    """What can be done with a round."""

    OPEN = "open"
    WELL = "well"
    FAULT = "fault"
    MEASURE = "measure"
    ALL_WELL = "all_well"
    TOUCH = "touch"
    BEYOND = "beyond"
    ASSIGN = "assign"
    EXCUSE = "excuse"
    RETURN = "return"
    FINISH = "finish"
    VERIFY = "verify"
    LAPSE = "lapse"
    MAKE_UP = "make_up"
    ACCEPT = "accept"
    REMIND = "remind"
    ESCALATE = "escalate"
    ERASE = "erase"


class ClockName(StrEnum):
    """Its window; and how long a missed one may stand undecided."""

    WINDOW = "window"
    SETTLE = "settle"


Stage = flow.Stage[Action, ClockName, To]

STAGES: dict[State, Stage] = {
    State.DUE: Stage(None, To.PATROLLERS, (1, 0)),
    State.UNDERWAY: Stage(None, To.PATROLLERS, (1, 1)),
    State.MISSED: Stage(ClockName.SETTLE, To.LEAD, (2, 1), keeps_holder=True),
    State.DONE: Stage(None, None, (1, 2)),
    State.ACCEPTED: Stage(None, None, (2, 2)),
    State.EXCUSED: Stage(None, None, (0, 1), called_off=True),
}
ENDED = frozenset(state for state, stage in STAGES.items() if stage.is_end)


class Stop(Struct, frozen=True, kw_only=True):
    """A point of a round, as it was when that began."""

    code: str
    name: str
    place: str


class Round(Struct, frozen=True, kw_only=True):
    """One time of a plan. Its `points` and its `checklist` stay as they were when it opened,
    whatever becomes of the config; `touched` says by which way each point was reached, `at` is
    where its patroller stands. What was found is on a sheet of each point. It stays `missed_at`
    though it is made up for.
    """

    kind: ClassVar[str] = "rounds"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = State.DUE
    plan: int
    slot: str
    place: str
    name: str
    opens_at: datetime
    checklist: Checklist
    points: tuple[Stop, ...]
    is_ordered: bool = False
    roles: tuple[Role, ...] = ()
    holder: int | None = None
    service_minutes: int = 0
    at: str = ""
    touched: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, Mark]] = field(default_factory=dict)
    reason: str = ""
    missed_at: datetime | None = None
    done_at: datetime | None = None
    verified_by: int | None = None
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def opened_at(self) -> datetime:
        """When its window opened."""
        return self.opens_at

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

    @property
    def codes(self) -> tuple[str, ...]:
        """Its points by their codes, in order."""
        return tuple(one.code for one in self.points)

    def stop(self, code: str) -> Stop | None:
        """The point of this code."""
        return next((one for one in self.points if one.code == code), None)

    def sheet(self, code: str) -> Sheet:
        """What was found at a point."""
        marks = self.marks.get(code, {})
        return Sheet(subject=self.id, name=code, checklist=self.checklist, marks=marks)

    @property
    def left(self) -> tuple[str, ...]:
        """The points where something is still to be said."""
        return tuple(code for code in self.codes if self.sheet(code).missing)

    @property
    def ahead(self) -> tuple[str, ...]:
        """Where one can go now: of a fixed order the next point alone."""
        left = tuple(code for code in self.left if code != self.at)
        return left[:1] if self.is_ordered else left

    @property
    def unmeasured(self) -> Item | None:
        """What is to be measured next where he stands."""
        marks = self.marks.get(self.at, {})
        found = (one for one in self.checklist.items if one.limits and one.key not in marks)
        return next(found, None) if self.at else None

    @property
    def unproven(self) -> Item | None:
        """What is at fault where he stands, and has no picture yet."""
        sheet = self.sheet(self.at)
        return next((one for one in sheet.faults if not sheet.marks[one.key].photos), None)

    @property
    def found(self) -> int:
        """How many faults there were."""
        return sum(len(self.sheet(code).faults) for code in self.codes)

    @property
    def is_walked(self) -> bool:
        """Whether every point was reached."""
        return all(code in self.touched for code in self.codes)

"""A ticket with its clocks, and what of it its neighbours may read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from msgspec import Struct, field

from workflows.core.engine.clocks import Clock
from workflows.petition.stages import ENDED, STAGES, Stage
from workflows.petition.words import ClockName, State


class Proposal(Struct, frozen=True, kw_only=True):
    """A plan the committee has not decided yet; the one before stands until then."""

    text: str
    due: datetime


class Exclusion(Struct, frozen=True, kw_only=True):
    """A ticket to be left out of the scoring; only a second person's approval makes it so."""

    reason: str
    by: int
    approved_by: int | None = None


class Extension(Struct, frozen=True, kw_only=True):
    """A new plan date a handler asked for and the committee has not decided yet."""

    reason: str
    due: datetime


class Ticket(Struct, frozen=True, kw_only=True):
    """One problem from filing to closing. `version` counts its changes (compare-and-set).

    `resident` is told and asked; `author` is whose words the text is (somebody else when a
    withdrawn ticket went on for those who followed it). `helpers` assist the one handler.
    """

    kind: ClassVar[str] = "petition"

    id: int
    version: int = 0
    state: State = State.UNASSIGNED
    draft_id: str
    resident: int
    author: int
    on_behalf: str = ""
    contact: str = ""  # given by choice
    parent: int | None = None
    place: str
    category: str
    text: str
    urgent: bool = False
    filed_at: datetime
    followers: tuple[int, ...] = ()
    handler: int | None = None
    helpers: tuple[int, ...] = ()
    offered_to: int | None = None
    offers: tuple[int, ...] = ()
    open_to_grid: bool = False
    referred_to: str = ""  # a grid of another community that is asked to take it
    referred_by: int | None = None
    before: State | None = None
    pauses: int = 0  # how often the resident was asked while the promises stood still
    proposal: Proposal | None = None
    plan: str = ""
    plan_due: datetime | None = None
    extension: Extension | None = None
    partner: str = ""  # who outside is to do it
    supervisor: int | None = None
    told_at: datetime | None = None
    untold: bool = False
    breached_at: datetime | None = None
    result: str = ""
    rating: int | None = None
    solved: str = ""  # what the resident said: "yes", "partly", or nothing
    why: str = ""  # the reason of a poor rating
    checker: int | None = None
    checked: str = ""  # what the neutral follow-up found: "yes", "partly", "no"
    exclusion: Exclusion | None = None
    nudged_at: datetime | None = None
    ended_at: datetime | None = None
    merged_into: int | None = None
    objected_at: datetime | None = None  # the resident does not agree with this end
    upheld_at: datetime | None = None  # and was told why it stays
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def opened_at(self) -> datetime:
        """When it was filed."""
        return self.filed_at

    @property
    def is_urgent(self) -> bool:
        """Whether somebody could be hurt."""
        return self.urgent

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state not in ENDED

    @property
    def is_settled(self) -> bool:
        """Whether nobody waits for anything: it is over, and no objection to that runs."""
        return not self.is_open and not self.clocks

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

    @property
    def holder(self) -> int | None:
        """Who has the ticket in hand, or on offer."""
        return self.handler or self.offered_to


class Glimpse(Struct, frozen=True, kw_only=True):
    """What of a ticket its neighbours may read, and what says who may see all of it; `photos` is
    how many files came with it.
    """

    id: int
    state: State
    resident: int
    place: str
    category: str
    text: str
    filed_at: datetime
    followers: tuple[int, ...] = ()
    helpers: tuple[int, ...] = ()
    checker: int | None = None
    referred_to: str = ""
    photos: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state not in ENDED

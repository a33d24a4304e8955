"""A topic with the households registered with it, and what came of the vote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from msgspec import Struct, field

from workflows.core.engine.clocks import Clock
from workflows.council.stages import STAGES, Stage
from workflows.council.words import ClockName, State

_FEWEST = 3  # ballots whose split is told


class Tally(Struct, frozen=True, kw_only=True):
    """The ballots as they were counted, of how many households that could cast one, and how many
    of these had to.

    Nobody has one before the vote is closed.
    """

    yes: int = 0
    no: int = 0
    abstain: int = 0
    electorate: int = 0
    quorum_percent: int = 50

    @property
    def ballots(self) -> int:
        """How many households took part."""
        return self.yes + self.no + self.abstain

    @property
    def is_quorate(self) -> bool:
        """Whether enough of the electorate took part."""
        return self.ballots > 0 and self.quorum_percent * self.electorate <= 100 * self.ballots

    @property
    def is_told(self) -> bool:
        """Whether the split gives nobody away: of one ballot or two, or where all are alike, it
        would say what a neighbour voted.
        """
        return self.ballots >= _FEWEST and max(self.yes, self.no, self.abstain) < self.ballots

    @property
    def is_agreed(self) -> bool:
        """Whether enough took part, and more than half of them said yes: a tie is a no."""
        return self.is_quorate and 2 * self.yes > self.ballots


class Topic(Struct, frozen=True, kw_only=True):
    """A matter that the households of a building talk about and vote on.

    `households` are those registered, each with who gave its number. As the vote opens, how many
    there are is the `electorate`, and `quorum_percent` of them must take part: what is settled
    otherwise later counts for later votes. Of a ballot it is known only that a household `voted`.
    """

    kind: ClassVar[str] = "council"
    is_urgent: ClassVar[bool] = False
    before: ClassVar[None] = None

    id: int
    version: int = 0
    state: State = State.RAISED
    raiser: int
    place: str
    text: str
    raised_at: datetime
    households: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    voted: tuple[str, ...] = ()
    electorate: int = 0
    quorum_percent: int = 0
    meets_at: datetime | None = None
    meets_where: str = ""
    reason: str = ""  # why the convener did not call it
    result: Tally | None = None
    ended_at: datetime | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def opened_at(self) -> datetime:
        """When it was raised."""
        return self.raised_at

    @property
    def is_open(self) -> bool:
        """Whether something can still come of it."""
        return self.ended_at is None

    @property
    def stage(self) -> Stage:
        """What holds where it stands."""
        return STAGES[self.state]

    @property
    def members(self) -> tuple[int, ...]:
        """Everybody who gave the number of a household."""
        return tuple(person for people in self.households.values() for person in people)

    def household_of(self, person_id: int) -> str:
        """The household that somebody is registered with, or ""."""
        return next((h for h, people in self.households.items() if person_id in people), "")

    def has_voted(self, person_id: int) -> bool:
        """Whether somebody of this person's household has cast its ballot."""
        return self.household_of(person_id) in self.voted

"""Households: the doors of a building, and who lives behind which.

How somebody stands to a household is his own: he says that he lives there, somebody else verifies
it, it ends. Only what is verified counts; what ended does not come back, it is said anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.errors import HaitangError


class HouseholdError(HaitangError):
    """It cannot be so; nothing has changed."""


class UnclearDoorError(HouseholdError):
    """It could be one of several doors: the staircase is missing."""


class LivesThereError(HouseholdError):
    """He has said so already."""


class OwnWordError(HouseholdError):
    """Nobody verifies himself, nor who lives behind his own door."""


class StandsOtherwiseError(HouseholdError):
    """It is verified already, or has ended."""


class Household(Struct, frozen=True, kw_only=True):
    """A door of a building (a place's path), spelt as a staircase and a room: "2-301", "301"."""

    id: int
    place: str
    door: str


class Tie(StrEnum):
    """As what somebody lives there."""

    OWNER = "owner"
    TENANT = "tenant"
    FAMILY = "family"


class Standing(StrEnum):
    """How far it is known."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    ENDED = "ended"


class Residence(Struct, frozen=True, kw_only=True):
    """How somebody stands to a household, with who said, verified and ended it, and when."""

    id: int = 0
    household: int
    person: int
    tie: Tie
    claimed_at: datetime
    claimed_by: int
    verified_at: datetime | None = None
    verified_by: int | None = None
    ended_at: datetime | None = None
    ended_by: int | None = None

    @property
    def standing(self) -> Standing:
        """How it stands."""
        if self.ended_at:
            return Standing.ENDED
        return Standing.VERIFIED if self.verified_at else Standing.CLAIMED

    @property
    def is_current(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None

    @property
    def counts(self) -> bool:
        """Whether he may speak, vote, sign for the household."""
        return self.standing is Standing.VERIFIED


def found(known: Iterable[Household], door: str) -> Household | None:
    """The household behind this door, of those of its building. Who left out the staircase is the
    same as the first that names it. Raises UnclearDoorError where it could be one that is known.
    """
    by_door = {one.door: one for one in known}
    unit, _, room = door.rpartition("-")
    if door in by_door:
        return by_door[door]
    if unit:
        return by_door.get(room)
    if any(other.endswith(f"-{room}") for other in by_door):
        raise UnclearDoorError
    return None


def named(household: Household, door: str) -> Household:
    """The household by this door; a staircase that was left out is known from then on."""
    return replace(household, door=door) if "-" in door else household


def claim(
    known: Iterable[Residence], household: int, person: int, tie: Tie, by: int, now: datetime
) -> Residence:  # fmt: skip
    """He says that he lives there, or somebody at his door writes it for him. Raises
    LivesThereError.
    """
    if _current(known, household, person):
        raise LivesThereError
    return Residence(household=household, person=person, tie=tie, claimed_at=now, claimed_by=by)


def verify(
    known: Iterable[Residence], residence: Residence, by: int, now: datetime
) -> Residence:  # fmt: skip
    """Somebody who may has seen that he does, given all of his household. Raises OwnWordError or
    StandsOtherwiseError.
    """
    if residence.standing is not Standing.CLAIMED:
        raise StandsOtherwiseError
    if by <= 0 or by == residence.person or _current(known, residence.household, by):
        raise OwnWordError
    return replace(residence, verified_at=now, verified_by=by)


def end(residence: Residence, by: int, now: datetime) -> Residence:
    """He does not live there any more, or never did. Raises StandsOtherwiseError."""
    if not residence.is_current:
        raise StandsOtherwiseError
    return replace(residence, ended_at=now, ended_by=by)


def _current(known: Iterable[Residence], household: int, person: int) -> Residence | None:
    his = (one for one in known if (one.household, one.person) == (household, person))
    return next((one for one in his if one.is_current), None)


def are_together(known: Iterable[Residence], one: int, other: int) -> bool:
    """Whether two people live behind one door, by what anybody says: a claim is enough, since who
    verifies a neighbour's hours must be of another household.
    """
    current = [x for x in known if x.is_current]
    his, hers = ({x.household for x in current if x.person == who} for who in (one, other))
    return one == other or bool(his & hers)


def electorate(known: Iterable[Residence]) -> frozenset[int]:
    """The households that have a voice: one each, however many live there."""
    return frozenset(one.household for one in known if one.counts)

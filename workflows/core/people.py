"""People, and what the roster says of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from workflows.core.places import community_of, covers, grid_of


class Role(StrEnum):
    """What a member of staff is, at one place."""

    PIONEER = "pioneer"
    WORKER = "worker"
    LEAD = "lead"
    COMMITTEE = "committee"
    STREET = "street"
    ADMIN = "admin"


class Presence(StrEnum):
    """Whether somebody can be asked for something now; the likeliest first."""

    HERE = "here"
    OFF = "off"  # not on duty
    AWAY = "away"
    GONE = "gone"  # blocked the bot or deleted the account


HANDLERS = frozenset({Role.PIONEER, Role.WORKER, Role.LEAD})


class Membership(Struct, frozen=True, kw_only=True):
    """A role at a place; `categories` limits a handler to these, empty means all."""

    role: Role
    place: str
    categories: tuple[str, ...] = ()


class Person(Struct, frozen=True, kw_only=True):
    """Somebody the bot knows; `id` is also the private chat's id. No membership: a resident.

    Until `away_until` (aware UTC) the person's tickets are in the hands of `stand_in`; `stands_for`
    are the people whose stand-in this person is right now.
    """

    id: int
    name: str
    memberships: tuple[Membership, ...] = ()
    on_duty: bool = True
    consented_at: datetime | None = None
    last_place: str = ""
    away_until: datetime | None = None
    stand_in: int | None = None
    stands_for: frozenset[int] = frozenset()
    is_unlisted: bool = False  # wants no word of his petitions on the community's board
    is_reachable: bool = True  # not since a message was refused: blocked, deleted or left

    @property
    def is_staff(self) -> bool:
        """Whether the roster names this person at all."""
        return bool(self.memberships)

    def is_away(self, now: datetime) -> bool:
        """Whether this person's tickets are in other hands at `now` (aware UTC)."""
        return self.away_until is not None and now < self.away_until

    def is_there(self, now: datetime) -> bool:
        """Whether this person could act at `now` (aware UTC): not away, and within reach."""
        return self.is_reachable and not self.is_away(now)

    def presence(self, now: datetime) -> Presence:
        """How this person could be asked at `now` (aware UTC)."""
        if not self.is_reachable:
            return Presence.GONE
        if self.is_away(now):
            return Presence.AWAY
        return Presence.HERE if self.on_duty else Presence.OFF

    def has_role(self, role: Role, place: str) -> bool:
        """Whether this person has `role` at a place that covers `place`."""
        return any(m.role is role and covers(m.place, place) for m in self.memberships)

    def is_handler_in(self, place: str) -> bool:
        """Whether this person may be handed tickets of the grid `place` lies in."""
        grid = grid_of(place)
        return any(
            m.role in HANDLERS and (covers(grid, m.place) or covers(m.place, place))
            for m in self.memberships
        )

    def is_handler_near(self, place: str) -> bool:
        """Whether this person handles tickets anywhere in the community `place` lies in."""
        here = community_of(place)
        near = (m.place for m in self.memberships if m.role in HANDLERS)
        return any(covers(here, p) or covers(p, here) for p in near)


SYSTEM = Person(id=0, name="")

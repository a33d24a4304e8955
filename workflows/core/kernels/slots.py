"""Places that are few: who is in, who waits, and who is next when one falls free.

The place goes to the first in line who fits, at once: nobody behind is in while somebody ahead
fits and was not asked. A family of n gets n places or none, and keeps its rank.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.errors import HaitangError


class SlotError(HaitangError):
    """It cannot be done; nothing has changed."""


class InLineError(SlotError):
    """This person is in it, or in line, already."""


class NotInLineError(SlotError):
    """This person is not, or was offered nothing, or too long ago."""


class OverfullError(SlotError):
    """More are in than there would be places for: who has to wait must be decided."""


class Standing(StrEnum):
    """How somebody stands to it."""

    IN = "in"
    OFFERED = "offered"  # a place is held for him until he takes it
    WAITING = "waiting"


class Waits(StrEnum):
    """Why somebody waits."""

    FULL = "full"
    TOO_MANY = "too_many"  # places are free, but not for as many as they are
    HELD = "held"  # nobody is let in from the line now


class Claim(Struct, frozen=True, kw_only=True):
    """Somebody and those with him, `size` in all; a lower `rank` came earlier. An offer holds
    until a moment.
    """

    person: int
    size: int = 1
    rank: int
    standing: Standing = Standing.WAITING
    since: datetime
    until: datetime | None = None


class Slot(Struct, frozen=True, kw_only=True):
    """So many places of a subject (`name` tells apart several), and all claims, by rank.

    One that is `is_held` lets nobody in from the line; what is free is still given to who comes.
    """

    subject: int
    name: str = ""
    capacity: int
    is_held: bool = False
    last: int = 0  # the rank given last
    version: int = 0
    claims: tuple[Claim, ...] = ()

    @property
    def taken(self) -> int:
        """The places that are in use, or held for somebody."""
        return sum(one.size for one in self.claims if one.standing is not Standing.WAITING)

    @property
    def free(self) -> int:
        """The places that are not; less than none after a cut."""
        return self.capacity - self.taken

    @property
    def line(self) -> tuple[Claim, ...]:
        """Those who wait, in their order."""
        return tuple(one for one in self.claims if one.standing is Standing.WAITING)

    @property
    def overlooked(self) -> tuple[Claim, ...]:
        """Who waits though there is room for them: nobody, whatever was done."""
        free = self.free
        return () if self.is_held else tuple(one for one in self.line if one.size <= free)

    def of(self, person: int) -> Claim | None:
        """Somebody's claim."""
        return next((one for one in self.claims if one.person == person), None)

    def position(self, person: int) -> int | None:
        """His place in the line, from 1; None for who is not in it."""
        people = [one.person for one in self.line]
        return people.index(person) + 1 if person in people else None

    def waits(self, person: int) -> Waits | None:
        """Why he waits, so that he can be told; None for who does not."""
        claim = self.of(person)
        if claim is None or claim.standing is not Standing.WAITING:
            return None
        if self.free <= 0:
            return Waits.FULL
        return Waits.TOO_MANY if claim.size > self.free else Waits.HELD


Slots = tuple[Slot, ...]


def claim(slot: Slot, person: int, now: datetime, *, size: int = 1) -> Slot:
    """He is in if there is room, else the last in line. Raises SlotError."""
    if slot.of(person):
        raise InLineError
    if type(size) is not int or not 1 <= size <= slot.capacity:
        raise OverfullError
    free = slot.free
    is_first = not any(one.size <= free for one in slot.line)
    standing = Standing.IN if is_first and size <= free else Standing.WAITING
    new = Claim(person=person, size=size, rank=slot.last + 1, since=now, standing=standing)
    return replace(slot, last=new.rank, claims=(*slot.claims, new))


def release(slot: Slot, person: int, now: datetime, until: datetime | None = None) -> Slot:
    """He is not in it any more, nor in line, and what he leaves goes on as in `let_in`. Raises
    SlotError.
    """
    if slot.of(person) is None:
        raise NotInLineError
    left = tuple(one for one in slot.claims if one.person != person)
    return let_in(replace(slot, claims=left), now, until)


def regroup(
    slot: Slot, person: int, size: int, now: datetime, until: datetime | None = None
) -> Slot:
    """He brings more or fewer, and keeps his rank. Raises SlotError where more do not fit."""
    claim = slot.of(person)
    if claim is None:
        raise NotInLineError
    room = slot.capacity if claim.standing is Standing.WAITING else slot.free + claim.size
    if type(size) is not int or not 1 <= size <= room:
        raise OverfullError
    return let_in(_with(slot, replace(claim, size=size)), now, until)


def take(slot: Slot, person: int, now: datetime) -> Slot:
    """He takes what was offered. Raises SlotError, also where its time is over."""
    claim = slot.of(person)
    if claim is None or claim.standing is not Standing.OFFERED or _is_over(claim, now):
        raise NotInLineError
    return _with(slot, replace(claim, standing=Standing.IN, since=now, until=None))


def ask(slot: Slot, person: int, now: datetime, until: datetime) -> Slot:
    """He is in, and is asked whether he will come: his place is held for him as an offer is. Raises
    SlotError.
    """
    claim = slot.of(person)
    if claim is None or claim.standing is not Standing.IN:
        raise NotInLineError
    return _with(slot, replace(claim, standing=Standing.OFFERED, since=now, until=until))


def expire(slot: Slot, now: datetime, until: datetime | None = None) -> Slot:
    """Offers whose time is over are gone, and what was held goes on as in `let_in`."""
    left = tuple(one for one in slot.claims if not _is_over(one, now))
    return let_in(replace(slot, claims=left), now, until)


def resize(
    slot: Slot, capacity: int, now: datetime, until: datetime | None = None, *,
    back: Collection[int] = (),
) -> Slot:  # fmt: skip
    """More places, or fewer: then those that must go `back` into the line are named by somebody.
    They keep their rank. Raises OverfullError where that is not enough.
    """
    claims = tuple(_waiting(one) if one.person in back else one for one in slot.claims)
    cut = replace(slot, capacity=capacity, claims=claims)
    if cut.free < 0 or capacity < 0:
        raise OverfullError
    return let_in(cut, now, until)


def hold(slot: Slot, *, is_held: bool, now: datetime, until: datetime | None = None) -> Slot:
    """The line stands still, or goes on."""
    return let_in(replace(slot, is_held=is_held), now, until)


def close(slot: Slot, now: datetime) -> Slot:
    """It has begun, or is off: nobody is let in from the line any more, and nothing is held."""
    back = tuple(_waiting(c) if c.standing is Standing.OFFERED else c for c in slot.claims)
    return replace(hold(slot, is_held=True, now=now), claims=back)


def let_in(slot: Slot, now: datetime, until: datetime | None = None) -> Slot:
    """Everybody in line who fits, the first first, is in at once; or is offered the place `until`
    a moment. After the start, nobody is to be let in: `hold` it.
    """
    if slot.is_held:
        return slot
    standing = Standing.IN if until is None else Standing.OFFERED
    for one in slot.line:
        if one.size <= slot.free:
            slot = _with(slot, replace(one, standing=standing, since=now, until=until))
    return slot


def changes(before: Slot, after: Slot) -> Iterator[tuple[Claim | None, Claim | None]]:
    """Whose claim is not as it was, before and after: they are to be told."""
    known, kept = ({one.person: one for one in slot.claims} for slot in (before, after))
    for person in known | kept:
        was, now = known.get(person), kept.get(person)
        if was != now:
            yield was, now


def _is_over(claim: Claim, now: datetime) -> bool:
    is_offer = claim.standing is Standing.OFFERED
    return is_offer and claim.until is not None and claim.until <= now


def _waiting(claim: Claim) -> Claim:
    return replace(claim, standing=Standing.WAITING, until=None)


def _with(slot: Slot, claim: Claim) -> Slot:
    claims = tuple(claim if one.person == claim.person else one for one in slot.claims)
    return replace(slot, claims=claims)


# several slots of one subject, as it holds them itself


def holding(slots: Collection[Slot], person: int) -> Slot | None:
    """The one in which somebody is, or in line."""
    return next((one for one in slots if one.of(person)), None)


def with_one(slots: Collection[Slot], name: str, change: Callable[[Slot], Slot]) -> Slots:
    """With the one of this name changed, each of the others as it is. Raises SlotError."""
    return tuple(change(one) if one.name == name else one for one in slots)


def settled(slots: Collection[Slot], before: Collection[Slot], now: datetime) -> Slots:
    """What follows from any change: who has no account, a number below nothing, cannot be asked and
    is in at once; a slot that is not as it was `before` counts it in its version, as it is kept.
    """
    was = {one.name: one for one in before}
    return tuple(_counted(_unasked(one, now), was.get(one.name)) for one in slots)


def _unasked(slot: Slot, now: datetime) -> Slot:
    for one in slot.claims:
        if one.person < 0 and one.standing is Standing.OFFERED:
            slot = _with(slot, replace(one, standing=Standing.IN, since=now, until=None))
    return slot


def _counted(slot: Slot, before: Slot | None) -> Slot:
    return slot if slot == before else replace(slot, version=(before.version if before else 0) + 1)


def first_end(slots: Collection[Slot]) -> datetime | None:
    """When the first of what is held for somebody ends."""
    return min((c.until for one in slots for c in one.claims if c.until), default=None)

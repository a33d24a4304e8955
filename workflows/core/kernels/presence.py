"""Presence: who was there, and by what that is known.

A picture of a code is not presence. A code that is shown changes every half minute and counts for
a minute; a printed one needs the place beside it; else somebody who is named has seen him.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct

from workflows.core.errors import HaitangError

STEP = 30  # seconds that a code is shown
_VALID = 2  # codes that count at a time: who scans just as it changes is not refused
_OLD = 40  # codes that are known as old ones: for twenty minutes
_DIGITS = 8
_EARTH = 6_371_000  # metres
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none of them looks like another
_PRINTED = 10


class PresenceError(HaitangError):
    """He is not taken down; nothing has changed."""


class WrongCodeError(PresenceError):
    """It is no code of this, or none for him."""


class OldCodeError(PresenceError):
    """It was one, too long ago: he is to look at the one that is shown now."""


class UsedCodeError(PresenceError):
    """He has used this one already."""


class ThereAlreadyError(PresenceError):
    """He is taken down already: seen four times he is there once."""


class WitnessError(PresenceError):
    """Nobody is his own witness, and nobody but a person is one."""


class Way(StrEnum):
    """By what it is known."""

    CODE = "code"  # the one that was shown just then
    POINT = "point"  # a printed one, and the place
    WITNESS = "witness"


class Datum(StrEnum):
    """By which map a place is measured: phones here can give another than the chat does."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


class Position(Struct, frozen=True, kw_only=True):
    """A place on the earth, in degrees."""

    latitude: float
    longitude: float
    datum: Datum = Datum.WGS84


class Presence(Struct, frozen=True, kw_only=True):
    """Somebody was at a subject (`name` tells apart several of it: a point, coming and going).

    `counter` is the code he used, `witness` who saw him. What `is_doubtful` is looked at by a
    person; nobody is refused for it.
    """

    subject: int
    name: str = ""
    person: int
    at: datetime
    way: Way
    counter: int | None = None
    witness: int | None = None
    is_doubtful: bool = False


def counter_at(moment: datetime) -> int:
    """Which code is shown at a moment."""
    return math.floor(moment.timestamp() / STEP)


def code(key: bytes, counter: int, person: int = 0) -> str:
    """The digits of a code; one for a `person` is shown by himself, and counts for nobody else."""
    number = int.from_bytes(_signed(key, f"code/{person}/{counter}")[:8])
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def printed(key: bytes, point: str, edition: int = 1) -> str:
    """What stands on a point's sheet; with another `edition` the sheets from before are void."""
    signature = _signed(key, f"point/{edition}/{point}")
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in signature[:_PRINTED])


def _signed(key: bytes, said: str) -> bytes:
    return hmac.digest(key, said.encode(), sha256)


def read_code(key: bytes, said: str, moment: datetime, person: int = 0) -> int:
    """Which code somebody gave at that moment: when he sent it, not when it is handled. Raises
    OldCodeError or WrongCodeError.
    """
    now = counter_at(moment)
    for counter in range(now, now - _OLD, -1):
        if hmac.compare_digest(code(key, counter, person).encode(), said.strip().encode()):
            if now - counter < _VALID:
                return counter
            raise OldCodeError
    raise WrongCodeError


def by_code(
    key: bytes, said: str, *, subject: int, name: str = "", person: int, at: datetime,
    is_own: bool = False,
) -> Presence:  # fmt: skip
    """He gave the code that is shown there; or the one that he shows himself was scanned. Raises
    OldCodeError or WrongCodeError.
    """
    counter = read_code(key, said, at, person if is_own else 0)
    return Presence(
        subject=subject, name=name, person=person, at=at, way=Way.CODE, counter=counter
    )  # fmt: skip


def by_point(
    key: bytes, said: str, *, subject: int, name: str = "", person: int, at: datetime,
    point: str, edition: int = 1, here: Position | None, there: Position | None,
    within: float = 50,
) -> Presence:  # fmt: skip
    """He scanned a point's printed code, and says where he is. Without that, or from farther away
    than `within` metres, it is doubtful. Raises WrongCodeError.
    """
    right = printed(key, point, edition)
    if not hmac.compare_digest(right.encode(), said.strip().upper().encode()):
        raise WrongCodeError
    away = distance(here, there) if here and there else None
    return Presence(
        subject=subject, name=name, person=person, at=at, way=Way.POINT,
        is_doubtful=away is None or away > within,
    )  # fmt: skip


def by_witness(
    *, subject: int, name: str = "", person: int, witness: int, at: datetime,
    is_same_household: bool = False,
) -> Presence:  # fmt: skip
    """Somebody saw him. His own household's word is doubtful. Raises WitnessError."""
    if witness <= 0 or witness == person:
        raise WitnessError
    return Presence(
        subject=subject, name=name, person=person, at=at, way=Way.WITNESS, witness=witness,
        is_doubtful=is_same_household,
    )  # fmt: skip


def admit(known: Iterable[Presence], new: Presence) -> None:
    """Whether he can be taken down, given all that is known of him at this subject. Raises
    UsedCodeError or ThereAlreadyError.
    """
    his = [one for one in known if one.person == new.person and one.subject == new.subject]
    if any(one.name == new.name for one in his):
        raise ThereAlreadyError
    if new.counter is not None and any(one.counter == new.counter for one in his):
        raise UsedCodeError


def distance(one: Position, other: Position) -> float | None:
    """Metres between two places; None where they are measured by different maps: those can be
    half a kilometre apart at the same spot.
    """
    if one.datum is not other.datum:
        return None
    north, east = (
        math.radians(b - a)
        for a, b in ((one.latitude, other.latitude), (one.longitude, other.longitude))
    )
    narrow = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude))
    half = math.sin(north / 2) ** 2 + narrow * math.sin(east / 2) ** 2
    return 2 * _EARTH * math.asin(min(1, math.sqrt(half)))

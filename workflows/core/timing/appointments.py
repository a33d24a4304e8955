"""What somebody may put into his own calendar."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Appointment(Struct, frozen=True, kw_only=True):
    """When and where something is. `key` is the same in every version of it, which count from 0: a
    calendar takes a later one in the place of an earlier; moments are aware UTC.
    """

    key: str
    starts: datetime
    ends: datetime
    title: str
    place: str = ""
    text: str = ""
    version: int = 0
    is_off: bool = False

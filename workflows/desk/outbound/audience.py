"""The chats behind an audience, by the roster as it is now.

Who stands above a place is known here; who else hears of a subject, its workflow says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Any

from workflows.core.engine.subject import Subject
from workflows.core.people import Person, Role
from workflows.core.permissions import ABOVE
from workflows.core.talk.messages import To
from workflows.store import Tx

_UPWARD: dict[str, Role] = {To(role.value): role for role in ABOVE}
_Audiences = Mapping[str, Callable[[Tx, Any, datetime], Awaitable[list[int]]]]


async def chats(
    tx: Tx, subject: Subject, to: StrEnum | int, audiences: _Audiences, now: datetime
) -> list[int]:
    """Whom a message about a subject reaches; `now` (aware UTC) says who is away."""
    if isinstance(to, int):
        return [to]
    if to in _UPWARD:
        return await superiors(tx, subject.place, to, now)
    return await audiences[to](tx, subject, now)


async def superiors(tx: Tx, place: str, to: str, now: datetime) -> list[int]:
    """Who has the role and is there, or the next one above: no notice falls into a gap."""
    staff = await tx.staff(place)
    here = [p for p in staff if p.is_there(now)]
    reachable = [p for p in staff if p.is_reachable]
    roles = list(_UPWARD.values())[list(_UPWARD).index(to) :]
    for some, role in product((here, reachable, staff), roles):
        found = [p.id for p in some if p.has_role(role, place)]
        if found:
            return found
    return []


async def stand_in(tx: Tx, person: Person, now: datetime) -> Person | None:
    """Who stands in, if he is there himself: there are no chains of stand-ins."""
    found = await tx.person(person.stand_in) if person.stand_in else None
    return found if found and found.is_there(now) else None

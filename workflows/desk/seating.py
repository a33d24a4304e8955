"""Telling those in line: whoever stands otherwise than before hears it, in any workflow that holds
its places in its subject (`core.kernels.slots`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from workflows.core.kernels.slots import Claim, Slot, Slots, Standing, changes
from workflows.core.people import Person
from workflows.core.talk.messages import Notice
from workflows.desk.context import Context


async def tell_line(
    context: Context, subject: Any, before: Slots, actor: Person, caller: StrEnum
) -> None:  # fmt: skip
    """But who did it; of those without an account `caller` hears, so that somebody calls them."""
    was = {one.name: one for one in before}
    for slot in subject.slots:
        old = was.get(slot.name, Slot(subject=subject.id, name=slot.name, capacity=0))
        for earlier, now in changes(old, slot):
            person = now.person if now else earlier.person if earlier else 0
            if person != actor.id and _is_news(earlier, now):
                to = person if person > 0 else caller
                await context.tell(subject, _notice(subject, to, person, now), actor)


def _is_news(earlier: Claim | None, now: Claim | None) -> bool:
    """Whether he is out, is asked, or was there before and stands otherwise now."""
    is_asked = now is None or now.standing is Standing.OFFERED
    return is_asked or (earlier is not None and now is not None and _is_moved(earlier, now))


def _is_moved(earlier: Claim, now: Claim) -> bool:
    return earlier.standing is not now.standing


def _notice(subject: Any, to: StrEnum | int, person: int, now: Claim | None) -> Notice:
    standing = now and now.standing
    return Notice(
        to=to, ticket_id=subject.id, is_card=True, values={"kind": subject.kind},
        template="seat_call" if person < 0 else "seat_offered" if standing is Standing.OFFERED
        else "seat_in" if standing is Standing.IN else "seat_lost",
    )  # fmt: skip

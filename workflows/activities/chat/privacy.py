"""What activities hold about a person: given to him; erased on his wish, or when time is over."""

from __future__ import annotations

from typing import Any

from workflows.activities.model import Activity
from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Action
from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import TO, Answers
from workflows.desk.context import Context
from workflows.desk.parts import Privacy
from workflows.desk.privacy.retention import expiring
from workflows.store import Tx
from workflows.store.erasure import erase_said_by

_ALL = 10_000


async def _of(tx: Tx, person: Person) -> list[Activity]:
    """Where he signed up; that he was there without it, his kernel's part says."""
    return await tx.get_all(ACTIVITIES, await tx.ask(queries.ids_signed, person.id, _ALL))


async def _held(tx: Tx, person: Person) -> dict[str, Any]:
    return {"activities": [
        {"number": format_number(one.id), "title": one.title, "starts_at": one.starts_at,
         "venue": one.venue, "as": "helper" if person.id in one.helpers else "guest",
         "people": claim.size, "has_come": one.seen(person.id) is not None,
         "has_rated": person.id in one.rated}
        for one in await _of(tx, person) if (claim := one.claim_of(person.id))
    ]}  # fmt: skip


async def _forget(context: Context, person: Person) -> int:
    """He comes to none, and who waits for his place hears it; what he said goes."""
    found = await _of(context.tx, person)
    for activity in found:
        ahead = activity.stage.seats
        moved = await context.perform(activity, Action.LEAVE, person) if ahead else activity
        await context.perform(moved, Action.ERASE, SYSTEM, Answers({TO: person}))
    await context.tx.do(erase_said_by, person.id, [one.id for one in found], context.now)
    return len(found)


PRIVACY = Privacy(held=_held, forget=_forget, expire=expiring(ACTIVITIES, queries.erase))

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
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.parts import Privacy
from workflows.store import Tx

_ALL = 10_000
_AT_ONCE = 50  # activities that a night's step takes the words out of


async def _of(tx: Tx, person: Person) -> list[Activity]:
    """Where he signed up; that he was there without it, his kernel's part says."""
    return await tx.get_all(ACTIVITIES, await tx.ask(queries.ids_signed, person.id, _ALL))


async def _held(tx: Tx, person: Person) -> dict[str, Any]:
    return {"activities": [
        {"number": format_number(one.id), "title": one.title, "starts_at": one.starts_at,
         "venue": one.venue, "as": "helper" if one.is_helper(person.id) else "guest",
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
    await context.tx.do(queries.erase_of, person.id, [one.id for one in found], context.now)
    return len(found)


async def _expire(context: Context) -> bool:
    """Take the words out of some whose time is over."""
    if context.rules.retention is None:
        return False
    before = context.now - context.rules.retention
    ids = await context.tx.ask(queries.ids_to_erase, before, _AT_ONCE)
    for activity in await context.tx.get_all(ACTIVITIES, ids):
        await guarding.tried(context, context.perform(activity, Action.ERASE, SYSTEM))
    if ids:
        await context.tx.do(queries.erase, ids, context.now)
    return bool(ids)


PRIVACY = Privacy(held=_held, forget=_forget, expire=_expire)

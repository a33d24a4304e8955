"""What the room holds about a person: given to him; taken out on his wish, or when time is over.

Numbers stay: what a fund has given out must add up. The ledger knows passbooks, and no person.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.parts import Privacy
from workflows.passbook import points, service
from workflows.passbook.model import Entry
from workflows.passbook.store import queries
from workflows.passbook.store.kept import SERVICES
from workflows.passbook.words import Action
from workflows.store import Tx
from workflows.store.kept import Kept

_AT_ONCE = 50  # that a night's step takes the words out of


async def _his(tx: Tx, kept: Kept[Any], person: Person) -> list[Any]:
    found = await tx.ask(queries.ids, kept.table, kept.table.c.person == person.id)
    return [one for i in found if (one := await tx.get(kept, i))]


async def _held(kept: Kept[Any], tx: Tx, person: Person) -> Mapping[str, Any]:
    found: dict[str, Any] = {f"{kept.kind}s": [_told(one) for one in await _his(tx, kept, person)]}
    accounts = await tx.ask(queries.accounts, person=person.id) if kept is SERVICES else []
    lies = [{"number": format_number(one.number), "balance": await points.balance(tx, one.number)}
            for one in accounts]  # fmt: skip
    return found | ({"passbooks": lies} if lies else {})


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "number": format_number(entry.id), "opened_at": entry.opened_at, "what": entry.what,
        "points": entry.points, "state": entry.state.value, "text": entry.text,
        "minutes": getattr(entry, "minutes", 0),
    }  # fmt: skip


async def _check(kept: Kept[Any], context: Context, person: Person) -> None:
    """Raises Refusal while a gift waits for him, or something of his is looked at."""
    still_open = [one for one in await _his(context.tx, kept, person) if one.ended_at is None]
    if still_open:
        raise Refusal("refused_forget_entry", about=still_open[0].id)


async def _forget(kept: Kept[Any], context: Context, person: Person) -> int:
    """No row says any more whose it was."""
    found = await _his(context.tx, kept, person)
    await _erase(kept, context, found)
    if kept is SERVICES:
        await context.tx.do(queries.forget, person.id)
    return len(found)


async def _erase(kept: Kept[Any], context: Context, some: list[Any]) -> None:
    if some:
        await context.tx.do(queries.erase, kept.table, [one.id for one in some], context.now)
    for one in some:
        await guarding.tried(context, service.perform(context, one, Action.ERASE, SYSTEM))


async def _expire(kept: Kept[Any], context: Context) -> bool:
    """Take the words out of some whose time is over."""
    if context.rules.retention is None:
        return False
    c = kept.table.c
    old = (c.erased_at.is_(None), c.ended_at < context.now - context.rules.retention)
    found = await context.tx.ask(queries.ids, kept.table, *old, limit=_AT_ONCE)
    await _erase(kept, context, await context.tx.get_all(kept, found))
    return bool(found)


def privacy(kept: Kept[Any]) -> Privacy:
    """Of one kind."""
    return Privacy(
        held=partial(_held, kept), check=partial(_check, kept), forget=partial(_forget, kept),
        expire=partial(_expire, kept),
    )  # fmt: skip

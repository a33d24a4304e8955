"""What the room holds about a person: given to him; erased on his wish, or when time is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.messages import Values
from workflows.desk.context import Context
from workflows.desk.privacy.words import Words
from workflows.passbook import points
from workflows.passbook.model import Entry
from workflows.passbook.points import BOOK, ISSUED
from workflows.passbook.store import queries
from workflows.passbook.store.tables import GIFTS, SERVICES
from workflows.store import Tx


def told(entry: Entry, *_: Person) -> Values:
    """What is said of one."""
    return {
        "number": format_number(entry.id), "opened_at": entry.opened_at, "what": entry.what,
        "points": entry.points, "state": entry.state.value, "text": entry.text,
        "minutes": getattr(entry, "minutes", 0),
    }  # fmt: skip


_ALIKE: dict[str, Any] = {
    "told": told, "whole": True,
    "bare": {"person": 0, "code": "", "text": "", "reason": ""},
}  # fmt: skip
SERVICES_SAID = Words(
    kept=SERVICES, name="services", ids_of=partial(queries.of_person, table=SERVICES.table),
    refused="refused_forget_going", **_ALIKE,
)  # fmt: skip
GIFTS_SAID = Words(
    kept=GIFTS, name="gifts", ids_of=partial(queries.of_person, table=GIFTS.table),
    refused="refused_forget_going", **_ALIKE,
)  # fmt: skip


async def held(tx: Tx, person: Person) -> Mapping[str, Any]:
    """His services, and what lies in his passbook."""
    books = await tx.ask(queries.books, person=person.id)
    lies = [{"number": format_number(one.number), "balance": await points.balance(tx, one.number)}
            for one in books]  # fmt: skip
    return {**await SERVICES_SAID.held(tx, person), **({"passbooks": lies} if lies else {})}


async def forget(context: Context, person: Person) -> int:
    """His words, and that the passbook was his; nobody is promised any more what lay in it."""
    tx, today = context.tx, context.now.date() + timedelta(days=1)
    for book in await tx.ask(queries.books, person=person.id):
        rest = await points.balance(tx, book.number)
        served = await tx.ask(queries.served, today - queries.EVER, today, account=book.number)
        for last in await tx.get_all(SERVICES, served[-1:]) if rest else ():
            await points.move(context, last, "forgotten", BOOK, ISSUED, rest, SYSTEM.id)
    await tx.do(queries.forget, person.id)
    return await SERVICES_SAID.forget(context, person)

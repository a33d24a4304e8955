"""The room in lists and on paper: what is around, the board, the export, a month's statement, a
certificate, the report for who answers for the fund.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from workflows.core.kernels.ledger import Line, month_of
from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person, Role
from workflows.core.permissions import ABOVE, KEEPERS, LEADING
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority, Values
from workflows.desk.context import Context
from workflows.desk.parts import Around, BoardPage, Document, Section
from workflows.desk.plain import Desk
from workflows.passbook import points
from workflows.passbook.anomalies import Odd, odd
from workflows.passbook.chat import cards, room
from workflows.passbook.effects import LISTED
from workflows.passbook.lifecycle import GIFT, SERVICE
from workflows.passbook.model import Account, Entry, Service
from workflows.passbook.needs import NEEDS
from workflows.passbook.points import BOOK, ISSUED
from workflows.passbook.relations import HOME, is_listed, may_open, relations
from workflows.passbook.settings import PassbookSettings
from workflows.passbook.store import queries
from workflows.passbook.store.tables import GIFTS, SERVICES
from workflows.passbook.words import State
from workflows.store import Tx

_SHOWN, _LINES = 5, 500  # around, and on a statement
_PAGE = 20  # lines that are read at once
# What can be entered afterwards, and a fortnight in which it is approved and read.
_RECENT, _EVER = timedelta(days=45), timedelta(days=365 * 50)


def _told(entry: Entry) -> Values:
    return {
        "number": format_number(entry.id), "opened_at": entry.opened_at, "what": entry.what,
        "points": entry.points, "state": entry.state.value, "text": entry.text,
        "minutes": getattr(entry, "minutes", 0),
    }  # fmt: skip


def _held_in(*roles: Role) -> Any:
    return lambda person: [m.place for m in person.memberships if m.role in roles]


_ALIKE: dict[str, Any] = {
    "relate": relations, "home": HOME, "needs": NEEDS, "told": _told,
    "bare": {"person": 0, "code": "", "text": "", "reason": ""},
}  # fmt: skip
SERVICE_DESK = Desk(flow=SERVICE, kept=SERVICES, scope=_held_in(*LEADING), **_ALIKE)
GIFT_DESK = Desk(
    flow=GIFT, kept=GIFTS, **_ALIKE,
    scope=lambda person: {community_of(place) for place in _held_in(*KEEPERS)(person)},
)  # fmt: skip
_answering = _held_in(*ABOVE)  # for what is promised


async def _around(context: Context, person: Person) -> Around:
    """The shelf, where there is one; and what was entered afterwards, for a week."""
    here = [community_of(person.last_place)] if person.last_place else []
    recent = await _recent(context.tx, context.rules, here)
    since = context.now - LISTED
    listed = [x for x in recent if is_listed(x) and x.ended_at and x.ended_at >= since]
    goods = context.rules.of(PassbookSettings).shelf(here[0]) if here else ()
    return Around(subjects=listed[:_SHOWN], opens=((room.button("shelf"),),) if goods else ())


async def _recent(tx: Tx, rules: Rules, scope: Collection[str]) -> list[Service]:
    """The services of the last weeks in some places."""
    today = tx.now.astimezone(rules.zone).date()
    return await tx.get_all(
        SERVICES, await tx.ask(queries.served, today - _RECENT, today, scope=scope)
    )


async def _count_odd(context: Context, scope: Collection[str]) -> int:
    return len(odd(await _recent(context.tx, context.rules, scope)))


async def _draw_odd(context: Context, person: Person, asked: BoardPage) -> Notice:
    lines = [
        await _described(context.tx, one)
        for one in odd(await _recent(context.tx, context.rules, asked.scope))
    ]
    return Notice(
        to=person.id, template="odd", values={"lines": lines[:20], "total": len(lines)},
        buttons=asked.tabs, priority=Priority.REPLY,
    )  # fmt: skip


async def _described(tx: Tx, one: Odd) -> Values:
    people = [await tx.person(i) for i in one.people if i]
    names = [person.name for person in people if person]
    return {"sort": one.sort, "amount": one.amount, "names": names, "services": [*one.services]}


# on paper


async def _export(tx: Tx, person: Person, rules: Rules) -> list[Values]:
    """The recent services of one's places with what they are worth, by the passbook's number."""
    names, own = rules.of(PassbookSettings).names, ("account", "place", "minutes", "counted",
                                                    "per_hour", "points")  # fmt: skip
    return [
        {name: getattr(one, name) for name in own}
        | {"number": format_number(one.id), "day": one.day.isoformat(), "state": one.state.value,
           "what": names.get(one.what, one.what), "by_hand": bool(one.asked_as)}
        for one in await _recent(tx, rules, _answering(person))
    ]  # fmt: skip


async def _head(tx: Tx, person: Person, values: Values) -> tuple[Account | None, dict[str, Any]]:
    """The passbook, for who may see it; and what stands on top of a paper about it."""
    found = await tx.ask(queries.books, number=int(values.get("account", 0)))
    book = next((one for one in found if may_open(person, one)), None)
    owner = await tx.person(book.person) if book and book.person else None
    name = owner.name if owner else book.name if book else ""
    return book, {"number": book.number, "name": name} if book else {}


async def _statement(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """What went in and out this month, with the code by which the counter finds it."""
    book, head = await _head(tx, person, values)
    if book is None:
        return {}
    lines = await _lines_of(tx, book, month_of(tx.now, rules.zone))
    balance = await points.balance(tx, book.number)
    told = {"month": tx.now.isoformat(), "code": book.code, "balance": balance}
    return {**head, **told, "lines": await room.described(tx, rules, lines)}


async def _lines_of(tx: Tx, book: Account, month: str) -> list[Line]:
    """A month's, the oldest first; only as many are read as go back so far."""
    lines, older = list[Line](), None
    while len(lines) < _LINES:
        page = await room.statement(tx, book, _PAGE, older)
        lines += [one for one in page.lines if one.month == month]
        older = page.older
        if older is None or page.lines[-1].month < month:
            break
    return lines[::-1]


async def _proof(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """How long somebody has served until today, by kind of service."""
    book, head = await _head(tx, person, values)
    if book is None:
        return {}
    today, names = tx.now.astimezone(rules.zone).date(), rules.of(PassbookSettings).names
    found = await tx.ask(queries.served, today - _EVER, today, account=book.number)
    kinds = dict[str, int]()
    for one in await tx.get_all(SERVICES, found):
        if one.state is State.DONE:
            name = names.get(one.what, one.what)
            kinds[name] = kinds.get(name, 0) + one.minutes
    minutes = sum(kinds.values())
    check = room.check_of(book, f"{today:%Y%m%d}", minutes)
    return {**head, "kinds": kinds, "minutes": minutes, "check": f"zs_{check}"}


async def _report(tx: Tx, person: Person, rules: Rules, _: Values) -> Values:
    """What is promised and what there is for it; what was entered afterwards, and what is odd."""
    settings, scope = rules.of(PassbookSettings), _answering(person)
    if not scope:
        return {}
    out, recent = await points.outstanding(tx), await _recent(tx, rules, scope)
    return {
        "points": out, "yuan": -(-out // settings.points_per_yuan), "fund": settings.fund_yuan,
        "promised": settings.promised, "odd": [await _described(tx, one) for one in odd(recent)],
        "gifts": [{"name": one.name, "bought": one.bought, "yuan": one.yuan, "payer": one.payer,
                   "taken": await tx.ask(queries.taken, one.name)} for one in settings.gifts],
        "by_hand": [{**_told(one), "day": one.day.isoformat(),
                     "name": await cards.name_of(tx, one)} for one in recent if one.asked_as],
    }  # fmt: skip


DOCUMENTS = {
    "passbook_statement": Document(gather=_statement),
    "passbook_proof": Document(gather=_proof),
    "passbook_report": Document(gather=_report, is_report=True),
}
SERVICE_LISTS = SERVICE_DESK.lists(
    around=_around, export=_export, own=((room.button("show"),),),
    sections=(
        SERVICE_DESK.section(template="services"),
        Section(key="odd", count=_count_odd, draw=_draw_odd),
    ),
)  # fmt: skip


# what a passbook holds about a person


async def held(tx: Tx, person: Person) -> Mapping[str, Any]:
    """His services, and what lies in his passbook."""
    books = await tx.ask(queries.books, person=person.id)
    lies = [{"number": format_number(one.number), "balance": await points.balance(tx, one.number)}
            for one in books]  # fmt: skip
    return {**await SERVICE_DESK.held(tx, person), **({"passbooks": lies} if lies else {})}


async def forget(context: Context, person: Person) -> int:
    """His words, and that the passbook was his; nobody is promised any more what lay in it."""
    tx, today = context.tx, context.now.date() + timedelta(days=1)
    for book in await tx.ask(queries.books, person=person.id):
        rest = await points.balance(tx, book.number)
        served = await tx.ask(queries.served, today - _EVER, today, account=book.number)
        for last in await tx.get_all(SERVICES, served[-1:]) if rest else ():
            await points.move(context, last, "forgotten", BOOK, ISSUED, rest, SYSTEM.id)
    await tx.do(queries.forget, person.id)
    return await SERVICE_DESK.forget(context, person)

"""The room in lists and on paper: what is around, the board, the export, a month's statement, a
certificate, the report for who answers for the fund.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from workflows.core.numbers import format_number
from workflows.core.people import Person, Role
from workflows.core.permissions import ABOVE, KEEPERS, LEADING
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority, Values
from workflows.desk.context import Context
from workflows.desk.lists import plain
from workflows.desk.lists.sections import queue
from workflows.desk.parts import Around, BoardPage, Document, Lists, Section, Standing
from workflows.passbook import points, service
from workflows.passbook.anomalies import Odd, odd
from workflows.passbook.chat import cards, room, stock
from workflows.passbook.chat.privacy import told
from workflows.passbook.effects import LISTED
from workflows.passbook.lifecycle import GIFT, SERVICE
from workflows.passbook.model import Account, Entry, Service
from workflows.passbook.relations import attempt, is_listed, may_open
from workflows.passbook.settings import PassbookSettings, cost_of
from workflows.passbook.store import queries
from workflows.passbook.store.tables import GIFTS, SERVICES
from workflows.passbook.words import State
from workflows.store import Tx
from workflows.store.kept import Kept
from workflows.store.kernels import ledger

_SHOWN, _NEWEST = 5, 20  # around; lines of a passbook on one page
_ENTERED = 100  # entries of what came in, in the report
# What can be entered afterwards, and a fortnight in which it is approved and read.
_RECENT = timedelta(days=45)


def _held_in(*roles: Role) -> Any:
    return lambda person: [m.place for m in person.memberships if m.role in roles]


_answering = _held_in(*ABOVE)  # for what is promised


def _lists(flow: Any, kept: Kept[Any], scope: Any, **more: Any) -> Lists:
    """What somebody has in hand where he decides and has brought, and his morning."""
    in_hand = plain.in_hand_of(flow, kept, attempt, scope)

    async def brought(context: Context, person: Person, limit: int) -> list[Any]:
        return await context.tx.find(
            kept, queries.of_person, person.id, limit, table=kept.table, is_open=True
        )

    def standing(entry: Entry, now: datetime, rules: Rules) -> Standing:
        """There are days to decide: none of them is the day."""
        return replace(plain.standing_of(flow)(entry, now, rules), is_today=False)

    return Lists(
        line=plain.line, standing=standing, in_hand=in_hand, brought=brought,
        morning=plain.morning_of("waiting", in_hand, _SHOWN, opens=False), **more,
    )  # fmt: skip


async def _around(context: Context, person: Person) -> Around:
    """The shelf, where there is one; and what was entered afterwards, for a week."""
    here = [community_of(person.last_place)] if person.last_place else []
    recent = await _recent(context.tx, context.rules, here)
    since = context.now - LISTED
    listed = [x for x in recent if is_listed(x) and x.ended_at and x.ended_at >= since]
    has = here and any(one.is_at(here[0]) for one in context.rules.of(PassbookSettings).gifts)
    return Around(subjects=listed[:_SHOWN], opens=((room.button("shelf"),),) if has else ())


async def _recent(tx: Tx, rules: Rules, scope: Collection[str]) -> list[Service]:
    """The services of the last weeks in some places."""
    today = tx.now.astimezone(rules.zone).date()
    return await tx.find(SERVICES, queries.served, today - _RECENT, today, scope=scope)


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
    if book is None:
        return None, {}
    return book, {"number": book.number, "name": name, "place": community_of(book.place)}


async def _statement(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """What went in and out in a month; without one the passbook itself, with its newest lines. The
    code is the one by which the counter finds it.
    """
    book, head = await _head(tx, person, values)
    if book is None:
        return {}
    month = str(values.get("month", ""))
    if month:
        lines, _ = await room.of_month(tx, rules, book, month)
    else:
        lines = (await room.statement(tx, book, _NEWEST)).lines[::-1]
    ends = await tx.ask(ledger.balance, points.POINTS, points.at(points.BOOK, book.number), month)
    amounts = [one.amount for one in lines]
    told = {
        "month": month, "code": book.code, "balance": ends, "began": ends - sum(amounts),
        "came": sum(x for x in amounts if x > 0), "went": -sum(x for x in amounts if x < 0),
    }  # fmt: skip
    return {**head, **told, "lines": await room.described(tx, rules, lines)}


async def _proof(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """How long somebody has served until today, by kind of service."""
    book, head = await _head(tx, person, values)
    if book is None:
        return {}
    today, names = tx.now.astimezone(rules.zone).date(), rules.of(PassbookSettings).names
    ever, kinds = (today - queries.EVER, today), dict[str, int]()
    for one in await tx.find(SERVICES, queries.served, *ever, account=book.number):
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
    gifts = await service.stocked(tx, rules)
    return {
        "points": out, "yuan": -(-out // settings.points_per_yuan), "fund": settings.fund_yuan,
        "promised": cost_of(gifts), "odd": [await _described(tx, one) for one in odd(recent)],
        "gifts": [{"name": one.name, "bought": one.bought, "yuan": one.yuan, "payer": one.payer,
                   "taken": await tx.ask(queries.taken, one.name)} for one in gifts],
        "lots": await stock.told(tx, _ENTERED),
        "by_hand": [{**told(one), "day": one.day.isoformat(),
                     "name": await cards.name_of(tx, one)} for one in recent if one.asked_as],
    }  # fmt: skip


DOCUMENTS = {
    "passbook_statement": Document(gather=_statement),
    "passbook_proof": Document(gather=_proof),
    "passbook_report": Document(gather=_report, is_report=True),
}
SERVICE_LISTS = _lists(
    SERVICE, SERVICES, _held_in(*LEADING), around=_around, export=_export,
    own=((room.button("show"),),),
    sections=(
        queue("services", SERVICES, *SERVICE.open),
        Section(key="odd", count=_count_odd, draw=_draw_odd),
        stock.SECTION,
    ),
)  # fmt: skip
GIFT_LISTS = _lists(
    GIFT, GIFTS, lambda person: {community_of(place) for place in _held_in(*KEEPERS)(person)}
)  # fmt: skip

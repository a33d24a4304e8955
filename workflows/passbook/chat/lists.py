"""The room in lists and on paper: what is to be decided, what is around, the board, the export, a
month's statement, a certificate, the report for who answers for the fund.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from workflows.core.kernels.ledger import month_of
from workflows.core.people import Person, Role
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, Notice, Priority, Values
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists.sections import queue
from workflows.desk.parts import Around, BoardPage, Document, Lists, Part, Round, Section, Standing
from workflows.passbook import points
from workflows.passbook.anomalies import odd
from workflows.passbook.chat import cards, room
from workflows.passbook.lifecycle import FLOWS
from workflows.passbook.model import Account, Entry, Service
from workflows.passbook.relations import KEEPERS, LEADING, attempt, is_listed, may_open
from workflows.passbook.settings import PassbookSettings
from workflows.passbook.store import queries
from workflows.passbook.store.kept import GIFTS, SERVICES
from workflows.passbook.words import Action, State
from workflows.store import Tx
from workflows.store.kept import Kept

_AROUND, _LINES, _MONTH = 5, 500, timedelta(days=31)
_WEEK = timedelta(days=7)
_OPEN = (State.WAITING, State.CONTESTED, State.RULED)


def line(entry: Entry) -> Values:
    """What a list's line says of an entry: nothing that a person wrote."""
    clock = next(iter(entry.clocks.values()), None)
    return {
        "ticket": entry.id, "kind": entry.kind, "state": entry.state.value, "place": entry.place,
        "category": "", "urgent": False, "filed_at": entry.opened_at.isoformat(),
        "due": clock and clock.due.isoformat(),
    }  # fmt: skip


def _standing(entry: Entry, now: datetime, _: Rules) -> Standing:
    holder = FLOWS[entry.kind].stages[entry.state].holder
    due = next((clock.due for clock in entry.clocks.values()), None)
    return Standing(waits_for=holder and holder.value, due=due, is_late=bool(due and due <= now))


async def _brought(kept: Kept[Any], context: Context, person: Person, limit: int) -> list[Any]:
    """What is his and not over; what is over stands in his passbook."""
    c = kept.table.c
    found = await context.tx.ask(
        queries.ids, kept.table, c.person == person.id, c.ended_at.is_(None), limit=limit
    )
    return await context.tx.get_all(kept, found)


async def _in_hand(kept: Kept[Any], context: Context, person: Person) -> list[Any]:
    """What he may do something with now, and is not his own."""
    roles = KEEPERS if kept is GIFTS else LEADING
    held = (m.place for m in person.memberships if m.role in roles)
    scope = {community_of(place) if kept is GIFTS else place for place in held}
    _, page = queries.standing(kept.table, *_OPEN)
    found = await context.tx.get_all(kept, await context.tx.ask(page, scope))
    told = (Action.BEGIN, person, context.now, context.rules)
    may = [one for one in found if FLOWS[one.kind].actions(attempt(one, *told))]
    return [one for one in may if one.person != person.id]


async def _morning(
    kept: Kept[Any], context: Context, found: list[Person], _: datetime
) -> Round:  # fmt: skip
    async def parts(person: Person) -> dict[str, Part]:
        held = await _in_hand(kept, context, person)
        return {"waiting": Part(lines=[line(one) for one in held[:_AROUND]], count=len(held))}

    return Round(reach=len(found), parts=parts)


async def _around(context: Context, person: Person) -> Around:
    """His passbook and the shelf; and what was entered afterwards, for a week."""
    if not person.last_place:
        return Around()
    here, c = community_of(person.last_place), SERVICES.table.c
    _, page = queries.standing(SERVICES.table, State.DONE)
    since = c.ended_at >= context.now - _WEEK
    found = await context.tx.ask(queries.ids, SERVICES.table, since, c.code == "")
    recent = await context.tx.get_all(SERVICES, found)
    listed = [one for one in recent if is_listed(one) and community_of(one.place) == here]
    goods = context.rules.of(PassbookSettings).shelf(here)
    opens = ((room.button("show"),), *(((room.button("shelf"),),) if goods else ()))
    return Around(subjects=listed[:_AROUND], opens=opens)


# the board and what it opens


async def _recent(tx: Tx, rules: Rules, scope: Collection[str]) -> list[Service]:
    """The services of the last month in some places."""
    today = tx.now.astimezone(rules.zone).date()
    asked = await tx.ask(queries.served, today - _MONTH, today, scope=scope)
    return await tx.get_all(SERVICES, asked)


async def _count_odd(context: Context, scope: Collection[str]) -> int:
    return len(odd(await _recent(context.tx, context.rules, scope)))


async def _draw_odd(context: Context, person: Person, asked: BoardPage) -> Notice:
    found = odd(await _recent(context.tx, context.rules, asked.scope))
    report = Button(tap=Tap(kind="book", subject=0, verb="report"), label="book.report")
    lines = [await _told(context.tx, one) for one in found[:20]]
    return Notice(
        to=person.id, template="odd", values={"lines": lines, "total": len(found)},
        buttons=(*asked.tabs, (report,)), priority=Priority.REPLY,
    )  # fmt: skip


async def _told(tx: Tx, one: Any) -> Values:
    found = [await tx.person(i) for i in one.people if i]
    return {"sort": one.sort, "amount": one.amount, "services": list(one.services),
            "names": [person.name for person in found if person]}  # fmt: skip


# on paper


async def _export(tx: Tx, person: Person, rules: Rules) -> list[Values]:
    """The month's services of one's places with what they are worth, by the passbook's number."""
    names = rules.of(PassbookSettings).names
    return [
        {
            "number": one.id, "account": one.account, "day": one.day.isoformat(), "place": one.place,
            "what": names.get(one.what, one.what), "state": one.state.value, "minutes": one.minutes,
            "counted": one.counted, "per_hour": one.per_hour, "points": one.points,
            "by_hand": bool(one.asked_as),
        }
        for one in await _recent(tx, rules, _scope(person))
    ]  # fmt: skip


def _scope(person: Person) -> list[str]:
    """Where somebody answers for what is promised."""
    return [m.place for m in person.memberships if m.role in {*LEADING, Role.STREET, Role.ADMIN}]


async def _account(tx: Tx, person: Person, values: Values) -> Account | None:
    found = await tx.ask(queries.accounts, number=int(values.get("account", 0)))
    return next((one for one in found if may_open(person, one)), None)


async def _statement(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """What went in and out this month, with the code by which the counter finds it."""
    account = await _account(tx, person, values)
    if account is None:
        return {}
    page, month = await room.statement(tx, account, None, _LINES), month_of(tx.now, rules.zone)
    lines = [one for one in reversed(page.lines) if one.month == month]
    return {
        **await _head(tx, account), "month": tx.now.isoformat(), "code": account.code,
        "lines": await room.described(tx, rules, lines),
        "balance": await points.balance(tx, account.number),
    }  # fmt: skip


async def _head(tx: Tx, account: Account) -> dict[str, Any]:
    person = await tx.person(account.person) if account.person else None
    return {"number": account.number, "name": person.name if person else account.name}


async def _proof(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """How long somebody has served until today, by kind of service."""
    account = await _account(tx, person, values)
    if account is None:
        return {}
    today, names = tx.now.astimezone(rules.zone).date(), rules.of(PassbookSettings).names
    found = await tx.ask(
        queries.served, today.replace(year=today.year - 50), today, account=account.number
    )
    kinds = dict[str, int]()
    for one in await tx.get_all(SERVICES, found):
        if one.state is State.DONE:
            name = names.get(one.what, one.what)
            kinds[name] = kinds.get(name, 0) + one.minutes
    day, minutes = f"{today:%Y%m%d}", sum(kinds.values())
    check = f"zs_{account.number}-{day}-{minutes}-{room.check_of(account, day, minutes)}"
    return {**await _head(tx, account), "kinds": kinds, "minutes": minutes, "check": check}


async def _report(tx: Tx, person: Person, rules: Rules, _: Values) -> Values:
    """What is promised and what there is for it; what was entered afterwards, and what is odd."""
    settings, scope = rules.of(PassbookSettings), _scope(person)
    recent = await _recent(tx, rules, scope) if scope else []
    out = await points.outstanding(tx)
    return {
        "points": out, "yuan": -(-out // settings.points_per_yuan), "fund": settings.fund_yuan,
        "promised": settings.promised, "odd": [await _told(tx, one) for one in odd(recent)],
        "gifts": [{"name": one.name, "bought": one.bought, "yuan": one.yuan, "payer": one.payer,
                   "taken": await tx.ask(queries.taken, one.name)} for one in settings.gifts],
        "by_hand": [{"day": one.day.isoformat(), "minutes": one.minutes, "text": one.text,
                     "name": await cards.name_of(tx, one), "state": one.state.value}
                    for one in recent if one.asked_as],
    }  # fmt: skip


DOCUMENTS = {
    "passbook_statement": Document(gather=_statement),
    "passbook_proof": Document(gather=_proof),
    "passbook_report": Document(gather=_report),
}


def _lists(kept: Kept[Any], **more: Any) -> Lists:
    return Lists(
        line=line, standing=_standing, brought=partial(_brought, kept),
        in_hand=partial(_in_hand, kept), morning=partial(_morning, kept), **more,
    )  # fmt: skip


SERVICE_LISTS = _lists(
    SERVICES, around=_around, export=_export, own=((room.button("show"),),),
    sections=(
        queue("services", SERVICES, *queries.standing(SERVICES.table, *_OPEN)),
        Section(key="odd", count=_count_odd, draw=_draw_odd),
    ),
)  # fmt: skip
GIFT_LISTS = _lists(GIFTS)

"""The passbook with its lines, the shelf, a gift by two taps, papers; the words and links by which
a passbook, a gift or a certificate is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.kernels.ledger import Cursor
from workflows.core.numbers import parse_number
from workflows.core.people import HANDLERS, Person
from workflows.core.places import community_of, place_key
from workflows.core.policy import Rules
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Kind, Notice, Priority, Values
from workflows.core.talk.needs import Answers
from workflows.core.talk.tap import Tap
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Rows
from workflows.passbook import points, service
from workflows.passbook.model import Account
from workflows.passbook.needs import CODE
from workflows.passbook.points import HELD, POINTS
from workflows.passbook.relations import LEADING, may_open, may_pay, works_near
from workflows.passbook.settings import Goods, PassbookSettings
from workflows.passbook.store import queries
from workflows.passbook.store import tables as own
from workflows.passbook.store.kept import GIFTS
from workflows.passbook.words import Action, State
from workflows.store import Tx
from workflows.store.kernels import ledger

ROOM = "book"  # of the room's own taps
_LINES = 8
_AROUND = " \t\n:,.，。：、！!"


def button(verb: str, account: int = 0, *args: str, **values: Any) -> Button:
    """A button of the room's own; without an account it is about one's own passbook."""
    tap = Tap(kind=ROOM, subject=account, verb=verb, args=args)
    return Button(tap=tap, label=f"book.{verb}", values=values)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button of the room's own. Raises Refusal where the passbook is none of his business."""
    number, verb = incoming.tap.number, incoming.tap.meant(_VERBS)
    if verb is _report:
        await _report(context, incoming, person)
        return
    asked = {"number": number} if number else {"person": person.id}
    account = next(iter(await context.tx.ask(queries.accounts, **asked)), None)
    if account is None or not may_open(person, account):
        raise Refusal("refused_unknown" if number else "passbook_none")
    await verb(context, incoming, person, account)


async def _show(context: Context, incoming: Incoming, person: Person, account: Account) -> None:
    """What lies in it, and a page of its lines, each with what it came of."""
    args = incoming.tap.args if incoming.tap.verb == "show" else ()
    after = Cursor(incoming.tap.number_at(0), incoming.tap.number_at(1)) if args else None
    page = await statement(context.tx, account, after, _LINES)
    values = {
        "number": account.number, "name": account.name, "held": await _lies(context, account, HELD),
        "balance": await _lies(context, account), "is_first": after is None,
        "lines": await described(context.tx, context.rules, page.lines),
    }  # fmt: skip
    looks = ["shelf"] if may_pay(person, account) else []
    looks += ["month", "proof", *(["enter"] if works_near(person, LEADING, account.place) else [])]
    rows: Rows = tuple((button(name, account.number),) for name in looks)
    if page.older:
        told = (str(page.older.before), str(page.older.balance))
        rows = ((button("show", account.number, *told),), *rows)
    _answer(context, incoming, person, values, rows, template="passbook")


def _answer(
    context: Context, incoming: Incoming, person: Person, values: Values, rows: Rows, *,
    template: str,
) -> None:  # fmt: skip
    notice = Notice(
        to=person.id, template=template, values=values, buttons=rows, priority=Priority.REPLY
    )
    paging.answer(context, incoming, notice)


async def _lies(context: Context, account: Account, sort: str = points.BOOK) -> int:
    return await points.balance(context.tx, account.number, sort)


async def statement(tx: Tx, account: Account, after: Cursor | None, limit: int) -> Any:
    """Lines of a passbook, the newest first."""
    return await tx.ask(
        ledger.statement, POINTS, points.at(points.BOOK, account.number), limit, after
    )


async def described(tx: Tx, rules: Rules, lines: Iterable[Any]) -> list[Values]:
    """Each with what it came of, by its name."""
    some, names = list(lines), rules.of(PassbookSettings).names
    found: dict[int, Any] = {x.id: x for x in await tx.subjects(one.cause.subject for one in some)}
    return [
        {
            "amount": one.amount, "balance": one.balance, "at": one.at.isoformat(),
            "event": one.cause.event, "ticket": one.cause.subject, "kind": of.kind,
            "what": names.get(of.what, of.what), "by_hand": bool(getattr(of, "asked_as", "")),
        }
        for one in some
        if (of := found.get(one.cause.subject))
    ]  # fmt: skip


async def _shelf(context: Context, incoming: Incoming, person: Person, account: Account) -> None:
    """What there is, what it costs, and what is set aside for it; a button for what he can have."""
    settings, balance = context.rules.of(PassbookSettings), await _lies(context, account)
    goods = settings.shelf(community_of(account.place))
    known = [(one, max(await service.left(context.tx, one), 0)) for one in goods]
    rows = tuple(
        (button("ask", account.number, place_key(one.name), name=one.name, points=one.points),)
        for one, left in known
        if left and one.points <= balance and may_pay(person, account)
    )
    values = {
        "lines": [{"name": one.name, "points": one.points, "left": left} for one, left in known],
        "balance": balance, "promised": settings.promised, "fund": settings.fund_yuan,
        "where": settings.where, "days": list(settings.exchange_days),
    }  # fmt: skip
    _answer(context, incoming, person, values, rows, template="shelf")


async def _ask(context: Context, incoming: Incoming, person: Person, account: Account) -> None:
    """What it costs is said once more; the price and what he has go with the answer."""
    goods, balance = _goods(context, incoming, account), await _lies(context, account)
    told = (place_key(goods.name), str(goods.points), str(balance))
    values = {"name": goods.name, "points": goods.points, "left": balance - goods.points}
    rows = ((button("take", account.number, *told), button("shelf", account.number)),)
    _answer(context, incoming, person, values, rows, template="gift_sure")


def _goods(context: Context, incoming: Incoming, account: Account) -> Goods:
    shelf = context.rules.of(PassbookSettings).shelf(community_of(account.place))
    found = next((one for one in shelf if place_key(one.name) == incoming.tap.at(0)), None)
    if found is None:
        raise Refusal("refused_sold_out")
    return found


async def _take(context: Context, incoming: Incoming, person: Person, account: Account) -> None:
    """It is his, if all is as it was when he was asked: a second tap takes no second one. Of a
    passbook of paper it is handed out at once.
    """
    goods, balance = _goods(context, incoming, account), await _lies(context, account)
    if (str(goods.points), str(balance)) != incoming.tap.args[1:] or not may_pay(person, account):
        raise Refusal("refused_book_changed")
    gift: Any = await service.reserve(context, account, goods, person)
    if not account.person:
        given = Answers({CODE: gift.code})
        gift = await service.perform(context, gift, Action.CONFIRM, person, given)
    context.toast(incoming)
    viewing.show_card(context, gift, person, template="entry")


async def _enter(context: Context, incoming: Incoming, person: Person, account: Account) -> None:
    entered = await service.enter(context, account, person)
    context.toast(incoming)
    viewing.show_card(context, entered, person, "entry_asked")


def _paper(template: str) -> Callable[..., Awaitable[None]]:
    async def bring(context: Context, incoming: Incoming, person: Person, account: Account) -> None:
        context.toast(incoming)
        context.document(person, template, "service", account=account.number)

    return bring


async def _report(context: Context, incoming: Incoming, person: Person, *_: Any) -> None:
    """For who answers for the fund; it is made for whoever reads it, and empty for all others."""
    context.toast(incoming)
    context.document(person, template="passbook_report", kind="service")


_VERBS: Mapping[str, Callable[..., Awaitable[None]]] = {
    "show": _show, "report": _report, "shelf": _shelf, "ask": _ask, "take": _take, "enter": _enter,
    "month": _paper(template="passbook_statement"), "proof": _paper(template="passbook_proof"),
}  # fmt: skip


# how it is found


async def hears(context: Context, _: Dialog, incoming: Incoming, person: Person) -> bool:
    """What asks for the passbook and says nothing else. With a name behind it, of whoever works
    here, a new one of paper; with a number, that one; with a gift's code, it is handed out.
    """
    said = incoming.text.strip(_AROUND)
    words = sorted(context.rules.hears.get("service", ()), key=len, reverse=True)
    word = next((word for word in words if said.startswith(word)), "")
    rest = said.removeprefix(word).strip(_AROUND)
    if not word or incoming.kind is not Kind.TEXT or (rest and not person.is_staff):
        return False
    if not rest:
        await tap(context, _as_tap(incoming), person)
    elif not rest.isdecimal():
        return await _open(context, incoming, person, rest)
    elif not await _hand(context, person, rest):
        await tap(context, _as_tap(incoming, parse_number(rest) or 0), person)
    return True


def _as_tap(incoming: Incoming, number: int = 0) -> Any:
    return replace(incoming, tap=Tap(kind=ROOM, subject=number, verb="show"))


async def _open(context: Context, incoming: Incoming, person: Person, name: str) -> bool:
    """A passbook of paper for who has no phone, or for a team."""
    place = next((m.place for m in person.memberships if m.role in HANDLERS), "")
    if place:
        account = await service.account_of(context, 0, place, name[:40])
        assert account
        await _show(context, incoming, person, account)
    return bool(place)


async def _hand(context: Context, person: Person, code: str) -> bool:
    """Hand out what has this code. Raises Refusal where that was done already."""
    found = await context.tx.ask(queries.ids, own.gifts, own.gifts.c.code == code)
    gifts = [one for one in await context.tx.get_all(GIFTS, found) if one.place]
    here = [one for one in gifts if works_near(person, HANDLERS, one.place)]
    if here:
        waiting = [one for one in here if one.state is State.WAITING]
        gift = (waiting or here)[-1]
        given = Answers({CODE: code})
        gift = await service.perform(context, gift, Action.CONFIRM, person, given)
        viewing.show_card(context, gift, person, template="entry")
    return bool(here)


async def _scanned(context: Context, incoming: Incoming, person: Person, code: str) -> bool:
    """The code of a passbook, scanned at the counter."""
    found = await context.tx.ask(queries.accounts, code=code)
    seen = [one for one in found if may_open(person, one)]
    for account in seen:
        await _show(context, incoming, person, account)
    return bool(seen)


def check_of(account: Account, day: str, minutes: int) -> str:
    """What a certificate shows, so that nobody makes one up."""
    said = f"{account.code}:{account.number}:{day}:{minutes}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


async def _checked(context: Context, _: Incoming, person: Person, code: str) -> bool:
    """A certificate's link: whether it was given out here; it says no name."""
    number, day, minutes, check = (*code.split("-"), "", "", "", "")[:4]
    is_read = number.isdecimal() and minutes.isdecimal()
    found = await context.tx.ask(queries.accounts, number=int(number)) if is_read else []
    is_true = any(check_of(one, day, int(minutes)) == check and one.code for one in found)
    values = {"number": int(number), "day": day, "minutes": int(minutes)} if is_true else {}
    context.say(person.id, "proof_checked", is_true=is_true, **values)
    return True


LINKS = {"pb": _scanned, "zs": _checked}

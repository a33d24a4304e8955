"""The passbook with its lines, the shelf, a gift by two taps; the words and links by which a
passbook, a gift or a certificate is found.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.kernels.ledger import Cursor, Line, month_of
from workflows.core.numbers import parse_number
from workflows.core.people import Person
from workflows.core.permissions import KEEPERS, LEADING
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
from workflows.passbook.points import BOOK, HELD, POINTS
from workflows.passbook.relations import STAFF, may_open, may_pay, works_near
from workflows.passbook.settings import PassbookSettings, cost_of
from workflows.passbook.store import queries
from workflows.passbook.store.tables import GIFTS
from workflows.passbook.words import Action, State
from workflows.store import Tx
from workflows.store.kernels import ledger

ROOM = "book"  # of the room's own taps
_LINES = 8
_NAME = 12  # characters of one on a passbook of paper
_PAGE = 20  # that are read at once
_MONTH = re.compile("[12][0-9]{3}-(0[1-9]|1[0-2])")
_AROUND = " \t\n:,.，。：、！!"


def button(verb: str, account: int = 0, *args: str, **values: Any) -> Button:
    """A button of the room's own; without an account it is about one's own passbook."""
    tap = Tap(kind=ROOM, subject=account, verb=verb, args=args)
    return Button(tap=tap, label=f"book.{verb}", values=values)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button of the room's own. Raises Refusal where the passbook is none of his business."""
    verb, number = incoming.tap.meant(_VERBS), incoming.tap.number
    context.toast(incoming)
    asked = {"number": number} if number else {"person": person.id}
    book = next(iter(await context.tx.ask(queries.books, **asked)), None)
    if book is None or not may_open(person, book):
        raise Refusal("refused_unknown" if number else "passbook_none")
    await verb(context, incoming, person, book)


async def _show(context: Context, incoming: Incoming, person: Person, book: Account) -> None:
    """What lies in it, and a page of its lines, each with what it came of."""
    args = incoming.tap.args if incoming.tap.kind == ROOM else ()
    after = Cursor(incoming.tap.number_at(0), incoming.tap.number_at(1)) if args else None
    page = await statement(context.tx, book, _LINES, after)
    values = {
        "number": book.number, "name": book.name,
        "balance": await points.balance(context.tx, book.number),
        "held": await points.balance(context.tx, book.number, HELD),
        "lines": await described(context.tx, context.rules, page.lines),
    }  # fmt: skip
    looks = [*(["shelf"] if may_pay(person, book) else []), "month", "page", "proof"]
    looks += ["enter"] if works_near(person, LEADING, book.place) else []
    rows: Rows = tuple((button(name, book.number),) for name in looks)
    if page.older:
        told = (str(page.older.before), str(page.older.balance))
        rows = ((replace(button("show", book.number, *told), label="book.older"),), *rows)
    _answer(context, incoming, person, values, rows, template="passbook")


async def statement(
    tx: Tx, book: Account, limit: int, after: Cursor | None = None, through: str = ""
) -> Any:
    """Lines of a passbook, the newest first."""
    of = points.at(BOOK, book.number)
    return await tx.ask(ledger.statement, POINTS, of, limit, after, through)


async def of_month(tx: Tx, rules: Rules, book: Account, month: str) -> tuple[list[Line], str]:
    """A month's lines, the oldest first, and the month of the one before them, "" for none; only
    as many are read as that takes.
    """
    through = month if month < month_of(tx.now, rules.zone) else ""
    page = await statement(tx, book, _PAGE, None, through)
    found = list(page.lines)
    while page.older and found[-1].month == month:
        page = await statement(tx, book, _PAGE, page.older)
        found += page.lines
    earlier = next((one.month for one in found if one.month < month), "")
    return [one for one in reversed(found) if one.month == month], earlier


async def described(tx: Tx, rules: Rules, lines: Iterable[Any]) -> list[Values]:
    """Each with what it came of, by its name."""
    some, names = list(lines), rules.of(PassbookSettings).names
    found: dict[int, Any] = {x.id: x for x in await tx.subjects(one.cause.subject for one in some)}
    return [
        {
            "amount": one.amount, "balance": one.balance, "at": one.at.isoformat(),
            "day": one.at.astimezone(rules.zone).date().isoformat(),
            "event": one.cause.event.rstrip("0123456789"), "ticket": of.id, "kind": of.kind,
            "what": names.get(of.what, of.what), "by_hand": bool(getattr(of, "asked_as", "")),
        }
        for one in some
        if (of := found.get(one.cause.subject))
    ]  # fmt: skip


def _answer(
    context: Context, incoming: Incoming, person: Person, values: Values, rows: Rows, *,
    template: str,
) -> None:  # fmt: skip
    paging.answer(context, incoming, Notice(
        to=person.id, template=template, values=values, buttons=rows, priority=Priority.REPLY
    ))  # fmt: skip


async def _shelf(context: Context, incoming: Incoming, person: Person, book: Account) -> None:
    """What there is, what it costs, and what is set aside for it; a button for what he can have."""
    settings, balance = service.settings_of(context), await points.balance(context.tx, book.number)
    goods = await service.stocked(context.tx, context.rules, community_of(book.place))
    known = [(one, max(await service.left(context.tx, one), 0)) for one in goods]
    rows = tuple(
        (button("take", book.number, place_key(one.name), name=one.name, points=one.points),)
        for one, left in known
        if left and one.points <= balance and may_pay(person, book)
    )
    values = {
        "lines": [{"name": one.name, "points": one.points, "left": left} for one, left in known],
        "balance": balance, "fund": settings.fund_yuan,
        "promised": cost_of(await service.stocked(context.tx, context.rules)),
        "where": settings.where, "days": list(settings.exchange_days),
    }  # fmt: skip
    _answer(context, incoming, person, values, rows, template="shelf")


async def _take(context: Context, incoming: Incoming, person: Person, book: Account) -> None:
    """What it costs is said once more; the price and what he has go with the answer. It is his if
    all is as it was then: a second tap takes no second one. Of paper it is handed out at once.
    """
    key, told = incoming.tap.at(0), [*incoming.tap.args[1:]]
    shelf = await service.stocked(context.tx, context.rules, community_of(book.place))
    goods = next((one for one in shelf if place_key(one.name) == key), None)
    balance = await points.balance(context.tx, book.number)
    if goods is None or not may_pay(person, book):
        raise Refusal("refused_sold_out")
    now = [str(goods.points), str(balance)]
    if not told:
        sure = replace(button("take", book.number, key, *now), label="book.sure")
        values = {"name": goods.name, "points": goods.points, "left": balance - goods.points}
        rows = ((sure, button("shelf", book.number)),)
        _answer(context, incoming, person, values, rows, template="gift_sure")
    elif told != now:
        raise Refusal("refused_book_changed")
    else:
        gift = await service.reserve(context, book, goods, person)
        if not book.person:
            gift = await _hand(context, gift, person)
        viewing.show_card(context, gift, person, template="entry")


async def _hand(context: Context, gift: Any, person: Person) -> Any:
    return await service.perform(
        context, gift, Action.CONFIRM, person, Answers({CODE: gift.code})
    )  # fmt: skip


async def _enter(context: Context, _: Incoming, person: Person, book: Account) -> None:
    entered = await service.enter(context, book, person)
    viewing.show_card(context, entered, person, template="entry_asked")


async def _paper(context: Context, incoming: Incoming, person: Person, book: Account) -> None:
    """A certificate, or the passbook itself."""
    context.document(
        person, kind="service", account=book.number,
        template="passbook_proof" if incoming.tap.verb == "proof" else "passbook_statement",
    )  # fmt: skip


async def _month(context: Context, incoming: Incoming, person: Person, book: Account) -> None:
    """A month on paper, this one or the one asked for; a button for the last one before it in which
    there was anything.
    """
    asked, rules = incoming.tap.at(0), context.rules
    month = asked if _MONTH.fullmatch(asked) else month_of(context.now, rules.zone)
    _, earlier = await of_month(context.tx, rules, book, month)
    back = button("month", book.number, earlier, year=earlier[:4], month=earlier[5:].lstrip("0"))
    context.document(
        person, template="passbook_statement", kind="service", account=book.number, month=month,
        buttons=((replace(back, label="book.earlier"),),) if earlier else (),
    )  # fmt: skip


_VERBS: Mapping[str, Callable[..., Awaitable[None]]] = {
    "show": _show, "shelf": _shelf, "take": _take, "enter": _enter, "month": _month,
    "page": _paper, "proof": _paper,
}  # fmt: skip


# how it is found


async def understands(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A number behind one of the words, whatever is asked just now: somebody stands there."""
    _, rest = _said(context, incoming)
    return rest.isdecimal() and await hears(context, dialog, incoming, person)


async def hears(context: Context, _: Dialog, incoming: Incoming, person: Person) -> bool:
    """What asks for the passbook and says nothing else. With a name behind it, of whoever works
    here, a new one of paper; with a number, that one; with a gift's code, it is handed out.
    """
    word, rest = _said(context, incoming)
    at = next((m.place for m in person.memberships if m.role in STAFF), "")
    if not word or incoming.kind is not Kind.TEXT or (rest and not at):
        return False
    if rest and not rest.isdecimal():
        await _show(context, incoming, person, await service.book_of(context, 0, at, rest))
    elif not (rest and await _handed(context, person, rest)):
        number = parse_number(rest) or -1 if rest else 0
        asked = Tap(kind=ROOM, subject=number, verb="show")
        await tap(context, replace(incoming, tap=asked), person)
    return True


def _said(context: Context, incoming: Incoming) -> tuple[str, str]:
    """The word that somebody begins with, and the number or the name behind it; "" for all else:
    what goes on without a break is no name.
    """
    said = incoming.text.strip(_AROUND)
    words = sorted(context.rules.hears.get("service", ()), key=len, reverse=True)
    word = next((word for word in words if said.startswith(word)), "")
    behind = said.removeprefix(word)
    rest = behind.strip(_AROUND).replace(" ", "")
    is_apart = behind[:1] in _AROUND and len(rest) <= _NAME
    return (word, rest) if word and (is_apart or rest.isdecimal()) else ("", "")


async def _handed(context: Context, person: Person, code: str) -> bool:
    """Whether there is a gift that this code opens; it is handed out. Raises Refusal where it was
    already.
    """
    found = await context.tx.find(GIFTS, queries.with_code, code)
    here = [one for one in found if works_near(person, KEEPERS, one.place)]
    waiting = [one for one in here if one.state is State.WAITING]
    if here:
        gift = await _hand(context, (waiting or here)[-1], person)
        viewing.show_card(context, gift, person, template="entry")
    return bool(here)


async def _scanned(context: Context, incoming: Incoming, person: Person, code: str) -> bool:
    """The code of a passbook, scanned at the counter."""
    found = await context.tx.ask(queries.books, code=code)
    for book in (one for one in found if may_open(person, one)):
        await _show(context, incoming, person, book)
        return True
    return False


def check_of(book: Account, day: str, minutes: int) -> str:
    """What a certificate shows, so that nobody makes one up."""
    said = f"{book.code}:{book.number}:{day}:{minutes}"
    return f"{book.number}-{day}-{minutes}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


async def _checked(context: Context, _: Incoming, person: Person, code: str) -> bool:
    """A certificate's link: whether it was given out here; it says no name."""
    number, day, minutes = (*code.split("-"), "", "")[:3]
    is_read = number.isdecimal() and minutes.isdecimal()
    found = await context.tx.ask(queries.books, number=int(number)) if is_read else []
    is_true = any(one.code and check_of(one, day, int(minutes)) == code for one in found)
    told = {"number": int(number), "day": day, "minutes": int(minutes)} if is_true else {}
    context.say(person.id, "proof_checked", is_true=is_true, **told)
    return True


LINKS = {"pb": _scanned, "zs": _checked}

"""What is done with a service or a gift, and what comes with it in the ledger."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct, convert
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.kernels.causes import Seed
from workflows.core.people import SYSTEM, Person, Role
from workflows.core.permissions import LEADING, UNPAID
from workflows.core.policy import Rules
from workflows.core.talk.messages import Attachment
from workflows.core.talk.needs import NOTHING, Answers
from workflows.desk import performing
from workflows.desk.context import Context
from workflows.passbook import lifecycle, points
from workflows.passbook.credit import credited
from workflows.passbook.model import Account, Gift, Lot, Service
from workflows.passbook.points import BOOK, HELD
from workflows.passbook.relations import attempt, works_near
from workflows.passbook.settings import Goods, PassbookSettings, cost_of
from workflows.passbook.store import queries
from workflows.passbook.store.tables import SERVICES
from workflows.passbook.words import Action, State
from workflows.store import Tx
from workflows.store.kernels import households, ledger


async def perform(
    context: Context, entry: Any, action: Action, actor: Person, answers: Answers = NOTHING
) -> Any:
    """Let `actor` do `action`, with what follows in the ledger. Raises Refusal."""
    if isinstance(entry, Service):
        entry = replace(entry, kin=await kin_of(context.tx, entry.person))
        if action is Action.CONFIRM:
            entry = credited(entry, await _others(context, entry), settings_of(context))
    moved = await performing.perform(context, entry, action, actor, answers)
    await points.settle(context, moved, actor.id)
    if action is Action.CHANGE and isinstance(moved, Gift):
        await _swap(context, entry, moved, actor)
    return moved


def settings_of(context: Context) -> PassbookSettings:
    """What the community settles."""
    return context.rules.of(PassbookSettings)


async def _swap(context: Context, before: Gift, gift: Gift, actor: Person) -> None:
    """What the other gift costs less is his again; it must be there."""
    await _check_stock(context, gift.what)
    if rest := before.points - gift.points:
        why = f"swap{gift.version}"
        await points.move(context, gift, why, HELD, BOOK, rest, actor.id)


async def kin_of(tx: Tx, person: int) -> tuple[int, ...]:
    """Who lives behind the same door, by what anybody says."""
    doors = {one.household for one in await tx.ask(households.of_person, person) if one.is_current}
    found = [one for door in doors for one in await tx.ask(households.members, door)]
    return tuple(sorted({one.person for one in found if one.is_current} - {person}))


async def _others(context: Context, service: Service) -> list[Service]:
    """What counts of the same passbook in that week, what this very turn brought among it."""
    monday = service.day - timedelta(days=service.day.weekday())
    days = (monday, monday + timedelta(days=6))
    ids = await context.tx.ask(queries.served, *days, account=service.account)
    await context.tx.get_all(SERVICES, ids)
    known = (x for x in context.tx.work.subjects.values() if isinstance(x, Service))
    mine = (x for x in known if x.account == service.account and x.id != service.id)
    return [one for one in mine if one.state is State.DONE]


# passbooks and services


async def book_of(context: Context, person: int, place: str, name: str = "") -> Account:
    """Somebody's passbook; a new one where he has none, and always one of paper."""
    known = await context.tx.ask(queries.books, person=person) if person else []
    if known:
        return known[0]
    new = Account(person=person, name=name, place=place, code=secrets.token_hex(8))
    return replace(new, number=await context.tx.do(queries.open_book, new))


class Facts(Struct, frozen=True, kw_only=True):
    """What another room says of a service: `service` is a kind that has a rate, `starts` a minute
    of the day; `verifier` has verified it there, `witness` can; `passbook` is one of paper.
    """

    service: str = ""
    minutes: int = 0
    date: date | None = None
    starts: int | None = None
    verifier: int = 0
    witness: int = 0
    passbook: int = 0


async def spawned(context: Context, seed: Seed) -> Service:
    """What another room has seen somebody do, by its facts; who is paid for it earns nothing."""
    facts, tx = convert(dict(seed.facts), Facts, strict=False), context.tx
    paper = await tx.ask(queries.books, number=facts.passbook, person=0)
    home = seed.person.last_place or seed.place
    book = paper[0] if paper else await book_of(context, seed.person.id, home)
    made = await claim(
        context, book, seed.person, place=seed.place, text=seed.text, cause=seed.cause,
        what=facts.service, minutes=facts.minutes, day=facts.date or today(context),
        starts=facts.starts, witness=facts.verifier or facts.witness, files=seed.attachments,
    )  # fmt: skip
    if not paper and works_near(seed.person, {*Role} - {*UNPAID}, seed.place):
        return await perform(context, made, Action.DROP, SYSTEM)  # type: ignore[no-any-return]
    verifier = await tx.person(facts.verifier)
    told = verifier and attempt(made, Action.CONFIRM, verifier, context.now, context.rules)
    if verifier and lifecycle.SERVICE.may(told):
        return await perform(context, made, Action.CONFIRM, verifier)  # type: ignore[no-any-return]
    await context.tell(made, lifecycle.asked(made), SYSTEM)
    return made


def today(context: Context) -> date:
    """The day in the community."""
    return context.now.astimezone(context.rules.zone).date()


async def claim(
    context: Context, book: Account, by: Person, *, cause: int = 0,
    files: tuple[Attachment, ...] = (), **said: Any,
) -> Service:  # fmt: skip
    """A new service of a passbook."""
    kin, number = await kin_of(context.tx, book.person), await context.tx.next_id()
    new = Service(
        id=number, kin=kin, account=book.number, person=book.person, opened_at=context.now, **said
    )
    begun: Service = await performing.begin(context, new, by, cause, files)
    return begun


async def enter(context: Context, book: Account, by: Person) -> Service:
    """One of which nobody knew, to be filled by who leads, and approved by another role."""
    held = [m.role.value for m in by.memberships if m.role in LEADING]
    if not held or by.id == book.person:
        raise Refusal("refused_staff_only")
    return await claim(
        context, book, by, place=book.place, what="", day=today(context), asked_by=by.id,
        asked_as=held[0],
    )  # fmt: skip


# gifts


async def reserve(context: Context, book: Account, goods: Goods, by: Person) -> Gift:
    """A gift for somebody: points held, one less on the shelf. Raises Refusal.

    The points come first: from then on the ledger is this turn's alone, and what is counted stays.
    """
    new = Gift(
        id=await context.tx.next_id(), account=book.number, person=book.person, place=book.place,
        what=goods.name, points=goods.points, day=today(context), opened_at=context.now,
        code=f"{secrets.randbelow(10**6):06}",
    )  # fmt: skip
    begun: Gift = await performing.begin(context, new, by)
    await points.settle(context, begun, by.id)
    await _check_stock(context, goods.name)
    await _check_limits(context, book, goods)
    return begun


async def stocked(tx: Tx, rules: Rules, *communities: str) -> list[Goods]:
    """The gifts of these communities, or all; what came in since is bought, too."""
    came = await tx.ask(queries.came_in)
    return [
        replace(one, bought=one.bought + came.get(one.name, 0))
        for one in rules.of(PassbookSettings).gifts
        if not communities or any(map(one.is_at, communities))
    ]


async def bring(context: Context, name: str, amount: int, known: int, by: Person) -> None:
    """So many of a gift came in, or fewer than none; once, while as many are bought as he saw. None
    is taken back that is gone, and no more is bought than the fund has set aside. Raises Refusal.
    """
    tx, fund = context.tx, settings_of(context).fund_yuan
    await tx.do(ledger.locked, points.POINTS)  # what is counted from here on stays
    gifts = await stocked(tx, context.rules)
    goods = next(one for one in gifts if one.name == name)
    if not amount or goods.bought != known:
        raise Refusal("refused_stock_changed")
    if goods.bought + amount < await tx.ask(queries.taken, name):
        raise Refusal("refused_stock_gone")
    if (cost := cost_of(gifts) + amount * goods.yuan) > fund and amount > 0:
        raise Refusal("refused_stock_fund", cost=cost, fund=fund)
    lot = Lot(
        what=name, amount=amount, yuan=goods.yuan, payer=goods.payer, by=by.id, at=context.now
    )
    await tx.do(queries.add_lot, lot)


async def left(tx: Tx, goods: Goods) -> int:
    """How many can be chosen: what is held or handed out is counted, never written down."""
    return goods.bought - goods.keep - await tx.ask(queries.taken, goods.name)


async def _check_stock(context: Context, name: str) -> None:
    gifts = [one for one in await stocked(context.tx, context.rules) if one.name == name]
    if not gifts or await left(context.tx, gifts[0]) < 1:
        raise Refusal("refused_sold_out")


async def _check_limits(context: Context, book: Account, goods: Goods) -> None:
    """Whether he, or his household, has had as many this year as one may. Raises Refusal."""
    zone, tx = context.rules.zone, context.tx
    year = datetime(today(context).year, 1, 1, tzinfo=zone).astimezone(UTC)
    kin = [await tx.ask(queries.books, person=one) for one in await kin_of(tx, book.person)]
    home = [book.number, *(one.number for some in kin for one in some)]
    for most, books in ((goods.most, home[:1]), (goods.household_most, home)):
        if most and await tx.ask(queries.taken, goods.name, books, year) >= most:
            raise Refusal("refused_most", most=most)

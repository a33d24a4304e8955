"""What is done with a service or a gift, and what comes with it in the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.kernels.causes import Seed
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.messages import Attachment
from workflows.core.talk.needs import NOTHING, Answers
from workflows.desk import performing
from workflows.desk.context import Context
from workflows.passbook import lifecycle, points
from workflows.passbook.credit import credited
from workflows.passbook.model import Account, Entry, Gift, Service
from workflows.passbook.relations import LEADING, PAID, attempt, works_near
from workflows.passbook.settings import Goods, PassbookSettings
from workflows.passbook.store import queries
from workflows.passbook.store.kept import SERVICES
from workflows.passbook.words import Action, State, To
from workflows.store import Tx
from workflows.store.kernels import households


async def perform(
    context: Context, entry: Any, action: Action, actor: Person, answers: Answers = NOTHING
) -> Any:
    """Let `actor` do `action`, with what follows in the ledger. Raises Refusal."""
    if isinstance(entry, Service):
        entry = replace(entry, kin=await kin_of(context.tx, entry.person))
    if isinstance(entry, Service) and action is Action.CONFIRM:
        entry = credited(entry, await _others(context, entry), context.rules.of(PassbookSettings))
    moved = await performing.perform(context, entry, action, actor, answers)
    await points.settle(context, moved, actor.id)
    if entry.points > moved.points:  # what the other gift costs less is his again
        key, move = f"gift:{moved.id}:swap{moved.version}", (points.HELD, points.BOOK)
        await points.post(context, key, moved, move, actor.id, entry.points - moved.points)
    if action is Action.CHANGE and isinstance(moved, Gift):
        await _check_stock(context, moved.what)
    return moved


async def kin_of(tx: Tx, person: int) -> tuple[int, ...]:
    """Who lives behind the same door, by what anybody says."""
    doors = {one.household for one in await tx.ask(households.of_person, person) if one.is_current}
    found = [one for door in doors for one in await tx.ask(households.members, door)]
    return tuple(sorted({one.person for one in found if one.is_current} - {person}))


async def _others(context: Context, service: Service) -> list[Service]:
    """What counts of the same passbook in that week, what this very turn brought among it."""
    monday = service.day - timedelta(days=service.day.weekday())
    sunday = monday + timedelta(days=6)
    ids = await context.tx.ask(queries.served, monday, sunday, account=service.account)
    await context.tx.get_all(SERVICES, ids)
    known = (x for x in context.tx.work.subjects.values() if isinstance(x, Service))
    return [
        one for one in known
        if one.account == service.account and one.id != service.id and one.state is State.DONE
    ]  # fmt: skip


# a service


async def account_of(
    context: Context, person: int, place: str, name: str = "", *, is_new: bool = True
) -> Account | None:
    """Somebody's passbook; a new one where he has none, and always one of paper."""
    tx = context.tx
    known = await tx.ask(queries.accounts, person=person) if person else []
    if known or not is_new:
        return next(iter(known), None)
    new = Account(person=person, name=name, place=place, code=secrets.token_hex(8))
    return replace(new, number=await tx.do(queries.open_account, new))


async def spawned(context: Context, seed: Seed) -> Service:
    """What another room has seen somebody do. Its facts are `minutes`, `service` (a kind that has
    a rate), `date`, `starts` (the minute of the day); `verifier` is who has verified it there,
    `witness` who can, `passbook` the number of one of paper. Who is paid for it earns nothing.
    """
    facts, tx = seed.facts, context.tx
    paper = await tx.ask(queries.accounts, number=int(facts.get("passbook", 0)), person=0)
    place = seed.person.last_place or seed.place
    account = next(iter(paper), None) or await account_of(context, seed.person.id, place)
    verifier = await tx.person(int(facts.get("verifier", 0)))
    made = await claim(
        context, account, seed.person, place=seed.place, text=seed.text, cause=seed.cause,
        what=str(facts.get("service", "")), minutes=int(facts.get("minutes", 0)),
        day=_day(context, facts), starts=facts.get("starts"), files=seed.attachments,
        witness=verifier.id if verifier else int(facts.get("witness", 0)),
    )  # fmt: skip
    if not paper and works_near(seed.person, PAID, seed.place):
        return await perform(context, made, Action.DROP, SYSTEM)  # type: ignore[no-any-return]
    if verifier and _may(context, made, Action.CONFIRM, verifier):
        return await perform(context, made, Action.CONFIRM, verifier)  # type: ignore[no-any-return]
    await context.tell(made, lifecycle.card(made, To.OTHER, "entry_asked"), SYSTEM)
    return made


def _day(context: Context, facts: Mapping[str, Any]) -> date:
    today = context.now.astimezone(context.rules.zone).date()
    return date.fromisoformat(str(facts["date"])) if "date" in facts else today


def _may(context: Context, entry: Entry, action: Action, person: Person) -> bool:
    command = attempt(entry, action, person, context.now, context.rules)
    return lifecycle.FLOWS[entry.kind].may(command)


async def claim(
    context: Context, account: Any, by: Person, *, cause: int = 0,
    files: tuple[Attachment, ...] = (), **said: Any,
) -> Service:  # fmt: skip
    """A new service of a passbook."""
    kin = await kin_of(context.tx, account.person)
    number = await context.tx.next_id()
    new = Service(
        id=number, account=account.number, person=account.person, kin=kin, opened_at=context.now,
        **said,
    )  # fmt: skip
    begun: Service = await _begin(context, new, by, cause, files)
    return begun


async def enter(context: Context, account: Account, by: Person) -> Service:
    """One of which nobody knew, to be filled by who leads, and approved by another role."""
    held = (LEADING[m.role] for m in by.memberships if m.role in LEADING)
    role = next(held, None)
    if role is None or by.id == account.person:
        raise Refusal("refused_staff_only")
    today = _day(context, {})
    return await claim(
        context, account, by, place=account.place, what="", day=today, asked_by=by.id, asked_as=role
    )  # fmt: skip


# a gift


async def reserve(context: Context, account: Account, goods: Goods, by: Person) -> Gift:
    """A gift for somebody: points held, one less on the shelf. Raises Refusal.

    The points come first: from then on the book is this turn's alone, and what is counted stays.
    """
    new = Gift(
        id=await context.tx.next_id(), account=account.number, person=account.person,
        place=account.place, what=goods.name, points=goods.points, opened_at=context.now,
        code=f"{secrets.randbelow(10**6):06}",
    )  # fmt: skip
    begun: Gift = await _begin(context, new, by)
    await points.settle(context, begun, by.id)
    await _check_stock(context, goods.name)
    await _check_limits(context, account, goods)
    return begun


async def left(tx: Tx, goods: Goods) -> int:
    """How many can be chosen: what is held or handed out is counted, never written down."""
    return goods.bought - goods.keep - await tx.ask(queries.taken, goods.name)


async def _check_stock(context: Context, name: str) -> None:
    """Whether there is one. Raises Refusal."""
    gifts = [one for one in context.rules.of(PassbookSettings).gifts if one.name == name]
    if not gifts or await left(context.tx, gifts[0]) < 1:
        raise Refusal("refused_sold_out")


async def _check_limits(context: Context, account: Account, goods: Goods) -> None:
    """Whether he, or his household, has had as many this year as one may. Raises Refusal."""
    zone = context.rules.zone
    year = datetime(context.now.astimezone(zone).year, 1, 1, tzinfo=zone).astimezone(UTC)
    kin = [
        await account_of(context, i, "", is_new=False)
        for i in await kin_of(context.tx, account.person)
    ]
    home = [account.number, *(one.number for one in kin if one)]
    for most, accounts in ((goods.most, home[:1]), (goods.household_most, home)):
        if most and await context.tx.ask(queries.taken, goods.name, accounts, year) >= most:
            raise Refusal("refused_most", most=most)


async def _begin(
    context: Context, entry: Entry, by: Person, cause: int = 0, files: Iterable[Attachment] = ()
) -> Any:
    decision = lifecycle.begin(entry, by, context.now, context.rules, cause)
    await performing.write(context, decision, by, tuple(files))
    return decision.subject

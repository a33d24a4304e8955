"""Goods that came in, entered by who hands them out: which gift, and how many. What was written
down stays; what was too much is taken back by a second entry.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from workflows.core.errors import ForgedError, Refusal
from workflows.core.people import Person
from workflows.core.permissions import KEEPERS
from workflows.core.places import community_of, place_key
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Kind, Notice, Priority, Values
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import BoardPage, Rows, Section
from workflows.passbook import service
from workflows.passbook.settings import Goods
from workflows.passbook.store import queries
from workflows.store import Tx

ROOM = "stock"
_STEPS = (-10, -1, 1, 10)
_SHOWN = 5  # entries below the list
_COUNT = re.compile("[-−]?[0-9]{1,4}")


def _button(verb: str, *args: str | int, **values: Any) -> Button:
    tap = Tap(kind=ROOM, verb=verb, args=tuple(map(str, args)))
    return Button(tap=tap, label=f"stock.{verb}", values=values)


async def _kept(context: Context, person: Person) -> list[Goods]:
    """The gifts that somebody hands out."""
    held = {community_of(m.place) for m in person.memberships if m.role in KEEPERS}
    return await service.stocked(context.tx, context.rules, *held) if held else []


async def told(tx: Tx, limit: int) -> list[Values]:
    """What came in lately, with who has entered it."""
    found = await tx.ask(queries.newest_lots, limit)
    people = {one.by: await tx.person(one.by) for one in found}
    return [
        {"what": one.what, "amount": one.amount, "yuan": one.yuan, "payer": one.payer,
         "at": one.at.isoformat(), "name": by.name if (by := people[one.by]) else ""}
        for one in found
    ]  # fmt: skip


async def _list(context: Context, person: Person, tabs: Rows = ()) -> Notice:
    """What there is of each gift, a button for each that he hands out, and what came in lately."""
    mine = await _kept(context, person)
    rows = tuple((_button("count", place_key(one.name), 0, name=one.name),) for one in mine)
    lines = [{"name": one.name, "bought": one.bought,
              "taken": await context.tx.ask(queries.taken, one.name)}
             for one in mine or await service.stocked(context.tx, context.rules)]  # fmt: skip
    values = {"lines": lines, "lots": await told(context.tx, _SHOWN), "is_mine": bool(mine)}
    return Notice(
        to=person.id, template="stock", values=values, buttons=(*tabs, *rows),
        priority=Priority.REPLY,
    )  # fmt: skip


def _counted(person: Person, goods: Goods, amount: int) -> Notice:
    """How many, with buttons for more and fewer; what he saw goes with his yes."""
    key, values = place_key(goods.name), {"name": goods.name, "amount": amount}
    steps = [
        replace(_button("count", key, amount + step, step=f"{step:+d}"), label="stock.step")
        for step in _STEPS
    ]
    keep = [(_button("keep", key, amount, goods.bought, amount=amount),)] if amount else []
    priced = {"payer": goods.payer, "yuan": goods.yuan, "cost": amount * goods.yuan}
    return Notice(
        to=person.id, template="stock_count", values=values | priced,
        buttons=(tuple(steps), *keep, (_button("list"),)), priority=Priority.REPLY,
    )  # fmt: skip


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button of the room's own. Raises Refusal for who hands out no such gift."""
    goods, verb = await _kept(context, person), incoming.tap.verb
    if not goods:
        raise Refusal("refused_staff_only")
    if verb != "list":
        key, amount = incoming.tap.at(0), incoming.tap.at(1)
        chosen = next((one for one in goods if place_key(one.name) == key), None)
        if chosen is None or verb not in {"count", "keep"} or not _COUNT.fullmatch(amount):
            raise ForgedError(incoming.tap)
        if verb == "count":
            paging.answer(context, incoming, _counted(person, chosen, _number(amount)))
            return
        seen = incoming.tap.number_at(2)
        await service.bring(context, chosen.name, _number(amount), seen, person)
    paging.answer(context, incoming, await _list(context, person))


def _number(said: str) -> int:
    return int(said.replace("−", "-"))


async def hears(context: Context, _: Dialog, incoming: Incoming, person: Person) -> bool:
    """Its word, of who hands gifts out; with a gift and how many behind it, that is asked once more
    at once.
    """
    said = "".join(incoming.text.split())
    word = next((one for one in context.rules.hears.get("gift", ()) if said.startswith(one)), "")
    goods = await _kept(context, person) if word and incoming.kind is Kind.TEXT else []
    rest = said.removeprefix(word)
    if goods and not rest:
        paging.answer(context, incoming, await _list(context, person))
        return True
    for one in goods:
        if rest.startswith(one.name) and _COUNT.fullmatch(count := rest.removeprefix(one.name)):
            paging.answer(context, incoming, _counted(person, one, _number(count)))
            return True
    return False


async def _count(context: Context, _: Collection[str]) -> int:
    return len(await service.stocked(context.tx, context.rules))


async def _draw(context: Context, person: Person, asked: BoardPage) -> Notice:
    return await _list(context, person, asked.tabs)


SECTION = Section(key="stock", count=_count, draw=_draw, opens=False)

"""The board's section of what is in hand, and of whom: each handler, and what he has."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from workflows.core.people import Person, Presence
from workflows.core.talk.messages import Button, Notice, Priority, in_rows
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.board import opening
from workflows.desk.parts import BoardPage, Section
from workflows.petition.lists.lines import line
from workflows.petition.rules import agenda
from workflows.petition.store import holders
from workflows.petition.store.holders import Holding
from workflows.petition.store.kept import TICKETS

_KEY = "in_hand"


async def _count(context: Context, scope: Collection[str]) -> int:
    return await context.tx.ask(holders.count, scope)


async def _draw(context: Context, person: Person, asked: BoardPage) -> Notice:
    """Everybody who has something; of one who was tapped, what he has."""
    if asked.of.isascii() and asked.of.isdecimal():
        return await _one(context, person, asked)
    found = await context.tx.ask(holders.holdings, asked.scope, context.now)
    page = paging.page_of(len(found), asked.asked)
    shown = found[page * paging.PAGE :][: paging.PAGE]
    await context.tx.prefetch_persons(one.person for one in shown)
    lines = [await _line(context, one) for one in shown]
    values = {"lines": lines, "total": paging.said(asked.count)}
    buttons = (*asked.tabs, *in_rows([_opener(one) for one in lines], 2),
               *paging.turns(opening(_KEY), page, len(found)))  # fmt: skip
    return Notice(
        to=person.id, template="board_in_hand", values=values, buttons=buttons,
        priority=Priority.REPLY,
    )  # fmt: skip


async def _line(context: Context, one: Holding) -> dict[str, object]:
    holder = await context.tx.person(one.person)
    return {
        "person": one.person, "name": holder.name if holder else "",
        "presence": holder.presence(context.now) if holder else Presence.GONE,
        "count": one.count, "late": one.late,
        "waited": (context.now - one.oldest).total_seconds(),
    }  # fmt: skip


def _opener(shown: dict[str, object]) -> Button:
    tap = Tap(kind="board", verb=_KEY, args=("0", str(shown["person"])))
    return Button(tap=tap, label="in_hand.person", values=shown)


async def _one(context: Context, person: Person, asked: BoardPage) -> Notice:
    """What somebody has of the scope, each with what of it is over."""
    number = int(asked.of[:18])
    ids = await context.tx.ask(holders.ids_of, asked.scope, number)
    page = paging.page_of(len(ids), asked.asked)
    tickets = await context.tx.get_all(TICKETS, ids[page * paging.PAGE :][: paging.PAGE])
    holder = await context.tx.person(number) if ids else None
    values = {
        "name": holder.name if holder else "", "total": len(ids),
        "lines": [line(t) | {"over": agenda.over(t, context.now)} for t in tickets],
    }  # fmt: skip
    tap = replace(opening(_KEY), args=("0", asked.of))
    buttons = (*asked.tabs, *paging.openers(context, tickets), *paging.turns(tap, page, len(ids)))
    return Notice(
        to=person.id, template="board_of", values=values, buttons=buttons, priority=Priority.REPLY
    )


SECTION = Section(key=_KEY, count=_count, draw=_draw)

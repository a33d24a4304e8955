"""A section of the board that is a plain queue: a line and a button for each, in pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from workflows.core.people import Person
from workflows.core.talk.messages import Notice, Priority
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.board import opening
from workflows.desk.parts import BoardPage, Section
from workflows.store import listing
from workflows.store.kept import Kept


def queue(key: str, kept: Kept[Any], *states: str, by: str = "id") -> Section:
    """The section of this key: all that is open, or stands in one of these states, by a column. Its
    template has the key's name, and is given `total` and `lines`.
    """

    async def count(context: Context, scope: Collection[str]) -> int:
        return await context.tx.ask(listing.count_open, kept.table, scope, states)

    async def draw(context: Context, person: Person, asked: BoardPage) -> Notice:
        page = paging.page_of(min(asked.count, paging.AT_MOST), asked.asked)
        shown = {"first": page * paging.PAGE, "limit": paging.PAGE}
        found = await context.tx.find(
            kept, listing.ids_open, kept.table, asked.scope, states, by, **shown
        )
        return _drawn(key, context, person, asked, page, found)

    return Section(key=key, count=count, draw=draw)


def _drawn(
    key: str, context: Context, person: Person, asked: BoardPage, page: int, found: list[Any]
) -> Notice:
    lines = [paging.line(context, one) for one in found]
    turns = paging.turns(opening(key), page, min(asked.count, paging.AT_MOST))
    return Notice(
        to=person.id, template=key, values={"total": paging.said(asked.count), "lines": lines},
        buttons=(*asked.tabs, *paging.openers(context, found), *turns),
        priority=Priority.REPLY,
    )  # fmt: skip

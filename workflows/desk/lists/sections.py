"""A section of the board that is a plain queue: a line and a button for each, in pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

from workflows.core.people import Person
from workflows.core.talk.messages import Notice, Priority
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.board import opening
from workflows.desk.parts import BoardPage, Section
from workflows.store import listing
from workflows.store.kept import Kept

Count = Callable[..., Awaitable[int]]  # of a connection and the places
Ids = Callable[..., Awaitable[list[int]]]  # of the same, the first and how many


def queue(key: str, kept: Kept[Any], count: Count, ids: Ids) -> Section:
    """The section of this key; its template has the key's name, and is given `total` and `lines`.

    Both are questions to the store (`tx.ask`).
    """
    return Section(key=key, count=partial(_count, count), draw=partial(_draw, key, kept, ids))


def open_queue(key: str, kept: Kept[Any]) -> Section:
    """The same of all that is open."""

    async def count(conn: Any, scope: Collection[str]) -> int:
        return await listing.count_open(conn, kept.table, scope)

    async def ids(conn: Any, scope: Collection[str], first: int, limit: int) -> list[int]:
        return await listing.ids_open(conn, kept.table, scope, first, limit)

    return queue(key, kept, count, ids)


async def _count(count: Count, context: Context, scope: Collection[str]) -> int:
    return await context.tx.ask(count, scope)


async def _draw(
    key: str, kept: Kept[Any], ids: Ids, context: Context, person: Person, asked: BoardPage
) -> Notice:
    total = min(asked.count, paging.AT_MOST)
    page = paging.page_of(total, asked.asked)
    found = await context.tx.ask(ids, asked.scope, page * paging.PAGE, paging.PAGE)
    subjects = await context.tx.get_all(kept, found)
    lines = [paging.line(context, one) for one in subjects]
    turns = paging.turns(opening(key), page, total)
    return Notice(
        to=person.id, template=key, values={"total": paging.said(asked.count), "lines": lines},
        buttons=(*asked.tabs, *paging.openers(context, subjects), *turns),
        priority=Priority.REPLY,
    )  # fmt: skip

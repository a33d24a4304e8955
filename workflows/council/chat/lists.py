"""Topics in lists: one's own, and on the board those that wait for the convener."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority, Values
from workflows.council.model import Topic
from workflows.council.store import queries
from workflows.council.store.kept import TOPICS
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.board import opening
from workflows.desk.parts import BoardPage, Lists, Section, Standing

_SECTION = "topics"


async def of(context: Context, person: Person) -> list[Topic]:
    """What somebody raised or takes part in, newest first."""
    return await context.tx.get_all(TOPICS, await context.tx.ask(queries.ids_of, person.id))


async def _brought(context: Context, person: Person, limit: int) -> list[Topic]:
    ids = await context.tx.ask(queries.ids_brought, person.id, limit)
    return await context.tx.get_all(TOPICS, ids)


def line(topic: Topic) -> Values:
    """What a list's line says of a topic: nothing that a person wrote."""
    name = topic.stage.clock
    clock = topic.clocks.get(name) if name else None
    return {
        "ticket": topic.id, "kind": topic.kind, "state": topic.state.value, "place": topic.place,
        "category": "", "urgent": False, "filed_at": topic.raised_at.isoformat(),
        "due": clock and clock.due.isoformat(),
    }  # fmt: skip


def _standing(topic: Topic, _: datetime, __: Rules) -> Standing:
    holder = topic.stage.holder
    return Standing(waits_for=holder and holder.value)


async def _count(context: Context, scope: Collection[str]) -> int:
    return await context.tx.ask(queries.count_to_call, scope)


async def _draw(context: Context, person: Person, asked: BoardPage) -> Notice:
    total = min(asked.count, paging.AT_MOST)
    page = paging.page_of(total, asked.asked)
    ids = await context.tx.ask(
        queries.ids_to_call, asked.scope, page * paging.PAGE, paging.PAGE
    )  # fmt: skip
    topics = await context.tx.get_all(TOPICS, ids)
    values = {"total": paging.said(asked.count), "lines": [line(t) for t in topics]}
    turns = paging.turns(opening(_SECTION), page, total)
    buttons = (*asked.tabs, *paging.openers(context, topics), *turns)
    return Notice(
        to=person.id, template="topics", values=values, buttons=buttons, priority=Priority.REPLY
    )


LISTS = Lists(
    line=line, standing=_standing, brought=_brought,
    sections=(Section(key=_SECTION, count=_count, draw=_draw),),
)  # fmt: skip

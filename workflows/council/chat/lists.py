"""Topics in lists: one's own, and on the board those that wait for the convener."""

from __future__ import annotations

from datetime import datetime

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.council.model import Topic
from workflows.council.store import queries
from workflows.council.store.kept import TOPICS
from workflows.desk.context import Context
from workflows.desk.lists.sections import queue
from workflows.desk.parts import Around, Lists, Standing

_AROUND = 5  # topics


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


async def _around(context: Context, person: Person) -> Around:
    """What his building talks about."""
    ids = await context.tx.ask(queries.ids_open_at, person.last_place, _AROUND)
    return Around(subjects=await context.tx.get_all(TOPICS, ids))


LISTS = Lists(
    line=line, standing=_standing, brought=_brought, around=_around,
    sections=(queue("topics", TOPICS, queries.count_to_call, queries.ids_to_call),),
)  # fmt: skip

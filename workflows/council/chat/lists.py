"""Topics in lists: one's own, and on the board those that wait for the convener."""

from __future__ import annotations

from workflows.core.people import Person
from workflows.council.lifecycle import COUNCIL
from workflows.council.model import Topic
from workflows.council.store import queries
from workflows.council.store.kept import TOPICS
from workflows.council.words import State
from workflows.desk.context import Context
from workflows.desk.lists.plain import line, standing_of
from workflows.desk.lists.sections import queue
from workflows.desk.parts import Around, Lists

_AROUND = 5  # topics


async def of(context: Context, person: Person) -> list[Topic]:
    """What somebody raised or takes part in, newest first."""
    return await context.tx.find(TOPICS, queries.ids_of, person.id)


async def _brought(context: Context, person: Person, limit: int) -> list[Topic]:
    return await context.tx.find(TOPICS, queries.ids_brought, person.id, limit)


async def _around(context: Context, person: Person) -> Around:
    """What his building talks about."""
    here = (person.last_place, _AROUND)
    return Around(subjects=await context.tx.find(TOPICS, queries.ids_open_at, *here))


LISTS = Lists(
    line=line, standing=standing_of(COUNCIL), brought=_brought, around=_around,
    sections=(queue("topics", TOPICS, State.SECONDED),),
)  # fmt: skip

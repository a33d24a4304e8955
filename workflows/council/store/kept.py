"""How topics are kept: a row each; the members stand in a table of their own to be found by."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import convert
from msgspec.structs import asdict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.council.model import Topic
from workflows.council.store import tables as own
from workflows.council.words import Action, ClockName, State
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept

_TOPICS = select(own.topics).where(among(own.topics.c.id))


async def _read(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Topic]:
    rows = (await conn.execute(_TOPICS, {"ids": ids})).mappings()
    known = ({str(name): value for name, value in row.items()} for row in rows)
    return {row["id"]: convert(row, Topic) for row in known}


TOPICS: Kept[Topic] = Kept(
    kind=Topic.kind, what="topic", table=own.topics, row=asdict, read=_read,
    links={"members": own.members}, states=State, actions=Action, clocks=ClockName,
    indexes=own.INDEXES,
)  # fmt: skip

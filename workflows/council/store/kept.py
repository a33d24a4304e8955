"""How topics are kept: a row each; the members stand in a table of their own to be found by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import convert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.council.model import Topic
from workflows.council.store import tables as own
from workflows.council.words import Action, ClockName, State
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept

_FIELDS = Topic.__struct_fields__
_TOPICS = select(own.topics).where(among(own.topics.c.id))


def topic_row(topic: Topic) -> dict[str, Any]:
    """The columns of a topic."""
    return {name: getattr(topic, name) for name in _FIELDS}


async def _read(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Topic]:
    rows = (await conn.execute(_TOPICS, {"ids": ids})).mappings()
    known = ({str(name): value for name, value in row.items()} for row in rows)
    return {row["id"]: convert(row, Topic) for row in known}


TOPICS: Kept[Topic] = Kept(
    kind=Topic.kind, what="topic", table=own.topics, row=topic_row, read=_read,
    links={"members": own.members}, states=State, actions=Action, clocks=ClockName,
    indexes=own.INDEXES,
)  # fmt: skip

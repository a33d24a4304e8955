"""What was done to a subject, step by step, and whether nobody touched the record."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Event
from workflows.store import tables as t
from workflows.store.kept import Kept
from workflows.store.reading import readable
from workflows.store.unit.codec import event_from, is_chain


async def read(conn: AsyncConnection, kept: Kept[Any], subject_id: int) -> list[Event]:
    """A subject's events in order; `data` is empty where it was erased."""
    make = partial(event_from, actions=kept.actions, states=kept.states)
    return await readable(conn, "step", _of(subject_id), t.events.c.id, make)


async def is_chained(conn: AsyncConnection, subject_id: int) -> bool:
    """Whether a subject's chain of events verifies."""
    return is_chain(dict(row) for row in (await conn.execute(_of(subject_id))).mappings())


def _of(subject_id: int) -> Select[Any]:
    e = t.events.c
    return select(t.events).where(e.ticket_id == subject_id).order_by(e.seq)

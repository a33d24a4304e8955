"""Throwing away what nobody asks for any more, a little at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t


async def prune(conn: AsyncConnection, before: datetime, limit: int) -> bool:
    """Delete up to `limit` rows of each kind that were done with before that moment (aware UTC).

    What has not been sent is not done with. Returns whether there may be more.
    """
    most = 0
    for table, old in _old(before):
        key = tuple_(*table.primary_key)
        gone = await conn.execute(delete(table).where(key.in_(old.limit(limit))))
        most = max(most, gone.rowcount)
    return most >= limit


def _old(before: datetime) -> Iterator[tuple[Table, Select[Any]]]:
    """Each table with the keys of its old rows, oldest first."""
    s, o, r, d, f = t.seen_updates.c, t.outbox.c, t.timers.c, t.dead_letters.c, t.shown.c
    yield t.seen_updates, select(s.update_id).where(s.at < before).order_by(s.at)
    yield t.outbox, select(o.id).where(t.DONE, o.sent_at < before).order_by(o.sent_at)
    yield t.shown, select(f.chat_id, f.message_id).where(f.at < before).order_by(f.at)
    yield t.timers, select(r.id).where(r.fired_at < before).order_by(r.fired_at)
    yield t.dead_letters, select(d.id).where(d.at < before).order_by(d.at)

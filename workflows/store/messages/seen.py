"""Updates are handled once: which were, whoever handled them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t
from workflows.store.engine.bound_arrays import ids_of
from workflows.store.engine.upsert import insert_for


async def claim(conn: AsyncConnection, update_ids: Iterable[int], now: datetime) -> set[int]:
    """Write down that these updates are handled. Returns those that nobody had handled before.

    Whoever claims the same meanwhile waits until this is committed, and then has them not.
    """
    ids = sorted(set(update_ids))
    if not ids:
        return set()
    claimed = await conn.scalars(_claim(conn.dialect.name), {"ids": ids, "now": now})
    return set(claimed.all())


@cache
def _claim(dialect: str) -> Any:
    given, moment = ids_of("ids").c.value, bindparam("now", type_=t.Moment())
    rows = select(given, moment).where(true())  # SQLite takes ON for a join's otherwise
    stmt = insert_for(dialect, t.seen_updates).from_select(["update_id", "at"], rows)
    return stmt.on_conflict_do_nothing().returning(t.seen_updates.c.update_id)

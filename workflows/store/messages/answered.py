"""Questions that were answered, or are asked anew: their buttons go, as they do nothing more."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.talk.dialogs import is_asked
from workflows.core.talk.messages import Notice, Priority
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.messages.owed import ASKED, Owing, owing
from workflows.store.unit.pending import Work


async def strips(conn: AsyncConnection, work: Work, now: datetime) -> list[Owing]:
    """What takes the dead buttons from the messages of whoever's dialog went on."""
    if not work.changed_dialogs:
        return []
    ids = {"ids": sorted(work.changed_dialogs)}
    found = (await conn.execute(_pressable(), ids)).all()
    redrawn = {(one.chat_id, one.message_id) for one in work.owed}
    anew = {(one.chat_id, one.replaces) for one in work.owed if one.kind in ASKED}
    others = [row for row in found if (row.chat_id, row.message_id) not in redrawn]
    return [_strip(row, now) for row in others if _is_over(work, row, anew)]


@cache
def _pressable() -> Select[Any]:
    s = t.shown.c
    return select(s.chat_id, s.message_id, s.topic).where(among(s.chat_id), s.has_buttons)


def _is_over(work: Work, row: Row[Any], anew: set[tuple[int, str]]) -> bool:
    """Only the newest question of what is still open waits for an answer."""
    is_anew = (row.chat_id, row.topic) in anew
    return is_asked(row.topic) and (is_anew or not work.dialogs[row.chat_id].has_open(row.topic))


def _strip(row: Row[Any], now: datetime) -> Owing:
    notice = Notice(
        to=row.chat_id, template="strip", values={"message_id": row.message_id},
        priority=Priority.BROADCAST,
    )  # fmt: skip
    key = f"answered:{row.chat_id}:{row.message_id}"
    return owing(notice, row.chat_id, "strip", key, now, now)

"""What could not be handled or sent, for whoever looks after it: to see, to try again, to drop.

What became of a letter stays with its row until upkeep throws it away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Text, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t
from workflows.store.unit.codec import decode

_LISTED = 200


class DeadUpdate(Struct, frozen=True, kw_only=True):
    """An update that could not be handled; `raw` is what came, `error` may repeat it."""

    id: int
    update_id: int
    person_id: int
    error: str
    raw: Any
    at: datetime


class DeadMessage(Struct, frozen=True, kw_only=True):
    """A message that could not be sent."""

    id: int
    chat_id: int
    ticket_id: int | None
    template: str
    values: Any
    error: str
    at: datetime


async def updates(conn: AsyncConnection) -> list[DeadUpdate]:
    """The updates nobody has dealt with yet, newest first."""
    d = t.dead_letters.c
    told = type_coerce(d.raw, Text).label("told")
    columns = (d.id, d.update_id, d.person_id, d.error, d.at, told)
    rows = select(*columns).where(d.outcome.is_(None)).order_by(d.id.desc()).limit(_LISTED)
    known = [name for name in DeadUpdate.__struct_fields__ if name != "raw"]
    return [
        DeadUpdate(**{name: row[name] for name in known}, raw=_read(row["told"]))
        for row in (await conn.execute(rows)).mappings()
    ]


async def messages(conn: AsyncConnection) -> list[DeadMessage]:
    """The messages that were given up, newest first."""
    o = t.outbox.c
    told = type_coerce(o.body, Text).label("told")
    columns = (o.id, o.chat_id, o.ticket_id, o.template, o.error, o.sent_at, told)
    rows = select(*columns).where(t.STUCK, o.state == "dead").order_by(o.id.desc()).limit(_LISTED)
    return [
        DeadMessage(
            id=row["id"], chat_id=row["chat_id"], ticket_id=row["ticket_id"],
            template=row["template"], values=_said(_read(row["told"])), error=row["error"] or "",
            at=row["sent_at"],
        )
        for row in (await conn.execute(rows)).mappings()
    ]  # fmt: skip


def _read(told: Any) -> Any:
    """The JSON of a column, which PostgreSQL's driver has read already; empty where it is none, so
    that the letter can be dropped.
    """
    try:
        return decode(told) if isinstance(told, str) else told
    except ValueError:
        return {}


def _said(body: Any) -> Any:
    return body.get("values", {}) if isinstance(body, dict) else {}


async def update_of(conn: AsyncConnection, letter_id: int) -> DeadUpdate | None:
    """One that nobody has dealt with yet, or None."""
    return next((one for one in await updates(conn) if one.id == letter_id), None)


async def settle_update(conn: AsyncConnection, letter_id: int, outcome: str) -> bool:
    """Write down what became of an update, without its words. False if somebody did already."""
    d = t.dead_letters.c
    change = update(t.dead_letters).where(d.id == letter_id, d.outcome.is_(None))
    return (await conn.execute(change.values(outcome=outcome, raw={}))).rowcount == 1


async def queue_again(conn: AsyncConnection, outbox_id: int, now: datetime) -> bool:
    """Owe a dead message once more from now. False if it is not dead (any more)."""
    fresh: dict[str, Any] = {"state": "queued", "not_before": now, "attempts": 0, "error": None,
                             "is_plain": False, "sent_at": None, "token": None}  # fmt: skip
    return await _change_dead(conn, outbox_id, fresh)


async def drop_message(conn: AsyncConnection, outbox_id: int, now: datetime) -> bool:
    """Give a dead message up for good; its row says so. False if it is not dead (any more)."""
    return await _change_dead(conn, outbox_id, {"state": "dropped", "sent_at": now})


async def _change_dead(conn: AsyncConnection, outbox_id: int, values: dict[str, Any]) -> bool:
    o = t.outbox.c
    dead = update(t.outbox).where(o.id == outbox_id, o.state == "dead")
    return (await conn.execute(dead.values(values))).rowcount == 1

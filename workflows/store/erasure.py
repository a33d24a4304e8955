"""Erasing what was said; events stay, what was said in them can go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import ERASE
from workflows.core.talk.messages import Values
from workflows.store import tables as t
from workflows.store.kept import Kept
from workflows.store.kernels import checklists, consents, presences, slots
from workflows.store.outbox import DONE, UNSENT
from workflows.store.reading import readable

_KERNELS = (checklists.erase, consents.erase, presences.erase, slots.erase)
_UNSAID: dict[str, Any] = {"values": {}, "buttons": [], "attachments": []}


async def erase_words(
    conn: AsyncConnection, ids: Collection[int], kept: str, now: datetime
) -> None:
    """Erase everybody's words of these subjects beyond their own rows, for good, and who was there;
    but for steps of one action, as of those by which words were taken out.
    """
    e = t.events.c
    said = (e.ticket_id.in_(ids), e.data.is_not(None), e.action != str(kept))
    await conn.execute(update(t.events).where(*said).values(data=None))
    m, s = t.messages.c, t.shown.c
    about = select(m.chat_id, m.message_id).where(m.ticket_id.in_(ids))
    await conn.execute(delete(t.shown).where(tuple_(s.chat_id, s.message_id).in_(about)))
    for table in (t.attachments, t.messages):
        await conn.execute(delete(table).where(table.c.ticket_id.in_(ids)))
    for kernel in _KERNELS:
        await kernel(conn, ids)
    await unsay(conn, ids, now)


async def erase_said_by(
    conn: AsyncConnection, person_id: int, ids: Collection[int], now: datetime
) -> None:
    """Erase what one person said with these subjects beyond their own rows."""
    e, f = t.events, t.attachments.c
    his = (e.c.ticket_id.in_(ids), e.c.actor == person_id, e.c.data.is_not(None))
    await conn.execute(update(e).where(*his).values(data=None))
    files = (f.ticket_id.in_(ids), f.person_id == person_id)
    await conn.execute(delete(t.attachments).where(*files))
    await unsay(conn, ids, now, person_id)


async def ids_worded(
    conn: AsyncConnection, table: Table, before: datetime, limit: int
) -> list[int]:
    """The subjects of a table that ended before that moment (aware UTC) and still have their words:
    their erased_at is not set.
    """
    c = table.c
    worded = select(c.id).where(c.erased_at.is_(None), c.ended_at < before)
    return list((await conn.scalars(worded.order_by(c.ended_at).limit(limit))).all())


async def blank(
    conn: AsyncConnection, kept: Kept[Any], ids: Collection[int], bare: Values, now: datetime
) -> None:
    """Erase everybody's words of these for good, also of what no step can reach, as it cannot be
    read: `bare` is what its columns hold without, and its lists of people: nobody.
    """
    await erase_words(conn, ids, ERASE, now)
    for table in (kept.links[name] for name in bare if name in kept.links):
        await conn.execute(delete(table).where(table.c.ticket_id.in_(ids)))
    table, columns = kept.table, {name: bare[name] for name in bare if name not in kept.links}
    await conn.execute(update(table).where(table.c.id.in_(ids)).values(**columns, erased_at=now))


async def forget_sent_to(conn: AsyncConnection, person_id: int) -> None:
    """Erase what the bot has said to somebody, and what came of his and could not be handled."""
    his, d = (t.outbox.c.chat_id == person_id, t.outbox.c.state.in_(DONE)), t.dead_letters
    await conn.execute(delete(t.shown).where(t.shown.c.chat_id == person_id))
    await conn.execute(update(t.outbox).where(*his).values(body=_UNSAID))
    await conn.execute(update(d).where(d.c.person_id == person_id).values(raw={}, error=""))


async def unsay(
    conn: AsyncConnection, ids: Collection[int], now: datetime, actor: int | None = None
) -> None:
    """What the bot said of these subjects; of what it has yet to say, what `actor` did, or all."""
    o, k = t.outbox.c, t.cards.c
    sent = (o.ticket_id.in_(ids), o.state.in_(DONE))
    await conn.execute(update(t.outbox).where(*sent).values(body=_UNSAID))
    plain = {"template": "card", "values": {}}
    await conn.execute(update(t.cards).where(k.ticket_id.in_(ids)).values(plain))
    unsent = select(o.id, o.kind, o.body).where(o.ticket_id.in_(ids), o.state.in_(UNSENT))
    found = await readable(conn, "message", unsent, o.id, _unsent)
    rows = [row for row, values in found if actor is None or values.get("actor") == actor]
    row = update(t.outbox).where(o.id.in_([r.id for r in rows]))
    await conn.execute(row.where(o.kind == "card").values(body=_UNSAID, template="card"))
    for fade in (r for r in rows if r.kind == "fade"):  # else the card would keep its number
        body = _UNSAID | {"values": {"message_id": fade.body["values"]["message_id"]}}
        its = update(t.outbox).where(o.id == fade.id)
        await conn.execute(its.values(body=body, template="card"))
    dropped = {"state": "dropped", "sent_at": now, "token": None, "leased_until": None}
    others = row.where(o.kind.in_(("text", "media")))
    await conn.execute(others.values(body=_UNSAID, **dropped))


def _unsent(row: Row[Any]) -> tuple[Row[Any], Values]:
    return row, row.body["values"]

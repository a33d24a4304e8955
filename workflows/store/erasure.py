"""What is held about one person, and erasing words; events stay, what was said in them can go."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.messages import Values
from workflows.petition.words import Action
from workflows.store import tables as t
from workflows.store.outbox import DONE, UNSENT
from workflows.store.reading import readable

_WORDS = ("text", "on_behalf", "contact", "why", "plan", "result")  # of a ticket's own row
_UNSAID: dict[str, Any] = {"values": {}, "buttons": [], "attachments": []}


async def ids_filed_by(conn: AsyncConnection, person_id: int) -> list[int]:
    """Every ticket this person filed and has, oldest first."""
    c = t.tickets.c
    filed = select(c.id).where(c.resident == person_id)
    return list((await conn.scalars(filed.order_by(c.id))).all())


async def ids_left_by(conn: AsyncConnection, person_id: int) -> list[int]:
    """Tickets that still hold this person's words and are somebody else's now."""
    c = t.tickets.c
    left = select(c.id).where(c.author == person_id, c.resident != person_id)
    return list((await conn.scalars(left.order_by(c.id))).all())


async def ids_joined_by(
    conn: AsyncConnection, person_id: int, actions: Iterable[Action]
) -> list[int]:
    """Tickets to which this person added words by one of these actions."""
    e, s = t.events.c, t.ticket_texts.c
    said = (e.actor == person_id, e.data.is_not(None), e.action.in_([a.value for a in actions]))
    added = select(e.ticket_id).where(*said)
    written = select(s.ticket_id).where(s.person_id == person_id)
    return sorted((await conn.scalars(union(added, written))).all())


async def roles_of(conn: AsyncConnection, person_id: int) -> list[dict[str, Any]]:
    """Every role this person has or had."""
    m = t.memberships.c
    rows = select(m.role, m.place, m.since, m.until).where(m.person_id == person_id)
    return [dict(row) for row in (await conn.execute(rows.order_by(m.id))).mappings()]


async def erase(
    conn: AsyncConnection, person_id: int, own: Collection[int], joined: Collection[int],
    actions: Iterable[Action], now: datetime,
) -> None:  # fmt: skip
    """Erase this person's words beyond the tickets' own rows: all he said and sent with his `own`
    tickets, what he did to those he `joined` by one of these actions, what the bot said of either,
    and what he had in hand. Counts and steps stay.
    """
    e, a, s, d = t.events, t.attachments, t.ticket_texts.c, t.dead_letters
    names = [action.value for action in actions]
    said = _his(e.c.ticket_id, e.c.actor == person_id, e.c.action, own, joined, names)
    await conn.execute(update(e).where(e.c.data.is_not(None), said).values(data=None))
    sent = _his(a.c.ticket_id, a.c.person_id == person_id, a.c.action, own, joined, names)
    await conn.execute(delete(a).where(sent))
    written = or_(s.person_id == person_id, s.ticket_id.in_(own))
    await conn.execute(delete(t.ticket_texts).where(written))
    await _unsay(conn, [*own, *joined], now, person_id)
    his = (t.outbox.c.chat_id == person_id, t.outbox.c.state.in_(DONE))
    await conn.execute(update(t.outbox).where(*his).values(body=_UNSAID))
    await conn.execute(update(d).where(d.c.person_id == person_id).values(raw={}, error=""))


def _his(
    ticket: ColumnElement[int], is_his: ColumnElement[bool], action: ColumnElement[str],
    own: Collection[int], joined: Collection[int], names: list[str],
) -> ColumnElement[bool]:  # fmt: skip
    """His doing; how his own were filed is his too, whoever filed them for him."""
    in_his_own = and_(ticket.in_(own), or_(is_his, action == Action.FILE.value))
    return or_(in_his_own, and_(ticket.in_(joined), is_his, action.in_(names)))


async def erase_tickets(conn: AsyncConnection, ids: Collection[int], now: datetime) -> None:
    """Erase everybody's words of these tickets beyond their own rows, for good. Who had words
    taken out before stays known: that is none.
    """
    e, k = t.events.c, t.tickets.c
    said = (e.ticket_id.in_(ids), e.data.is_not(None), e.action != Action.ERASE.value)
    await conn.execute(update(t.events).where(*said).values(data=None))
    for table in (t.attachments, t.ticket_texts, t.messages):
        await conn.execute(delete(table).where(table.c.ticket_id.in_(ids)))
    await _unsay(conn, ids, now)
    await conn.execute(update(t.tickets).where(k.id.in_(ids)).values(erased_at=now))


async def blank(conn: AsyncConnection, ids: Collection[int]) -> None:
    """Take the words out of tickets' own rows, where no step can: those cannot be read."""
    bare = update(t.tickets).where(t.tickets.c.id.in_(ids)).values(dict.fromkeys(_WORDS, ""))
    await conn.execute(bare.values(proposal=None, extension=None, exclusion=None))


async def _unsay(
    conn: AsyncConnection, ids: Collection[int], now: datetime, actor: int | None = None
) -> None:
    """What the bot said of these tickets; of what it has yet to say, what `actor` did, or all."""
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

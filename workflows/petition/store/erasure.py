"""Whose words are in which tickets, and erasing them; steps and counts stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.rules.agenda import PendingDecision
from workflows.petition.store import tables as own
from workflows.petition.words import Action
from workflows.store import tables as t
from workflows.store.erasure import erase_words, unsay

_WORDS = ("text", "on_behalf", "contact", "why", "plan", "result")  # of a ticket's own row


async def ids_filed_by(conn: AsyncConnection, person_id: int) -> list[int]:
    """Every ticket this person filed and has, oldest first."""
    c = own.tickets.c
    filed = select(c.id).where(c.resident == person_id)
    return list((await conn.scalars(filed.order_by(c.id))).all())


async def ids_left_by(conn: AsyncConnection, person_id: int) -> list[int]:
    """Tickets that still hold this person's words and are somebody else's now."""
    c = own.tickets.c
    left = select(c.id).where(c.author == person_id, c.resident != person_id)
    return list((await conn.scalars(left.order_by(c.id))).all())


async def ids_joined_by(
    conn: AsyncConnection, person_id: int, actions: Iterable[Action]
) -> list[int]:
    """Tickets to which this person added words by one of these actions."""
    e, s = t.events.c, own.ticket_texts.c
    said = (e.actor == person_id, e.data.is_not(None), e.action.in_([a.value for a in actions]))
    added = select(e.ticket_id).where(*said)
    written = select(s.ticket_id).where(s.person_id == person_id)
    return sorted((await conn.scalars(union(added, written))).all())


async def ids_to_erase(conn: AsyncConnection, before: datetime, limit: int) -> list[int]:
    """Tickets that ended before that moment (aware UTC) and still have their words; without
    those whose resident waits to be answered.
    """
    c = own.tickets.c
    is_settled = c.undecided.is_distinct_from(PendingDecision.OBJECTION.value)
    worded = select(c.id).where(c.erased_at.is_(None), c.ended_at < before, is_settled)
    return list((await conn.scalars(worded.order_by(c.ended_at).limit(limit))).all())


async def erase(
    conn: AsyncConnection, person_id: int, filed: Collection[int], joined: Collection[int],
    actions: Iterable[Action], now: datetime,
) -> None:  # fmt: skip
    """Erase this person's words beyond the tickets' own rows: all he said and sent with his `filed`
    tickets, what he did to those he `joined` by one of these actions, and what the bot said of
    either. Counts and steps stay.
    """
    e, a, s = t.events, t.attachments, own.ticket_texts.c
    names = [action.value for action in actions]
    said = _his(e.c.ticket_id, e.c.actor == person_id, e.c.action, filed, joined, names)
    await conn.execute(update(e).where(e.c.data.is_not(None), said).values(data=None))
    sent = _his(a.c.ticket_id, a.c.person_id == person_id, a.c.action, filed, joined, names)
    await conn.execute(delete(a).where(sent))
    written = or_(s.person_id == person_id, s.ticket_id.in_(filed))
    await conn.execute(delete(own.ticket_texts).where(written))
    await unsay(conn, [*filed, *joined], now, person_id)


def _his(
    ticket: ColumnElement[int], is_his: ColumnElement[bool], action: ColumnElement[str],
    filed: Collection[int], joined: Collection[int], names: list[str],
) -> ColumnElement[bool]:  # fmt: skip
    """His doing; how his own were filed is his too, whoever filed them for him."""
    in_his_own = and_(ticket.in_(filed), or_(is_his, action == Action.FILE.value))
    return or_(in_his_own, and_(ticket.in_(joined), is_his, action.in_(names)))


async def erase_tickets(conn: AsyncConnection, ids: Collection[int], now: datetime) -> None:
    """Erase everybody's words of these tickets beyond their own rows, for good. Who had words
    taken out before stays known: that is none.
    """
    await erase_words(conn, ids, Action.ERASE, now)
    texts, k = own.ticket_texts, own.tickets.c
    await conn.execute(delete(texts).where(texts.c.ticket_id.in_(ids)))
    await conn.execute(update(own.tickets).where(k.id.in_(ids)).values(erased_at=now))


async def blank(conn: AsyncConnection, ids: Collection[int]) -> None:
    """Take the words out of tickets' own rows, where no step can: those cannot be read."""
    bare = update(own.tickets).where(own.tickets.c.id.in_(ids)).values(dict.fromkeys(_WORDS, ""))
    await conn.execute(bare.values(proposal=None, extension=None, exclusion=None))

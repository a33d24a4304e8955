"""What the bot said: about which subject a message was, and what the next one may replace."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.talk.messages import Values
from workflows.store import tables as t
from workflows.store.reading import readable


class Newest(Struct, frozen=True, kw_only=True):
    """The last said of what replaces each other in a chat."""

    values: Values
    message_id: int | None = None
    is_unsent: bool = True


async def id_of_message(conn: AsyncConnection, chat_id: int, message_id: int) -> int | None:
    """The ticket that this message of ours was about, or None."""
    m = t.messages.c
    is_it = (m.chat_id == chat_id, m.message_id == message_id)
    found = await conn.scalar(select(m.ticket_id).where(*is_it))
    return int(found) if found else None


async def card_in(conn: AsyncConnection, subject_id: int, chat_id: int) -> int | None:
    """The message of this chat that shows the subject's card, or None."""
    k = t.cards.c
    its = (k.ticket_id == subject_id, k.chat_id == chat_id)
    found = await conn.scalar(select(k.message_id).where(*its))
    return int(found) if found else None


async def newest_of(conn: AsyncConnection, chat_id: int, what: str) -> Newest | None:
    """The newest message owed to a chat of those that replace each other; None without, and where
    it cannot be read.
    """
    o = t.outbox.c
    same = select(o.body, o.state, o.message_id).where(o.chat_id == chat_id, o.replaces == what)
    newest = same.order_by(o.id.desc()).limit(1)
    return next(iter(await readable(conn, "message", newest, o.id, _newest)), None)


def _newest(row: Row[Any]) -> Newest:
    is_unsent = row.state in {"queued", "held"}
    return Newest(values=row.body["values"], message_id=row.message_id, is_unsent=is_unsent)

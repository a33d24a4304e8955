"""What is owed, what was shown, and what came in."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from workflows.store.tables.base import Id, Moment, metadata

cards = Table(
    "cards",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), primary_key=True),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("template", String(64), nullable=False),
    Column("values", JSON, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("ticket_id", BigInteger),
    Column("kind", String(8), nullable=False),
    Column("template", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("answers", Boolean, nullable=False),
    Column("dedupe_key", String(96), nullable=False, unique=True),
    Column("replaces", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("is_plain", Boolean, nullable=False, default=False),
    Column("token", String(32)),
    Column("leased_until", Moment),
    Column("sent_at", Moment),
    Column("message_id", BigInteger),
    Column("error", Text),
)
_QUEUED, _HELD = text("state = 'queued'"), text("state = 'held'")
_FLYING = text("leased_until IS NOT NULL")
DONE = text("state IN ('sent', 'dropped', 'dead')")
Index(
    "outbox_owed",
    outbox.c.chat_id,
    outbox.c.priority,
    outbox.c.id,
    sqlite_where=_QUEUED,
    postgresql_where=_QUEUED,
)
Index("outbox_due", outbox.c.not_before, sqlite_where=_QUEUED, postgresql_where=_QUEUED)
Index("outbox_held", outbox.c.not_before, sqlite_where=_HELD, postgresql_where=_HELD)
Index(
    "outbox_flying",
    outbox.c.chat_id,
    outbox.c.leased_until,
    sqlite_where=_FLYING,
    postgresql_where=_FLYING,
)
Index("outbox_done", outbox.c.sent_at, sqlite_where=DONE, postgresql_where=DONE)
STUCK = text("state IN ('dead', 'parked')")
Index("outbox_stuck", outbox.c.state, sqlite_where=STUCK, postgresql_where=STUCK)
Index("outbox_chat", outbox.c.chat_id, outbox.c.replaces)
_ABOUT = text("ticket_id IS NOT NULL")
Index("outbox_ticket", outbox.c.ticket_id, sqlite_where=_ABOUT, postgresql_where=_ABOUT)
# Few at any time, so that who says something new need not look through what he was sent.
_REPLACEABLE = text("(state = 'queued' OR state = 'held') AND replaces <> ''")
Index(
    "outbox_replaceable",
    outbox.c.chat_id,
    outbox.c.replaces,
    sqlite_where=_REPLACEABLE,
    postgresql_where=_REPLACEABLE,
)

messages = Table(  # which ticket a message of ours was about
    "messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, nullable=False, index=True),
)

seen_updates = Table(
    "seen_updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("update_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("error", Text, nullable=False),
    Column("raw", JSON, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("outcome", String(8)),  # what whoever runs the bot did with it
)

"""What is owed, what was shown, and what came in."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
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
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), primary_key=True),
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
    Column("attempts", Integer, nullable=False),
    Column("is_plain", Boolean, nullable=False),
    Column("token", String(32)),
    Column("leased_until", Moment),
    Column("sent_at", Moment),
    Column("message_id", BigInteger),
    Column("error", Text),
)
DONE = text("state IN ('sent', 'dropped', 'dead')")
STUCK = text("state IN ('dead', 'parked')")

messages = Table(  # which ticket a message of ours was about
    "messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, nullable=False, index=True),
)

shown = Table(  # what a message of ours that can change shows now
    "shown",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", String(64), nullable=False, server_default=""),
    Column("face", String(32), nullable=False),
    Column("has_buttons", Boolean, nullable=False),
    Column("at", Moment, nullable=False, index=True),
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

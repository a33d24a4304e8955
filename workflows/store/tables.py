"""The tables, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; naive ones are refused (SQLite would lose the zone, TRAPS)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive value its zone back."""
        if value is None or value.tzinfo is not None:
            return value  # type: ignore[no-any-return]
        return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]


metadata = MetaData()
_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only by INTEGER

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("on_duty", Boolean, nullable=False),
    Column("consented_at", Moment),
    Column("last_place", Text, nullable=False, default=""),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("place", Text, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("granted_by", BigInteger),
)
_CURRENT = text("until IS NULL")
Index(
    "memberships_current",
    memberships.c.person_id,
    sqlite_where=_CURRENT,
    postgresql_where=_CURRENT,
)
Index("memberships_place", memberships.c.place)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("place", Text, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("created_by", BigInteger),
    Column("expires_at", Moment, nullable=False),
    Column("used_by", BigInteger),
    Column("used_at", Moment),
)

dialogs = Table(
    "dialogs",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("body", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("draft_id", String(32), nullable=False, unique=True),
    Column("resident", BigInteger, nullable=False),
    Column("on_behalf", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("handler", BigInteger),
    Column("offered_to", BigInteger),
    Column("offers", JSON, nullable=False),
    Column("open_to_grid", Boolean, nullable=False),
    Column("before", String(16)),
    Column("plan", Text, nullable=False),
    Column("plan_due", Moment),
    Column("extension", JSON(none_as_null=True)),
    Column("told_at", Moment),
    Column("untold", Boolean, nullable=False),
    Column("breached_at", Moment),
    Column("result", Text, nullable=False),
    Column("rating", Integer),
    Column("nudged_at", Moment),
    Column("ended_at", Moment),
    Column("merged_into", BigInteger),
    Column("clocks", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("promise_due", Moment),  # derived from `clocks`, so that lists need not open them
)
Index("tickets_promise", tickets.c.promise_due)
Index("tickets_state", tickets.c.state, tickets.c.place)
Index("tickets_resident", tickets.c.resident, tickets.c.id)
Index("tickets_handler", tickets.c.handler, tickets.c.state)
Index("tickets_offered", tickets.c.offered_to, tickets.c.state)
Index("tickets_place", tickets.c.place, tickets.c.state)

followers = Table(
    "followers",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True),
)

ticket_texts = Table(  # every version of every message of a petition; the newest one counts
    "ticket_texts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False, index=True),
    Column("person_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("ticket_texts_message", ticket_texts.c.person_id, ticket_texts.c.message_id)

attachments = Table(
    "attachments",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("file_id", Text, nullable=False),
    Column("action", String(16), nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("action", String(16), nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("source", String(16), nullable=False),
    Column("target", String(16), nullable=False),
    Column("data", JSON(none_as_null=True)),
    Column("digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("ticket_id", "seq"),
)

timers = Table(
    "timers",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("clock", String(16), nullable=False),
    Column("mark", String(16), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("fired_at", Moment),
)
_PENDING = text("fired_at IS NULL")
Index("timers_due", timers.c.due_at, sqlite_where=_PENDING, postgresql_where=_PENDING)
Index(
    "timers_once",
    timers.c.ticket_id,
    timers.c.clock,
    timers.c.mark,
    unique=True,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)

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

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False, default=""),
    Column("halted_until", Moment),
    Column("blocked_at", Moment),
)
Index("chats_place", chats.c.place)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True),
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
_QUEUED = text("state = 'queued'")
Index(
    "outbox_owed",
    outbox.c.chat_id,
    outbox.c.priority,
    outbox.c.id,
    sqlite_where=_QUEUED,
    postgresql_where=_QUEUED,
)
Index("outbox_message", outbox.c.chat_id, outbox.c.message_id)
Index("outbox_due", outbox.c.not_before, sqlite_where=_QUEUED, postgresql_where=_QUEUED)

seen_updates = Table(
    "seen_updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("update_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    Column("raw", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

chores = Table(
    "chores",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("due_at", Moment, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

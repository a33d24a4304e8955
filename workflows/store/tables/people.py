"""Who there is, in which role, in the middle of what."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    Text,
)

from workflows.store.tables.base import Id, Moment, PathText, metadata

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("on_duty", Boolean, nullable=False),
    Column("consented_at", Moment),
    Column("last_place", Text, nullable=False, default=""),
    Column("away_until", Moment),
    Column("stand_in", BigInteger),
    Column("is_unlisted", Boolean, nullable=False, default=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("place", PathText, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("granted_by", BigInteger),
)

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

applications = Table(  # who asked to help, and what came of it
    "applications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("place", Text, nullable=False, index=True),
    Column("asked_at", Moment, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    Column("is_granted", Boolean),
)

dialogs = Table(
    "dialogs",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("body", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ticket_id", BigInteger),  # the open form's: who is writing about what
)

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False, default=""),
    Column("audience", String(16), nullable=False, default="grid"),
    Column("topic", BigInteger),  # of a group that has some: where it was bound
    Column("halted_until", Moment),
    Column("blocked_at", Moment),
)

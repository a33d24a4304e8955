"""What the bot does by itself."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    String,
    Table,
)

from workflows.store.tables.base import Moment, metadata

chores = Table(
    "chores",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("due_at", Moment, nullable=False),
)

heartbeats = Table(  # when the bot last did what must not stand still
    "heartbeats",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("at", Moment, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

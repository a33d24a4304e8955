"""Whatever has a number, of every workflow, and all that belongs to one."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from workflows.store.tables.base import Id, Moment, PathText, metadata

subjects = Table(  # what has a number, of whatever kind; written once, so `place` is the first
    "subjects",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("place", PathText, nullable=False),
    Column("opened_at", Moment, nullable=False),
)


def subject_table(name: str, *own: SchemaItem, has_clocks: bool = True) -> Table:
    """A table for the subjects of one kind: the columns that each has, and its own. One that has no
    column for the clocks keeps them in its `body`.
    """
    return Table(
        name,
        metadata,
        Column("id", BigInteger, ForeignKey("subjects.id"), primary_key=True, autoincrement=False),
        Column("version", Integer, nullable=False),
        Column("state", String(16), nullable=False),
        Column("place", PathText, nullable=False),
        *own,
        Column("ended_at", Moment),
        *([Column("clocks", JSON, nullable=False)] if has_clocks else []),
        Column("changed_at", Moment, nullable=False),
        Column("erased_at", Moment),  # when its words were taken out, after their time
    )


# What belongs to one names it `ticket_id`: so does the hash that chains its events.
attachments = Table(
    "attachments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("file_id", Text, nullable=False),
    Column("action", String(16), nullable=False),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), nullable=False),
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

looks = Table(  # which member of staff read what of a subject, and when
    "looks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), nullable=False, index=True),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("what", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)

timers = Table(
    "timers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), nullable=False),
    Column("clock", String(16), nullable=False),
    Column("mark", String(16), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("fired_at", Moment),
)

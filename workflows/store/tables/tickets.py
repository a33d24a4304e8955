"""Whatever has a number, tickets, and all that belongs to one."""

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
    UniqueConstraint,
)

from workflows.store.tables.base import Id, Moment, PathText, metadata

subjects = Table(  # what has a number, of whatever kind; written once, so `place` is the first
    "subjects",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("place", PathText, nullable=False),
    Column("opened_at", Moment, nullable=False),
)

# What belongs to a subject names it `ticket_id`: so does the hash that chains its events.
tickets = Table(
    "tickets",
    metadata,
    Column("id", BigInteger, ForeignKey("subjects.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("draft_id", String(32), nullable=False, unique=True),
    Column("resident", BigInteger, nullable=False),
    Column("author", BigInteger, nullable=False),
    Column("on_behalf", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("parent", BigInteger),
    Column("place", PathText, nullable=False),
    Column("category", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("handler", BigInteger),
    Column("offered_to", BigInteger),
    Column("offers", JSON, nullable=False),
    Column("open_to_grid", Boolean, nullable=False),
    Column("referred_to", Text, nullable=False),
    Column("referred_by", BigInteger),
    Column("before", String(16)),
    Column("proposal", JSON(none_as_null=True)),
    Column("plan", Text, nullable=False),
    Column("plan_due", Moment),
    Column("extension", JSON(none_as_null=True)),
    Column("partner", Text, nullable=False),
    Column("supervisor", BigInteger),
    Column("told_at", Moment),
    Column("untold", Boolean, nullable=False),
    Column("breached_at", Moment),
    Column("result", Text, nullable=False),
    Column("rating", Integer),
    Column("solved", String(8), nullable=False),
    Column("why", Text, nullable=False),
    Column("checker", BigInteger),
    Column("checked", String(8), nullable=False),
    Column("exclusion", JSON(none_as_null=True)),
    Column("nudged_at", Moment),
    Column("ended_at", Moment),
    Column("merged_into", BigInteger),
    Column("clocks", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("promise_due", Moment),  # derived from `clocks`, so that lists need not open them
    Column("undecided", String(16)),  # derived: what of it waits for a yes or no
    Column("erased_at", Moment),  # when its words were taken out, after their time
    # Derived from `place`: what is asked of a whole street is one stretch of an index, in order.
    Column("street", Text, nullable=False, server_default=""),
)

followers = Table(
    "followers",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, index=True),
    Column("since", Moment),  # unknown for the first ones
)

helpers = Table(
    "helpers",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, index=True),
)

handovers = Table(  # links by which a person takes over what was filed for him
    "handovers",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_by", BigInteger),
    Column("used_at", Moment),
)

ticket_texts = Table(  # every version of every message of a petition; the newest one counts
    "ticket_texts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), nullable=False, index=True),
    Column("person_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
)

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

looks = Table(  # which member of staff read what of a petition, and when
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

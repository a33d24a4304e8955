"""The tables of the petition: the ticket's own row, and what belongs to it alone."""

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
)

from workflows.store.tables.base import Id, Moment, PathText, metadata
from workflows.store.tables.indexes import Over

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
    Column("pauses", Integer, nullable=False, server_default="0"),
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
    Column("objected_at", Moment),
    Column("upheld_at", Moment),
    Column("clocks", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("promise_due", Moment),  # derived from `clocks`, so that lists need not open them
    Column("overdue_at", Moment),  # derived too: when the first of what staff owe is over
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

INDEXES = (
    Over("ticket_texts_message", "ticket_texts person_id, message_id", ""),
    Over("ix_tickets_parent", "tickets parent", "parent IS NOT NULL"),
    Over("tickets_author", "tickets author", ""),
    Over("tickets_changed", "tickets changed_at", "ended_at IS NULL"),
    Over("tickets_ended", "tickets ended_at, place, id", ""),
    Over("tickets_filed", "tickets street, filed_at, place", ""),
    # With what a load counts and a list shows, so that no ticket is read for them.
    Over("tickets_handler", "tickets handler, state, changed_at, id", "handler IS NOT NULL"),
    Over("tickets_merged", "tickets merged_into", "merged_into IS NOT NULL"),
    Over("tickets_offered", "tickets offered_to, state, changed_at", "offered_to IS NOT NULL"),
    Over("tickets_overdue", "tickets overdue_at", "overdue_at IS NOT NULL"),
    Over("tickets_overdue_at", "tickets place, overdue_at", "overdue_at IS NOT NULL"),
    Over("tickets_promise", "tickets promise_due", ""),
    Over("tickets_promised", "tickets place, promise_due", "promise_due IS NOT NULL"),
    Over("tickets_resident", "tickets resident, id", ""),
    Over("tickets_state", "tickets state, place", ""),
    Over("tickets_street_open", "tickets street, id", "ended_at IS NULL"),
    Over("tickets_street_over", "tickets street, ended_at, place", "ended_at IS NOT NULL"),
    Over("tickets_street_overdue", "tickets street, overdue_at, id", "overdue_at IS NOT NULL"),
    Over("tickets_street_promised", "tickets street, promise_due, id", "promise_due IS NOT NULL"),
    Over("tickets_street_unassigned", "tickets street, id", "state = 'unassigned'"),
    Over("tickets_street_undecided", "tickets street, undecided, id", "undecided IS NOT NULL"),
    Over("tickets_unchecked", "tickets ended_at", "checker IS NOT NULL AND checked = ''"),
    Over("tickets_undecided", "tickets place", "undecided IS NOT NULL"),
    Over("tickets_urgent", "tickets ended_at, place, id", "urgent"),
    Over("tickets_worded", "tickets ended_at", "erased_at IS NULL"),
)  # fmt: skip

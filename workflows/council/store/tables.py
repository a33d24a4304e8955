"""The tables of the council."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, String, Table, Text

from workflows.store.tables.base import Moment, metadata
from workflows.store.tables.indexes import Over
from workflows.store.tables.subjects import subject_table

topics = subject_table(
    "topics",
    Column("raiser", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("households", JSON, nullable=False),  # each with who speaks for it
    Column("voted", JSON, nullable=False),  # the households that did, never what
    Column("electorate", Integer, nullable=False),
    Column("quorum_percent", Integer, nullable=False),
    Column("meets_at", Moment),
    Column("meets_where", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("result", JSON(none_as_null=True)),  # nothing before the vote is closed
)

members = Table(  # who speaks for some household of it
    "council_members",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, index=True),
)

ballots = Table(  # the box: how many say what, not who, nor when, nor in which order
    "council_ballots",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), primary_key=True),
    Column("choice", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
)

INDEXES = (
    Over("topics_raiser", "topics raiser, id", ""),
    Over("topics_state", "topics state, place, id", ""),
    Over("topics_changed", "topics changed_at", "ended_at IS NULL"),
    Over("topics_worded", "topics ended_at", "erased_at IS NULL"),
    Over("people_last_place", "people last_place", ""),
)

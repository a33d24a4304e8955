"""The table of the activities: what is asked for has a column, the rest is the `body`."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, String, Table, Text

from workflows.store.tables.base import Moment, PathText, metadata
from workflows.store.tables.indexes import Over

activities = Table(
    "activities",
    metadata,
    Column("id", BigInteger, ForeignKey("subjects.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("leader", BigInteger, nullable=False),
    Column("place", PathText, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_at", Moment),
    Column("ended_at", Moment),
    Column("body", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("erased_at", Moment),  # when its words were taken out, after their time
)

INDEXES = (
    Over("activities_state", "activities state, place, starts_at", ""),
    Over("activities_leader", "activities leader, id", ""),
    Over("activities_worded", "activities ended_at", "erased_at IS NULL"),
)

"""The table of the activities: what is asked for has a column, the rest is the `body`."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Text

from workflows.store.tables.base import Moment
from workflows.store.tables.indexes import Over
from workflows.store.tables.subjects import subject_table

activities = subject_table(
    "activities",
    Column("leader", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_at", Moment),
    Column("body", JSON, nullable=False),
    has_clocks=False,
)

INDEXES = (
    Over("activities_state", "activities state, place, starts_at", ""),
    Over("activities_leader", "activities leader, id", ""),
    Over("activities_worded", "activities ended_at", "erased_at IS NULL"),
)

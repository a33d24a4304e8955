"""The table of the activities."""

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
    Column("opened_at", Moment, nullable=False),
    Column("starts_at", Moment),
    Column("minutes", Integer, nullable=False),
    Column("venue", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("series", BigInteger, nullable=False),
    Column("shares", JSON, nullable=False),  # the other communities whose it is, too
    Column("paper", JSON, nullable=False),  # who has no account, by name
    Column("unsure", JSON, nullable=False),
    Column("loose", Integer, nullable=False),
    Column("items", JSON, nullable=False),
    Column("heard", Integer, nullable=False),
    Column("ratings", JSON, nullable=False),  # how many say what
    Column("rated", JSON, nullable=False),  # who did, never what
    Column("quiz", JSON, nullable=False),
    Column("photos", JSON, nullable=False),
    Column("report", JSON(none_as_null=True)),
    Column("ended_at", Moment),
    Column("clocks", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("erased_at", Moment),  # when its words were taken out, after their time
)

INDEXES = (
    Over("activities_state", "activities state, place, starts_at", ""),
    Over("activities_leader", "activities leader, id", ""),
    Over("activities_worded", "activities ended_at", "erased_at IS NULL"),
)

"""The tables of plans, rounds and findings; what a rule gives is the schedule's own."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from workflows.store.tables.base import Moment, PathText, metadata
from workflows.store.tables.indexes import Over


def _table(name: str, *own: SchemaItem) -> Table:
    """With what every subject has."""
    return Table(
        name,
        metadata,
        Column("id", BigInteger, ForeignKey("subjects.id"), primary_key=True, autoincrement=False),
        Column("version", Integer, nullable=False),
        Column("state", String(16), nullable=False),
        Column("place", PathText, nullable=False),
        *own,
        Column("ended_at", Moment),
        Column("clocks", JSON, nullable=False),
        Column("changed_at", Moment, nullable=False),
        Column("erased_at", Moment),  # when its words were taken out, after their time
    )


patrols = _table(
    "patrols",
    Column("name", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("until", Date),
    Column("text", Text, nullable=False),
)

rounds = _table(
    "rounds",
    Column("plan", BigInteger, nullable=False),
    Column("slot", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("opens_at", Moment, nullable=False),
    Column("checklist", JSON, nullable=False),  # its own copy, as are the points
    Column("points", JSON, nullable=False),
    Column("is_ordered", Boolean, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("holder", BigInteger, index=True),
    Column("service_minutes", Integer, nullable=False),
    Column("at", String(24), nullable=False),
    Column("touched", JSON, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("missed_at", Moment),
    Column("done_at", Moment),
    Column("verified_by", BigInteger),
    UniqueConstraint("plan", "slot"),  # however often it is begun
)

findings = _table(
    "findings",
    Column("point", String(24), nullable=False),
    Column("name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("level", String(16), nullable=False),
    Column("patrol", BigInteger, nullable=False, index=True),
    Column("finders", JSON, nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("faulted_at", JSON, nullable=False),
    Column("fixers", JSON, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("plan", JSON(none_as_null=True)),
    Column("worn", Integer, nullable=False),
    Column("replaced_at", Moment),
    Column("cleared_at", Moment),
)

finders = Table(  # who reported it, to be found by
    "finding_finders",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, index=True),
)

INDEXES = {
    "patrols": (
        Over("patrols_open", "patrols name", "ended_at IS NULL"),
        Over("patrols_worded", "patrols ended_at", "erased_at IS NULL"),
    ),
    "rounds": (
        Over("rounds_open", "rounds place, id", "ended_at IS NULL"),
        Over("rounds_worded", "rounds ended_at", "erased_at IS NULL"),
    ),
    "findings": (
        Over("findings_open", "findings place, id", "ended_at IS NULL"),
        Over("findings_point", "findings point, id", ""),
        Over("findings_found", "findings place, found_at", ""),
        Over("findings_worded", "findings ended_at", "erased_at IS NULL"),
    ),
}

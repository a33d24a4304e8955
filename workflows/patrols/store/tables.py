"""The tables of rounds and findings, and how a row becomes one."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from workflows.patrols import findings as f
from workflows.patrols import rounds as r
from workflows.store.kept import Kept, keeping
from workflows.store.tables.base import Moment, metadata
from workflows.store.tables.indexes import Over
from workflows.store.tables.subjects import subject_table

rounds = subject_table(
    "patrol_rounds",
    Column("name", Text, nullable=False),
    Column("slot", String(16), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("walk", JSON, nullable=False),  # its own copy of the points and of the list
    Column("is_campaign", Boolean, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("holder", BigInteger, index=True),
    Column("service_minutes", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("missed_at", Moment),
    Column("done_at", Moment),
    Column("verified_by", BigInteger),
    Unique("name", "slot"),  # a time of a plan has one round, whoever begins it how often
)
findings = subject_table(
    "findings",
    Column("round", BigInteger, nullable=False, index=True),
    Column("point", String(24), nullable=False),
    Column("name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("level", String(16), nullable=False),
    Column("finders", JSON, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("faulted_at", JSON, nullable=False),
    Column("fixers", JSON, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("plan", JSON, nullable=False),
    Column("cleared_at", Moment),
)
finders = Table(  # who reported it, to be found by
    "finding_finders",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("subjects.id"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, index=True),
)
_OPEN, _WORDED = "ended_at IS NULL", "erased_at IS NULL"

ROUNDS: Kept[r.Round] = keeping(
    r.Round, rounds, "round", states=r.State, actions=r.Action, clocks=r.ClockName,
    indexes=(
        Over("patrol_rounds_held", "patrol_rounds holder, id", _OPEN),
        Over("patrol_rounds_name", "patrol_rounds name, id", ""),
        Over("patrol_rounds_open", "patrol_rounds place, id", _OPEN),
        Over("patrol_rounds_worded", "patrol_rounds ended_at", _WORDED),
    ),
)  # fmt: skip
FINDINGS: Kept[f.Finding] = keeping(
    f.Finding, findings, "finding", links={"finders": finders},
    states=f.State, actions=f.Action, clocks=f.ClockName,
    indexes=(
        Over("findings_opened", "findings opened_at, place, id", ""),
        Over("findings_open", "findings place, id", _OPEN),
        Over("findings_point", "findings point, id", ""),
        Over("findings_worded", "findings ended_at", _WORDED),
    ),
)  # fmt: skip

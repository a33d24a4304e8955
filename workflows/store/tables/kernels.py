"""What the kernels keep; most of it belongs to a subject, whatever its kind.

That there is one is looked at when all is written: kernels write at once, a subject that has just
begun comes with the rest of its turn.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from workflows.store.tables.base import Id, Moment, PathText, metadata


def _of(name: str = "subject_id", **more: Any) -> Column[int]:
    """A subject's number."""
    there = ForeignKey("subjects.id", deferrable=True, initially="DEFERRED")
    return Column(name, BigInteger, there, **more)


# ledger

ledger_books = Table(  # its row is locked by whoever posts
    "ledger_books",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("closed", String(7), nullable=False),  # through this month; "" for none
)

ledger_postings = Table(  # append-only, by triggers
    "ledger_postings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("book", String(16), ForeignKey("ledger_books.name"), nullable=False),
    Column("key", String(64), nullable=False),
    _of(nullable=False, index=True),
    Column("event", String(16), nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("month", String(7), nullable=False),
    Column("reverses", String(64)),
    UniqueConstraint("book", "key"),
    UniqueConstraint("book", "reverses"),
)

ledger_legs = Table(  # append-only, by triggers
    "ledger_legs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("posting_id", BigInteger, ForeignKey("ledger_postings.id"), nullable=False, index=True),
    Column("book", String(16), nullable=False),
    Column("sort", String(16), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
)

# slots

slots = Table(
    "slots",
    metadata,
    _of(primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("capacity", Integer, nullable=False),
    Column("is_held", Boolean, nullable=False),
    Column("last", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

slot_claims = Table(
    "slot_claims",
    metadata,
    _of(primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("person", BigInteger, primary_key=True, index=True),
    Column("size", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)

# causes

causes = Table(
    "causes",
    metadata,
    _of("cause", primary_key=True),
    _of("effect", primary_key=True, index=True),
    Column("at", Moment, nullable=False),
    Column("by", BigInteger, nullable=False),
)

# checklists

checklists = Table(  # every version there was; append-only, by triggers
    "checklists",
    metadata,
    Column("place", PathText, primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("items", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", BigInteger, nullable=False),
)

sheets = Table(
    "sheets",
    metadata,
    _of(primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("checklist", JSON, nullable=False),  # its own copy: written once
    Column("marks", JSON, nullable=False),
    Column("signed_at", Moment),
    Column("signed_by", BigInteger),
)

# occurrences

horizons = Table(  # until when a plan's were written
    "horizons",
    metadata,
    _of(primary_key=True),
    Column("until", Moment, nullable=False),
)

occurrences = Table(  # of a plan, each day of its rule once
    "occurrences",
    metadata,
    _of(primary_key=True),
    Column("slot", String(16), primary_key=True),
    Column("opens", Moment, nullable=False),
    Column("closes", Moment, nullable=False),
    Column("decided", String(16), nullable=False),
    Column("unannounced", Integer, nullable=False),
    Column("fate", String(16), nullable=False),
    Column("settled_at", Moment),
    Column("settled_by", BigInteger),
)

# presence

presence_keys = Table(  # what the codes of a subject are made with; shown to nobody
    "presence_keys",
    metadata,
    _of(primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

presences = Table(
    "presences",
    metadata,
    _of(primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("person", BigInteger, primary_key=True, index=True),
    Column("at", Moment, nullable=False),
    Column("way", String(16), nullable=False),
    Column("counter", BigInteger),
    Column("witness", BigInteger),
    Column("is_doubtful", Boolean, nullable=False),
    UniqueConstraint("subject_id", "person", "counter"),
)

# consent

consents = Table(  # append-only but for the name, by triggers
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", BigInteger, nullable=False),  # 0 where he has but a name here
    Column("name", Text, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),  # of what was given; nothing of what was withdrawn
    Column("how", String(16), nullable=False),
    Column("by", BigInteger, nullable=False),
    _of(nullable=True, index=True),
)

# households

households = Table(
    "households",
    metadata,
    Column("id", Id, primary_key=True),
    Column("place", PathText, nullable=False),
    Column("door", String(16), nullable=False),
    UniqueConstraint("place", "door"),
)

residences = Table(
    "residences",
    metadata,
    Column("id", Id, primary_key=True),
    Column("household", BigInteger, ForeignKey("households.id"), nullable=False, index=True),
    Column("person", BigInteger, nullable=False, index=True),
    Column("tie", String(16), nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("claimed_by", BigInteger, nullable=False),
    Column("verified_at", Moment),
    Column("verified_by", BigInteger),
    Column("ended_at", Moment),
    Column("ended_by", BigInteger),
)

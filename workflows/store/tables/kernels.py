"""What the kernels keep; most of it belongs to a subject, whatever its kind."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, UniqueConstraint

from workflows.store.tables.base import Id, Moment, metadata

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
    Column("subject_id", BigInteger, ForeignKey("subjects.id"), nullable=False, index=True),
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

"""The tables of the room, and how its entries are kept: what is a kind's own alone is in `body`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Date, Integer, String, Table, Text

from workflows.passbook.model import Entry, Gift, Service
from workflows.passbook.words import Action, ClockName, State
from workflows.store.kept import Kept, keeping
from workflows.store.tables.base import Id, Moment, PathText, metadata
from workflows.store.tables.indexes import Over
from workflows.store.tables.subjects import subject_table

accounts = Table(  # the passbooks: a row says whose each is, and never what lies in it
    "passbooks",
    metadata,
    Column("number", Id, primary_key=True),
    Column("person", BigInteger, nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("place", PathText, nullable=False),
    Column("code", String(32), nullable=False, index=True),
)


lots = Table(  # what came in of the gifts, beside what the config says; append-only, by triggers
    "gift_lots",
    metadata,
    Column("id", Id, primary_key=True),
    Column("what", String(40), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("yuan", Integer, nullable=False),
    Column("payer", String(40), nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)


def _table(name: str) -> Table:
    return subject_table(
        name,
        Column("account", BigInteger, nullable=False),
        Column("person", BigInteger, nullable=False),  # whose it is; 0 where it is of paper
        Column("what", String(40), nullable=False),  # a kind of service, a gift's name
        Column("day", Date, nullable=False),
        Column("code", String(32), nullable=False),  # of a gift
        Column("text", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("opened_at", Moment, nullable=False),
        Column("body", JSON, nullable=False),
    )


def _kept(made: type[Entry], name: str, *more: Over) -> Kept[Any]:
    indexes = (
        *more,
        Over(f"{name}_account", f"{name} account, day", ""),
        Over(f"{name}_changed", f"{name} changed_at", "ended_at IS NULL"),
        Over(f"{name}_person", f"{name} person, id", ""),
        Over(f"{name}_state", f"{name} state, place, id", ""),
        Over(f"{name}_worded", f"{name} ended_at", "erased_at IS NULL"),
    )
    words: dict[str, Any] = {"states": State, "actions": Action, "clocks": ClockName}
    return keeping(made, _table(name), indexes=indexes, **words)


SERVICES = _kept(Service, "services", Over("services_day", "services day, place, id", ""))
GIFTS = _kept(
    Gift, "gifts",
    Over("gifts_code", "gifts code, id", ""),
    Over("gifts_what", "gifts what, account, opened_at, state", ""),
)  # fmt: skip

"""How services and gifts are kept: a row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import convert
from msgspec.structs import asdict
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.passbook.model import Entry, Gift, Service
from workflows.passbook.store import tables as own
from workflows.passbook.words import Action, ClockName, State
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept


def _row(entry: Entry) -> Mapping[str, Any]:
    told = {"day": None, "code": "", **asdict(entry)}
    body = {name: told.pop(name) for name in [*told] if name not in own.COLUMNS}
    return {**told, "body": body}


async def _read(
    table: Table, made: type[Any], conn: AsyncConnection, ids: Sequence[int]
) -> dict[int, Any]:
    rows = await conn.execute(select(table).where(among(table.c.id)), {"ids": ids})
    known = [{str(name): value for name, value in row.items()} for row in rows.mappings()]
    return {row["id"]: convert({**row, **row["body"]}, made) for row in known}


def _kept(made: type[Any], table: Table) -> Kept[Any]:
    return Kept(
        kind=made.kind, what=made.kind, table=table, row=_row, read=partial(_read, table, made),
        states=State, actions=Action, clocks=ClockName, indexes=own.indexes(table.name),
    )  # fmt: skip


SERVICES, GIFTS = _kept(Service, own.services), _kept(Gift, own.gifts)

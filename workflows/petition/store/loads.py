"""What handlers have in hand or on offer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec.structs import replace
from sqlalchemy import CompoundSelect, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.model import Ticket
from workflows.petition.rules.routing import Load
from workflows.petition.stages import STAGES
from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.store import Tx
from workflows.store.engine.bound_arrays import among

UNDONE = [state.value for state, stage in STAGES.items() if stage.is_work]


async def in_hand(conn: AsyncConnection, ids: Collection[int]) -> dict[int, Load]:
    """What handlers have in hand or on offer."""
    found = dict.fromkeys(ids, Load())
    for person_id, count, last_at in await conn.execute(_in_hand(), {"ids": ids}):
        load = found[person_id]
        latest = max(filter(None, (load.last_at, last_at)), default=None)
        found[person_id] = Load(open=load.open + count, last_at=latest)
    return found


@cache
def _in_hand() -> CompoundSelect[Any]:
    """In hand and on offer, each by its own index."""
    c = own.tickets.c
    is_undone = c.state.in_([literal(state) for state in UNDONE])
    return union_all(
        *(
            select(holder, func.count(), func.max(c.changed_at))
            .where(among(holder), is_undone)
            .group_by(holder)
            for holder in (c.handler, c.offered_to)
        )
    )


async def of(tx: Tx, person_ids: Iterable[int]) -> dict[int, Load]:
    """What these handlers have in hand, the unit of work's own changes included."""
    stored = await _stored(tx, tuple(person_ids))
    return with_changes(stored, tx.changes(TICKETS), tx.now)


async def _stored(tx: Tx, person_ids: Collection[int]) -> dict[int, Load]:
    """The same as it is written; asked together with all staff there is so far."""
    known: dict[int, Load] = tx.memo("loads")
    if not known.keys() >= set(person_ids):
        missing = {*person_ids, *tx.ids_around()} - known.keys()
        known |= await tx.ask(in_hand, missing)
    return {i: known[i] for i in person_ids}


def with_changes(
    stored: Mapping[int, Load], changes: Sequence[tuple[Ticket | None, Ticket]], now: datetime
) -> dict[int, Load]:
    """The loads when a unit of work has made tickets from what they were into what they are."""
    found = dict(stored)
    for holder in _holders((before for before, _ in changes), stored):
        found[holder] = replace(found[holder], open=found[holder].open - 1)
    for holder in _holders((after for _, after in changes), stored):
        found[holder] = Load(open=found[holder].open + 1, last_at=now)
    return found


def _holders(tickets: Iterable[Ticket | None], of: Collection[int]) -> list[int]:
    busy = [x.holder for x in tickets if x and x.state.value in UNDONE]
    return [holder for holder in busy if holder is not None and holder in of]

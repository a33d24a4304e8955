"""How plans, rounds and findings are kept: a row each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from msgspec import Struct, convert
from msgspec.structs import asdict
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.patrols.findings import model as finding
from workflows.patrols.plans import model as plan
from workflows.patrols.rounds import model as round_
from workflows.patrols.store import tables as own
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept

S = TypeVar("S", bound=Struct)


def _reading(
    table: Table, made: type[S]
) -> Callable[[AsyncConnection, Sequence[int]], Awaitable[dict[int, S]]]:
    asked = select(table).where(among(table.c.id))

    async def read(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, S]:
        rows = (await conn.execute(asked, {"ids": ids})).mappings()
        known = [{str(name): value for name, value in row.items()} for row in rows]
        return {row["id"]: convert(row, made) for row in known}

    return read


PLANS_KEPT: Kept[plan.Plan] = Kept(
    kind=plan.Plan.kind, what="plan", table=own.patrols, row=asdict,
    read=_reading(own.patrols, plan.Plan), states=plan.State, actions=plan.Action,
    clocks=plan.ClockName, indexes=own.INDEXES["patrols"],
)  # fmt: skip
ROUNDS_KEPT: Kept[round_.Round] = Kept(
    kind=round_.Round.kind, what="round", table=own.rounds, row=asdict,
    read=_reading(own.rounds, round_.Round), states=round_.State, actions=round_.Action,
    clocks=round_.ClockName, indexes=own.INDEXES["rounds"],
)  # fmt: skip
FINDINGS_KEPT: Kept[finding.Finding] = Kept(
    kind=finding.Finding.kind, what="finding", table=own.findings, row=asdict,
    read=_reading(own.findings, finding.Finding), links={"finders": own.finders},
    states=finding.State, actions=finding.Action, clocks=finding.ClockName,
    indexes=own.INDEXES["findings"],
)  # fmt: skip

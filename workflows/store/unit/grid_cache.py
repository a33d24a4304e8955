"""Who is around a grid, asked once in a unit of work, and of all grids in it together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.petition.routing import Load
from workflows.petition.store import queries
from workflows.store import people


class GridCache:
    """The staff of grids, their groups, and what handlers have in hand, as they are stored.

    The first question asks for the expected grids too: those that will be asked about anyway.
    """

    def __init__(self, conn: AsyncConnection, now: datetime) -> None:
        self.conn = conn
        self.now = now
        self._expected: set[str] = set()
        self.forget()

    def expect(self, drafts: Iterable[Mapping[str, Any] | None]) -> None:
        """These will be filed: their grids will be asked about."""
        places = {str(draft["place"]) for draft in drafts if draft and draft.get("place")}
        self._expected |= {grid_of(place) for place in places}

    def forget(self) -> None:
        """Something was written that may change an answer."""
        self._staff: dict[str, list[Person]] = {}
        self._groups: dict[str, int | None] = {}
        self._loads: dict[int, Load] = {}

    async def staff(self, grid: str) -> list[Person]:
        """Everybody whose role covers the grid or lies in it, by id."""
        if grid not in self._staff:
            wanted = {grid} | (self._expected - self._staff.keys())
            self._staff |= await people.load_staff(self.conn, wanted, self.now)
        return self._staff[grid]

    async def group(self, grid: str) -> int | None:
        """The chat of the grid's group, or None."""
        if grid not in self._groups:
            wanted = {grid} | (self._expected - self._groups.keys())
            self._groups |= await queries.groups_of(self.conn, wanted)
        return self._groups[grid]

    async def loads(self, handlers: Collection[int]) -> dict[int, Load]:
        """What these have in hand or on offer; asked together with all staff there is so far."""
        if not self._loads.keys() >= set(handlers):
            near = (person.id for staff in self._staff.values() for person in staff)
            missing = {*handlers, *near} - self._loads.keys()
            self._loads |= await queries.loads(self.conn, missing)
        return {i: self._loads[i] for i in handlers}

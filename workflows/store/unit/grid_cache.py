"""Who is around a grid, asked once in a unit of work, and of all grids in it together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.store import people
from workflows.store.messages import chats


class GridCache:
    """The staff of grids and their groups, as they are stored, and what workflows remember beside.

    The first question asks for the expected grids too: those that will be asked about anyway.
    """

    def __init__(self, conn: AsyncConnection, now: datetime) -> None:
        self._conn = conn
        self._now = now
        self._expected: set[str] = set()
        self.forget()

    def expect(self, places: Iterable[str]) -> None:
        """The grids of these will be asked about."""
        self._expected |= {grid_of(place) for place in places}

    def forget(self) -> None:
        """Something was written that may change an answer."""
        self._staff: dict[str, list[Person]] = {}
        self._groups: dict[str, int | None] = {}
        self._memos: dict[str, dict[Any, Any]] = {}

    async def staff(self, grid: str) -> list[Person]:
        """Everybody whose role covers the grid or lies in it, by id."""
        if grid not in self._staff:
            wanted = {grid} | (self._expected - self._staff.keys())
            self._staff |= await people.load_staff(self._conn, wanted, self._now)
        return self._staff[grid]

    async def group(self, grid: str) -> int | None:
        """The chat of the grid's group, or None."""
        if grid not in self._groups:
            wanted = {grid} | (self._expected - self._groups.keys())
            self._groups |= await chats.groups_of(self._conn, wanted)
        return self._groups[grid]

    def ids(self) -> set[int]:
        """All staff that was asked for so far."""
        return {person.id for staff in self._staff.values() for person in staff}

    def memo(self, what: str) -> dict[Any, Any]:
        """What a workflow remembers of something until it is to be forgotten."""
        return self._memos.setdefault(what, {})

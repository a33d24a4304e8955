"""The people of a unit of work: who somebody is, what he is in the middle of, who is around."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Subject
from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.core.talk.dialogs import Dialog
from workflows.store import people, reading
from workflows.store.unit.grid_cache import GridCache
from workflows.store.unit.pending import Work


class Persons:
    """What a transaction knows of people, loaded once; see Tx."""

    def __init__(self, conn: AsyncConnection, now: datetime) -> None:
        self._conn = conn
        self.now = now
        self.work = Work()
        self._loaded: dict[int, Subject] = {}
        self._around = GridCache(conn, now)

    async def prefetch_persons(self, ids: Iterable[int]) -> None:
        """Load several people in one go."""
        missing = {i for i in ids if i not in self.work.persons}
        self.work.persons |= await people.load(self._conn, missing, self.now)

    async def person(self, person_id: int) -> Person | None:
        """Somebody by id, with the roles that hold now; None for a stranger, and for whose row
        cannot be read.
        """
        if person_id not in self.work.persons:
            self.work.persons |= await people.load(self._conn, [person_id], self.now)
        return self.work.persons[person_id]

    async def known(self, person_id: int) -> Person | None:
        """The same for who is about to act or to be changed: None is a stranger. Raises
        UnreadableError.
        """
        found = await self.person(person_id)
        if found is None:
            self._refuse_unreadable("person", person_id)
        return found

    def put_person(self, person: Person) -> None:
        """Keep a person's own fields (roles are granted and ended)."""
        self.work.persons[person.id] = person
        self.work.changed_persons.add(person.id)

    async def dialog(self, person_id: int) -> Dialog:
        """What the bot is in the middle of with a person. Raises UnreadableError."""
        if person_id not in self.work.dialogs:
            await self._load_dialogs({person_id})
        if person_id not in self.work.dialogs:
            self._refuse_unreadable("dialog", person_id)
        return self.work.dialogs[person_id]

    async def dialogs(self, person_ids: Iterable[int]) -> list[Dialog]:
        """The same with several people, of those whose can be read."""
        wanted = list(person_ids)
        if missing := {i for i in wanted if i not in self.work.dialogs}:
            await self._load_dialogs(missing)
        return [found for i in wanted if (found := self.work.dialogs.get(i))]

    async def _load_dialogs(self, wanted: set[int]) -> None:
        found = await people.load_dialogs(self._conn, wanted)
        new = {i for i in wanted - set(found) if not reading.met(self._conn, "dialog", i)}
        self.work.new_dialogs |= new
        self.work.dialogs |= {i: Dialog(person_id=i) for i in new} | found

    def put_dialog(self, dialog: Dialog) -> None:
        """Keep the dialog."""
        self.work.dialogs[dialog.person_id] = dialog
        self.work.changed_dialogs.add(dialog.person_id)

    async def staff(self, place: str) -> tuple[Person, ...]:
        """Everybody with a role at a place that covers `place` or lies in its grid."""
        found = await self._around.staff(grid_of(place))
        known = (self.work.persons.setdefault(p.id, p) for p in found)  # a changed one stays
        return tuple(person for person in known if person)

    async def staff_inside(self, place: str) -> tuple[Person, ...]:
        """Everybody with a role at `place` or inside it; "" means everywhere."""
        ids = await people.ids_of_staff_inside(self._conn, place)
        await self.prefetch_persons(ids)
        return tuple(person for i in ids if (person := self.work.persons[i]))

    def expect(self, places: Iterable[str]) -> None:
        """The staff of all these places will be asked for: it is, together."""
        self._around.expect(places)

    def ids_around(self) -> set[int]:
        """All staff of places that was asked for so far."""
        return self._around.ids()

    def memo(self, what: str) -> dict[Any, Any]:
        """What a workflow remembers of this unit of work; forgotten as soon as something is
        written that cannot wait, or dropped.
        """
        return self._around.memo(what)

    def _refuse_unreadable(self, what: str, number: int) -> None:
        """There is none; or there is, and this version cannot read it: UnreadableError."""
        if error := reading.met(self._conn, what, number):
            raise error

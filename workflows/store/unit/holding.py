"""The subjects of a unit of work, of whatever kind, and all that belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Event, Subject, Timer
from workflows.core.talk.messages import Attachment
from workflows.store import files, timeline
from workflows.store.kept import Kept, Kinds, S, load, load_others
from workflows.store.messages import said
from workflows.store.unit import numbers
from workflows.store.unit.persons import Persons


class Subjects(Persons):
    """What a transaction knows of subjects; see Tx."""

    def __init__(self, conn: AsyncConnection, now: datetime, kinds: Kinds) -> None:
        super().__init__(conn, now)
        self.kinds = kinds
        self._files: dict[int, list[tuple[str, Attachment]]] = {}

    async def next_id(self) -> int:
        """A fresh number; one of a dropped attempt is given again."""
        self.work.last_id = (self.work.last_id or await numbers.last(self._conn)) + 1
        return self.work.last_id

    async def subjects(self, ids: Iterable[int]) -> list[Subject]:
        """The subjects with these numbers that exist and can be read, of whatever kind."""
        return await self._load(ids, self.kinds.first)

    async def subject(self, subject_id: int) -> Subject | None:
        """A subject by its number, or None. Raises UnreadableError."""
        return await self._one(subject_id, self.kinds.first)

    async def get_all(self, kept: Kept[S], ids: Iterable[int]) -> list[S]:
        """Those of a kind with these numbers that exist and can be read."""
        found: list[Any] = await self._load(ids, kept)
        return [subject for subject in found if subject.kind == kept.kind]

    async def get(self, kept: Kept[S], subject_id: int) -> S | None:
        """One of a kind by its number, or None. Raises UnreadableError."""
        found: Any = await self._one(subject_id, kept)
        return found if found and found.kind == kept.kind else None

    async def _one(self, subject_id: int, first: Kept[Any]) -> Subject | None:
        found = next(iter(await self._load([subject_id], first)), None)
        if found is None:
            for kept in self.kinds.all:
                self._refuse_unreadable(kept.what, subject_id)
        return found

    async def _load(self, ids: Iterable[int], first: Kept[Any]) -> list[Subject]:
        """The first kind is asked for all that is not known; what it lacks is looked up."""
        wanted = list(dict.fromkeys(ids))
        if missing := [i for i in wanted if i not in self.work.subjects]:
            found: dict[int, Subject] = await load(self._conn, first, missing)
            others = self.kinds.others(first)
            if others and (lacking := [i for i in missing if i not in found]):
                found |= await load_others(self._conn, others, lacking)
            self.work.subjects |= {i: found.get(i) for i in missing}
            self._loaded |= found
        return [known for i in wanted if (known := self.work.subjects[i])]

    def put(self, subject: Subject, timers: tuple[Timer, ...]) -> None:
        """Keep a subject; its pending timers become exactly these."""
        self.work.subjects[subject.id] = subject
        self.work.changed.add(subject.id)
        self.put_timers(subject.id, timers)

    def put_timers(self, subject_id: int, timers: tuple[Timer, ...]) -> None:
        """A subject's pending timers become exactly these; of itself nothing changes."""
        self.work.timers[subject_id] = timers

    def known_of(self, kept: Kept[S]) -> list[S]:
        """All of a kind that this unit of work has loaded or made, as they are now."""
        known: Iterable[Any] = self.work.subjects.values()
        return [subject for subject in known if subject and subject.kind == kept.kind]

    def changes(self, kept: Kept[S]) -> list[tuple[S | None, S]]:
        """What of a kind is changed: each as it was, None for a new one, and as it is now."""
        before: Mapping[int, Any] = self._loaded
        now: Mapping[int, Any] = self.work.subjects
        return [(before.get(i), now[i]) for i in self.work.changed if now[i].kind == kept.kind]

    def add(self, table: Table, row: Mapping[str, Any]) -> None:
        """A row to be written into a workflow's own table, after the subjects."""
        self.work.rows.append((table, dict(row)))

    def added(self, table: Table) -> list[dict[str, Any]]:
        """What was put in like this and is not written yet."""
        return [row for its, row in self.work.rows if its is table]

    def add_event(self, event: Event) -> None:
        """Append to the subject's chain."""
        self.work.events.append(event)

    async def timeline(self, subject: Subject) -> list[Event]:
        """What was done to a subject, in order; `data` is empty where it was erased."""
        return await timeline.read(self._conn, self.kinds.of(subject), subject.id)

    async def subject_of_message(self, chat_id: int, message_id: int) -> Subject | None:
        """What a message of ours was about, or None."""
        found = await said.id_of_message(self._conn, chat_id, message_id)
        return await self.subject(found) if found else None

    def add_files(self, subject_id: int, files: Iterable[Attachment], action: str,
                  person_id: int) -> None:  # fmt: skip
        """Keep the files that came with an action."""
        self.work.files += [
            {"ticket_id": subject_id, "kind": f.kind, "file_id": f.file_id, "action": str(action),
             "person_id": person_id, "at": self.now}
            for f in files
        ]  # fmt: skip

    async def files(
        self, subject_id: int, actions: Iterable[str] | None = None
    ) -> tuple[Attachment, ...]:
        """The stored files that came with these actions, or any, of a subject, in order."""
        await self.prefetch_files([subject_id])
        known, allowed = self._files[subject_id], None if actions is None else set(actions)
        return tuple(file for action, file in known if allowed is None or action in allowed)

    async def prefetch_files(self, subject_ids: Iterable[int]) -> None:
        """Load the files of several subjects in one query."""
        missing = [i for i in subject_ids if i not in self._files]
        if missing:
            self._files |= await files.read(self._conn, missing)

"""The unit of work: rows are loaded once, served from memory, and written in bulk at commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from workflows.core.messages import Attachment, Incoming, Notice
from workflows.core.people import Membership, Person, Role
from workflows.core.subject import Event, Subject, Timer
from workflows.store import files, people, reading, timeline, timers
from workflows.store.engine import conflicts
from workflows.store.engine.conflicts import ConflictError
from workflows.store.kept import Kept, Kinds, S, load, load_others
from workflows.store.messages import chats, said, seen
from workflows.store.messages.owed import owing
from workflows.store.outbox import Outbox
from workflows.store.unit import flush, numbers
from workflows.store.unit.codec import incoming_body
from workflows.store.unit.persons import Persons

if TYPE_CHECKING:  # see below
    from workflows.petition.model import Ticket

P = ParamSpec("P")
T = TypeVar("T")


class Tx(Persons):
    """One transaction's view of the store; see Store.begin. All moments are aware UTC."""

    def __init__(self, conn: AsyncConnection, now: datetime, kinds: Kinds) -> None:
        super().__init__(conn, now)
        self.kinds = kinds
        self._files: dict[int, list[tuple[str, Attachment]]] = {}
        self._claimed: set[int] = set()
        self._savepoint: AsyncTransaction | None = None
        self._is_attempt = False
        self._is_written = False
        self._after: Tx | None = None

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part of the work that is dropped whole when it raises, without losing the rest."""
        before = self.work.copy()
        self._is_attempt = True
        try:
            yield
        except BaseException as error:
            self.work = before
            self._around.forget()
            if isinstance(error, DBAPIError) and conflicts.is_busy(error):
                raise ConflictError from error  # the rest is lost too
            if self._savepoint:
                await self._savepoint.rollback()
            raise
        finally:
            if self._savepoint and self._savepoint.is_active:
                await self._savepoint.commit()
            self._savepoint, self._is_attempt = None, False

    async def now_writing(self) -> None:
        """Before what cannot wait for the flush: make it droppable with its attempt."""
        self._around.forget()
        if self._is_attempt and self._savepoint is None:
            self._savepoint = await self._conn.begin_nested()

    async def ask(
        self, question: Callable[Concatenate[AsyncConnection, P], Awaitable[T]], /,
        *args: P.args, **kwargs: P.kwargs,
    ) -> T:  # fmt: skip
        """The answer to a question that only reads: a function of the connection and of these."""
        return await question(self._conn, *args, **kwargs)

    async def do(
        self, deed: Callable[Concatenate[AsyncConnection, P], Awaitable[T]], /,
        *args: P.args, **kwargs: P.kwargs,
    ) -> T:  # fmt: skip
        """What comes of a deed that writes at once; it is dropped with its attempt."""
        await self.now_writing()
        return await deed(self._conn, *args, **kwargs)

    def take_unreadable(self) -> Sequence[reading.UnreadableError]:
        """The rows that could not be read so far, to be told of; they are forgotten here."""
        return reading.taken(self._conn)

    @property
    def outbox(self) -> Outbox:
        """What is sent next, and what came of that."""
        return Outbox(self._conn, self.now, self.kinds)

    @property
    def last(self) -> Tx:
        """What can still be put something into; see `written`."""
        return self._after or self

    async def flush(self) -> None:
        """Write everything in bulk that was not written yet. Raises ConflictError."""
        is_new, self._is_written = not self._is_written, True
        if is_new and not await flush.write(
            self._conn, self.kinds, self.work, self._loaded, self.now
        ):
            raise ConflictError
        if self._after:
            await self._after.flush()

    async def written(self) -> Tx:
        """Flush now, and go on with what this returns: what is put into it is written later on."""
        await self.flush()
        self._after = Tx(self._conn, self.now, self.kinds)
        work = self._after.work
        work.persons, work.subjects = self.work.persons, self.work.subjects
        return self._after

    # updates

    async def prefetch(
        self, update_ids: Iterable[int], person_ids: Iterable[int], subject_ids: Iterable[int]
    ) -> None:
        """Load what a batch will touch in a few queries, and write its updates down as handled."""
        updates, persons = set(update_ids), set(person_ids)
        self._claimed |= await seen.claim(self._conn, updates, self.now)
        self.work.seen |= updates - self._claimed
        await self._load_dialogs(persons)  # first: their locks are waited for, the rest is fresh
        found = await people.load(self._conn, persons, self.now)
        self.work.persons |= found
        self.work.blocked |= await people.blocked_among(self._conn, found)
        await self.subjects(subject_ids)

    def is_seen(self, update_id: int) -> bool:
        """Whether this update was handled before."""
        return update_id in self.work.seen

    def mark_seen(self, update_id: int) -> None:
        """This update is handled, whatever came of it."""
        if update_id not in self.work.seen and update_id not in self._claimed:
            self.work.seen_now.append({"update_id": update_id, "at": self.now})
        self.work.seen.add(update_id)

    def bury(self, update_id: int, person_id: int, error: str, raw: Any) -> None:
        """Keep an update that could not be handled."""
        kept = incoming_body(raw) if isinstance(raw, Incoming) else raw
        letter = {"update_id": update_id, "person_id": person_id, "error": error, "raw": kept}
        self.work.letters.append(letter | {"at": self.now})

    # the roster

    async def grant(self, person: Person, membership: Membership, by: int | None) -> Person:
        """Give a role from now on."""
        await self.now_writing()
        await flush.write_persons(self._conn, [person])  # a role's row needs its person's
        self.put_person(await people.grant(self._conn, person, membership, by, self.now))
        return self.work.persons[person.id] or person

    async def end_roles(self, person: Person, scope: str, role: Role | None = None) -> Person:
        """End every role inside `scope`, or just this one, from now on."""
        await self.now_writing()
        await flush.write_persons(self._conn, [person])  # a role's row needs its person's
        ended = await people.end_roles(self._conn, person, scope, role, self.now)
        self.put_person(ended)
        return ended

    async def invite(self, token_hash: str, membership: Membership, by: int | None,
                     expires_at: datetime) -> None:  # fmt: skip
        """Keep an invitation; only the hash of its token is stored."""
        await self.do(people.invite, token_hash, membership, by, expires_at)

    async def redeem(self, token_hash: str, person_id: int) -> tuple[Membership, int | None] | None:
        """Use an invitation up: its role and who invited, or None if it is not valid (any more)."""
        return await self.do(people.redeem, token_hash, person_id, self.now)

    # subjects

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
        now = (subject for subject in self.known_of(kept) if subject.id in self.work.changed)
        return [(before.get(subject.id), subject) for subject in now]

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

    # what callers outside the store still say; goes when the desk says `get(TICKETS, …)`

    async def next_ticket_id(self) -> int:
        """See `next_id`."""
        return await self.next_id()

    async def ticket(self, ticket_id: int) -> Ticket | None:
        """See `get`."""
        return await self.get(self.kinds.first, ticket_id)

    async def tickets(self, ids: Iterable[int]) -> list[Ticket]:
        """See `get_all`."""
        return await self.get_all(self.kinds.first, ids)

    def put_ticket(self, ticket: Ticket, timers: tuple[Timer, ...]) -> None:
        """See `put`."""
        self.put(ticket, timers)

    async def ticket_of_message(self, chat_id: int, message_id: int) -> Ticket | None:
        """See `subject_of_message`."""
        found: Any = await self.subject_of_message(chat_id, message_id)
        return found if found and found.kind == self.kinds.first.kind else None

    # timers

    async def due_timers(self, limit: int) -> list[Timer]:
        """Pending timers whose moment has come, in order."""
        return await timers.due(self._conn, self.kinds, self.now, limit)

    def fire(self, timer: Timer) -> None:
        """This timer rang now, and never rings again."""
        self.work.fired.append((timer, self.now))

    # messages owed

    def owe(self, notice: Notice, chat_id: int, kind: str, key: str, not_before: datetime) -> None:
        """Put a message into the outbox; the same `key` is owed only once, ever."""
        new = owing(notice, chat_id, kind, key, self.now, not_before)
        if new.replaces:
            self.work.owed = [one for one in self.work.owed if not one.is_replaced_by(new)]
        self.work.owed.append(new)

    async def group_of(self, place: str) -> int | None:
        """The chat of the grid's group, or None."""
        return await self._around.group(place)

    async def bind_group(self, chat_id: int, place: str, audience: str = "grid") -> None:
        """This group is the grid's from now on; "" unbinds it."""
        await self.do(chats.bind_group, chat_id, place, audience)

    async def unblock(self, chat_id: int) -> None:
        """The person is there again: what was parked is owed again."""
        if chat_id in self.work.blocked:
            await self.do(chats.unblock, chat_id, self.now)
            self.work.reach(chat_id, is_reachable=True)

    async def block(self, chat_id: int) -> None:
        """The person blocked the bot: what is owed waits."""
        await self.do(chats.block, chat_id, self.now)
        self.work.reach(chat_id, is_reachable=False)

    async def rekey_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: everything that named it names the new one."""
        await self.do(chats.rekey_chat, old, new)

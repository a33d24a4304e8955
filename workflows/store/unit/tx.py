"""The unit of work: rows are loaded once, served from memory, and written in bulk at commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from workflows.core.engine.subject import Timer
from workflows.core.people import Membership, Person, Role
from workflows.core.talk.messages import Incoming, Notice
from workflows.store import people, reading, timers
from workflows.store.engine import conflicts
from workflows.store.engine.conflicts import ConflictError
from workflows.store.kept import Kept, Kinds, S
from workflows.store.messages import chats, seen
from workflows.store.messages.owed import owing, without_older
from workflows.store.outbox import Outbox
from workflows.store.unit import flush
from workflows.store.unit.codec import incoming_body
from workflows.store.unit.holding import Subjects

P = ParamSpec("P")
T = TypeVar("T")


class Tx(Subjects):
    """One transaction's view of the store; see Store.begin. All moments are aware UTC."""

    def __init__(self, conn: AsyncConnection, now: datetime, kinds: Kinds) -> None:
        super().__init__(conn, now, kinds)
        self._claimed: set[int] = set()
        self._attempts: list[AsyncTransaction | None] = []  # with a savepoint where one wrote
        self._is_written = False
        self._after: Tx | None = None

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part of the work that is dropped whole when it raises, without losing the rest.

        It may be part of another one.
        """
        before = self.work.copy()
        self._attempts.append(None)
        try:
            yield
        except BaseException as error:
            self.work = before
            self._around.forget()
            if isinstance(error, DBAPIError) and conflicts.is_busy(error):
                raise ConflictError from error  # the rest is lost too
            if savepoint := self._attempts[-1]:
                await savepoint.rollback()
            raise
        finally:
            savepoint = self._attempts.pop()
            if savepoint and savepoint.is_active:
                await savepoint.commit()

    async def now_writing(self) -> None:
        """Before what cannot wait for the flush: make it droppable with its attempt, and with
        those around that.
        """
        self._around.forget()
        for depth, savepoint in enumerate(self._attempts):
            if savepoint is None:
                self._attempts[depth] = await self._conn.begin_nested()

    async def ask(
        self, question: Callable[Concatenate[AsyncConnection, P], Awaitable[T]], /,
        *args: P.args, **kwargs: P.kwargs,
    ) -> T:  # fmt: skip
        """The answer to a question that only reads: a function of the connection and of these."""
        return await question(self._conn, *args, **kwargs)

    async def find(
        self, kept: Kept[S],
        question: Callable[Concatenate[AsyncConnection, P], Awaitable[Iterable[int]]], /,
        *args: P.args, **kwargs: P.kwargs,
    ) -> list[S]:  # fmt: skip
        """What of a kind has the numbers that a question finds, as far as it can be read."""
        return await self.get_all(kept, await question(self._conn, *args, **kwargs))

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
            self.work.owed = without_older(self.work.owed, new)
        self.work.owed.append(new)

    async def group_of(self, place: str) -> int | None:
        """The chat of the grid's group, or None."""
        return await self._around.group(place)

    async def bind_group(
        self, chat_id: int, place: str, audience: str = "grid", topic: int | None = None
    ) -> None:
        """This group is the grid's from now on, or this topic of it; "" unbinds it."""
        await self.do(chats.bind_group, chat_id, place, audience, topic)

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

"""The unit of work: rows are loaded once, served from memory, and written in bulk at commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from workflows.core.messages import Attachment, Incoming, Notice
from workflows.core.people import Membership, Person, Role
from workflows.core.subject import Event, Timer
from workflows.petition.intake.draft import Part
from workflows.petition.model import Ticket
from workflows.petition.store import queries, texts
from workflows.petition.words import Action
from workflows.store import people, timers
from workflows.store.engine import conflicts
from workflows.store.engine.conflicts import ConflictError
from workflows.store.unit import flush
from workflows.store.unit.codec import incoming_body
from workflows.store.unit.persons import Persons


class Tx(Persons):
    """One transaction's view of the store; see Store.begin. All moments are aware UTC."""

    def __init__(self, conn: AsyncConnection, now: datetime) -> None:
        super().__init__(conn, now)
        self._files: dict[int, list[tuple[Action, Attachment]]] = {}
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
        """Before a statement that cannot wait for the flush: make it droppable with its attempt."""
        self._around.forget()
        if self._is_attempt and self._savepoint is None:
            self._savepoint = await self.conn.begin_nested()

    @property
    def last(self) -> Tx:
        """What can still be put something into; see `written`."""
        return self._after or self

    async def flush(self) -> None:
        """Write everything in bulk that was not written yet. Raises ConflictError."""
        is_new, self._is_written = not self._is_written, True
        if is_new and not await flush.write(self.conn, self.work, self._loaded, self.now):
            raise ConflictError
        if self._after:
            await self._after.flush()

    async def written(self) -> Tx:
        """Flush now, and go on with what this returns: what is put into it is written later on."""
        await self.flush()
        self._after = Tx(self.conn, self.now)
        work = self._after.work
        work.persons, work.tickets = self.work.persons, self.work.tickets
        return self._after

    # updates

    async def prefetch(
        self, update_ids: Iterable[int], person_ids: Iterable[int], ticket_ids: Iterable[int],
        filing_ids: Iterable[int] = (),
    ) -> None:  # fmt: skip
        """Load what a batch will touch in a few queries, and write its updates down as handled.

        `filing_ids` are about to file: the staff of all their grids is asked for together.
        """
        updates, persons = set(update_ids), set(person_ids)
        self._claimed |= await queries.claim(self.conn, updates, self.now)
        self.work.seen |= updates - self._claimed
        await self._load_dialogs(persons)  # first: their locks are waited for, the rest is fresh
        filing = (self.work.dialogs.get(i) for i in filing_ids)
        self._around.expect(dialog.draft for dialog in filing if dialog)
        found = await people.load(self.conn, persons, self.now)
        self.work.persons |= found
        self.work.blocked |= await people.blocked_among(self.conn, found)
        await self.tickets(ticket_ids)

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
        await flush.write_persons(self.conn, [person])  # a role's row needs its person's
        self.put_person(await people.grant(self.conn, person, membership, by, self.now))
        return self.work.persons[person.id] or person

    async def end_roles(self, person: Person, scope: str, role: Role | None = None) -> Person:
        """End every role inside `scope`, or just this one, from now on."""
        await self.now_writing()
        await flush.write_persons(self.conn, [person])  # a role's row needs its person's
        ended = await people.end_roles(self.conn, person, scope, role, self.now)
        self.put_person(ended)
        return ended

    async def invite(self, token_hash: str, membership: Membership, by: int | None,
                     expires_at: datetime) -> None:  # fmt: skip
        """Keep an invitation; only the hash of its token is stored."""
        await self.now_writing()
        await people.invite(self.conn, token_hash, membership, by, expires_at)

    async def redeem(self, token_hash: str, person_id: int) -> tuple[Membership, int | None] | None:
        """Use an invitation up: its role and who invited, or None if it is not valid (any more)."""
        await self.now_writing()
        return await people.redeem(self.conn, token_hash, person_id, self.now)

    async def offer_handover(self, token_hash: str, ticket_id: int, expires_at: datetime) -> None:
        """Keep a link by which somebody takes a ticket over."""
        await self.now_writing()
        await people.offer_handover(self.conn, token_hash, ticket_id, expires_at)

    async def redeem_handover(self, token_hash: str, person_id: int) -> Ticket | None:
        """Use such a link up: its ticket, or None if it is not valid (any more)."""
        await self.now_writing()
        found = await people.redeem_handover(self.conn, token_hash, person_id, self.now)
        return await self.ticket(found) if found else None

    # tickets

    async def next_ticket_id(self) -> int:
        """A fresh id; one of a dropped attempt is given again."""
        work = self.work
        work.last_ticket_id = (work.last_ticket_id or await queries.last_ticket_id(self.conn)) + 1
        return work.last_ticket_id

    async def tickets(self, ids: Iterable[int]) -> list[Ticket]:
        """The tickets with these ids that exist and can be read."""
        wanted = list(dict.fromkeys(ids))
        missing = [i for i in wanted if i not in self.work.tickets]
        loaded = await queries.tickets(self.conn, missing)
        self.work.tickets |= loaded
        self._loaded |= {i: ticket for i, ticket in loaded.items() if ticket}
        return [found for i in wanted if (found := self.work.tickets[i])]

    async def ticket(self, ticket_id: int) -> Ticket | None:
        """A ticket by its id, or None. Raises UnreadableError."""
        found = next(iter(await self.tickets([ticket_id])), None)
        if found is None:
            self._refuse_unreadable("ticket", ticket_id)
        return found

    async def ticket_of_draft(self, draft_id: str) -> Ticket | None:
        """The ticket a draft became, or None."""
        found = next((x for x in self.work.tickets.values() if x and x.draft_id == draft_id), None)
        ticket_id = found.id if found else await queries.id_of_draft(self.conn, draft_id)
        return await self.ticket(ticket_id) if ticket_id else None

    def put_ticket(self, ticket: Ticket, timers: tuple[Timer, ...]) -> None:
        """Keep a ticket; its pending timers become exactly these."""
        self.work.tickets[ticket.id] = ticket
        self.work.changed_tickets.add(ticket.id)
        self.put_timers(ticket.id, timers)

    def put_timers(self, ticket_id: int, timers: tuple[Timer, ...]) -> None:
        """A ticket's pending timers become exactly these; of the ticket itself nothing changes."""
        self.work.timers[ticket_id] = timers

    def add_event(self, event: Event) -> None:
        """Append to the ticket's chain."""
        self.work.events.append(event)

    def add_files(self, ticket_id: int, files: Iterable[Attachment], action: str,
                  person_id: int) -> None:  # fmt: skip
        """Keep the files that came with an action."""
        self.work.files += [
            {"ticket_id": ticket_id, "kind": f.kind, "file_id": f.file_id, "action": str(action),
             "person_id": person_id, "at": self.now}
            for f in files
        ]  # fmt: skip

    def add_texts(self, ticket_id: int, person_id: int, parts: Iterable[Part]) -> None:
        """Keep these messages of a petition, or new versions of them."""
        self.work.texts += [
            {"ticket_id": ticket_id, "person_id": person_id, "message_id": p.message_id,
             "text": p.text, "said_at": p.at, "at": self.now}
            for p in parts
        ]  # fmt: skip

    async def texts(self, ticket_id: int) -> tuple[Part, ...]:
        """The messages of a petition as they read now."""
        added = [row for row in self.work.texts if row["ticket_id"] == ticket_id]
        return texts.current([*await texts.versions(self.conn, ticket_id), *added])

    async def ticket_of_text(self, person_id: int, message_id: int) -> Ticket | None:
        """The ticket that a resident's message became part of, or None."""
        key = (person_id, message_id)
        rows = (r for r in self.work.texts if (r["person_id"], r["message_id"]) == key)
        added = next((row["ticket_id"] for row in rows), None)
        found = added or await texts.ticket_of_text(self.conn, person_id, message_id)
        return await self.ticket(found) if found else None

    async def ticket_of_message(self, chat_id: int, message_id: int) -> Ticket | None:
        """The ticket that a message of ours was about, or None."""
        found = await texts.ticket_of_message(self.conn, chat_id, message_id)
        return await self.ticket(found) if found else None

    async def files(
        self, ticket_id: int, actions: Iterable[Action] = tuple(Action)
    ) -> tuple[Attachment, ...]:
        """The stored files that came with these actions of a ticket, in order."""
        await self.prefetch_files([ticket_id])
        allowed = set(actions)
        return tuple(file for action, file in self._files[ticket_id] if action in allowed)

    async def prefetch_files(self, ticket_ids: Iterable[int]) -> None:
        """Load the files of several tickets in one query."""
        missing = [i for i in ticket_ids if i not in self._files]
        if missing:
            self._files |= await queries.files(self.conn, missing)

    async def held_by(self, person_id: int) -> list[Ticket]:
        """Open tickets this handler has in hand or on offer, oldest first."""
        return await self.tickets((await queries.ids_held_by(self.conn, [person_id]))[person_id])

    async def brought_by(self, person_id: int, limit: int) -> list[Ticket]:
        """A resident's own and followed tickets, newest first."""
        return await self.tickets(await queries.ids_brought_by(self.conn, person_id, limit))

    async def open_at(self, place: str, limit: int) -> list[Ticket]:
        """Open tickets at a place and inside it, oldest first."""
        return await self.tickets(await queries.ids_open_at(self.conn, place, limit))

    # timers

    async def due_timers(self, limit: int) -> list[Timer]:
        """Pending timers whose moment has come, in order."""
        return await timers.due(self.conn, self.now, limit)

    def fire(self, timer: Timer) -> None:
        """This timer rang now, and never rings again."""
        self.work.fired.append((timer, self.now))

    # messages owed

    def owe(self, notice: Notice, chat_id: int, kind: str, key: str, not_before: datetime) -> None:
        """Put a message into the outbox; the same `key` is owed only once, ever."""
        row = flush.owed_row(notice, chat_id, kind, self.now, not_before)
        if notice.replaces:
            same = (chat_id, notice.replaces)
            self.work.owed = [o for o in self.work.owed if (o["chat_id"], o["replaces"]) != same]
        self.work.owed.append(row | {"dedupe_key": key})

    async def group_of(self, place: str) -> int | None:
        """The chat of the grid's group, or None."""
        return await self._around.group(place)

    async def bind_group(self, chat_id: int, place: str, audience: str = "grid") -> None:
        """This group is the grid's from now on; "" unbinds it."""
        await self.now_writing()
        await queries.bind_group(self.conn, chat_id, place, audience)

    async def unblock(self, chat_id: int) -> None:
        """The person is there again: what was parked is owed again."""
        if chat_id in self.work.blocked:
            await self.now_writing()
            await queries.unblock(self.conn, chat_id, self.now)
            self.work.reach(chat_id, is_reachable=True)

    async def block(self, chat_id: int) -> None:
        """The person blocked the bot: what is owed waits."""
        await self.now_writing()
        await queries.block(self.conn, chat_id, self.now)
        self.work.reach(chat_id, is_reachable=False)

    async def rekey_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: everything that named it names the new one."""
        await self.now_writing()
        await queries.rekey_chat(self.conn, old, new)

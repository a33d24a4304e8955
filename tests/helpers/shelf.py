"""Short words for what the store's tests put in and take out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from folk import NOW, RULES
from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping, Table, event, select

from workflows.core.people import Membership, Person, Role
from workflows.core.talk.messages import Notice, Priority
from workflows.petition.model import Ticket
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.store.kept import TICKETS
from workflows.registry import KINDS
from workflows.store import Owed, Sent, Store
from workflows.store.outbox import Outcome
from workflows.store.tables.indexes import complete


async def keep(store: Store, *tickets: Ticket, now: datetime = NOW) -> None:
    """Write tickets with their timers."""
    async with store.begin(now) as tx:
        await tx.get_all(TICKETS, [t.id for t in tickets])
        for ticket in tickets:
            tx.put(ticket, CLOCKWORK.timers(ticket, RULES))


async def look_up(store: Store, ticket_id: int) -> Ticket | None:
    async with store.read(NOW) as tx:
        return await tx.get(TICKETS, ticket_id)


async def hire(store: Store, *people: Person) -> None:
    """Write people and grant them their roles."""
    async with store.begin(NOW) as tx:
        for person in people:
            known = replace(person, memberships=())
            tx.put_person(known)
            for membership in person.memberships:
                known = await tx.grant(known, membership, None)


async def meet(store: Store, person_id: int) -> Person | None:
    async with store.read(NOW) as tx:
        return await tx.person(person_id)


def role(name: Role, place: str, *categories: str) -> Membership:
    return Membership(role=name, place=place, categories=categories)


async def rows(store: Store, table: Table) -> list[RowMapping]:
    async with store.engine.connect() as conn:
        found = await conn.execute(select(table).order_by(*table.primary_key))
        return list(found.mappings().all())


async def owe(
    store: Store,
    chat_id: int,
    key: str,
    *,
    kind: str = "text",
    now: datetime = NOW,
    not_before: datetime | None = None,
    **notice: Any,
) -> None:
    """Put one message into the outbox; its template is its key unless said otherwise."""
    message = Notice(**{"to": chat_id, "template": key} | notice)
    async with store.begin(now) as tx:
        tx.owe(message, chat_id, kind, key, not_before or now)


def _everybody(_: int) -> bool:
    return True


async def lease(
    store: Store, now: datetime = NOW, is_allowed: Callable[[int], bool] = _everybody
) -> list[Owed]:
    async with store.begin(now) as tx:
        return await tx.outbox.lease(is_allowed)


async def settle(store: Store, *sent: Sent, now: datetime = NOW) -> list[Sent]:
    async with store.begin(now) as tx:
        return await tx.outbox.settle(sent)


async def send(store: Store, *, now: datetime = NOW, first_id: int = 100) -> list[Owed]:
    """Lease what may go and say that it was sent, with message ids from `first_id`."""
    owed = await lease(store, now)
    done = [Sent(owed=o, outcome=Outcome.SENT, message_id=first_id + n) for n, o in enumerate(owed)]
    await settle(store, *done, now=now)
    return owed


async def show_card(store: Store, ticket: Ticket, chat_id: int, message_id: int = 100) -> None:
    """A card of a stored ticket that was sent to a chat."""
    await owe(store, chat_id, f"card{ticket.id}.{chat_id}", kind="card", ticket_id=ticket.id)
    await send(store, first_id=message_id)


def differences(connection: Connection) -> list[Any]:
    """What the models say of the tables that is not so."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, complete(KINDS.indexes)))


@contextmanager
def overheard(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Every statement with its parameters."""
    heard: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        heard.append((statement, parameters))

    event.listen(store.engine.sync_engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(store.engine.sync_engine, "before_cursor_execute", hear)


REPLY, PUSH, BROADCAST = Priority.REPLY, Priority.PUSH, Priority.BROADCAST

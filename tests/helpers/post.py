"""The post office of the tests: messages owed by hand, and what came of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, delete, event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from playground.phones.phone import Phone
from playground.phones.phone_client import Group
from playground.stage.stage import Stage
from playground.text.refusals import Json
from workflows.core.talk.messages import Notice, Priority
from workflows.store import tables as t


async def listener(stage: Stage, name: str, user_id: int) -> Phone:
    """Somebody who has started the bot, so that it may write; and not just now."""
    phone = await stage.phones.add_user(name, user_id)
    await phone.start()
    await stage.settle()
    stage.clock.advance(1)
    return phone


async def owe(
    stage: Stage,
    chat_id: int,
    *texts: str,
    priority: Priority = Priority.PUSH,
    due: datetime | None = None,
) -> None:
    """Owe a chat these texts."""
    async with stage.service.store.begin(stage.now) as tx:
        for said in texts:
            notice = Notice(to=chat_id, template="text", values={"text": said}, priority=priority)
            tx.owe(notice, chat_id, "text", uuid4().hex, due or stage.now)


async def owe_card(stage: Stage, chat_id: int, ticket_id: int, kind: str = "card") -> None:
    """Owe a chat a ticket's card, or its edit."""
    async with stage.service.store.begin(stage.now) as tx:
        notice = Notice(to=chat_id, template="card", ticket_id=ticket_id, is_card=True)
        tx.owe(notice, chat_id, kind, uuid4().hex, stage.now)


async def forget_faces(stage: Stage) -> None:
    """Nobody knows any more how a message looks, as after a crash between a change and its note."""
    async with stage.service.store.begin(stage.now) as tx:
        await tx.do(AsyncConnection.execute, delete(t.shown))


async def rows(stage: Stage, table: Table = t.outbox) -> list[dict[str, Any]]:
    """All rows of a table, in order."""
    async with stage.service.store.read(stage.now) as tx:
        found = await tx.ask(AsyncConnection.execute, select(table).order_by(*table.primary_key))
        return [dict(row) for row in found.mappings()]


async def states(stage: Stage) -> Counter[str]:
    """How many messages of the outbox are in each state."""
    return Counter(row["state"] for row in await rows(stage))


@asynccontextmanager
async def refusing(stage: Stage, what: str) -> AsyncIterator[None]:
    """Inside, the database refuses to do something: "INSERT ON people"."""
    refuse = f"BEFORE {what} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    async with stage.service.store.begin(stage.now) as tx:
        await tx.ask(AsyncConnection.execute, text(f"CREATE TRIGGER refusing {refuse}"))
    yield
    async with stage.service.store.begin(stage.now) as tx:
        await tx.ask(AsyncConnection.execute, text("DROP TRIGGER refusing"))


@asynccontextmanager
async def full_disk(stage: Stage, table: str = "seen_updates") -> AsyncIterator[None]:
    """Inside, no update can be committed, or no row of another table, as on a disk without room."""

    def fail(_: object, __: object, statement: str, *___: object) -> None:
        if statement.lstrip().startswith(f"INSERT INTO {table}"):
            raise OperationalError(statement, None, Exception("database or disk is full"))

    engine = stage.service.store.engine.sync_engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


async def heard(phone: Phone, chat: Group | None = None) -> list[str]:
    """What the bot has said to somebody, without its greeting."""
    said = [m for m in await phone.inbox(chat=chat) if m.sender != phone.user_id and m.text]
    return [m.text for m in said if not m.deleted and not m.text.startswith("您好")]


async def sends(stage: Stage, chat_id: int | None = None, status: int | None = None) -> list[Json]:
    """The bot's sendMessage calls, by chat and status."""
    return [
        call
        for call in await stage.phones.calls()
        if call["method"] == "sendMessage"
        and (chat_id is None or int(call["params"]["chat_id"]) == chat_id)
        and (status is None or call["status"] == status)
    ]


async def deliver_for(stage: Stage, **span: float) -> None:
    """Let the outbox alone go on for so long (timedelta's arguments), retry by retry."""
    until = stage.now + timedelta(**span)
    await stage.service.deliverer.drain()
    while stage.now < until:
        moments = (
            await stage.service.store.next_owed(after=stage.now),
            stage.service.exchange.pace.next_free,
        )
        later = [m for m in moments if m and m > stage.now]
        stage.clock.set(min([*later, until]))
        await stage.service.deliverer.drain()


@asynccontextmanager
async def jammed(stage: Stage) -> AsyncIterator[None]:
    """Inside, no petition gets a number: whoever files one makes its update fail."""
    async with stage.service.store.begin(stage.now) as tx:
        await tx.ask(
            AsyncConnection.execute,
            text("UPDATE counters SET name = 'jammed' WHERE name = 'ticket'"),
        )
    yield
    async with stage.service.store.begin(stage.now) as tx:
        await tx.ask(
            AsyncConnection.execute,
            text("UPDATE counters SET name = 'ticket' WHERE name = 'jammed'"),
        )


@asynccontextmanager
async def delivering(on_stage: Stage) -> AsyncIterator[None]:
    """The loop as it runs, on a clock that runs."""
    on_stage.clock.run(1.0)
    loop = asyncio.create_task(on_stage.service.deliverer.run())
    try:
        yield
    finally:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
        on_stage.clock.run(0.0)


async def all_under_way(on_stage: Stage) -> None:
    """Wait until every fault that waits for a call has met its own: these are on their way."""
    while on_stage.server.world.faults.waiting:
        await asyncio.sleep(0.005)

"""Whatever has a number is a subject, also what the version before left."""

from collections.abc import Callable
from typing import Any

import older
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from folk import DAY, NOW, RULES, filed
from msgspec.structs import replace
from shelf import keep, rows
from sqlalchemy import Connection, MetaData, Table, event, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from workflows.desk import Desk
from workflows.migrations import pending
from workflows.model import Incoming, Kind, State
from workflows.store import Store
from workflows.store import tables as t
from workflows.store.codec import is_chain
from workflows.store.tables.indexes import metadata

LEFT = 1009  # on offer to somebody when the version before was stopped
LATER = NOW.replace(month=11, day=24, hour=2)  # an hour or so after that
REFERRING = {"attachments", "cards", "events", "followers", "handovers", "helpers", "looks",
             "ticket_texts", "tickets", "timers"}  # fmt: skip


@pytest.fixture
async def old(empty_url: str):
    """A store on what the version before left."""
    opened = Store.open(empty_url)
    async with opened.engine.begin() as conn:
        await conn.run_sync(older.build)
    yield opened
    await opened.close()


@pytest.fixture
async def upgraded(old: Store) -> Store:
    await old.migrate()
    return old


def _all(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the older version's tables, as they are without what the models know."""
    tables = MetaData()
    tables.reflect(connection)
    kept = (x for x in tables.sorted_tables if x.name not in {"alembic_version", "subjects"})
    return {
        x.name: [tuple(row) for row in connection.execute(select(x).order_by(*x.primary_key))]
        for x in kept
    }


async def ask(store: Store, question: Callable[[Connection], Any]) -> Any:
    async with store.engine.connect() as conn:
        return await conn.run_sync(question)


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


# what the version before left


async def test_an_upgrade_keeps_every_row(old: Store):
    before = await ask(old, _all)
    await old.migrate()
    assert await ask(old, _all) == before and len(before["events"]) == 52


async def test_an_upgraded_database_is_as_a_new_one(upgraded: Store):
    assert await ask(upgraded, _differences) == [] and not await ask(upgraded, pending)


async def test_every_older_ticket_is_a_subject(upgraded: Store):
    subjects = await rows(upgraded, t.subjects)
    told = [(s["id"], s["kind"], s["place"], s["opened_at"]) for s in subjects]
    tickets = await rows(upgraded, t.tickets)
    assert told == [(x["id"], "petition", x["place"], x["filed_at"]) for x in tickets] and told


async def test_the_chains_hold_and_are_still_kept(upgraded: Store):
    events = await rows(upgraded, t.events)
    for ticket_id in {e["ticket_id"] for e in events}:
        assert is_chain([e for e in events if e["ticket_id"] == ticket_id])
    for change in ("DELETE FROM events", "UPDATE events SET actor = 5"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with upgraded.engine.begin() as conn:
                await conn.execute(text(change))


async def test_what_belongs_to_a_number_refers_to_its_subject(upgraded: Store):
    def keys(connection: Connection) -> dict[str, set[str]]:
        look = inspect(connection)
        return {x: {k["referred_table"] for k in look.get_foreign_keys(x)} for x in REFERRING}

    assert await ask(upgraded, keys) == {name: {"subjects"} for name in REFERRING}


async def test_every_reference_holds_after_an_upgrade(upgraded: Store):
    if upgraded.engine.dialect.name == "sqlite":  # the other one refuses what does not
        async with upgraded.engine.connect() as conn:
            assert (await conn.execute(text("PRAGMA foreign_key_check"))).all() == []
            assert await conn.scalar(text("PRAGMA foreign_keys")) == 1


async def test_the_bot_goes_on_with_what_was_left(upgraded: Store):
    desk = Desk(upgraded, RULES)
    async with upgraded.read(LATER) as tx:
        [ticket] = await tx.tickets([LEFT])
        assert ticket.offered_to
        handler = ticket.offered_to
    tap = Incoming(update_id=1, at=LATER, person_id=handler, chat_id=handler, message_id=1,
                   kind=Kind.PRESS, press=f"t:{LEFT}:accept", callback_id="1")  # fmt: skip
    await desk.turn(LATER, [tap])
    assert await desk.tick(LATER + 2 * DAY) > 0
    async with upgraded.read(LATER) as tx:
        [ticket] = await tx.tickets([LEFT])
    assert ticket.state is State.ACCEPTED and ticket.handler == handler
    events = [e for e in await rows(upgraded, t.events) if e["ticket_id"] == LEFT]
    assert len(events) > 3 and is_chain(events)


async def test_numbers_go_on_where_they_were(upgraded: Store):
    async with upgraded.begin(LATER) as tx:
        assert await tx.next_ticket_id() == LEFT + 1


# from then on


async def test_filing_writes_a_subject_once(store: Store):
    ticket = filed()
    await keep(store, ticket)
    await keep(store, replace(ticket, version=ticket.version + 1, place="友新街道/南环一/2网格"))
    [subject] = await rows(store, t.subjects)
    opened = (ticket.id, "petition", ticket.place, ticket.filed_at)
    assert tuple(subject.values()) == opened


async def test_filing_many_costs_one_statement_more(store: Store):
    heard: list[str] = []
    event.listen(store.engine.sync_engine, "before_cursor_execute", lambda *a: heard.append(a[2]))
    await keep(store, *(replace(filed(i), draft_id=f"d{i}") for i in range(1001, 1021)))
    assert len([sql for sql in heard if sql.startswith("INSERT INTO subjects")]) == 1
    assert len(await rows(store, t.subjects)) == 20


@pytest.mark.parametrize("table", [t.tickets, t.timers, t.looks])
async def test_what_is_of_no_subject_is_refused(store: Store, table: Table):
    await keep(store, filed())
    async with store.engine.connect() as conn:
        row = dict((await conn.execute(select(table).limit(1))).mappings().first() or _LOOK)
        row.pop("id", None)
        row |= {"id": 7, "draft_id": "7"} if table is t.tickets else {"ticket_id": 7}
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            await conn.execute(insert(table), row)
            await conn.execute(select(func.count()).select_from(table))
        await conn.rollback()


_LOOK = {"person_id": 1, "what": "card", "at": NOW}

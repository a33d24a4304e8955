"""Whatever has a number is a subject, also what the version before left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import older
import pytest
from folk import DAY, NOW, RULES, filed
from msgspec.structs import replace
from shelf import differences, keep, overheard, rows
from sqlalchemy import Connection, MetaData, create_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError

from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.tap import Tap
from workflows.desk import Desk
from workflows.petition.store import erasure
from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import State
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store
from workflows.store import tables as t
from workflows.store.migrations import pending
from workflows.store.unit.codec import is_chain

LEFT = 1009  # on offer to somebody when the version before was stopped
ACCEPT = Tap(kind="petition", subject=LEFT, verb="accept")
LATER = NOW.replace(month=11, day=24, hour=2)  # an hour or so after that
REFERRING = {"attachments", "cards", "events", "followers", "handovers", "helpers", "looks",
             "ticket_texts", "tickets", "timers"}  # fmt: skip


@pytest.fixture
async def old(empty_url: str):
    """A store on what the version before left."""
    opened = Store.open(empty_url, KINDS)
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


def _cut(after: dict[str, list[Any]], before: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The same tables and rows without what was put at their end since."""
    return {
        name: [new[: len(old)] for new, old in zip(after[name], rows, strict=True)]
        for name, rows in before.items()
    }


async def _behind(store: Store) -> str:
    async with store.read(NOW) as tx:
        return await tx.ask(pending)


async def ask(store: Store, question: Callable[[Connection], Any]) -> Any:
    async with store.engine.connect() as conn:
        return await conn.run_sync(question)


# what the version before left


async def test_an_upgrade_keeps_every_row(old: Store):
    before = await ask(old, _all)
    await old.migrate()
    after = await ask(old, _all)
    assert _cut(after, before) == before and len(before["events"]) == 52


async def test_an_upgraded_database_is_as_a_new_one(upgraded: Store):
    assert await ask(upgraded, differences) == [] and not await _behind(upgraded)


async def test_every_older_ticket_is_a_subject(upgraded: Store):
    subjects = await rows(upgraded, t.subjects)
    told = [(s["id"], s["kind"], s["place"], s["opened_at"]) for s in subjects]
    tickets = await rows(upgraded, own.tickets)
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
    desk = Desk(upgraded, RULES, WORKFLOWS)
    async with upgraded.read(LATER) as tx:
        [ticket] = await tx.get_all(TICKETS, [LEFT])
        assert ticket.offered_to
        handler = ticket.offered_to
    tap = Incoming(update_id=1, at=LATER, person_id=handler, chat_id=handler, message_id=1,
                   kind=Kind.PRESS, tap=ACCEPT, callback_id="1")  # fmt: skip
    await desk.turn(LATER, [tap])
    assert await desk.tick(LATER + 2 * DAY) > 0
    async with upgraded.read(LATER) as tx:
        [ticket] = await tx.get_all(TICKETS, [LEFT])
    assert ticket.state is State.ACCEPTED and ticket.handler == handler
    events = [e for e in await rows(upgraded, t.events) if e["ticket_id"] == LEFT]
    assert len(events) > 3 and is_chain(events)


async def test_numbers_go_on_where_they_were(upgraded: Store):
    async with upgraded.begin(LATER) as tx:
        assert await tx.next_id() == LEFT + 1


# from then on


async def test_filing_writes_a_subject_once(store: Store):
    ticket = filed()
    await keep(store, ticket)
    await keep(store, replace(ticket, version=ticket.version + 1, place="友新街道/南环一/2网格"))
    [subject] = await rows(store, t.subjects)
    opened = (ticket.id, "petition", ticket.place, ticket.filed_at)
    assert tuple(subject.values()) == opened


async def test_filing_many_costs_one_statement_more(store: Store):
    with overheard(store) as heard:
        await keep(store, *(replace(filed(i), draft_id=f"d{i}") for i in range(1001, 1021)))
    assert len([sql for sql, _ in heard if sql.startswith("INSERT INTO subjects")]) == 1
    assert len(await rows(store, t.subjects)) == 20


async def test_a_ticket_and_what_belongs_to_one_need_their_subject(store: Store):
    await keep(store, filed())
    ticket = "UPDATE tickets SET id = 7"
    for change in (ticket, "UPDATE timers SET ticket_id = 7", "DELETE FROM subjects"):
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            async with store.engine.begin() as conn:
                await conn.execute(text(change))


async def test_erasing_words_leaves_the_subject(store: Store):
    await keep(store, filed())
    before = await rows(store, t.subjects)
    async with store.begin(NOW) as tx:
        await tx.do(erasure.erase_tickets, [filed().id], NOW)
        await tx.do(erasure.blank, [filed().id])
    assert await rows(store, t.subjects) == before


async def test_what_a_deleted_ticket_left_behind_stops_no_upgrade(tmp_path: Path):
    """SQLite's own shell looks at no key, and lets anybody delete one."""
    path = tmp_path / "old.db"
    with create_engine(f"sqlite:///{path}").begin() as conn:
        older.build(conn)
        conn.execute(text("DELETE FROM tickets WHERE id = 1001"))
    store = Store.open(f"sqlite+aiosqlite:///{path}", KINDS)
    await store.migrate()
    assert 1001 in {e["ticket_id"] for e in await rows(store, t.events)}
    assert len(await rows(store, t.subjects)) == len(await rows(store, own.tickets)) + 1
    await store.close()

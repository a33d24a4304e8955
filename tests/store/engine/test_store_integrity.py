"""What the store says of itself, on SQLite and on PostgreSQL."""

from datetime import timedelta
from pathlib import Path

from folk import CHEN, HOUR, NOW, filed
from shelf import keep, lease, owe, settle
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.registry import KINDS
from workflows.store import Sent, Store, integrity
from workflows.store import tables as t
from workflows.store.messages import dead_letters, said
from workflows.store.outbox import Outcome


async def test_a_store_that_is_well_says_so(store: Store):
    await store.check()
    async with store.read(NOW) as tx:
        assert await tx.ask(integrity.faults, "integrity_check") == []
        engine = await tx.ask(integrity.engine)
    assert engine.version and (engine.journal or "wal") == "wal"
    assert (engine.synchronous or "FULL") == "FULL"


async def test_a_beat_replaces_the_one_before(store: Store):
    assert await store.last_beat("poll") is None
    for hours in range(2):
        await store.beat({"poll": NOW + hours * HOUR, "watch": NOW}, NOW)
    assert await store.last_beat("poll") == NOW + HOUR
    assert await store.last_beat("watch") == NOW


async def test_the_queue_is_counted_by_what_holds_it_up(store: Store):
    await owe(store, 1, "parked")
    await owe(store, 2, "dead")
    for owed in await lease(store):
        outcome = Outcome.PARKED if owed.chat_id == 1 else Outcome.DEAD
        await settle(store, Sent(owed=owed, outcome=outcome))
    await owe(store, 3, "now")
    await owe(store, 3, "held", not_before=NOW + HOUR)
    queue = await store.queue(NOW + HOUR / 2)
    assert (queue.sendable, queue.parked, queue.dead, queue.letters) == (1, 1, 1, 0)
    assert queue.oldest == NOW


async def test_what_was_tried_is_as_old_as_it_was_written(store: Store):
    await owe(store, 1, "x")
    [owed] = await lease(store)
    later = NOW + timedelta(minutes=9)
    await settle(store, Sent(owed=owed, outcome=Outcome.RETRY, again_at=later))
    assert (await store.queue(later)).oldest == NOW


async def test_overdue_timers_are_counted_with_the_latest(store: Store):
    ticket = filed()
    await keep(store, ticket)
    due = await store.next_timer()
    assert due and (await store.queue(due - HOUR)).timers == 0
    queue = await store.queue(due + HOUR)
    assert queue.timers >= 1 and queue.latest_timer == due


async def test_a_letter_is_settled_once_and_loses_its_words(store: Store):
    async with store.begin(NOW) as tx:
        tx.bury(7, CHEN.id, "KeyError('x')", {"kind": "text", "text": "x"})
    async with store.begin(NOW) as tx:
        [letter] = await tx.ask(dead_letters.updates)
        assert await tx.do(dead_letters.settle_update, letter.id, "dropped")
        assert not await tx.do(dead_letters.settle_update, letter.id, "retried")
        assert await tx.ask(dead_letters.updates) == []
        assert await tx.ask(AsyncConnection.scalar, select(t.dead_letters.c.outcome)) == "dropped"


async def test_only_what_is_dead_can_be_queued_again(store: Store):
    await owe(store, 1, "x")
    [owed] = await lease(store)
    async with store.begin(NOW) as tx:
        assert not await tx.do(dead_letters.queue_again, owed.id, NOW)
    await settle(store, Sent(owed=owed, outcome=Outcome.DEAD, error="BadRequest"))
    async with store.begin(NOW) as tx:
        assert [m.error for m in await tx.ask(dead_letters.messages)] == ["BadRequest"]
        assert await tx.do(dead_letters.queue_again, owed.id, NOW)
    assert [o.attempts for o in await lease(store)] == [1]


async def test_the_newest_of_those_that_replace_each_other(store: Store):
    for n in range(2):
        await owe(store, 1, f"a{n}", replaces="alert:x", values={"n": n})
        await lease(store)
    async with store.read(NOW) as tx:
        found = await tx.ask(said.newest_of, 1, "alert:x")
        assert found and found.values == {"n": 1}
        assert await tx.ask(said.newest_of, 2, "alert:x") is None


async def test_counting_what_is_stuck_reads_no_more_than_that(migrated_file: Path):
    store = Store.open(f"sqlite+aiosqlite:///{migrated_file}", KINDS)
    async with store.read(NOW) as tx:
        stuck = "SELECT state, count(*) FROM outbox WHERE state IN ('dead', 'parked') GROUP BY 1"
        plan = (await tx.ask(AsyncConnection.execute, text(f"EXPLAIN QUERY PLAN {stuck}"))).all()
    await store.close()
    assert "outbox_stuck" in str(plan)

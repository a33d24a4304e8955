"""What was done with long ago is thrown away in small steps; what is owed never."""

from datetime import datetime

from folk import CHEN, DAY, HOUR, NOW, A, filed, story
from shelf import keep, lease, owe, rows, send, settle, show_card
from sqlalchemy import Table

from workflows.core.engine.subject import Timer
from workflows.petition.store import erasure
from workflows.petition.words import ClockName
from workflows.store import Sent, Store, schedule, upkeep
from workflows.store import tables as t
from workflows.store.outbox import Outcome

WEEK = 7 * DAY


async def prune(store: Store, *, now: datetime = NOW + WEEK + HOUR, limit: int = 100) -> bool:
    async with store.begin(now) as tx:
        return await tx.do(upkeep.prune, now - WEEK, limit)


async def left(store: Store, table: Table, column: str) -> list[object]:
    return [row[column] for row in await rows(store, table)]


async def end(store: Store, key: str, outcome: Outcome, now: datetime = NOW) -> None:
    await owe(store, hash(key) % 1000 + 1, key, now=now)
    (owed,) = await lease(store, now)
    await settle(store, Sent(owed=owed, outcome=outcome, message_id=7), now=now)


async def test_messages_that_came_to_an_end_long_ago_go(store: Store):
    for outcome in (Outcome.SENT, Outcome.DEAD, Outcome.DROPPED):
        await end(store, outcome.value, outcome)
    await end(store, "yesterday", Outcome.SENT, NOW + WEEK)
    await prune(store)
    assert await left(store, t.outbox, "template") == ["yesterday"]


async def test_what_was_never_sent_is_owed_however_old_it_is(store: Store):
    await end(store, "parked", Outcome.PARKED)
    await owe(store, 2, "held", not_before=NOW + HOUR)
    await owe(store, 3, "queued")
    await prune(store)
    assert await left(store, t.outbox, "template") == ["parked", "held", "queued"]


async def test_what_was_parked_and_then_sent_is_as_old_as_its_sending(store: Store):
    await end(store, "parked", Outcome.PARKED)
    (row,) = await rows(store, t.outbox)
    async with store.begin(NOW + WEEK) as tx:
        await tx.prefetch([], [row["chat_id"]], [])
        await tx.unblock(row["chat_id"])
    await send(store, now=NOW + WEEK)
    await prune(store)
    assert await left(store, t.outbox, "state") == ["sent"]


async def test_a_reply_finds_its_ticket_when_the_messages_row_is_long_gone(store: Store):
    await keep(store, filed())
    await show_card(store, filed(), CHEN.id, message_id=77)
    await prune(store)
    assert await rows(store, t.outbox) == []
    async with store.read(NOW) as tx:
        found = await tx.subject_of_message(CHEN.id, 77)
    assert found and found.id == 1001


async def test_updates_and_dead_letters_go_after_their_time(store: Store):
    for update_id, at in ((1, NOW), (2, NOW + WEEK)):
        async with store.begin(at) as tx:
            tx.mark_seen(update_id)
            tx.bury(update_id, 1, "error", {})
    await prune(store)
    assert await left(store, t.seen_updates, "update_id") == [2]
    assert await left(store, t.dead_letters, "update_id") == [2]


async def test_a_timer_that_rang_goes_and_one_that_waits_stays(store: Store):
    await keep(store, filed())
    pending = await left(store, t.timers, "mark")
    rang = Timer(ticket_id=1001, clock=ClockName.RESPONSE, mark="50", due_at=NOW)
    async with store.begin(NOW) as tx:
        tx.fire(rang)
    await prune(store)
    assert len(await rows(store, t.timers)) == len(pending) - 1
    assert not any(await left(store, t.timers, "fired_at"))


async def test_a_step_is_small_and_says_whether_more_is_left(store: Store):
    for n in range(5):
        async with store.begin(NOW) as tx:
            tx.mark_seen(n + 1)
    assert await prune(store, limit=3)
    assert await left(store, t.seen_updates, "update_id") == [4, 5]
    assert not await prune(store, limit=3)


async def test_only_what_has_ended_loses_its_words_and_only_once(store: Store):
    await keep(store, filed(1001), story(A.WITHDRAW, ticket=filed(1002)))
    for expected in ([1002], []):
        async with store.begin(NOW + 400 * DAY) as tx:
            ids = await tx.ask(erasure.ids_to_erase, NOW + 35 * DAY, 10)
            assert ids == expected
            await tx.do(erasure.erase_tickets, ids, tx.now)


async def test_to_whose_end_its_resident_objects_keeps_its_words(store: Store):
    objected = story(A.DECLINE, A.OBJECT)
    await keep(store, objected, story(A.DECLINE, A.OBJECT, A.UPHOLD, ticket=filed(1002)))
    async with store.begin(NOW) as tx:
        assert await tx.ask(erasure.ids_to_erase, NOW + 35 * DAY, 10) == [1002]


async def test_two_processes_do_not_do_the_same_chore(store: Store, twin: Store):
    """SQLite's second writer waits and finds it done; PostgreSQL's passes it by."""
    async with store.begin(NOW) as tx:
        await tx.do(schedule.plan, "upkeep", NOW + HOUR, NOW)
    later = NOW + 2 * HOUR
    async with store.begin(later) as tx:
        assert await tx.ask(schedule.take, "upkeep", later) == NOW + HOUR
        async with twin.read(later) as other:
            found = await other.ask(schedule.take, "upkeep", later)
        assert found is None or store.engine.dialect.name == "sqlite"
        await tx.do(schedule.move, "upkeep", NOW + HOUR, NOW + DAY)
    async with twin.begin(later) as tx:
        assert await tx.ask(schedule.take, "upkeep", later) is None

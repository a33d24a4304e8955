"""The unit of work: all of it or nothing, and parts of it that can be dropped."""

import asyncio
import sqlite3

import pytest
from folk import CHEN, GRID, HOUR, LI, NOW, OTHER_GRID, WANG, filed
from shelf import PUSH, hire, keep, look_up, meet, owe, role, rows
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Role
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Attachment, Notice
from workflows.petition.lifecycle import A
from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.store import Store, Tx
from workflows.store import tables as t
from workflows.store.messages import chats

LEADER = role(Role.LEAD, GRID)


class DropError(Exception):
    """What makes an attempt fail."""


async def test_nothing_is_written_when_the_unit_of_work_fails(store: Store):  # F17
    with pytest.raises(DropError):
        async with store.begin(NOW) as tx:
            tx.put(filed(), ())
            tx.mark_seen(1)
            await tx.grant(WANG, LEADER, None)
            raise DropError
    assert await look_up(store, 1001) is None and await meet(store, WANG.id) is None
    assert await rows(store, t.seen_updates) == []


async def test_what_is_only_read_writes_nothing(store: Store):
    async with store.read(NOW) as tx:
        tx.put_person(CHEN)
        tx.put(filed(), ())
    assert await meet(store, CHEN.id) is None and await look_up(store, 1001) is None


async def test_what_is_put_is_seen_at_once(store: Store):
    async with store.begin(NOW) as tx:
        tx.put(filed(), ())
        tx.put_person(CHEN)
        tx.put_dialog(Dialog(person_id=1, station="s"))
        assert await tx.get(TICKETS, 1001) == filed()
        assert await tx.person(1) == CHEN
        assert (await tx.dialog(1)).station == "s"


async def everything(tx: Tx) -> None:
    """Use every way of writing there is."""
    tx.put_person(CHEN)
    tx.put_dialog(Dialog(person_id=1, station="s"))
    tx.put(filed(2000, followers=(1,), helpers=(2,)), ())
    tx.add_files(2000, [Attachment(kind="photo", file_id="f")], A.FILE, 1)
    tx.owe(Notice(to=1, template="x"), 1, "text", "k", NOW)
    tx.mark_seen(7)
    tx.bury(7, 1, "error", {"a": 1})
    await tx.next_id()
    await tx.grant(WANG, LEADER, None)
    await tx.invite("h" * 64, LEADER, None, NOW + HOUR)
    await tx.bind_group(-5, GRID)
    await tx.block(77)


WRITTEN = (
    t.people, t.dialogs, own.tickets, t.attachments, own.followers, own.helpers, t.outbox,
    t.seen_updates, t.dead_letters, t.memberships, t.invitations, t.chats,
)  # fmt: skip


async def test_everything_that_can_be_written_is(store: Store):
    async with store.begin(NOW) as tx, tx.attempt():
        await everything(tx)
    assert all([await rows(store, table) for table in WRITTEN])
    assert (await rows(store, t.counters))[0]["value"] == 1001


async def test_a_failed_attempt_drops_all_of_its_own_and_nothing_else(store: Store):
    async with store.begin(NOW) as tx:
        tx.mark_seen(1)
        with pytest.raises(DropError):
            async with tx.attempt():
                await everything(tx)
                raise DropError
        tx.mark_seen(2)
    written = {table.name: await rows(store, table) for table in WRITTEN}
    assert [row["update_id"] for row in written.pop("seen_updates")] == [1, 2]
    assert not any(written.values()), written
    assert (await rows(store, t.counters))[0]["value"] == 1000


async def test_between_two_good_attempts_a_bad_one_leaves_no_trace(store: Store):
    async with store.begin(NOW) as tx:
        for chat, fails in ((-1, False), (-2, True), (-3, False)):
            try:
                async with tx.attempt():
                    await tx.bind_group(chat, f"{GRID}/{chat}")
                    await tx.next_id()
                    if fails:
                        raise DropError
            except DropError:
                pass
    assert sorted(r["chat_id"] for r in await rows(store, t.chats)) == [-3, -1]
    assert (await rows(store, t.counters))[0]["value"] == 1002


async def test_a_failed_attempt_keeps_what_was_written_directly_before_it(store: Store):
    async with store.begin(NOW) as tx:
        await tx.grant(WANG, LEADER, None)
        with pytest.raises(DropError):
            async with tx.attempt():
                await tx.grant(LI, LEADER, None)
                raise DropError
    found = await meet(store, WANG.id)
    assert found and found.memberships == (LEADER,)
    assert await meet(store, LI.id) is None


async def test_an_attempt_that_broke_in_the_database_leaves_a_usable_transaction(store: Store):
    async with store.begin(NOW) as tx:
        with pytest.raises(Exception, match=r"(?i)unique"):
            async with tx.attempt():
                await tx.invite("h" * 64, LEADER, None, NOW)
                await tx.invite("h" * 64, LEADER, None, NOW)
        tx.put_person(CHEN)
    assert await meet(store, CHEN.id) == CHEN
    assert await rows(store, t.invitations) == []


# updates


async def test_a_seen_update_is_known_again(store: Store):  # F14
    async with store.begin(NOW) as tx:
        assert not tx.is_seen(5)
        tx.mark_seen(5)
        assert tx.is_seen(5)
    async with store.begin(NOW) as tx:
        await tx.prefetch([4, 5], [], [])
        assert (tx.is_seen(4), tx.is_seen(5)) == (False, True)
        tx.mark_seen(5)
    assert [r["update_id"] for r in await rows(store, t.seen_updates)] == [4, 5]


async def test_what_is_prefetched_is_handled_when_that_commits(store: Store):  # F14
    async with store.begin(NOW) as tx:
        await tx.prefetch([4, 5], [], [])
        assert not tx.is_seen(4)
    async with store.begin(NOW) as tx:
        await tx.prefetch([4, 5], [], [])
        assert tx.is_seen(4)
    assert [r["update_id"] for r in await rows(store, t.seen_updates)] == [4, 5]


async def test_two_that_claim_the_same_update_handle_it_once(store: Store, twin: Store):  # F14
    async def claim(desk: Store) -> bool:
        async with desk.begin(NOW) as tx:
            await tx.prefetch([7, 8], [], [])
            return tx.is_seen(7)

    assert sorted(await asyncio.gather(claim(store), claim(twin))) == [False, True]


async def test_update_ids_may_start_anywhere(store: Store):
    async with store.begin(NOW) as tx:
        for update_id in (2**31 + 5, 3):
            tx.mark_seen(update_id)
    assert [r["update_id"] for r in await rows(store, t.seen_updates)] == [3, 2**31 + 5]


async def test_an_update_that_failed_is_kept_as_it_came(store: Store):
    raw = {"message": {"text": "雨\n😀", "n": [1, None, True]}}
    async with store.begin(NOW) as tx:
        tx.bury(9, 1, "ValueError('x')", raw)
    (letter,) = await rows(store, t.dead_letters)
    assert (letter["update_id"], letter["raw"], letter["at"]) == (9, raw, NOW)


async def test_a_batch_is_prefetched(store: Store):
    await hire(store, CHEN, WANG)
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        await tx.prefetch([1], [CHEN.id, WANG.id, 404], [1001, 1002])
        assert set(tx.work.persons) == {CHEN.id, WANG.id, 404}
        assert await tx.person(404) is None
        assert tx.work.subjects == {1001: filed(), 1002: None}


async def test_an_empty_batch_is_fine(store: Store):
    async with store.begin(NOW) as tx:
        await tx.prefetch([], [], [])
    assert await rows(store, t.people) == []


# groups


async def group_of(store: Store, place: str) -> int | None:
    async with store.read(NOW) as tx:
        return await tx.group_of(place)


async def bind(store: Store, chat_id: int, place: str) -> None:
    async with store.begin(NOW) as tx:
        await tx.bind_group(chat_id, place)


async def test_one_group_a_grid_and_one_grid_a_group(store: Store):
    await bind(store, -1, GRID)
    await bind(store, -2, GRID)
    assert await group_of(store, GRID) == -2
    await bind(store, -2, OTHER_GRID)
    assert (await group_of(store, GRID), await group_of(store, OTHER_GRID)) == (None, -2)
    await bind(store, -2, "")
    assert await group_of(store, OTHER_GRID) is None


async def test_a_group_knows_its_grid(store: Store):
    await bind(store, -1, GRID)
    async with store.read(NOW) as tx:
        assert (await tx.ask(chats.place_of, -1), await tx.ask(chats.place_of, -2)) == (
            GRID,
            "",
        )


# several writers


async def test_two_writers_wait_for_each_other_instead_of_failing(store: Store, twin: Store):  # F23
    async def write(person_id: int, other: Store) -> None:
        async with other.begin(NOW) as tx:
            number = await tx.next_id()
            tx.put(filed(number), ())

    await asyncio.gather(*(write(n, (store, twin)[n % 2]) for n in range(8)))
    assert [r["id"] for r in await rows(store, own.tickets)] == list(range(1001, 1009))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # PostgreSQL locks rows
async def test_a_writer_waits_until_the_other_process_committed(store: Store, twin: Store):  # F23
    async with store.begin(NOW) as tx:
        await tx.person(CHEN.id)  # what it has read must still hold when it writes
        second = asyncio.create_task(owe(twin, 1, "second"))
        for _ in range(50):
            await asyncio.to_thread(int)  # a round trip each
        assert not second.done()
        tx.owe(Notice(to=1, template="first", priority=PUSH), 1, "text", "first", NOW)
    await second
    assert [r["template"] for r in await rows(store, t.outbox)] == ["first", "second"]


async def test_a_reader_is_not_kept_waiting_by_a_writer(store: Store):
    async with store.begin(NOW) as tx:
        tx.put_person(CHEN)
        await tx.next_id()
        assert await meet(store, CHEN.id) is None


async def test_what_was_to_be_written_is_in_no_error(store: Store):  # F58
    row = insert(t.people).values(id=CHEN.id, name="金丝雀", on_duty=False, last_place="")
    async with store.begin(NOW) as tx:
        await tx.ask(AsyncConnection.execute, row)
    with pytest.raises(IntegrityError) as caught:
        async with store.engine.begin() as conn:
            await conn.execute(row)
    assert "金丝雀" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_sqlite_is_as_safe_as_it_can_be(store: Store):
    async with store.engine.connect() as conn:
        found = {
            name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING


async def test_an_attempt_within_another_is_dropped_alone_and_with_it(store: Store):
    async with store.begin(NOW) as tx:
        with pytest.raises(DropError):
            async with tx.attempt():
                await tx.grant(LI, LEADER, None)
                async with tx.attempt():
                    await tx.grant(WANG, LEADER, None)
                raise DropError
        async with tx.attempt():
            await tx.grant(CHEN, LEADER, None)
            with pytest.raises(DropError):
                async with tx.attempt():
                    await tx.grant(WANG, LEADER, None)
                    raise DropError
    assert [row["person_id"] for row in await rows(store, t.memberships)] == [CHEN.id]

"""Two processes at the same moment: one effect, and nobody hears of it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from folk import BUILDING, CHEN, NOW, RULES, WANG, filed, said
from msgspec.structs import replace
from shelf import hire, keep, look_up, owe, role, rows
from sqlalchemy import event

from workflows.core.people import Role
from workflows.core.talk.messages import Incoming
from workflows.desk import Desk, Unreadable
from workflows.registry import WORKFLOWS
from workflows.store import ConflictError, Store, Tx
from workflows.store import tables as t
from workflows.store.engine.conflicts import retried

TIMES = 10  # a race is run so often


@pytest.fixture
def desks(store: Store, twin: Store) -> tuple[Desk, Desk]:
    """Two processes of one deployment."""
    return Desk(store, RULES, WORKFLOWS), Desk(twin, RULES, WORKFLOWS)


async def both(first: Awaitable[object], second: Awaitable[object]) -> None:
    await asyncio.gather(first, second)


def words(text: str, update_id: int, person_id: int) -> Incoming:
    message = said(text, message_id=update_id, person_id=person_id, chat_id=person_id)
    return replace(message, update_id=update_id)


async def drafts(store: Store) -> dict[int, list[str]]:
    """What each person has said so far."""
    found = await rows(store, t.dialogs)
    return {r["person_id"]: [p["text"] for p in r["body"]["draft"]["parts"]] for r in found}


async def test_an_update_that_comes_to_two_processes_counts_once(
    store: Store, desks: tuple[Desk, Desk]
):  # F14
    for n in range(TIMES):
        update, odd = (
            words("灯坏了", 100 + n, 500 + n),
            Unreadable(update_id=200 + n, error="", raw=0),
        )
        await both(*(desk.turn(NOW, [update]) for desk in desks))
        await both(*(desk.turn(NOW, [odd]) for desk in desks))
    assert await drafts(store) == {500 + n: ["灯坏了"] for n in range(TIMES)}
    assert len(await rows(store, t.seen_updates)) == 2 * TIMES
    buried = [r["update_id"] for r in await rows(store, t.dead_letters)]
    assert buried == [200 + n for n in range(TIMES)]


async def test_two_messages_of_a_stranger_at_once_are_both_kept(
    store: Store, desks: tuple[Desk, Desk]
):
    for n in range(TIMES):
        first, second = words("灯坏了", 100 + n, 500 + n), words("请快来", 200 + n, 500 + n)
        await both(desks[0].turn(NOW, [first]), desks[1].turn(NOW, [second]))
    kept = await drafts(store)
    assert [sorted(kept[500 + n]) for n in range(TIMES)] == [["灯坏了", "请快来"]] * TIMES


async def test_two_batches_in_the_opposite_order_do_not_stand_in_each_others_way(
    store: Store, desks: tuple[Desk, Desk]
):
    """On PostgreSQL each would wait for a row of the other's, which ends in a deadlock."""
    for n in range(TIMES):
        a, b = words("灯坏了", 100 + n, 500 + n), words("门坏了", 200 + n, 600 + n)
        await both(desks[0].turn(NOW, [a, b]), desks[1].turn(NOW, [b, a]))
    assert [len(said) for said in (await drafts(store)).values()] == [1] * 2 * TIMES


async def test_a_timer_due_in_two_processes_rings_once(store: Store, desks: tuple[Desk, Desk]):
    await hire(store, replace(WANG, memberships=(role(Role.PIONEER, BUILDING),)))
    await keep(store, *(filed(1001 + n) for n in range(TIMES)))
    soon = NOW + timedelta(hours=2, minutes=1)
    await both(*(desk.tick(soon) for desk in desks))
    actions = [(r["ticket_id"], r["action"], r["seq"]) for r in await rows(store, t.events)]
    assert len(actions) == len(set(actions)) > 0
    ticket = await look_up(store, 1001)
    # Who finds a timer rung meanwhile only counts the version up.
    assert ticket and ticket.version >= 1 + sum(1 for a in actions if a[0] == 1001)


async def test_messages_are_taken_and_settled_by_two_processes_at_once(
    store: Store, desks: tuple[Desk, Desk]
):  # F34
    for chat in range(TIMES):
        await owe(store, chat + 1, f"k{chat}", template="help")
    taken = await asyncio.gather(*(d.turn(NOW, is_allowed=lambda _: True) for d in desks))
    ids = [letter.owed.id for turn in taken for letter in turn.letters]
    assert len(ids) == len(set(ids)) == TIMES


class Contested(Store):
    """A store whose first commit comes too late."""

    _tries = 0

    @asynccontextmanager
    async def begin(self, now: datetime) -> AsyncIterator[Tx]:
        async with super().begin(now) as tx:
            yield tx
            self._tries += 1
            if self._tries == 1:
                raise ConflictError


async def test_a_place_in_the_pace_is_taken_once_however_often_it_is_tried(store: Store):
    asked: list[int] = []
    await owe(store, 1, "k", template="help")
    desk = Desk(Contested(store.engine, store.kinds), RULES, WORKFLOWS)
    letters = (await desk.turn(NOW, is_allowed=lambda chat_id: not asked.append(chat_id))).letters
    assert [letter.owed.chat_id for letter in letters] == asked == [1]


async def test_who_loses_every_time_is_told_in_the_end():
    tries: list[None] = []

    async def lose() -> None:
        tries.append(None)
        raise ConflictError

    with pytest.raises(ConflictError):
        await retried(lose, 10)
    assert len(tries) == 5


async def test_who_lost_after_a_long_wait_does_not_wait_again():  # F64
    """A lock that somebody holds: five times the patience would be none."""
    tries: list[None] = []

    async def wait() -> None:
        tries.append(None)
        raise ConflictError

    with pytest.raises(TimeoutError):
        await retried(wait, -1)
    assert len(tries) == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_locked_database_is_waited_for_and_tried_again(store: Store):  # F23
    """A backup or another command holds the file for longer than SQLite itself waits."""
    refused = asyncio.Event()
    event.listen(store.engine.sync_engine, "handle_error", lambda _: refused.set())
    async with store.engine.connect() as conn:  # the pool's one connection, impatient
        await conn.exec_driver_sql("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(str(store.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    receiving = asyncio.create_task(
        Desk(store, RULES, WORKFLOWS).turn(NOW, [words("灯坏了", 1, CHEN.id)])
    )
    await refused.wait()
    other.execute("ROLLBACK")
    other.close()
    await receiving
    assert await drafts(store) == {CHEN.id: ["灯坏了"]}

"""What cannot be handled stops nothing else, is tried no more, and the admins hear of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from chatting import Chat, Crew
from post import owe_card, rows
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.store import tables as own
from workflows.petition.words import Action
from workflows.store import tables as t

_ADMIN = 9001


async def admin_of(crew: Crew) -> Chat:
    stage = crew.stage
    stage.service.desk.admins = (_ADMIN,)
    chat = Chat(stage, await stage.phones.add_user("管理员", _ADMIN))
    await chat.start()
    await stage.service.desk.appoint_admins(stage.now)
    return chat


async def spoil(crew: Crew, ticket_id: int) -> None:
    """The row of a ticket holds what nobody can read."""
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        row = update(own.tickets).where(own.tickets.c.id == ticket_id)
        await tx.ask(AsyncConnection.execute, row.values(state="nonsense"))


async def test_a_timer_that_fails_rings_no_more_and_stops_no_other(crew: Crew):  # F28
    bad, good = await crew.accepted(), await crew.accepted("3号楼楼道灯不亮")
    admin = await admin_of(crew)
    await spoil(crew, bad.id)
    await admin.mark()
    await crew.stage.forward(hours=12)
    timers = await rows(crew.stage, t.timers)
    late = [r for r in timers if r["fired_at"] is None and r["due_at"] <= crew.stage.now]
    assert late == []
    assert Action.REMIND in {e.action for e in await good.events()}
    assert any("不会再提醒" in said for said in await admin.new())


async def test_a_card_that_cannot_be_composed_is_dead_and_holds_up_nobody(crew: Crew):  # F37
    bad, good = await crew.accepted(), await crew.accepted("3号楼楼道灯不亮")
    await spoil(crew, bad.id)
    await owe_card(crew.stage, crew.wang.id, bad.id)
    await crew.wang.mark()
    await owe_card(crew.stage, crew.wang.id, good.id)
    await crew.stage.settle()
    assert any("楼道灯" in said for said in await crew.wang.new())
    dead = [r for r in await rows(crew.stage) if r["state"] == "dead"]
    assert [r["ticket_id"] for r in dead] == [bad.id]


@contextmanager
def locked_once(crew: Crew, start: str) -> Iterator[list[str]]:
    """The first statement that begins so meets a lock; yields those that did."""
    met: list[str] = []
    engine = crew.stage.service.store.engine.sync_engine

    def meet(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(start) and not met:
            met.append(statement)
            raise OperationalError(statement, {}, sqlite3.OperationalError("database is locked"))

    event.listen(engine, "before_cursor_execute", meet)
    yield met
    event.remove(engine, "before_cursor_execute", meet)


async def test_a_lock_met_while_filing_begins_the_batch_anew(crew: Crew):  # F23
    with locked_once(crew, "SELECT counters") as met:
        walker = await crew.file()
    assert met and (await walker.ticket()).is_open
    assert len(await crew.chen.tickets()) == 1
    assert await rows(crew.stage, t.dead_letters) == []


async def test_a_lock_met_while_a_timer_rings_lets_it_ring_again(crew: Crew):  # F23, F28
    walker = await crew.accepted()
    due = await crew.stage.service.store.next_timer()
    assert due
    crew.stage.clock.set(due)
    with locked_once(crew, "SELECT tickets.id") as met:
        await crew.stage.service.desk.tick(due)
    assert met
    assert [e.action for e in await walker.events()].count(Action.REMIND) == 1

"""An update whose work cannot be written, for whatever reason, keeps nobody else's out: it becomes
a dead letter, and whom it came from hears so. A database that is away is waited for.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from casting import CHARGER, Cast
from post import full_disk, heard, listener, rows
from sqlalchemy import text, update
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.telegram import receive
from playground.stage.stage import Stage
from workflows.core.people import Role
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.tap import Tap
from workflows.desk import Desk
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import ConflictError, Store, Tx
from workflows.store import tables as t
from workflows.store.engine.conflicts import is_unwritable

LIGHT = "2号楼楼道灯不亮"


async def spoil_dialog(stage: Stage, person_id: int) -> None:
    """As another version may have left it: a form of another shape."""
    form = {"ticket_id": 1, "action": "resolve", "category": "", "needs": "text"}
    row = update(t.dialogs).where(t.dialogs.c.person_id == person_id)
    async with stage.service.store.begin(stage.now) as tx:
        body = {"person_id": person_id, "form": form}
        assert (await tx.ask(AsyncConnection.execute, row.values(body=body))).rowcount == 1


async def refuse(stage: Stage, table: str, when: str, why: str = "no") -> None:
    """Let the database refuse some rows of a table for good."""
    trigger = f"CREATE TRIGGER odd BEFORE INSERT ON {table} WHEN {when}"
    async with stage.service.store.begin(stage.now) as tx:
        await tx.ask(
            AsyncConnection.execute, text(f"{trigger} BEGIN SELECT RAISE(ABORT, '{why}'); END")
        )


def pressed(stage: Stage) -> Incoming:
    return Incoming(update_id=9, kind=Kind.PRESS, at=stage.now, person_id=1001, chat_id=1001,
                    callback_id="c", tap=Tap(kind="draft", subject="x", verb="submit"))  # fmt: skip


def message(person_id: int, said: str) -> dict[str, Any]:
    who = {"id": person_id, "first_name": "陈", "is_bot": False}
    chat = {"id": person_id, "type": "private"}
    return {"message_id": 1, "date": 1_795_000_000, "chat": chat, "from": who, "text": said}


async def failed(stage: Stage) -> list[int]:
    return [row["person_id"] for row in await rows(stage, t.dead_letters)]


async def test_who_has_a_dialog_that_nobody_can_read_keeps_no_one_out(cast: Cast):  # F61
    await cast.chen.send("你好")
    await cast.zhou.send("你好")
    await cast.stage.settle()
    await spoil_dialog(cast.stage, cast.chen.user_id)
    await cast.chen.send(CHARGER)
    await cast.zhou.send(LIGHT)
    await cast.stage.settle()
    assert "楼道灯" in (await heard(cast.zhou))[-1]
    assert "没有记下来" in (await heard(cast.chen))[-1]
    assert await failed(cast.stage) == [cast.chen.user_id]
    assert await cast.stage.phones.pending() == 0


@pytest.mark.parametrize("why", ["odd", "UNIQUE constraint failed: odd"])
async def test_what_the_database_refuses_for_good_is_kept_and_said(cast: Cast, why: str):  # F61
    await refuse(cast.stage, "dialogs", f"NEW.person_id = {cast.chen.user_id}", why)
    admin = await cast.stage.hire("管工", Role.ADMIN, "", 5901)
    await cast.chen.send(CHARGER)
    await cast.zhou.send(LIGHT)
    await cast.stage.settle()
    assert any("没有处理成功" in said for said in await heard(admin))
    assert "楼道灯" in (await heard(cast.zhou))[-1]
    assert "没有记下来" in (await heard(cast.chen))[-1]
    assert await failed(cast.stage) == [cast.chen.user_id]


async def test_what_could_not_be_read_is_kept_beside_it(on_stage: Stage):
    chen = await listener(on_stage, "陈师傅", 1001)
    await refuse(on_stage, "dialogs", "NEW.person_id = 1001")
    await chen.send(CHARGER)
    await on_stage.service.receiver.take([{"update_id": 7, "message": {"odd": 1}}])
    await on_stage.settle()
    assert sorted(await failed(on_stage)) == [0, 1001]


async def test_an_apology_that_cannot_be_written_either_is_left_out(cast: Cast):  # F61
    await refuse(cast.stage, "outbox", f"NEW.chat_id = {cast.chen.user_id}")
    before = await heard(cast.chen)
    await cast.chen.send(CHARGER)
    await cast.zhou.send(LIGHT)
    await cast.stage.settle()
    assert "楼道灯" in (await heard(cast.zhou))[-1] and await heard(cast.chen) == before
    assert await failed(cast.stage) == [cast.chen.user_id]
    assert await cast.stage.phones.pending() == 0


async def test_a_disk_that_fills_up_meanwhile_is_waited_for(cast: Cast):  # F24, F61
    desk, now = cast.stage.service.desk, cast.stage.now
    said = pressed(cast.stage)
    async with full_disk(cast.stage):
        with pytest.raises(DatabaseError):
            await desk.bury(said, ValueError("odd"), now)
    assert await failed(cast.stage) == []
    [toast] = await desk.bury(said, ValueError("odd"), now)
    assert toast.callback_id == "c" and await failed(cast.stage) == [1001]
    assert await desk.bury(said, ValueError("odd"), now) == []  # another process did
    assert await failed(cast.stage) == [1001]


class Away(Store):
    """A database that cannot be reached."""

    @asynccontextmanager
    async def begin(self, now: datetime) -> AsyncIterator[Tx]:
        raise ConnectionResetError
        yield


class Failing:
    """A desk whose turns fail, one after the other, for these reasons."""

    def __init__(self, store: Store, *errors: Exception) -> None:
        self.store = store
        self.errors = [*errors]

    async def turn(self, *_: object) -> None:
        raise self.errors.pop(0)


async def test_a_database_that_goes_away_meanwhile_is_waited_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):  # F61
    """Nothing is given up, and nothing confirmed: Telegram brings all of it again."""
    stage = cast.stage
    desk = Desk(Away(stage.service.store.engine, KINDS), stage.service.desk.rules, WORKFLOWS)
    with pytest.raises(ConnectionResetError):
        await desk.bury(pressed(stage), ValueError("odd"), stage.now)
    monkeypatch.setattr(receive, "BATCH", 1)
    raw = {"update_id": 9, "message": message(1001, "灯坏了")}
    failing: Any = Failing(desk.store, ValueError("odd"), ConnectionResetError())
    monkeypatch.setattr(stage.service.receiver, "desk", failing)
    with pytest.raises(ConnectionResetError):
        await stage.service.receiver.take([raw])
    assert failing.errors == []


class Told(Exception):
    """An error as asyncpg says it."""

    def __init__(self, code: str) -> None:
        self.sqlstate = code


def misfit() -> Exception:
    """What asyncpg itself refuses to send."""
    orig = Told("")
    orig.__cause__ = ValueError("out of range")
    return InterfaceError("", {}, orig)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("odd"), True),
        (DBAPIError("", {}, Told("22001")), True),  # too long
        (DBAPIError("", {}, Told("23514")), True),  # a check
        (DBAPIError("", {}, Told("P0001")), True),  # a trigger
        (DBAPIError("", {}, Told("53100")), False),  # the disk
        (DBAPIError("", {}, Told("57P01")), False),  # the server goes
        (misfit(), True),
        (DataError("", {}, sqlite3.DataError("string or blob too big")), True),
        (StatementError("", "", {}, ValueError()), True),
        (PendingRollbackError(), False),
        (IntegrityError("", {}, sqlite3.IntegrityError("CHECK")), True),
        (OperationalError("", {}, sqlite3.OperationalError("disk is full")), False),
        (InterfaceError("", {}, OSError()), False),
        (PoolTimeout(), False),
        (TimeoutError(), False),
        (ConnectionResetError(), False),
        (ConflictError(), False),
    ],
)
def test_only_what_would_fail_again_is_given_up(error: Exception, *, expected: bool):
    assert is_unwritable(error) is expected

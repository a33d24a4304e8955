"""The doctor: what is well, what is not, what to do; and a damaged database is never run on."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import structlog
from casting import Cast
from folk import NOW
from msgspec.structs import replace
from post import listener, owe, rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import WebhookInfo
from walking import Walker

from bot.__main__ import main
from bot.config.settings import Settings
from bot.endings import EXIT_DATABASE
from bot.ops import doctor
from bot.ops.doctor import Level
from bot.service import Service
from playground.stage.stage import Stage
from workflows.registry import KINDS
from workflows.store import BrokenDatabaseError, Queue, Store, integrity
from workflows.store.engine.snapshot import file_of
from workflows.store.integrity import Engine

WELL = Queue(sendable=0, oldest=None, parked=0, dead=0, letters=0, timers=0, latest_timer=None)


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """A command sets the logs up for a stderr that is closed afterwards."""
    yield
    structlog.reset_defaults()


async def examined(stage: Stage) -> dict[str, doctor.Finding]:
    """Everything the doctor finds, by name, at the stage's moment."""
    found = {}
    async for finding in doctor._database(stage.settings, stage.now):
        found[finding.name] = finding
    async for finding in doctor._telegram(stage.service.settings):
        found[finding.name] = finding
    return found


async def test_a_bot_that_is_well_has_nothing_to_be_told(on_stage: Stage):
    await on_stage.service.poller.step(0)
    await on_stage.service.monitor.look(on_stage.now)
    found = await examined(on_stage)
    assert {f.level for name, f in found.items() if name != "roster"} == {Level.OK}
    assert found["database"].told == "intact" and "polling" in found["updates"].told
    assert "journal wal, synchronous FULL" in found["durability"].told


async def test_what_is_owed_dead_and_late_is_counted(cast: Cast):
    await Walker.file(cast, "3号楼下充电桩坏了")
    await owe(cast.stage, cast.chen.user_id, "你好")
    async with cast.stage.service.store.begin(cast.stage.now) as tx:
        tx.bury(7, 1001, "KeyError('x')", {})
        await tx.ask(
            AsyncConnection.execute, text("UPDATE outbox SET state = 'dead' WHERE state = 'sent'")
        )
    cast.stage.clock.advance(7200)
    found = await examined(cast.stage)
    levels = {name: found[name].level for name in ("outbox", "dead", "timers")}
    assert levels == {"outbox": Level.BAD, "dead": Level.WARN, "timers": Level.BAD}
    assert "1 to send, the oldest for 2 h" in found["outbox"].told
    assert "1 updates: `haitang dead-letters`" in found["dead"].told


async def test_the_doctor_writes_nothing(on_stage: Stage):
    path = file_of(on_stage.settings.database.url)
    assert path
    before = path.read_bytes()
    await examined(on_stage)
    assert path.read_bytes() == before


async def test_rows_that_refer_to_nothing_are_told(cast: Cast):
    """A ticket that somebody deleted in SQLite's own shell, where no key is looked at."""
    ticket = await Walker.file(cast, "3号楼下充电桩坏了")
    assert (await examined(cast.stage))["database"].level is Level.OK
    with closing(sqlite3.connect(str(file_of(cast.stage.settings.database.url)))) as db, db:
        db.execute("DELETE FROM subjects WHERE id = ?", (ticket.id,))
    found = (await examined(cast.stage))["database"]
    assert found.level is Level.WARN and "refer to nothing" in found.told


@pytest.mark.parametrize(
    ("minutes", "level"), [(None, Level.WARN), (1, Level.OK), (5, Level.WARN), (20, Level.BAD)]
)
def test_the_last_poll_is_judged_by_its_age(minutes: int | None, level: Level):
    at = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert doctor.polled(at, NOW).level is level


@pytest.mark.parametrize(("minutes", "level"), [(1, Level.OK), (10, Level.WARN), (90, Level.BAD)])
def test_the_outbox_is_judged_by_its_oldest(minutes: int, level: Level):
    queue = replace(WELL, sendable=3, oldest=NOW - timedelta(minutes=minutes))
    assert next(iter(doctor.owed(queue, NOW))).level is level


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, Level.OK), (-20, Level.WARN), (90, Level.BAD), (-7200, Level.BAD)]
)
def test_the_clock_is_judged_by_how_far_it_is_off(seconds: float, level: Level):
    assert doctor.skew(seconds).level is level


def at_port(settings: Settings, port: int) -> Settings:
    told = {"base_url": f"http://127.0.0.1:{port}/bot"}
    return settings.model_copy(update={"telegram": settings.telegram.model_copy(update=told)})


async def test_the_clock_is_compared_with_the_date_that_the_server_sends(settings: Settings):
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        date = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
        writer.write(f"HTTP/1.1 404 Not Found\r\nDate: {date}\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await doctor._clock(at_port(settings, port))
    assert found.level is Level.BAD and "2 h behind" in found.told
    found = await doctor._clock(at_port(settings, port))
    assert found.level is Level.WARN and "cannot be reached" in found.told


@pytest.mark.parametrize(("journal", "level"), [("delete", Level.BAD), ("wal", Level.OK)])
def test_a_commit_that_a_power_cut_could_lose_is_bad(journal: str, level: Level):
    engine = Engine(name="SQLite", version="3.46", journal=journal, synchronous="FULL")
    assert doctor.durability(engine).level is level
    assert doctor.durability(Engine(name="PostgreSQL", version="17")).level is Level.OK


@pytest.mark.parametrize(
    ("mode", "url", "error", "level"),
    [
        ("polling", "", None, Level.OK),
        ("polling", "https://elsewhere", None, Level.BAD),
        ("webhook", "", None, Level.BAD),
        ("webhook", "https://here", None, Level.OK),
        ("webhook", "https://here", "Connection refused", Level.WARN),
    ],
)
def test_the_webhook_is_held_against_the_mode(mode: str, url: str, error: str | None, level: Level):
    info = WebhookInfo(url=url, has_custom_certificate=False, pending_update_count=3,
                       last_error_message=error)  # fmt: skip
    assert doctor.hook(info, mode, "https://here").level is level


async def test_a_token_that_telegram_does_not_know_is_bad_and_not_repeated(on_stage: Stage):
    """# F13, F58"""
    await on_stage.phones.revoke()
    finding = (await examined(on_stage))["token"]
    assert finding.level is Level.BAD
    assert on_stage.service.settings.telegram.token.get_secret_value() not in str(finding)


def test_a_backup_is_missed_only_where_there_should_be_one(settings: Settings, tmp_path: Path):
    assert doctor.backups(settings, NOW).level is Level.WARN
    part = settings.backup.model_copy(update={"folder": str(tmp_path)})
    configured = settings.model_copy(update={"backup": part})
    assert "none yet" in doctor.backups(configured, NOW).told
    (tmp_path / NOW.strftime("haitang-%Y%m%dT%H%M%SZ.db")).touch()
    assert doctor.backups(configured, NOW + timedelta(hours=30)).level is Level.OK
    assert doctor.backups(configured, NOW + timedelta(hours=49)).level is Level.BAD


# F25


def _damage(path: Path) -> None:
    """Scribble over the pages after the first."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xde\xad" * 8192)


async def _damaged(settings: Settings) -> Path:
    path = file_of(settings.database.url)
    assert path
    store = Store.open(settings.database.url, KINDS)
    async with store.engine.begin() as conn:
        await conn.execute(text("PRAGMA user_version = 1"))
    await store.close()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    _damage(path)
    return path


async def test_a_damaged_database_is_refused_before_anything_is_written(settings: Settings):
    """# F25"""
    path = await _damaged(settings)
    before = path.read_bytes()
    service = Service(settings)
    with pytest.raises(BrokenDatabaseError):
        await service.start()
    await service.close()
    assert path.read_bytes() == before


async def _large(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database that counts as large, damaged in the middle of a table."""
    path = file_of(settings.database.url)
    assert path
    store = Store.open(settings.database.url, KINDS)
    await store.migrate()
    async with store.begin(NOW) as tx:
        for number in range(4000):
            tx.bury(number, 1, "KeyError", {"kind": "text"})
    await store.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 100 * 4096)
        file.write(b"\xde\xad" * 4096)
    monkeypatch.setattr(integrity, "_SOON_READ", 0)
    return path


async def test_a_large_database_is_looked_through_beside_the_work(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """# F25: closed properly, it is only glanced at by the start; what is found ends the bot."""
    await _large(settings, monkeypatch)
    service = Service(settings)
    service.monitor.is_checked = await service.store.check()
    assert not service.monitor.is_checked
    with pytest.raises(BrokenDatabaseError):
        await service.monitor.run_check()
    assert service.monitor.last_cry
    await service.close()


async def test_after_a_kill_a_large_database_is_read_whole_before_anything_is_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """# F25: the log that is left beside it says so."""
    path = await _large(settings, monkeypatch)
    with closing(sqlite3.connect(path)) as killed:
        killed.execute("PRAGMA journal_mode = WAL")
        killed.execute("PRAGMA user_version = 1")
        service = Service(settings)
        with pytest.raises(BrokenDatabaseError):
            await service.start()
        await service.close()


async def test_a_glance_sees_damage_where_the_next_rows_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """# F25"""
    await _damaged(settings)
    monkeypatch.setattr(integrity, "_SOON_READ", 0)
    service = Service(settings)
    with pytest.raises(BrokenDatabaseError):
        await service.start()
    await service.close()


@pytest.mark.parametrize("content", [b"no database at all" * 500, None])
def test_run_ends_with_its_own_code_and_a_hint(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    content: bytes | None,
):  # fmt: skip
    """# F25: scribbled over, or no database file at all."""
    path = file_of(settings.database.url)
    assert path
    asyncio.run(_damaged(settings)) if content is None else path.write_bytes(content)
    monkeypatch.setenv("HAITANG_DATABASE__URL", settings.database.url)
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", f"100:{'x' * 35}")
    example = Path(__file__).parents[3] / "config.example.toml"
    assert main(["run", "--config", str(example)]) == EXIT_DATABASE == 4
    assert "haitang restore" in capsys.readouterr().err


def test_the_doctor_prints_a_line_each_and_exits_with_the_worst(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HAITANG_DATABASE__URL", settings.database.url)
    monkeypatch.setenv("HAITANG_TELEGRAM__TOKEN", "100:canary")
    monkeypatch.setenv("HAITANG_TELEGRAM__BASE_URL", "http://127.0.0.1:9/bot")
    example = Path(__file__).parents[3] / "config.example.toml"
    assert main(["doctor", "--config", str(example)]) == Level.BAD == 2  # no Telegram
    told = capsys.readouterr().out
    assert len(told.splitlines()) == 17 and "canary" not in told
    assert all(re.match(r"(ok|warn|bad) +\w+ +\S", line) for line in told.splitlines())


async def test_a_heartbeat_outlives_the_bot(on_stage: Stage):
    chen = await listener(on_stage, "陈师傅", 1001)
    await chen.send_sticker()
    await on_stage.settle()
    await on_stage.service.monitor.look(on_stage.now)
    heard = await on_stage.service.store.last_beat("poll")
    await on_stage.restart()
    assert heard and on_stage.service.poller.heard_at == heard
    assert await rows(on_stage)


def test_what_does_not_add_up_in_a_workflow_is_named():
    found = doctor.sound(["service: 7 has no cause"] * 12)
    assert found.level is Level.BAD and "has no cause" in found.told and "2 more" in found.told
    assert doctor.sound([]).level is Level.OK

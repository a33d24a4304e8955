"""Backups while the bot writes, and the way back."""

import asyncio
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from casting import Cast
from folk import EXAMPLE, NOW, filed
from post import rows
from shelf import keep, look_up
from test_private_files import INVITE, haitang
from walking import Walker

from bot.__main__ import main
from bot.config.settings import Backup, Settings
from bot.ops import backup
from bot.ops.monitor import beside
from playground.stage.stage import Stage
from workflows.petition.store.kept import TICKETS
from workflows.registry import KINDS
from workflows.store import Store, timeline
from workflows.store.engine.snapshot import SnapshotError, copy, file_of

PETITION = filed()


def part_in(folder: Path, **other: float) -> Backup:
    return Backup(folder=str(folder), **other)


def on(settings: Settings, folder: Path) -> Settings:
    url = f"sqlite+aiosqlite:///{folder}/restored.db"
    return settings.model_copy(
        update={"database": settings.database.model_copy(update={"url": url})}
    )


async def test_everything_told_before_a_backup_is_in_it(cast: Cast, tmp_path: Path):
    """# F21, invariant 1: drilled while residents go on filing."""
    url = cast.stage.settings.database.url
    told = [await Walker.file(cast, f"3号楼下充电桩坏了，第{n}次") for n in range(3)]
    busy = asyncio.create_task(_write_on(cast.stage.service.store))
    await asyncio.sleep(0.05)
    path = await asyncio.to_thread(backup.make, url, part_in(tmp_path / "b"), cast.stage.now)
    busy.cancel()
    restored = on(cast.stage.settings, tmp_path / "new")
    backup.restore(restored.database.url, path)
    store = Store.open(restored.database.url, KINDS)
    await store.check()
    async with store.read(cast.stage.now) as tx:
        for walker in told:
            assert await tx.get(TICKETS, walker.id) == await walker.ticket()
            assert await tx.ask(timeline.is_chained, walker.id)
    await store.close()


async def _write_on(store: Store) -> None:
    """One commit after the other, for ever."""
    update_id = 10_000
    while True:
        update_id += 1
        async with store.begin(NOW) as tx:
            tx.mark_seen(update_id)
            tx.bury(update_id, 0, "x" * 500, {"x": "y" * 2000})


async def test_a_backup_holds_up_no_writer(on_stage: Stage, tmp_path: Path):
    """Commits go on while the copy is made: none waits as long as the copy takes."""
    store, url = on_stage.service.store, on_stage.settings.database.url
    async with store.begin(NOW) as tx:
        for n in range(4000):
            tx.bury(n, 0, "x" * 500, {"x": "y" * 8000})
    making = asyncio.create_task(
        asyncio.to_thread(backup.make, url, part_in(tmp_path / "b"), on_stage.now)
    )
    waits = []
    while not making.done():
        began = monotonic()
        async with store.begin(NOW) as tx:
            tx.mark_seen(50_000 + len(waits))
        waits.append(monotonic() - began)
        await asyncio.sleep(0)
    made = await making
    assert len(waits) > 3 and max(waits) < 2.0
    assert sqlite3.connect(made).execute("SELECT count(*) FROM dead_letters").fetchone() == (4000,)


def test_a_backup_is_private_whole_and_alone(settings: Settings, tmp_path: Path):
    path = backup.make(settings.database.url, part_in(tmp_path / "b"), NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_only_the_newest_are_kept(settings: Settings, tmp_path: Path):
    part = part_in(tmp_path, keep=2)
    moments = [NOW + timedelta(days=n) for n in range(4)]
    made = [backup.make(settings.database.url, part, moment) for moment in moments]
    assert sorted(tmp_path.glob("haitang-*")) == made[-2:]


def test_a_damaged_copy_never_counts(settings: Settings, tmp_path: Path):
    """# F21: what there was stays."""
    good = backup.make(settings.database.url, part_in(tmp_path / "b"), NOW)
    path = file_of(settings.database.url)
    assert path
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xde\xad" * 8192)
    with pytest.raises(SnapshotError):
        backup.make(settings.database.url, part_in(tmp_path / "b"), NOW + timedelta(days=1))
    assert list((tmp_path / "b").glob("*.db")) == [good]


def test_a_copy_of_a_newer_haitang_is_refused(settings: Settings, tmp_path: Path):
    """# F26"""
    path = file_of(settings.database.url)
    assert path
    with sqlite3.connect(path) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.close()
    with pytest.raises(SnapshotError, match="9999"):
        copy(path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


_KILLED = """
import sys, os, signal
from pathlib import Path
from workflows.store.engine import snapshot
snapshot._check = lambda _: os.kill(os.getpid(), signal.SIGKILL)
snapshot.copy(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_killed_in_the_middle_leaves_only_a_part(settings: Settings, tmp_path: Path):
    """# F21: and the next one is as good as ever."""
    folder, part = tmp_path / "b", part_in(tmp_path / "b")
    old = backup.make(settings.database.url, part, NOW)
    before, path = old.read_bytes(), file_of(settings.database.url)
    target = folder / (NOW + timedelta(days=1)).strftime(backup._PATTERN)
    line = [sys.executable, "-c", _KILLED, str(path), str(target)]
    ended = subprocess.run(line, check=False, cwd=Path(__file__).parents[3])
    assert ended.returncode == -signal.SIGKILL
    assert sorted(p.name for p in folder.iterdir()) == [old.name, f"{target.name}.part"]
    assert old.read_bytes() == before
    again = backup.make(settings.database.url, part, NOW + timedelta(days=1))
    assert sorted(folder.iterdir()) == [old, again]


def test_a_restore_never_writes_over_a_database(settings: Settings, tmp_path: Path):
    made = backup.make(settings.database.url, part_in(tmp_path / "b"), NOW)
    with pytest.raises(SnapshotError, match="move away first"):
        backup.restore(settings.database.url, made)


def test_postgresql_is_told_its_own_tool(tmp_path: Path):
    url = "postgresql+asyncpg://u@h/d"
    with pytest.raises(SnapshotError, match="pg_dump"):
        backup.make(url, part_in(tmp_path), NOW)
    with pytest.raises(SnapshotError, match="pg_restore"):
        backup.restore(url, tmp_path / "x")


async def test_the_bot_backs_up_by_itself_when_it_is_time(on_stage: Stage, tmp_path: Path):
    part = part_in(tmp_path / "b", every_hours=6)
    on_stage.settings = on_stage.settings.model_copy(update={"backup": part})
    await on_stage.restart()
    found = []
    for hours in (0, 1, 4, 2):
        on_stage.clock.advance(hours * 3600)
        await on_stage.service.monitor.back_up(on_stage.now)
        found.append(len(list((tmp_path / "b").glob("*.db"))))
    assert found == [1, 1, 1, 2]


async def test_a_backup_that_fails_is_told_once_an_hour_and_stops_nothing(
    on_stage: Stage, tmp_path: Path
):
    (tmp_path / "b").write_text("a file where the folder should be")
    changed = {"backup": part_in(tmp_path / "b"), "admins": (9001,)}
    on_stage.settings = on_stage.settings.model_copy(update=changed)
    await on_stage.restart()
    for _ in range(3):
        await on_stage.service.monitor.back_up(on_stage.now)
        on_stage.clock.advance(60)
    [told] = [r for r in await rows(on_stage) if r["template"] == "alert_backup"]
    assert told["body"]["values"]["count"] == 1


def test_the_command_copies_and_puts_back(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    for name in [n for n in os.environ if n.startswith("HAITANG_")]:
        monkeypatch.delenv(name)
    with_config = ["--config", str(EXAMPLE)]
    monkeypatch.setenv("HAITANG_DATABASE__URL", settings.database.url)
    asyncio.run(_keep(settings.database.url))
    assert main(["backup", str(tmp_path / "b"), *with_config]) == 0
    [made] = (tmp_path / "b").glob("*.db")
    assert str(made) in capsys.readouterr().out
    fresh = f"sqlite+aiosqlite:///{tmp_path}/fresh/haitang.db"
    monkeypatch.setenv("HAITANG_DATABASE__URL", fresh)
    assert main(["restore", str(made), *with_config]) == 0
    assert main(["restore", str(made), *with_config]) == 1  # it is there now
    assert asyncio.run(_title(fresh)) == PETITION.text


async def _keep(url: str) -> None:
    store = Store.open(url, KINDS)
    await keep(store, PETITION)
    await store.close()


async def _title(url: str) -> str:
    store = Store.open(url, KINDS)
    found = await look_up(store, PETITION.id)
    await store.close()
    assert found
    return found.text


async def test_a_backup_holds_up_no_end():
    """# F22: the process is not kept alive for it; what it leaves is a `.part`."""
    lasts = threading.Event()
    making = asyncio.create_task(beside(lasts.wait))
    await asyncio.sleep(0)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert [t.daemon for t in threading.enumerate() if t.name.endswith("(run)")] == [True]
    lasts.set()


async def test_what_goes_wrong_beside_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        await beside(lambda: 1 // 0)


def test_a_backup_in_a_clone_is_none_of_gits_business(tmp_path: Path):
    """Where nothing is said, it stands beside the database, which git does not look into."""
    clone = tmp_path / "haitang"
    clone.mkdir()
    shutil.copy(EXAMPLE.parent / ".gitignore", clone)
    subprocess.run(["git", "init", "--quiet", "."], cwd=clone, check=True)
    for command in (INVITE, ("backup",)):
        assert haitang(clone, 0o022, *command).returncode == 0
    assert [*clone.glob("data/deep/backups/haitang-*.db")]
    told = subprocess.run(["git", "status", "--porcelain", "--untracked-files=all"], cwd=clone,
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert told.stdout == "?? .gitignore\n"


def test_what_holds_secrets_or_is_made_in_a_clone_is_ignored_by_git(tmp_path: Path):
    names = ["config.toml", "deploy/config.toml", "deploy/token", "backups/a.db", "data/a.db.lock",
             "stations.html"]  # fmt: skip
    shutil.copy(EXAMPLE.parent / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "--quiet", "."], cwd=tmp_path, check=True)
    told = subprocess.run(["git", "check-ignore", *names], cwd=tmp_path, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert told.stdout.split() == names

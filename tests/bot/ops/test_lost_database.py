"""A database that is gone is never begun anew in silence: numbers would be given twice."""

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from test_private_files import INVITE, environment, haitang, line

from bot.config.settings import Settings
from bot.endings import EXIT_LOST
from bot.ops.doctor import Level, examine
from workflows.registry import KINDS
from workflows.store import LostDatabaseError, Store
from workflows.store.engine.founding import lost
from workflows.store.engine.owner import beside


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database and one backup of it, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    assert haitang(folder, 0o022, *INVITE).returncode == 0
    assert haitang(folder, 0o022, "backup").returncode == 0
    return folder


@pytest.fixture
def kept(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "kept")
    return tmp_path / "kept"


def database(folder: Path) -> Path:
    return folder / "data/deep/haitang.db"


def all_moved_away(folder: Path) -> None:
    for path in beside(database(folder)):
        path.unlink(missing_ok=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in database(folder).parent.iterdir() if p.is_file()}


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    db.close()


def only_the_log(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}-wal"))


RUN = ("run",)
TRIED = [(RUN, emptied), (RUN, foreign), (RUN, only_the_log), (RUN, Path.unlink),
         (INVITE, emptied), (("dead-letters",), emptied)]  # fmt: skip


@pytest.mark.parametrize(("command", "lose"), TRIED)
def test_it_is_refused_with_the_backup_to_restore(kept: Path, command: tuple[str, ...], lose):
    lose(database(kept))
    before = contents(kept)
    ended = haitang(kept, 0o022, *command)
    [copy] = kept.glob("data/deep/backups/*.db")
    assert ended.returncode == EXIT_LOST and "Traceback" not in ended.stderr
    assert f"haitang restore data/deep/backups/{copy.name}" in ended.stderr
    assert contents(kept) == before


def test_a_backup_that_an_older_version_made_is_found_where_it_put_it(kept: Path):
    [copy] = kept.glob("data/deep/backups/*.db")
    (kept / "backups").mkdir()
    copy.rename(kept / "backups" / copy.name)
    database(kept).unlink()
    assert f"haitang restore backups/{copy.name}" in haitang(kept, 0o022, "run").stderr


def test_restored_as_told_it_goes_on(kept: Path):
    emptied(database(kept))
    [copy] = kept.glob("data/deep/backups/*.db")
    assert haitang(kept, 0o022, "restore", str(copy)).returncode == 1  # not over what is there
    all_moved_away(kept)
    assert haitang(kept, 0o022, "restore", str(copy)).returncode == 0
    assert haitang(kept, 0o022, *INVITE).returncode == 0


def test_with_no_backup_it_says_so_and_how_to_begin_anew(kept: Path):
    [copy] = kept.glob("data/deep/backups/*.db")
    copy.unlink()
    emptied(database(kept))
    ended = haitang(kept, 0o022, "run")
    assert ended.returncode == EXIT_LOST and "no backup was found" in ended.stderr
    all_moved_away(kept)
    assert haitang(kept, 0o022, *INVITE).returncode == 0


def test_no_file_at_all_is_a_new_one(tmp_path: Path):
    assert haitang(tmp_path, 0o022, *INVITE).returncode == 0
    assert [p.name for p in database(tmp_path).parent.iterdir()] == ["haitang.db"]


def test_of_several_first_starts_at_once_one_makes_it(tmp_path: Path):
    """And all go on with that one."""
    begun = [
        subprocess.Popen(line(*INVITE), cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [one.wait(60) for one in begun] == [0, 0, 0]
    assert [p.name for p in database(tmp_path).parent.iterdir()] == ["haitang.db"]
    with sqlite3.connect(database(tmp_path)) as db:
        assert db.execute("SELECT count(*) FROM invitations").fetchone() == (3,)
    db.close()


async def test_the_store_itself_refuses_too(tmp_path: Path):  # F25
    emptied(tmp_path / "haitang.db")
    store = Store.open(f"sqlite+aiosqlite:///{tmp_path}/haitang.db", KINDS)
    with pytest.raises(LostDatabaseError, match="0 bytes"):
        await store.migrate()
    await store.close()


async def test_doctor_says_it_is_gone(settings: Settings, tmp_path: Path):
    emptied(tmp_path / "haitang.db")
    found = {finding.name: finding for finding in await examine(settings)}
    assert found["database"].level is Level.BAD and "0 bytes" in found["database"].told


def test_what_cannot_be_read_at_all_is_not_called_lost(tmp_path: Path):
    """It is damaged, which has its own advice."""
    (tmp_path / "haitang.db").write_bytes(b"not a database" * 500)
    assert lost(tmp_path / "haitang.db") == ""

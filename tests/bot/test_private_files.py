"""What residents wrote is in files for their owner alone, whoever makes them and with any umask."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from folk import EXAMPLE, NOW

from bot.config.settings import Backup, Settings
from bot.ops import backup, doctor
from bot.ops.doctor import Level
from bot.service import Service
from workflows.store.engine.owner import close_to_others, make_folder

ROOT = Path(__file__).parents[2]
URL = "sqlite+aiosqlite:///data/deep/haitang.db"
TOKEN = "100:no-telegram-here"
UMASKS = [0o022, 0o000]


def environment(url: str = URL) -> dict[str, str]:
    """Nobody answers where Telegram should be."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HAITANG_")}
    return kept | {
        "PYTHONPATH": str(ROOT), "HAITANG_DATABASE__URL": url, "HAITANG_TELEGRAM__TOKEN": TOKEN,
        "HAITANG_TELEGRAM__BASE_URL": "http://127.0.0.1:9/bot",
    }  # fmt: skip


def line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments, "--config", str(EXAMPLE)]


def haitang(folder: Path, umask: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        line(*arguments), cwd=folder, umask=umask, env=environment(), check=False,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def too_open(folder: Path) -> list[str]:
    """Whatever others may do anything with, below a folder."""
    return [str(p) for p in folder.rglob("*") if stat.S_IMODE(p.stat().st_mode) & 0o077]


INVITE = ("invite", "--role", "lead", "--place", "南环一/1网格")


@pytest.mark.parametrize("umask", UMASKS)
def test_every_command_makes_its_files_for_their_owner_alone(tmp_path: Path, umask: int):  # F63
    assert haitang(tmp_path, umask, *INVITE).returncode == 0
    assert haitang(tmp_path, umask, "backup", "copies/daily").returncode == 0
    assert haitang(tmp_path, umask, "doctor").returncode == 2  # no Telegram
    [made] = tmp_path.glob("copies/daily/*.db")
    (tmp_path / "data/deep/haitang.db").rename(tmp_path / "away.db")
    assert haitang(tmp_path, umask, "restore", str(made)).returncode == 0
    assert (tmp_path / "data/deep/haitang.db").is_file() and too_open(tmp_path) == []


@pytest.mark.parametrize("umask", UMASKS)
def test_a_running_bot_does_too(tmp_path: Path, umask: int):  # F63
    began = {"cwd": tmp_path, "umask": umask, "env": environment(), "text": True}
    with subprocess.Popen(line("run"), stderr=subprocess.PIPE, **began) as bot:
        next(told for told in bot.stderr if "telegram_unreachable" in told)
        names = {p.name for p in (tmp_path / "data/deep").iterdir()}
        found = too_open(tmp_path)
        bot.send_signal(signal.SIGTERM)
        bot.communicate(timeout=30)
    assert {"haitang.db", "haitang.db-wal", "haitang.db-shm"} <= names and found == []


@pytest.fixture
def opened(settings: Settings, tmp_path: Path) -> Settings:
    """What an older version left: a folder of its own, a database and a backup, all readable."""
    folder = tmp_path / "old"
    folder.mkdir(mode=0o755)
    part = Backup(folder=str(tmp_path / "copies"))
    made = backup.make(settings.database.url, part, NOW)
    (tmp_path / "haitang.db").rename(folder / "haitang.db")
    for path, mode in ((folder, 0o755), (folder / "haitang.db", 0o644), (made, 0o644)):
        path.chmod(mode)
    database = settings.database.model_copy(
        update={"url": f"sqlite+aiosqlite:///{folder}/haitang.db"}
    )
    return settings.model_copy(update={"database": database, "backup": part})


def test_what_an_older_version_left_open_is_told_and_closed_at_the_start(
    opened: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):  # F63
    told = doctor.files(opened)
    assert told.level is Level.WARN and "old/haitang.db" in told.told and "copies" in told.told
    Service(opened)._close_files()
    assert "closed_to_others" in capsys.readouterr().out and too_open(tmp_path / "old") == []
    assert doctor.files(opened).level is Level.OK
    Service(opened)._close_files()
    assert "closed_to_others" not in capsys.readouterr().out


def test_a_folder_with_anything_else_in_it_is_left_to_who_runs_it(opened: Settings, tmp_path: Path):
    """It may be a home, or one that many write to; doctor says so."""
    (tmp_path / "old/photos").mkdir(mode=0o755)
    closed = close_to_others(backup.own_files(opened))
    assert tmp_path / "old/haitang.db" in closed and tmp_path / "old" not in closed
    told = doctor.files(opened)
    assert told.level is Level.WARN and "haitang.db" not in told.told and "old" in told.told


def test_a_folder_that_all_write_to_is_never_closed(opened: Settings, tmp_path: Path):
    (tmp_path / "old").chmod(0o1777)
    assert tmp_path / "old" not in close_to_others(backup.own_files(opened))


@pytest.mark.parametrize("umask", UMASKS)
def test_only_folders_that_were_not_there_are_made_private(tmp_path: Path, umask: int):
    before = os.umask(umask)
    (tmp_path / "there").mkdir(mode=0o755)
    usual = (tmp_path / "there").stat().st_mode
    make_folder(tmp_path / "there/new/deep")
    os.umask(before)
    assert (tmp_path / "there").stat().st_mode == usual
    assert too_open(tmp_path / "there") == []

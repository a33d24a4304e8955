"""A power cut takes nothing that was confirmed: each commit waits until the disk has it."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest
from post import listener

from bot.config.settings import Settings
from bot.ops import backup, dead_letters, doctor
from playground.stage.stage import Stage, stage
from playground.world.limits import Limits

FULL = 2


class _Watched(sqlite3.Connection):
    """A connection that remembers what was run on it, and how it synced from first to last."""

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)
        self.ran: list[str] = []
        self.levels = [self._level()]
        self.set_trace_callback(self.ran.append)

    def _level(self) -> int:
        return int(super().execute("PRAGMA synchronous").fetchone()[0])

    def close(self) -> None:
        self.set_trace_callback(None)
        self.levels.append(self._level())
        super().close()

    @property
    def told(self) -> set[str]:
        """What it was told of syncing."""
        pragmas = {s.replace(" ", "").upper() for s in self.ran if "synchronous" in s.lower()}
        return {pragma for pragma in pragmas if "=" in pragma}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[_Watched]:
    """Every connection that is opened from now on."""
    found: list[_Watched] = []
    connect = sqlite3.connect

    def watch(*arguments: object, **more: object) -> sqlite3.Connection:
        found.append(connect(*arguments, **more | {"factory": _Watched}))
        return found[-1]

    monkeypatch.setattr(sqlite3, "connect", watch)
    return found


async def _live(made: Stage) -> None:
    """Words, time, a heartbeat, a backup."""
    chen = await listener(made, "陈师傅", 1001)
    await chen.send("3号楼下充电桩坏了")
    await made.settle()
    await made.forward(hours=1)
    await made.service.monitor.look(made.now)
    await made.service.monitor.back_up(made.now)


async def test_every_connection_syncs_every_commit_from_the_first_to_the_last(
    example: Settings, tmp_path: Path, opened: list[_Watched]
):
    """# F18: of the bot, its migrations and backups, and of each command beside it."""
    url = f"sqlite+aiosqlite:///{tmp_path}/data/haitang.db"
    parts = {
        "database": example.database.model_copy(update={"url": url}),
        "backup": example.backup.model_copy(update={"folder": str(tmp_path / "copies")}),
    }
    settings = example.model_copy(update=parts)  # fmt: skip
    async with stage(settings, limits=Limits(enabled=False)) as made:
        await _live(made)
        await doctor.examine(made.settings)
        listed = partial(dead_letters.print_list, full=False)
        await dead_letters._with_store(made.settings, listed)
        [copy] = (tmp_path / "copies").glob("*.db")
    backup.restore(f"sqlite+aiosqlite:///{tmp_path}/again/haitang.db", copy)
    assert len(opened) >= 6
    assert [one.levels for one in opened] == [[FULL, FULL]] * len(opened)
    assert set().union(*(one.told for one in opened)) == {"PRAGMASYNCHRONOUS=FULL"}

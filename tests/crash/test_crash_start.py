"""Dying while the schema is brought up to date, and while the database is copied."""  # F21

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import older
import pytest
from alembic import command
from folk import EXAMPLE
from sqlalchemy import create_engine

from playground.stage.process import BotError
from playground.stage.process_stage import UNPACED, ProcessStage, process_stage
from playground.stage.zygote import ForkedBot, Zygote
from workflows.core import faultpoints
from workflows.store.migrations import steps

ROOT = Path(__file__).parent.parent.parent
STEPS = len(list((ROOT / "workflows/store/migrations/versions").glob("[0-9]*.py")))


def schema(database: Path) -> tuple[list[str], str]:
    """Every table and index, and what SQLite says of the file."""
    with closing(sqlite3.connect(database)) as conn:
        made = conn.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name")
        return [row[0] for row in made], conn.execute("PRAGMA integrity_check").fetchone()[0]


def old(database: Path) -> Path:
    """A database of the first schema, with a resident in it."""
    settings = steps.config()
    with create_engine(f"sqlite:///{database}").connect() as conn:
        settings.attributes["connection"] = conn
        command.upgrade(settings, "0001")
        conn.commit()
    with closing(sqlite3.connect(database)) as conn:
        conn.execute("INSERT INTO people (id, name, on_duty, last_place) VALUES (1, '陈', 0, '')")
        conn.commit()
    return database


Housed = Callable[[ProcessStage], object]


async def died(zygote: Zygote, database: Path, order: str, **more: str) -> None:
    """Start a bot that is to die, and see that it does; then one that is not."""
    await killed(zygote, database, order, **more)
    await started(zygote, database, **more)


async def killed(zygote: Zygote, database: Path, order: str, **more: str) -> None:
    """Start a bot that is to die, and see that it does."""
    url, process = f"sqlite+aiosqlite:///{database}", partial(ForkedBot, zygote)
    with pytest.raises(BotError):
        async with process_stage(
            EXAMPLE, database=url, environment=UNPACED | more | {"FAULTPOINT": order},
            process=process,
        ) as house:  # fmt: skip
            await house.bot.wait_for(_never, "it did not die", 20)


async def started(zygote: Zygote, database: Path, **more: str) -> None:
    """Start a bot, and let it come to rest."""
    url, process = f"sqlite+aiosqlite:///{database}", partial(ForkedBot, zygote)
    async with process_stage(
        EXAMPLE, database=url, environment=UNPACED | more, process=process
    ) as house:
        await house.settle()
        folder = Path(more.get("HAITANG_BACKUP__FOLDER", ""))
        while more and not list(folder.glob("*.db")):
            await asyncio.sleep(0.02)


async def _never() -> bool:
    return False


@pytest.mark.parametrize(
    "order",
    [*(f"migration.step:{n}" for n in range(1, STEPS)), "migration.before", "migration.after"],
)
def test_a_migration_is_whole_or_not_at_all(
    order: str, zygote: Zygote, tmp_path: Path, migrated: Path
):
    """# F21: the next start finishes it, and who was there is there."""
    database = old(tmp_path / "old.db")
    asyncio.run(died(zygote, database, order))
    assert schema(database) == schema(migrated)
    with closing(sqlite3.connect(database)) as conn:
        assert conn.execute("SELECT name FROM people WHERE id = 1").fetchone() == ("陈",)


def left_behind(database: Path) -> Path:
    """What the version before the subjects left."""
    with create_engine(f"sqlite:///{database}").begin() as conn:
        older.build(conn)
    return database


def rows(database: Path) -> list[str]:
    """Everything in it."""
    with closing(sqlite3.connect(database)) as conn:
        return list(conn.iterdump())


@pytest.mark.parametrize("order", ["migration.table:1", "migration.table:3", "migration.table:10"])
def test_tables_that_are_written_anew_are_whole_or_as_they_were(
    order: str, zygote: Zygote, tmp_path: Path, migrated: Path
):
    """# F21: killed among them, the old ones are all there; the next start makes the new ones."""
    database = left_behind(tmp_path / "old.db")
    before = rows(database)
    asyncio.run(killed(zygote, database, order))
    assert rows(database) == before
    asyncio.run(started(zygote, database))
    assert schema(database) == schema(migrated)
    kept = [row for row in before if row.startswith('INSERT INTO "events"')]
    assert kept and set(kept) <= set(rows(database))


@pytest.mark.parametrize("order", ["backup.before", "backup.after"])
def test_a_backup_has_its_name_only_when_it_is_whole(order: str, zygote: Zygote, tmp_path: Path):
    """# F21: half a copy counts for nothing, and the next start makes one."""
    database, folder = tmp_path / "haitang.db", tmp_path / "backups"
    asyncio.run(died(zygote, database, order, HAITANG_BACKUP__FOLDER=str(folder)))
    copies = list(folder.glob("*.db"))
    assert copies and all(schema(copy)[1] == "ok" for copy in copies)
    assert schema(copies[0])[0] == schema(database)[0]


def test_every_point_there_is_is_passed_somewhere():
    """And none is passed that has no name in the list."""
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "workflows").rglob("*.py")]
    passed = {n for p in sources for n in re.findall(r'point\("([a-z.]+)"\)', p.read_text("utf-8"))}
    assert passed == set(faultpoints.POINTS)


def test_a_point_that_is_not_there_cannot_be_armed():
    with pytest.raises(ValueError, match=r"receive\.sometime"):
        faultpoints.arm("receive.sometime:2")

"""Whether the database that should be there is gone, and which backup brings it back.

A bot that began anew there would give numbers a second time that people have been told.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.config.settings import Settings
from bot.ops import backup
from bot.ops.backup import FOLDER
from workflows.store import LostDatabaseError
from workflows.store.engine.founding import lost
from workflows.store.engine.owner import beside
from workflows.store.engine.snapshot import file_of


def refuse_lost(settings: Settings) -> None:
    """Raises LostDatabaseError, with what to do, before anything is written."""
    if lines := list(found(settings)):
        raise LostDatabaseError("\n".join(lines))


def found(settings: Settings) -> Iterator[str]:
    """How it shows that the database is gone, and what to do; nothing where all is well."""
    file = file_of(settings.database.url)
    copy = newest(settings)
    how = lost(file) if file else ""
    if file and copy and not how and not file.exists():
        how = f"{file} is gone, but there are backups"
    if file and how:
        yield f"{how}. Nothing was begun anew, so that no number is given twice"
        yield from _advice(file, copy)


def _advice(file: Path, copy: Path | None) -> Iterator[str]:
    there = " ".join(str(path) for path in beside(file) if path.exists())
    first = f"move away {there}, then " if there else ""
    if copy:
        yield f"{first}`haitang restore {copy}`, which is the newest backup"
    else:
        yield "no backup was found: look for one before you go on"
    anew = f"delete {there}" if there else "move the backups away"
    yield f"only if it is really to begin anew: {anew}, and start again"


def newest(settings: Settings) -> Path | None:
    """The newest backup in the config's folder, in the usual one, or beside the database."""
    file = file_of(settings.database.url)
    folders = {Path(settings.backup.folder or FOLDER), Path(FOLDER)}
    folders |= {file.parent / FOLDER} if file else set()
    copies = [copy for folder in folders if (copy := backup.newest(folder))]
    return max(copies, key=lambda copy: copy.name, default=None)

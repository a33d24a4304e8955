"""Whether the database that should be there is gone, and which backup brings it back.

A bot that began anew there would give numbers a second time that people have been told.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.config.settings import Settings
from bot.ops import backup
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
    """The newest backup of all that are where they are looked for."""
    copies = (backup.newest(folder) for folder in backup.folders_of(settings))
    return max((copy for copy in copies if copy), key=lambda copy: copy.name, default=None)

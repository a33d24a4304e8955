"""A whole copy of a SQLite database, while others go on writing to it.

SQLite's online backup reads one snapshot on a connection of its own; in WAL mode that holds up no
writer. A copy counts only once it was checked: it is written as `.part` and renamed when good.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from workflows.core.errors import HaitangError
from workflows.core.faultpoints import point
from workflows.store.engine.owner import PRIVATE_FILE, sync
from workflows.store.migrations import is_known

_SECONDS = 10.0  # to wait for a lock, which only a start or an end of the bot holds


class SnapshotError(HaitangError):
    """No good copy could be made; its message says why."""


def file_of(url: str) -> Path | None:
    """The file of a SQLite database by its URL; None for PostgreSQL."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(str(parsed.database)) if is_file else None


def copy(source: Path, target: Path) -> None:
    """Copy and check, only then take `target`'s name. Raises SnapshotError or OSError."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    try:
        _fill(source, part)
    except sqlite3.Error as error:
        raise SnapshotError(f"the database cannot be copied: {error}") from error
    sync(part)
    point("backup.before")
    part.rename(target)
    point("backup.after")
    sync(target.parent)


def _fill(source: Path, part: Path) -> None:
    address = f"{source.resolve().as_uri()}?mode=ro"
    old = sqlite3.connect(address, uri=True, timeout=_SECONDS)
    with closing(old), closing(sqlite3.connect(part)) as new:
        old.backup(new)  # in one step: piece by piece, each write from elsewhere begins it anew
        new.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        _check(new)


def _check(new: sqlite3.Connection) -> None:
    """Raises SnapshotError for a copy that is damaged or that this haitang could not open."""
    told = [row[0] for row in new.execute("PRAGMA quick_check(3)")]
    if told != ["ok"]:
        raise SnapshotError(f"the copy is damaged: {'; '.join(told)}")
    found = [row[0] for row in new.execute("SELECT version_num FROM alembic_version")]
    if len(found) != 1 or not is_known(found[0]):
        raise SnapshotError(f"the copy's schema is {found}, which this haitang does not know")

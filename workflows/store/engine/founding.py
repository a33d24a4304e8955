"""A SQLite database's first moment, and whether one that should be there is lost.

A new one is made whole under another name and then put in its place, so that a kill leaves none at
all: a file that is there without haitang's tables was emptied, and is not begun anew in silence.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from workflows.core.errors import HaitangError
from workflows.store.engine.owner import PRIVATE_FILE, beside, make_folder, sync

_OURS = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"


class LostDatabaseError(HaitangError):
    """There was a database and its petitions are not in it; its message says how that shows."""


def lost(file: Path) -> str:
    """How it shows that what was in a database is gone; "" where all is there, or nothing was."""
    if not file.exists():
        _, log, _ = beside(file)
        return f"{file} is gone, but {log.name} is still beside it" if log.exists() else ""
    if not file.stat().st_size:
        return f"{file} is empty: 0 bytes"
    return "" if _is_ours(file) else f"{file} has none of haitang's tables"


def _is_ours(file: Path) -> bool:
    """Whether haitang wrote it; what cannot be read at all is for others to tell."""
    address = f"{file.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as db:
            return bool(db.execute(_OURS).fetchone()[0])
    except sqlite3.Error:
        return True


def begin(file: Path) -> Path:
    """An empty file for a new database to be made in, beside where it belongs."""
    make_folder(file.parent)
    part = file.with_name(f"{file.name}.{os.getpid()}.new")
    _forget(part)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    return part


def settle(part: Path, file: Path) -> None:
    """Put what was made where it belongs, unless another process did so first."""
    sync(part)
    _put(part, file)
    _forget(part)
    sync(file.parent)


def _put(part: Path, file: Path) -> None:
    """Never over another: a link fails where something is; not every disk can link."""
    try:
        file.hardlink_to(part)
    except FileExistsError:
        return
    except OSError:
        part.rename(file)


def _forget(part: Path) -> None:
    for path in beside(part):
        path.unlink(missing_ok=True)

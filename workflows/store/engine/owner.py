"""Files for their owner alone: what residents wrote is in them.

What is made is made so, whatever the umask; what an older version left open is closed, and only
where it is surely haitang's own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def beside(database: Path) -> tuple[Path, Path, Path]:
    """A SQLite database's file, its log and its index."""
    log, index = (database.with_name(f"{database.name}-{end}") for end in ("wal", "shm"))
    return database, log, index


def lock_of(database: Path) -> Path:
    """What whoever serves a SQLite database holds while it does."""
    return database.with_name(f"{database.name}.lock")


def make_folder(folder: Path) -> None:
    """A folder with those above it; each that was not there is made for its owner alone."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def is_open(path: Path) -> bool:
    """Whether others than its owner may do anything with it."""
    return path.exists() and bool(path.stat().st_mode & _OTHERS)


def open_among(paths: Iterable[Path]) -> list[Path]:
    """Those that are too open, and their folders."""
    files = list(paths)
    folders = dict.fromkeys(path.parent.absolute() for path in files)
    return [path for path in (*files, *folders) if is_open(path)]


def close_to_others(files: Iterable[Path]) -> list[Path]:
    """Close haitang's own files, and a folder that holds nothing else. Returns what was closed.

    Any other folder stays as it is: it may be a home, or one that all share.
    """
    own = [path for path in files if path.exists()]
    folders = {path.parent.absolute() for path in own}
    found = [*own, *(folder for folder in folders if _holds_only(folder, own))]
    return [path for path in found if is_open(path) and _is_closed(path)]


def _holds_only(folder: Path, own: Iterable[Path]) -> bool:
    """Whether a folder is haitang's alone: nobody's home, none that all write to, nothing else."""
    files, is_shared = [path.absolute() for path in own], folder.stat().st_mode & stat.S_ISVTX
    known = {*files, *(path.parent for path in files)}  # backups have a folder in the database's
    if is_shared or folder in {Path.cwd(), Path.home()}:
        return False
    return all(path.absolute() in known for path in _inside(folder))


def _inside(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError:
        yield folder  # what cannot be read may hold anything


def _is_closed(path: Path) -> bool:
    """Close it; False where it is somebody else's."""
    try:
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
    except OSError:
        return False
    return True


def sync(path: Path) -> None:
    """On to the disk itself, so that a power cut leaves either nothing or all of it."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

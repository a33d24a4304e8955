"""`haitang backup` and `haitang restore`, and the backups that the bot makes by itself."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config.settings import Backup, Settings
from workflows.store.engine import snapshot
from workflows.store.engine.owner import beside, lock_of, make_folder
from workflows.store.engine.snapshot import SnapshotError

FOLDER = "backups"  # beside the database, where nothing is said
_PATTERN = "haitang-%Y%m%dT%H%M%SZ.db"
_COPY = f"haitang-{'[0-9]' * 8}T{'[0-9]' * 6}Z.db"  # the same, to look for
_USE_PG_DUMP = "the database is PostgreSQL: use pg_dump --format=custom, and pg_restore"


def own_files(settings: Settings) -> list[Path]:
    """Every file of haitang's that may hold what residents wrote, whether it is there or not."""
    database = snapshot.file_of(settings.database.url)
    folders = folders_of(settings)
    made = [path for one in folders for path in (*copies(one), *one.glob(f"{_COPY}.part"))]
    return [*((*beside(database), lock_of(database)) if database else ()), *made]


def folder_of(settings: Settings) -> Path:
    """Where copies are: what the config says, else beside the database, which no git looks into."""
    database = snapshot.file_of(settings.database.url)
    usual = database.parent / FOLDER if database else Path(FOLDER)
    return Path(settings.backup.folder) if settings.backup.folder else usual


def folders_of(settings: Settings) -> tuple[Path, ...]:
    """That, and where older versions put them: in the folder that they were called in."""
    return tuple(dict.fromkeys((folder_of(settings), Path(FOLDER))))


def is_due(part: Backup, now: datetime) -> bool:
    """Whether the newest good copy is older than the config wants."""
    old = age(Path(part.folder), now)
    return old is None or old >= timedelta(hours=part.every_hours)


def age(folder: Path, now: datetime) -> timedelta | None:
    """How old the newest copy in a folder is, or None; the moment is in its name."""
    moments = [datetime.strptime(path.name, _PATTERN) for path in copies(folder)]
    return now - max(moments).replace(tzinfo=UTC) if moments else None


def newest(folder: Path) -> Path | None:
    """The newest good copy in a folder."""
    return next(reversed(copies(folder)), None)


def copies(folder: Path) -> list[Path]:
    """The copies that were finished, oldest first."""
    return sorted(folder.glob(_COPY))


def make(url: str, part: Backup, now: datetime) -> Path:
    """Copy, check, keep the newest `part.keep`. Raises SnapshotError or OSError.

    It takes as long as reading and writing the whole database; nobody waits for it meanwhile.
    """
    source, folder = snapshot.file_of(url), Path(part.folder)
    if source is None:
        raise SnapshotError(_USE_PG_DUMP)
    make_folder(folder)
    target = folder / now.astimezone(UTC).strftime(_PATTERN)
    snapshot.copy(source, target)
    for old in copies(folder)[: -part.keep]:
        old.unlink(missing_ok=True)
    return target


def restore(url: str, copy: Path) -> Path:
    """Put a copy where the database belongs and nothing is. Returns that place.

    Raises SnapshotError or OSError.
    """
    target = snapshot.file_of(url)
    if target is None:
        raise SnapshotError(_USE_PG_DUMP)
    if not copy.is_file():
        raise SnapshotError(f"{copy}: there is no such file")
    if found := [str(path) for path in beside(target) if path.exists()]:
        raise SnapshotError(f"stop the bot and move away first: {', '.join(found)}")
    make_folder(target.parent)
    snapshot.copy(copy, target)
    return target


def print_backup(url: str, part: Backup, now: datetime) -> int:
    """Make one and print where it is. Returns 0, or 1 if there is none."""
    try:
        path = make(url, part, now)
    except (SnapshotError, OSError) as error:
        print(f"no backup: {error}", file=sys.stderr)
        return 1
    print(f"{path}: {path.stat().st_size:,} bytes, checked")
    return 0


def print_restore(url: str, copy: Path) -> int:
    """Put one back and print where it is. Returns 0, or 1 if nothing was done."""
    try:
        print(f"{restore(url, copy)}: restored, now run `haitang doctor`, then `haitang run`")
    except (SnapshotError, OSError) as error:
        print(f"not restored: {error}", file=sys.stderr)
        return 1
    return 0

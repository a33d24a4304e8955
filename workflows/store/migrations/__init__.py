"""The schema's revisions: what a database is of, and the way to the newest one.

Alembic makes that way, in the bot's own process at start; it takes some ten megabytes and a
quarter of a second, so a database that is of the newest revision already does without it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.errors import HaitangError
from workflows.core.faultpoints import point

_VERSIONS = Path(__file__).parent / "versions"
_TABLE = "alembic_version"
_STORED = text("SELECT version_num FROM alembic_version")


class NewerSchemaError(HaitangError):
    """The database was written by a newer haitang; this one would harm it."""


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision. Raises NewerSchemaError."""
    revision = _revision_of(connection)
    if revision == known()[-1]:
        return
    _refuse_unknown(revision)
    from workflows.store.migrations import steps  # noqa: PLC0415 - Alembic only where there is a step

    steps.run(connection)
    point("migration.before")
    connection.commit()
    point("migration.after")


async def pending(conn: AsyncConnection) -> str:
    """How a database's schema is behind or ahead: "0004 → 0005"; "" when it is this haitang's."""
    revision, newest = await conn.run_sync(_revision_of), known()[-1]
    return "" if revision == newest else f"{revision or 'empty'} → {newest}"


def is_known(revision: str) -> bool:
    """Whether this haitang can bring such a schema to its own."""
    return revision in known()


@cache
def known() -> tuple[str, ...]:
    """Every revision, the newest last; a step's file begins with its own: "0005_upkeep.py"."""
    return tuple(sorted(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py")))


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_TABLE):
        return None
    revision: str | None = connection.scalar(_STORED)
    return revision


def _refuse_unknown(revision: str | None) -> None:
    if revision and not is_known(revision):
        raise NewerSchemaError(revision)

"""Alembic's migrations, run in the bot's own process at start."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from workflows.faultpoints import point
from workflows.model import HaitangError


class NewerSchemaError(HaitangError):
    """The database was written by a newer haitang; this one would harm it."""


def config() -> Config:
    """Alembic's settings, without an ini file."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    return found


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision. Raises NewerSchemaError."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision == _scripts().get_current_head():
        return
    _refuse_unknown(revision)
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    point("migration.before")
    connection.commit()
    point("migration.after")


def pending(connection: Connection) -> str:
    """How a database's schema is behind or ahead: "0004 → 0005"; "" when it is this haitang's."""
    revision = MigrationContext.configure(connection).get_current_revision()
    head = _scripts().get_current_head()
    return "" if revision == head else f"{revision or 'empty'} → {head}"


def is_known(revision: str) -> bool:
    """Whether this haitang can bring such a schema to its own."""
    try:
        return bool(_scripts().get_revision(revision))
    except CommandError:
        return False


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


def _refuse_unknown(revision: str | None) -> None:
    try:
        if revision:
            _scripts().get_revision(revision)
    except CommandError as error:
        raise NewerSchemaError(revision) from error

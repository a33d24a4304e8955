"""Alembic's migrations, run in the bot's own process at start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

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
    settings = config()
    _refuse_unknown(connection, settings)
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    connection.commit()


def _refuse_unknown(connection: Connection, settings: Config) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    try:
        if revision:
            ScriptDirectory.from_config(settings).get_revision(revision)
    except CommandError as error:
        raise NewerSchemaError(revision) from error

"""Alembic's migrations: the steps from one revision to the next."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config() -> Config:
    """Alembic's settings, without an ini file."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    return found


def run(connection: Connection) -> None:
    """Every step that is still to go; the commit is the caller's."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")

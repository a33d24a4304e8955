"""A database as the version before the subjects left it, made by that version."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, DateTime, MetaData, delete, insert

from workflows.store.migrations import steps

REVISION = "0012"
ROWS = Path(__file__).parent.parent / "data" / f"revision_{REVISION}.jsonl"


def build(connection: Connection) -> None:
    """Its tables and rows into an empty database; the commit is the caller's.

    Nine petitions: rated and closed, with a photo, a helper and a part split off, planned and
    followed by somebody who then had her words erased, asked about, filed for somebody else,
    withdrawn, on offer; what they brought with them; a form that is open; a message not sent yet.
    """
    settings = steps.config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, REVISION)
    tables = MetaData()
    tables.reflect(connection)
    connection.execute(delete(tables.tables["counters"]))
    for line in ROWS.read_text("utf-8").splitlines():
        told = json.loads(line)
        table = tables.tables[told["table"]]
        row = {name: _value(table.c[name].type, value) for name, value in told["row"].items()}
        connection.execute(insert(table), row)


def _value(kind: object, value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(kind, DateTime) else value

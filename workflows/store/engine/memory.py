"""What a connection remembers from one transaction to the next, so that it is not read again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

_NAME = "remembered"


def remembered(conn: AsyncConnection, what: str) -> dict[Any, Any]:
    """All that it remembers of something, to be read and added to."""
    found: dict[Any, Any] = conn.info.setdefault(_NAME, {}).setdefault(what, {})
    return found


def forget(conn: Connection) -> None:
    """What was read may have been written by what is rolled back now, and its numbers and versions
    are given again.
    """
    is_read = conn.get_execution_options().get("read_only")  # which ends so too
    if not (is_read or conn.invalidated):  # what was thrown away remembers nothing
        conn.info.pop(_NAME, None)

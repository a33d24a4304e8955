"""The files that came with the steps of a subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.talk.messages import Attachment
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.reading import readable

_A = t.attachments.c
_FILES = (
    select(_A.ticket_id, _A.action, _A.kind, _A.file_id).where(among(_A.ticket_id)).order_by(_A.id)
)


async def read(
    conn: AsyncConnection, subject_ids: Iterable[int]
) -> dict[int, list[tuple[str, Attachment]]]:
    """The files of subjects, each with the action it came with, in order."""
    wanted = list(subject_ids)
    found: dict[int, list[tuple[str, Attachment]]] = {i: [] for i in wanted}
    sent = await readable(conn, "file", _FILES, _A.id, _file, {"ids": wanted})
    for ticket_id, action, attached in sent:
        found[ticket_id].append((action, attached))
    return found


def _file(row: Row[Any]) -> tuple[int, str, Attachment]:
    attached = Attachment(kind=row.kind, file_id=row.file_id)
    return row.ticket_id, row.action, attached

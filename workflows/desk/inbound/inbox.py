"""Updates as the desk takes them: which there are, what a batch names, what is noted of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from workflows.core.engine.subject import Event
from workflows.core.talk.messages import Incoming
from workflows.store.unit.pending import Handled


class Unreadable(Struct, frozen=True, kw_only=True):
    """An update that could not even be read; kept as it came."""

    update_id: int
    error: str
    raw: Any


Update = Incoming | Unreadable


def handled(incoming: Update, result: str, events: Sequence[Event] = ()) -> Handled:
    """What is noted of an update, and of what it did."""
    kind = incoming.kind.value if isinstance(incoming, Incoming) else "unknown"
    return Handled(
        update_id=incoming.update_id, kind=kind, result=result,
        tickets=tuple(dict.fromkeys(e.ticket_id for e in events)),
        actions=tuple(str(e.action) for e in events),
    )  # fmt: skip


def touched(batch: Sequence[Update]) -> tuple[list[int], set[int], set[int]]:
    """The updates, people and subjects a batch names."""
    read = [i for i in batch if isinstance(i, Incoming)]
    persons = {i.person_id for i in read if i.person_id}
    subjects = {i.tap.subject for i in read if isinstance(i.tap.subject, int)}
    return [i.update_id for i in batch], persons, subjects

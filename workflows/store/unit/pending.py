"""What a unit of work holds between loading and writing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import astuple, replace
from sqlalchemy import Table

from workflows.core.engine.subject import Event, Subject, Timer
from workflows.core.people import Person
from workflows.core.talk.dialogs import Dialog
from workflows.store.messages.owed import Owing


class Handled(Struct, frozen=True, kw_only=True):
    """What became of one update: for counting and for the log, nothing that a person wrote."""

    update_id: int
    kind: str
    result: str
    tickets: tuple[int, ...] = ()
    actions: tuple[str, ...] = ()


class Work(Struct):
    """What a unit of work has loaded and is going to write. Values are frozen, copies are cheap."""

    persons: dict[int, Person | None] = field(default_factory=dict)
    dialogs: dict[int, Dialog] = field(default_factory=dict)
    subjects: dict[int, Subject | None] = field(default_factory=dict)
    new_dialogs: set[int] = field(default_factory=set)  # of people who had none
    seen: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    last_id: int = 0  # 0 until it is asked for
    changed_persons: set[int] = field(default_factory=set)
    changed_dialogs: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    timers: dict[int, tuple[Timer, ...]] = field(
        default_factory=dict
    )  # of subjects, as they become
    events: list[Event] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    rows: list[tuple[Table, dict[str, Any]]] = field(default_factory=list)  # of workflows' own
    looks: list[dict[str, Any]] = field(default_factory=list)
    fired: list[tuple[Timer, datetime]] = field(default_factory=list)
    owed: list[Owing] = field(default_factory=list)
    seen_now: list[dict[str, Any]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    handled: list[Handled] = field(default_factory=list)

    def reach(self, chat_id: int, *, is_reachable: bool) -> None:
        """From now on somebody can be reached, or cannot; a person's row has no column for it."""
        (self.blocked.discard if is_reachable else self.blocked.add)(chat_id)
        if person := self.persons.get(chat_id):
            self.persons[chat_id] = replace(person, is_reachable=is_reachable)

    def copy(self) -> Work:
        """The same work, so that what follows can be dropped. Made for every update."""
        values: Any = (v if isinstance(v, int) else v.copy() for v in astuple(self))
        return Work(*values)

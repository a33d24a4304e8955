"""What the bot is in the middle of with a person: something in the making, a form, or neither."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from workflows.core.people import Person
from workflows.core.talk.forms import TOPIC, Form

_DRAFT = "draft:"
WRITING = timedelta(minutes=10)  # since the last question; who answers no longer has gone


class Tail(Struct, frozen=True, kw_only=True):
    """What was done last, with which subject: what comes right after it may belong there.

    The other pictures of its `album` do.
    """

    album: str = ""
    ticket_id: int
    action: str
    at: datetime | None = None


class Batch(Struct, frozen=True, kw_only=True):
    """What was chosen, of the subjects alike, to be done together with one of them."""

    ticket_id: int
    chosen: tuple[int, ...] = ()


class Leave(Struct, frozen=True, kw_only=True):
    """Until when somebody is away was just asked; the answer may be typed."""

    person_id: int
    asked_at: datetime


class Burst(Struct, frozen=True, kw_only=True):
    """How much somebody has sent since a moment (aware UTC)."""

    since: datetime
    count: int


class Dialog(Struct, frozen=True, kw_only=True):
    """One row a person. A form that is open is answered first; the draft waits for it.

    The draft is its workflow's own to read; here only its `place` and its `id` are known.
    """

    person_id: int
    draft: Mapping[str, Any] | None = None
    form: Form | None = None
    station: str = ""
    tail: Tail | None = None
    burst: Burst | None = None
    leave: Leave | None = None
    batch: Batch | None = None

    def has_open(self, topic: str) -> bool:
        """Whether the buttons below the newest question of this topic still answer something."""
        return topic == self._draft_topic if is_draft(topic) else self.form is not None

    @property
    def _draft_topic(self) -> str:
        return draft_topic(self.draft["id"]) if self.draft and "id" in self.draft else ""


def draft_topic(draft_id: str) -> str:
    """What all previews of something in the making, and its questions, have in common."""
    return f"{_DRAFT}{draft_id}"


def is_asked(topic: str) -> bool:
    """Whether messages of this topic are questions of a dialog."""
    return topic == TOPIC or is_draft(topic)


def is_draft(topic: str) -> bool:
    """Whether it is a draft's."""
    return topic.startswith(_DRAFT)


def writer(
    dialogs: Iterable[tuple[Person, Dialog]], subject_id: int, at_home: Collection[str],
    now: datetime,
) -> tuple[Person, str] | None:  # fmt: skip
    """Who of these is just writing about a subject, and what they are about to do.

    What is said as its own resident (`at_home`) is no work on it.
    """
    for person, dialog in dialogs:
        form = dialog.form
        is_here = form and form.ticket_id == subject_id and form.action not in at_home
        is_now = form and form.asked_at and now - form.asked_at <= WRITING
        if form and is_here and is_now:
            return person, form.action
    return None

"""What comes in, and what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from msgspec import Struct, field

from workflows.core.talk.lengths import is_long
from workflows.core.talk.tap import NO_TAP, Tap


def in_rows(buttons: list[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons laid out in rows of at most `width`."""
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))


class Attachment(Struct, frozen=True, kw_only=True):
    """A file that stays with Telegram: `file_id` fetches it, `kind` is "photo", "voice", …"""

    kind: str
    file_id: str


Values = Mapping[str, Any]  # what a template is filled with: JSON, nothing else


class To(StrEnum):
    """Who stands above a place, from below; a workflow has more audiences of its own."""

    LEAD = "lead"
    COMMITTEE = "committee"
    STREET = "street"
    ADMIN = "admin"
    NAMED = "named"  # whom the action itself names


class Priority(IntEnum):
    """Which of two owed messages goes first."""

    REPLY = 0
    PUSH = 1
    BROADCAST = 2


class Notice(Struct, frozen=True, kw_only=True):
    """A message owed. `to` is an audience, or a chat; `answers` marks the promise's answer."""

    to: StrEnum | int
    template: str
    values: Values = field(default_factory=dict)
    ticket_id: int | None = None
    priority: Priority = Priority.PUSH
    is_card: bool = False
    answers: bool = False
    urgent: bool = False
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    replaces: str = ""
    hold: float = 0.0  # seconds to wait for more of the same, as with an album's parts


class Button(Struct, frozen=True, kw_only=True):
    """Something to tap: `tap` comes back, or `url` opens; `label` names a word or is text."""

    tap: Tap = NO_TAP
    label: str
    values: Values = field(default_factory=dict)
    url: str = ""


def opener(number: int, label: str, values: Values) -> Button:
    """A button that opens a subject's card, and says which that is."""
    return Button(tap=Tap(kind="view", subject=number, verb="card"), label=label, values=values)


class Kind(StrEnum):
    """What a person did, in the domain's eyes."""

    TEXT = "text"
    MEDIA = "media"
    LOCATION = "location"
    PRESS = "press"
    COMMAND = "command"
    EDIT = "edit"
    CONTACT = "contact"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MIGRATED = "migrated"
    IGNORED = "ignored"


class Incoming(Struct, frozen=True, kw_only=True):
    """One update as the domain sees it; `at` is Telegram's own date, aware UTC.

    In a group, `is_for_us` says that a command names this bot, and `topic` is the part of the group
    in which it was said.
    """

    update_id: int
    kind: Kind
    at: datetime
    person_id: int = 0
    name: str = ""
    chat_id: int = 0
    message_id: int = 0
    reply_to: int = 0  # the message of this chat that it answers
    is_private: bool = True
    text: str = ""
    command: str = ""
    is_for_us: bool = False
    topic: int | None = None
    attachment: Attachment | None = None
    album: str = ""
    position: tuple[float, float] | None = None
    tap: Tap = NO_TAP
    callback_id: str = ""
    other_chat: int = 0

    @property
    def may_go_on(self) -> bool:
        """Whether more of the same may follow at once: an album's files, a text cut in two."""
        return bool(self.album) or is_long(self.text)

"""What comes in, and what goes out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from workflows.model.tickets import Attachment
from workflows.model.words import Priority, To, Values
from workflows.tap import NO_TAP, Tap


class Notice(Struct, frozen=True, kw_only=True):
    """A message owed. `to` is an audience, or a chat; `answers` marks the promise's answer."""

    to: To | int
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
    """One update as the domain sees it; `at` is Telegram's own date, aware UTC."""

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
    attachment: Attachment | None = None
    album: str = ""
    position: tuple[float, float] | None = None
    tap: Tap = NO_TAP
    callback_id: str = ""
    other_chat: int = 0

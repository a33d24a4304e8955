"""A message: as it is about to be owed, as it is taken to be sent, and what came of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict
from sqlalchemy import RowMapping

from workflows.core.talk.messages import Attachment, Button, Notice, Priority, Values
from workflows.store.unit.codec import attachments_from, buttons_body, buttons_from

ASKED = frozenset({"text", "redraw"})  # the kinds of messages by which somebody is asked


class Owing(Struct, frozen=True, kw_only=True):
    """A message that a unit of work is going to owe; `body` is what its row holds of its words.

    `kind` is a way of bot.telegram.ways; the same `dedupe_key` is owed only once, ever.
    """

    chat_id: int
    ticket_id: int | None
    kind: str
    template: str
    body: Mapping[str, Any]
    priority: int
    answers: bool
    replaces: str
    created_at: datetime
    not_before: datetime
    dedupe_key: str
    message_id: int | None = None  # that it changes, where it names one

    @property
    def values(self) -> Values:
        """What its template is given."""
        values: Values = self.body["values"]
        return values


def owing(
    notice: Notice, chat_id: int, kind: str, key: str, now: datetime, not_before: datetime
) -> Owing:
    """A notice to one chat. Raises ValueError for a tap that no button has room for."""
    body = {
        "values": dict(notice.values),
        "buttons": buttons_body(notice.buttons),
        "attachments": notice.attachments,
    }
    return Owing(
        chat_id=chat_id, ticket_id=notice.ticket_id, kind=kind, template=notice.template,
        body=body, priority=int(notice.priority), answers=notice.answers,
        replaces=notice.replaces, created_at=now, not_before=not_before, dedupe_key=key,
        message_id=notice.values.get("message_id"),
    )  # fmt: skip


def without_older(owed: Iterable[Owing], new: Owing) -> list[Owing]:
    """What is owed, but for what a newer one, of those that replace each other, makes pointless."""
    chat_id, replaces = new.chat_id, new.replaces  # told to hundreds of a batch
    return [one for one in owed if one.replaces != replaces or one.chat_id != chat_id]


def owed_row(owing: Owing) -> dict[str, Any]:
    """The columns of the outbox for what was never tried yet."""
    state = "queued" if owing.not_before <= owing.created_at else "held"
    return asdict(owing) | {"state": state, "attempts": 0, "is_plain": False}


class Owed(Struct, frozen=True, kw_only=True):
    """A message to be sent now; `card` is the message that shows the subject in this chat already,
    with the headline it was given when that stood in `card_state`.

    `face` is how the message that it changes looks now, "" where that is not known; `is_pressable`
    whether that has buttons. `topic` is the part of its group that it goes to: where it was asked
    for, or where the group was bound.

    `is_blocked` says that the chat is known to refuse us: nothing is to be sent, only settled;
    `is_bare` that the row itself cannot be read, and has no more than what it is to be settled by.
    """

    id: int
    token: str
    chat_id: int
    ticket_id: int | None
    kind: str
    template: str
    values: Values
    buttons: tuple[tuple[Button, ...], ...]
    attachments: tuple[Attachment, ...]
    priority: Priority
    answers: bool
    attempts: int
    is_plain: bool
    card: int | None
    card_template: str = ""
    card_values: Values = field(default_factory=dict)
    card_state: str = ""
    state: str = ""  # of the subject, when it was leased
    topic: int | None = None
    face: str = ""
    is_pressable: bool | None = None
    replaces: str = ""
    is_blocked: bool = False
    is_bare: bool = False

    @property
    def is_alert(self) -> bool:
        """Whether it tells the admins of something that is wrong."""
        return self.template.startswith("alert_")


class Outcome(StrEnum):
    """How a sending ended."""

    SENT = "sent"
    RETRY = "retry"
    PARKED = "parked"
    PLAIN = "plain"
    GONE = "gone"  # the message cannot be edited or deleted any more: what comes instead
    DEAD = "dead"
    DROPPED = "dropped"


class Sent(Struct, frozen=True, kw_only=True):
    """What came of one message owed; `again_at` when and `chat_id` where to try again; `face` is
    how it looks, where it can be changed.
    """

    owed: Owed
    outcome: Outcome
    message_id: int | None = None
    again_at: datetime | None = None
    error: str = ""
    face: str = ""
    is_pressable: bool = False
    is_told: bool = False  # whether the admins hear why in another way


def owed_from(row: RowMapping, token: str) -> Owed:
    """The message of a row that was leased."""
    body = row["body"]
    return Owed(
        id=row["id"], token=token, chat_id=row["chat_id"], ticket_id=row["ticket_id"],
        kind=row["kind"], template=row["template"], values=body["values"],
        buttons=buttons_from(body["buttons"]), priority=Priority(row["priority"]),
        attachments=attachments_from(body["attachments"]), answers=row["answers"],
        attempts=row["attempts"], is_plain=row["is_plain"], card=row["card"],
        card_template=row["card_template"] or "", card_values=row["card_values"] or {},
        card_state=row["card_state"] or "", state=row["subject_state"] or "",
        topic=body["values"].get("topic") or row["topic"],
        face=row["face"] or "", is_pressable=row["has_buttons"], replaces=row["replaces"],
        is_blocked=row["blocked_at"] is not None,
    )  # fmt: skip


def bare_from(row: RowMapping, token: str) -> Owed:
    """The same of a row whose words cannot be read: enough to settle it."""
    return Owed(
        **row, token=token, values={}, buttons=(), attachments=(), card=None,
        priority=Priority.BROADCAST, is_plain=False, is_bare=True,
    )  # fmt: skip

"""Update → Incoming: the only reader of Telegram's types.

Text is cleaned at this door: what no database can hold (NUL, half a surrogate pair) and what
turns a line around (bidi overrides) goes, every other character stays.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from telegram import Bot, CallbackQuery, ChatMemberUpdated, Message, Update, User

from workflows.desk import Unreadable
from workflows.model import Attachment, Incoming, Kind

_UNWANTED = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\\s]*")
_NO_PERSONS = {777000, 1087968824, 136817688}  # Telegram itself, anonymous admins, channels
_LARGEST = 2**63 - 1
# What Telegram itself says of a private chat: nobody wrote it, so nothing is to be answered.
_SERVICE = ("pinned_message", "message_auto_delete_timer_changed", "chat_background_set",
            "write_access_allowed", "users_shared", "chat_shared", "boost_added",
            "connected_website", "proximity_alert_triggered", "gift", "unique_gift")  # fmt: skip
_FILES = ("video", "voice", "video_note", "document", "audio", "animation")


def translate(raw: Any, bot: Bot, now: datetime) -> Incoming | Unreadable:
    """What an update as it came over the wire says; one that cannot be read is kept as it is."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(update_id, int) or not 0 <= update_id <= _LARGEST:
        return Unreadable(update_id=0, error="no update_id", raw=_kept(raw))
    try:
        return _checked(_incoming(Update.de_json(raw, bot), now))
    except Exception as error:
        return Unreadable(update_id=update_id, error=repr(error), raw=_kept(raw))


def clean(text: str | None) -> str:
    """A text without what cannot be kept; nothing at all if nothing of it can be seen."""
    kept = _UNWANTED.sub("", text or "")
    return "" if _INVISIBLE.fullmatch(kept) else kept


def clean_json(raw: Any) -> Any:
    """The same for every string of a JSON value, so that it can be kept as a dead letter."""
    if isinstance(raw, dict):
        return {clean_json(key): clean_json(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [clean_json(value) for value in raw]
    return _UNWANTED.sub("", raw) if isinstance(raw, str) else raw


def _kept(raw: Any) -> Any:
    try:
        return clean_json(raw)
    except RecursionError:
        return "nested too deeply"


def _checked(incoming: Incoming) -> Incoming:
    """The library checks no types, and one value that the database refuses would fail its batch.

    Raises TypeError.
    """
    i, file_id = incoming, incoming.attachment.file_id if incoming.attachment else ""
    numbers = (i.update_id, i.person_id, i.chat_id, i.message_id, i.reply_to, i.other_chat)
    if not all(type(n) is int and abs(n) <= _LARGEST for n in numbers):
        raise TypeError("an id is no 64-bit number")
    for text in (i.name, i.text, i.command, i.press, i.callback_id, i.album, file_id):
        if _UNWANTED.search(text):
            raise TypeError("an identifier with unwanted characters")
    return incoming


def _incoming(update: Update, now: datetime) -> Incoming:
    if update.message:
        return _of_message(update.update_id, update.message)
    if update.edited_message:
        return _of_edit(update.update_id, update.edited_message)
    if update.callback_query:
        return _of_press(update.update_id, update.callback_query, now)
    if update.my_chat_member:
        return _of_membership(update.update_id, update.my_chat_member)
    return Incoming(update_id=update.update_id, kind=Kind.IGNORED, at=now)


def _person(user: User | None) -> dict[str, Any]:
    """Who it was; bots, channels and anonymous admins are nobody."""
    if user is None or user.is_bot or user.id in _NO_PERSONS:
        return {}
    return {"person_id": user.id, "name": clean(user.full_name)[:64]}


def _of_message(update_id: int, message: Message) -> Incoming:
    person = {} if message.sender_chat else _person(message.from_user)
    common = {
        "update_id": update_id, "at": message.date, "chat_id": message.chat.id,
        "message_id": message.message_id, "is_private": message.chat.type == "private",
        "reply_to": _replied_to(message), **person,
    }  # fmt: skip
    if message.migrate_to_chat_id:
        moved = {"kind": Kind.MIGRATED, "other_chat": message.migrate_to_chat_id}
        return Incoming(**common | moved)
    if not person:
        return Incoming(**common | {"kind": Kind.IGNORED})
    return Incoming(**common | _content(message))


def _replied_to(message: Message) -> int:
    return message.reply_to_message.message_id if message.reply_to_message else 0


def _content(message: Message) -> dict[str, Any]:
    text = clean(message.text or message.caption)
    if message.text and message.text.startswith("/"):
        return _command(text, message)
    if message.location:
        position = (float(message.location.latitude), float(message.location.longitude))
        return {"kind": Kind.LOCATION, "position": position}
    if message.contact:
        return {"kind": Kind.CONTACT, "text": _own_number(message)}
    if any(getattr(message, name) for name in _SERVICE):
        return {"kind": Kind.IGNORED}
    file = _file(message)
    if file:
        album = message.media_group_id or ""
        return {"kind": Kind.MEDIA, "text": text, "attachment": file, "album": album}
    return {"kind": Kind.TEXT if text else Kind.UNSUPPORTED, "text": text}


def _own_number(message: Message) -> str:
    """The number on one's own card; somebody else's is nobody's to give away."""
    card, person = message.contact, message.from_user
    is_own = card and person and card.user_id == person.id
    return clean(card.phone_number) if card and is_own else ""


def _command(text: str, message: Message) -> dict[str, Any]:
    """ "/t@haitang_bot 10017" is the command "t" with the text "10017"."""
    head, *rest = text.split(maxsplit=1)
    name, _, addressee = head[1:].lower().partition("@")
    if addressee and addressee != message.get_bot().username.lower():  # another bot's
        return {"kind": Kind.IGNORED}
    return {"kind": Kind.COMMAND, "command": name, "text": "".join(rest).strip()}


def _file(message: Message) -> Attachment | None:
    if message.photo:
        return Attachment(kind="photo", file_id=message.photo[-1].file_id)
    for kind in _FILES:
        file = getattr(message, kind)
        if file:
            return Attachment(kind=kind, file_id=file.file_id)
    return None


def _of_edit(update_id: int, message: Message) -> Incoming:
    person = {} if message.sender_chat else _person(message.from_user)
    is_private = message.chat.type == "private"
    return Incoming(
        update_id=update_id, kind=Kind.EDIT if is_private else Kind.IGNORED,
        at=message.edit_date or message.date, chat_id=message.chat.id,
        message_id=message.message_id, is_private=is_private,
        text=clean(message.text or message.caption), **person,
    )  # fmt: skip


def _of_press(update_id: int, query: CallbackQuery, now: datetime) -> Incoming:
    """A tap has no date of its own: it counts from when it came in."""
    chat = query.message.chat if query.message else None
    return Incoming(
        update_id=update_id, kind=Kind.PRESS, at=now,
        chat_id=chat.id if chat else query.from_user.id,
        message_id=query.message.message_id if query.message else 0,
        is_private=chat is None or chat.type == "private", press=clean(query.data)[:64],
        callback_id=query.id, **_person(query.from_user),
    )  # fmt: skip


def _of_membership(update_id: int, change: ChatMemberUpdated) -> Incoming:
    """The person blocked the bot, or let it in again."""
    is_private = change.chat.type == "private"
    is_out = change.new_chat_member.status in {"kicked", "left"}
    kind = Kind.IGNORED if not is_private else Kind.BLOCKED if is_out else Kind.UNBLOCKED
    return Incoming(
        update_id=update_id, kind=kind, at=change.date, chat_id=change.chat.id,
        is_private=is_private, **_person(change.from_user),
    )  # fmt: skip

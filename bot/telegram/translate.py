"""Update → Incoming: the only reader of what Telegram sends.

Read as it came over the wire, and no more of it than is used: the library's objects for all that an
update holds cost ten times as much. What is not as Telegram says it is fails alone, as unreadable.

Text is cleaned at this door: what no database can hold (NUL, half a surrogate pair) and what
turns a line around (bidi overrides) goes, every other character stays.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from telegram import Bot

from bot.telegram.tap_codec import decode
from workflows.core.talk.messages import Attachment, Incoming, Kind
from workflows.desk import Unreadable

_UNWANTED = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\\s]*")
_NO_PERSONS = {777000, 1087968824, 136817688}  # Telegram itself, anonymous admins, channels
_LARGEST = 2**63 - 1
# What Telegram itself says of a private chat: nobody wrote it, so nothing is to be answered.
_SERVICE = ("pinned_message", "message_auto_delete_timer_changed", "chat_background_set",
            "write_access_allowed", "users_shared", "chat_shared", "boost_added",
            "connected_website", "proximity_alert_triggered", "gift", "unique_gift")  # fmt: skip
_Json = dict[str, Any]
_FILES = ("video", "voice", "video_note", "document", "audio", "animation")


def translate(raw: Any, bot: Bot, now: datetime) -> Incoming | Unreadable:
    """What an update as it came over the wire says; one that cannot be read is kept as it is."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(update_id, int) or not 0 <= update_id <= _LARGEST:
        return Unreadable(update_id=0, error="no update_id", raw=_kept(raw))
    try:
        return _checked(_incoming(update_id, raw, bot, now))
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
    """One value that the database refuses would fail its whole batch.

    Raises TypeError.
    """
    i, file_id = incoming, incoming.attachment.file_id if incoming.attachment else ""
    numbers = (i.update_id, i.person_id, i.chat_id, i.message_id, i.reply_to, i.other_chat,
               i.topic or 0)  # fmt: skip
    if not all(type(n) is int and abs(n) <= _LARGEST for n in numbers):
        raise TypeError("an id is no 64-bit number")
    for text in (i.name, i.text, i.command, i.callback_id, i.album, file_id):
        if _UNWANTED.search(text):
            raise TypeError("an identifier with unwanted characters")
    return incoming


def _incoming(update_id: int, update: _Json, bot: Bot, now: datetime) -> Incoming:
    if message := update.get("message"):
        return _of_message(update_id, message, bot)
    if message := update.get("edited_message"):
        return _of_edit(update_id, message)
    if query := update.get("callback_query"):
        return _of_press(update_id, query, now)
    if change := update.get("my_chat_member"):
        return _of_membership(update_id, change)
    return Incoming(update_id=update_id, kind=Kind.IGNORED, at=now)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _person(user: _Json | None) -> dict[str, Any]:
    """Who it was; bots, channels and anonymous admins are nobody."""
    if user is None or user["is_bot"] or user["id"] in _NO_PERSONS:
        return {}
    name = " ".join(filter(None, (user["first_name"], user.get("last_name"))))
    return {"person_id": user["id"], "name": clean(name)[:64]}


def _sender(message: _Json) -> dict[str, Any]:
    return {} if message.get("sender_chat") else _person(message.get("from"))


def _of_message(update_id: int, message: _Json, bot: Bot) -> Incoming:
    person = _sender(message)
    common = {
        "update_id": update_id, "at": _moment(message["date"]), "chat_id": message["chat"]["id"],
        "message_id": message["message_id"], "is_private": message["chat"]["type"] == "private",
        "reply_to": _replied_to(message), "topic": _topic(message), **person,
    }  # fmt: skip
    if moved_to := message.get("migrate_to_chat_id"):
        return Incoming(**common | {"kind": Kind.MIGRATED, "other_chat": moved_to})
    if not person and not _is_anonymous_command(message):
        return Incoming(**common | {"kind": Kind.IGNORED})
    return Incoming(**common | _content(message, bot))


def _replied_to(message: _Json) -> int:
    replied = message.get("reply_to_message")
    return int(replied["message_id"]) if replied else 0


def _topic(message: _Json) -> int | None:
    """The topic of a forum; an answer in another group has a thread, too, and that is no topic."""
    return message.get("message_thread_id") if message.get("is_topic_message") else None


def _is_anonymous_command(message: _Json) -> bool:
    """Whether an admin says a command as the group itself: he must be told why nothing happens."""
    sender = message.get("sender_chat") or {}
    return sender.get("id") == message["chat"]["id"] and _text_of(message).startswith("/")


def _content(message: _Json, bot: Bot) -> dict[str, Any]:
    text = _text_of(message)
    if message.get("text", "").startswith("/"):
        return _command(text, bot)
    if location := message.get("location"):
        position = (float(location["latitude"]), float(location["longitude"]))
        return {"kind": Kind.LOCATION, "position": position}
    if message.get("contact"):
        return {"kind": Kind.CONTACT, "text": _own_number(message)}
    if any(message.get(name) for name in _SERVICE):
        return {"kind": Kind.IGNORED}
    file = _file(message)
    if file:
        album = message.get("media_group_id") or ""
        return {"kind": Kind.MEDIA, "text": text, "attachment": file, "album": album}
    return {"kind": Kind.TEXT if text else Kind.UNSUPPORTED, "text": text}


def _text_of(message: _Json) -> str:
    return clean(message.get("text") or message.get("caption"))


def _own_number(message: _Json) -> str:
    """The number on one's own card; somebody else's is nobody's to give away."""
    card = message["contact"]
    is_own = card.get("user_id") == message["from"]["id"]
    return clean(card["phone_number"]) if is_own else ""


def _command(text: str, bot: Bot) -> dict[str, Any]:
    """ "/t@haitang_bot 10017" is the command "t" with the text "10017"."""
    head, *rest = text.split(maxsplit=1)
    name, _, addressee = head[1:].lower().partition("@")
    if addressee and addressee != bot.username.lower():  # another bot's
        return {"kind": Kind.IGNORED}
    said = {"kind": Kind.COMMAND, "command": name, "text": "".join(rest).strip()}
    return said | {"is_for_us": bool(addressee)}


def _file(message: _Json) -> Attachment | None:
    if photo := message.get("photo"):
        return Attachment(kind="photo", file_id=photo[-1]["file_id"])
    for kind in _FILES:
        if file := message.get(kind):
            return Attachment(kind=kind, file_id=file["file_id"])
    return None


def _of_edit(update_id: int, message: _Json) -> Incoming:
    is_private = message["chat"]["type"] == "private"
    is_said = is_private and not message.get("location")  # a live one moves every few seconds
    return Incoming(
        update_id=update_id, kind=Kind.EDIT if is_said else Kind.IGNORED,
        at=_moment(message.get("edit_date") or message["date"]), chat_id=message["chat"]["id"],
        message_id=message["message_id"], is_private=is_private, text=_text_of(message),
        **_sender(message),
    )  # fmt: skip


def _of_press(update_id: int, query: _Json, now: datetime) -> Incoming:
    """A tap has no date of its own: it counts from when it came in."""
    message = query.get("message")
    chat = message["chat"] if message else None
    return Incoming(
        update_id=update_id, kind=Kind.PRESS, at=now,
        chat_id=chat["id"] if chat else query["from"]["id"],
        message_id=message["message_id"] if message else 0,
        is_private=chat is None or chat["type"] == "private",
        tap=decode(clean(query.get("data"))), callback_id=query["id"], **_person(query["from"]),
    )  # fmt: skip


def _of_membership(update_id: int, change: _Json) -> Incoming:
    """The person blocked the bot, or let it in again."""
    is_private = change["chat"]["type"] == "private"
    is_out = change["new_chat_member"]["status"] in {"kicked", "left"}
    kind = Kind.IGNORED if not is_private else Kind.BLOCKED if is_out else Kind.UNBLOCKED
    return Incoming(
        update_id=update_id, kind=kind, at=_moment(change["date"]), chat_id=change["chat"]["id"],
        is_private=is_private, **_person(change["from"]),
    )  # fmt: skip

"""Writes messages and chats as Bot API objects."""

from collections.abc import Callable

from playground.text.refusals import Json
from playground.world.actors import User
from playground.world.messages import Chat, Message, content_fields

PersonWriter = Callable[[int], Json]
ChatWriter = Callable[[Chat], Json]


def render_chat(chat: Chat, user: User | None) -> Json:
    """Write a chat; a private one carries its person's name."""
    if chat.is_private and user is not None:
        extra = {"username": user.username} if user.username else {}
        return {"id": chat.id, "type": "private", "first_name": user.name, **extra}
    return {"id": chat.id, "type": chat.kind, "title": chat.title}


def render(message: Message, person: PersonWriter, chat: ChatWriter) -> Json:
    """Write a message and the one it replies to, but not that one's reply in turn."""
    written = _render_alone(message, person, chat)
    original = message.chat.find(message.reply_to or 0)
    if original is not None:
        written["reply_to_message"] = _render_alone(original, person, chat)
    return written


def _render_alone(message: Message, person: PersonWriter, chat: ChatWriter) -> Json:
    written = {
        "message_id": message.id,
        "from": person(message.sender),
        "chat": chat(message.chat),
        "date": message.date,
        **content_fields(message.content),
        **_circumstances(message),
    }
    if message.inline:
        written["reply_markup"] = {"inline_keyboard": message.inline}
    return written


def _circumstances(message: Message) -> Json:
    written = {
        "edit_date": message.edited_at,
        "media_group_id": message.album,
        "forward_origin": message.origin,
        "message_thread_id": message.topic,
        "is_topic_message": True if message.topic else None,
    }
    return {name: value for name, value in written.items() if value is not None}

"""What a person sees: messages and their buttons as a phone shows them."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

from playground.http.people import Hand, NotThere
from playground.text.entities import to_html
from playground.text.refusals import Json
from playground.world.files import file_ids
from playground.world.messages import Message


def seen(message: Message, bot_ids: set[int]) -> Json:
    """Write a message for the people's side of the API."""
    content = message.content
    return {
        "id": message.id,
        "chat_id": message.chat.id,
        "sender": "bot" if message.sender in bot_ids else message.sender,
        "text": content.text,
        "html": to_html(content.text, content.entities),
        "buttons": [[_button(button) for button in row] for row in message.inline],
        "keyboard": [[_label(key) for key in row] for row in keyboard(message)],
        "media": None if content.kind == "text" else content.kind,
        "media_group_id": message.album,
        "file_ids": file_ids(content.media),
        "date": message.date,
        "edited": message.edited_at is not None,
        "deleted": message.deleted,
        "reply_to": message.reply_to,
        "pinned": message.pinned,
    }


def _button(button: Json) -> Json:
    return {
        "text": button["text"],
        "data": button.get("callback_data"),
        "url": button.get("url"),
    }


def keyboard(message: Message) -> list[list[Json | str]]:
    """The rows of a reply keyboard that came with a message."""
    return (message.markup or {}).get("keyboard") or []


def _label(key: Json | str) -> str:
    return key if isinstance(key, str) else str(key["text"])


def tap(hand: Hand, wanted: str, message_id: int | None) -> str:
    """Press the newest button whose data is `wanted`, or whose label contains it.

    A link to the bot's own t.me address starts it with its payload; a key of a reply keyboard
    sends its label. Returns the callback id, empty where no callback arose.
    """
    for message in _looked_at(hand, message_id):
        if button := _meant(message, wanted):
            return _press(hand, message, button)
    raise NotThere(f"no button {wanted!r}; there are: {_visible(hand, message_id)}")


def _meant(message: Message, wanted: str) -> Json | None:
    """Find a message's button by exact data, exact label or part of its label, in this order."""
    buttons = list(_all_buttons(message))
    ways: list[Callable[[Json], bool]] = [
        lambda button: button.get("callback_data") == wanted,
        lambda button: button["text"] == wanted,
        lambda button: wanted in button["text"],
    ]
    return next((button for fits in ways for button in buttons if fits(button)), None)


def _looked_at(hand: Hand, message_id: int | None) -> Iterator[Message]:
    if message_id is not None:
        return iter([hand.message(message_id)])
    return (message for message in reversed(hand.chat.messages) if not message.deleted)


def _all_buttons(message: Message) -> Iterator[Json]:
    for row in message.inline:
        yield from row
    for keys in keyboard(message):
        yield from ({"text": _label(key), "key": True} for key in keys)


def _press(hand: Hand, message: Message, button: Json) -> str:
    if button.get("key"):
        hand.say(button["text"])
    elif button.get("callback_data") is not None:
        return hand.press(button["callback_data"], message.id)
    elif (payload := _start_payload(hand, str(button.get("url")))) is not None:
        Hand(hand.world, hand.bot, hand.user).start(payload)
    else:
        raise NotThere(f"the button {button['text']!r} leads out of the chat")
    return ""


def _start_payload(hand: Hand, url: str) -> str | None:
    parts = urlsplit(url)
    is_own = parts.path.strip("/").lower() == hand.bot.username.lower()
    if not (re.fullmatch(r"t\.me|telegram\.me", parts.netloc) and is_own):
        return None
    return parse_qs(parts.query).get("start", [""])[0]


def _visible(hand: Hand, message_id: int | None) -> str:
    labels = [
        f"{button['text']} [{button.get('callback_data') or button.get('url') or 'key'}]"
        for message in _looked_at(hand, message_id)
        for button in _all_buttons(message)
    ]
    return ", ".join(labels[:40]) or "none"

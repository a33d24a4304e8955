"""One Bot API call in the middle of being answered, and what its answer often needs."""

import json
from dataclasses import dataclass
from typing import Any

from playground.api.params import Params
from playground.text.refusals import Json, bad_request, too_many
from playground.world.actors import PRESENT, Bot
from playground.world.messages import Chat, Message
from playground.world.world import World

_BUTTON_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
_MARKUPS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
_DATA_LIMIT = 64  # bytes


@dataclass(frozen=True)
class Call:
    """A bot, the method it calls and with what."""

    world: World
    bot: Bot
    method: str
    params: Params

    def chat_id(self, name: str = "chat_id") -> int:
        """Read the number of a chat."""
        value = self.params.text(name)
        if not value:
            raise bad_request(f"{name} is empty")
        try:
            return int(value)
        except ValueError:
            raise bad_request("chat not found") from None

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat the call is about, which the bot can at least see."""
        return self.world.chat_for(self.bot, self.chat_id(name))

    def writable_chat(self) -> Chat:
        """The chat the bot wants to speak in, or Telegram's refusal."""
        return self.world.writable_chat(self.bot, self.chat_id())

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message named by message_id; `purpose` completes "message to … not found"."""
        message = chat.find(self.params.integer("message_id"))
        if message is None:
            raise bad_request(f"message to {purpose} not found")
        return message

    def reply_target(self, chat: Chat) -> int | None:
        """The message to reply to, in either of the API's two spellings."""
        asked = self.params.json("reply_parameters", "reply parameters") or {}
        target = int(asked.get("message_id") or self.params.integer("reply_to_message_id"))
        if not target:
            return None
        if chat.find(target) is not None:
            return target
        if asked.get("allow_sending_without_reply") or self.params.flag(
            "allow_sending_without_reply"
        ):
            return None
        raise bad_request("message to be replied not found")

    def topic(self, chat: Chat) -> int | None:
        """The topic of a forum to write into; None for the group itself."""
        asked = self.params.integer("message_thread_id")
        if asked and asked not in chat.topics:
            raise bad_request("message thread not found")
        return asked or None

    def markup(self) -> Json | None:
        """The reply markup, checked as Telegram checks it; None when there is none."""
        markup = self.params.json("reply_markup", "reply keyboard markup")
        if markup is None or markup == {}:
            return None
        if not isinstance(markup, dict) or not any(key in markup for key in _MARKUPS):
            raise bad_request("object expected as reply markup")
        if "inline_keyboard" in markup:
            return {"inline_keyboard": _checked_rows(markup["inline_keyboard"])}
        return markup

    def inline_markup(self) -> Json | None:
        """The reply markup of an edit, which can only be an inline keyboard."""
        markup = self.markup()
        if markup is not None and "inline_keyboard" not in markup:
            raise bad_request("inline keyboard expected")
        return markup

    def throttle(self, chat: Chat, count: int = 1) -> None:
        """Count messages against the three limits, or refuse with 429."""
        now = self.world.clock.now().timestamp()
        if wait := self.bot.throttle.admit(chat.id, chat.is_private, now, count):
            raise too_many(wait)

    def written(self, message: Message) -> Json:
        """Answer with a message."""
        return self.world.render(message)

    def is_admin(self, chat: Chat) -> bool:
        """Whether the bot may do what only administrators may; always in a private chat."""
        return chat.is_private or chat.members[self.bot.id] == "administrator"

    def is_present(self, chat: Chat) -> bool:
        """Whether the bot is in a chat, unblocked."""
        return chat.members[self.bot.id] in PRESENT


def _checked_rows(rows: Any) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    return [[_checked_button(button) for button in row] for row in rows if row]


def _checked_button(button: Any) -> Json:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(prefix + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(prefix + 'can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("text must be non-empty")
    if not _BUTTON_ACTIONS & button.keys():
        raise bad_request(prefix + "Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(_text(data).encode()) <= _DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return button


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

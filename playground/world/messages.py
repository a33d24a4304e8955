"""Messages and chats as plain data, and how the Bot API writes them."""

from dataclasses import dataclass, field

from playground.text.refusals import Json
from playground.world.signals import Signal

CAPTIONED = frozenset({"photo", "video", "voice", "audio", "document", "animation"})
SERVICE = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "group_chat_created",
    }
)


@dataclass(frozen=True)
class Content:
    """What a message says. `media` holds Bot API fields, such as {"photo": […]}."""

    text: str = ""
    entities: list[Json] = field(default_factory=list)
    media: Json = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of message: "text", or the name of its media or service field."""
        return next(iter(self.media), "text")

    @property
    def is_service(self) -> bool:
        """Whether the chat itself says this, about joining, leaving, pinning or moving."""
        return self.kind in SERVICE


@dataclass(slots=True)
class Message:
    """One message as it stands now. `date` and `edited_at` are Unix seconds."""

    chat: "Chat"
    id: int
    sender: int
    date: int
    content: Content
    markup: Json | None = None
    reply_to: int | None = None
    album: str | None = None
    origin: Json | None = None
    edited_at: int | None = None
    deleted: bool = False
    pinned: bool = False
    topic: int | None = None

    @property
    def inline(self) -> list[list[Json]]:
        """The rows of buttons under the message."""
        return (self.markup or {}).get("inline_keyboard") or []


@dataclass(slots=True)
class Chat:
    """A conversation. Message ids count from 1 in each chat; Telegram promises no more.

    `topics` are those of a group that is a forum, by the number of their first message.

    Telegram numbers private chats of one bot together; here a program that takes a message id
    alone for unique meets a second one at once.
    """

    id: int
    kind: str
    title: str = ""
    members: dict[int, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    migrated_to: int | None = None
    topics: list[int] = field(default_factory=list)
    changed: Signal = field(default_factory=Signal)

    @property
    def is_private(self) -> bool:
        """Whether only one person and one bot talk here."""
        return self.kind == "private"

    def find(self, message_id: int) -> Message | None:
        """Return a message that exists and was not deleted."""
        if not 1 <= message_id <= len(self.messages):
            return None
        message = self.messages[message_id - 1]
        return None if message.deleted else message

    def after(self, message_id: int) -> list[Message]:
        """List all messages later than an id, the deleted ones among them."""
        return self.messages[max(message_id, 0) :]


def content_fields(content: Content) -> Json:
    """Write a content as the fields of a Bot API message."""
    if content.kind == "text":
        return _marked("text", "entities", content)
    if content.kind in CAPTIONED:
        return content.media | _marked("caption", "caption_entities", content)
    return dict(content.media)


def _marked(text_field: str, entities_field: str, content: Content) -> Json:
    fields: Json = {text_field: content.text} if content.text else {}
    return fields | ({entities_field: content.entities} if content.entities else {})

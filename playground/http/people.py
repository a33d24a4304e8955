"""What people do with their phones. Each act ends when its update is queued for the bot."""

from base64 import b64decode
from dataclasses import replace
from random import Random

from playground.text.entities import CAPTION_LIMIT, TEXT_LIMIT, detect, split, units
from playground.text.refusals import Json
from playground.world.actors import Bot, Query, User
from playground.world.files import TINY_JPEG, media
from playground.world.membership import change_membership
from playground.world.messages import CAPTIONED, Chat, Content, Message
from playground.world.polls import answer, new_poll, with_vote
from playground.world.world import World

_SPOKEN = b"OggS"  # enough of a file to be one


class CannotDo(ValueError):
    """A phone would not let its person do this; the message says why."""


class NotThere(CannotDo):
    """The button, message or chat that a person means is not there."""


class Hand:
    """One person's phone, open at one chat with one bot."""

    def __init__(self, world: World, bot: Bot, user: User, chat_id: int | None = None) -> None:
        self.world, self.bot, self.user = world, bot, user
        if user.deactivated:
            raise CannotDo(f"{user.name} has deleted the account")
        self.chat = self._chat(chat_id)

    def _chat(self, chat_id: int | None) -> Chat:
        if chat_id is None or chat_id == self.user.id:
            return self.world.private_chat(self.bot, self.user)
        chat = self.world.groups.get(chat_id)
        if chat is None:
            raise NotThere(f"there is no chat {chat_id}")
        return chat

    # -- saying -------------------------------------------------------------------------

    def say(self, text: str, reply_to: int | None = None, in_parts: bool = False) -> list[int]:
        """Type a text; one over 4,096 units is refused, or cut into parts as clients do."""
        if not text.strip():
            raise CannotDo("a phone sends no empty message")
        if units(text) > TEXT_LIMIT and not in_parts:
            raise CannotDo(f"{units(text)} units are more than the {TEXT_LIMIT} of one message")
        return [self._post(Content(part, detect(part)), reply_to) for part in split(text)]

    def show(self, content: Content, album: str | None = None, origin: Json | None = None) -> int:
        """Send anything else: a photo, a place, a forwarded message."""
        if content.kind in CAPTIONED and units(content.text) > CAPTION_LIMIT:
            raise CannotDo(f"a caption has at most {CAPTION_LIMIT} units")
        return self._post(content, None, album=album, origin=origin)

    def show_album(self, contents: list[Content]) -> list[int]:
        """Send 2 to 10 photos or files together: as many messages with one album id."""
        if not 2 <= len(contents) <= 10:
            raise CannotDo("an album has 2 to 10 items")
        album = str(13_000_000_000_000_000 + next(self.world.ids))
        return [self.show(content, album) for content in contents]

    def _post(self, content: Content, reply_to: int | None, **extra: object) -> int:
        self._check_open()
        if reply_to is not None and self.chat.find(reply_to) is None:
            raise NotThere(f"there is no message {reply_to} to reply to")
        message = self.world.post(self.chat, self.user.id, content, reply_to=reply_to, **extra)
        return message.id

    def _check_open(self) -> None:
        if self.chat.migrated_to is not None:
            raise CannotDo(f"the group moved to {self.chat.migrated_to}")
        if self.chat.members.get(self.user.id, "left") in ("left", "kicked"):
            raise CannotDo(f"{self.user.name} is not in this chat")
        if self.chat.is_private and self.chat.members[self.bot.id] == "kicked":
            raise CannotDo("the bot is blocked; unblock or start it first")

    def start(self, payload: str = "") -> list[int]:
        """Press Start, or open t.me/<bot>?start=payload; a blocked bot is unblocked by it."""
        self.unblock()
        return self.say(f"/start {payload}".strip())

    def forward(self, message_id: int) -> int:
        """Forward a message of this chat into the private chat with the bot."""
        source = self.message(message_id)
        author = self.world.person(source.sender)
        origin = source.origin or {"type": "user", "sender_user": author, "date": source.date}
        target = Hand(self.world, self.bot, self.user)
        return target.show(source.content, origin=origin)

    # -- changing -----------------------------------------------------------------------

    def message(self, message_id: int) -> Message:
        """The message with an id, if it is there and not deleted."""
        message = self.chat.find(message_id)
        if message is None:
            raise NotThere(f"there is no message {message_id}")
        return message

    def _own(self, message_id: int) -> Message:
        message = self.message(message_id)
        if message.sender != self.user.id:
            raise CannotDo("only one's own messages can be changed")
        return message

    def edit(self, message_id: int, text: str) -> None:
        """Edit an own text or caption; the bot gets an edited_message."""
        message = self._own(message_id)
        self._check_open()
        limit = TEXT_LIMIT if message.content.kind == "text" else CAPTION_LIMIT
        if not 1 <= units(text) <= limit:
            raise CannotDo(f"the new text must have 1 to {limit} units")
        self._change(message, replace(message.content, text=text, entities=detect(text)))

    def move(self, message_id: int, content: Content) -> None:
        """A live location goes on: an edited_message without a word in it."""
        message = self._own(message_id)
        self._check_open()
        if message.content.kind != "location":
            raise CannotDo("only a place can move")
        self._change(message, content)

    def _change(self, message: Message, content: Content) -> None:
        message.content = content
        message.edited_at = self.world.clock.timestamp()
        self.world.announce("edit", message)
        for bot in self.world.readers(message):
            self.world.notify(bot, "edited_message", self.world.render(message))

    def delete(self, message_id: int) -> None:
        """Delete an own message; Telegram does not tell bots."""
        message = self._own(message_id)
        message.deleted = True
        self.world.announce("delete", message)

    # -- pressing -----------------------------------------------------------------------

    def press(self, data: str, message_id: int) -> str:
        """Send a callback query with any data for any message, forged or not; return its id."""
        if not 1 <= message_id <= len(self.chat.messages):
            raise NotThere(f"there never was a message {message_id}")
        self._check_open()
        query_id = str(4_300_000_000_000_000_000 + next(self.world.ids))
        now = self.world.clock.timestamp()
        self.bot.remember(query_id, Query(self.user.id, now))
        self.world.notify(
            self.bot,
            "callback_query",
            {
                "id": query_id,
                "from": self.user.as_json(),
                "message": self._pressed(self.chat.messages[message_id - 1]),
                "chat_instance": str(self.chat.id),
                "data": data,
            },
        )
        self.world.feed.emit("tap", chat_id=self.chat.id, user_id=self.user.id, data=data)
        return query_id

    def _pressed(self, message: Message) -> Json:
        if not message.deleted:
            return self.world.render(message)
        chat = self.world.chat_json(message.chat)
        return {"chat": chat, "message_id": message.id, "date": 0}

    def vote(self, message_id: int, options: list[int]) -> None:
        """Answer a poll; the bot hears of it unless the poll is anonymous."""
        message = self.message(message_id)
        poll = message.content.media.get("poll")
        if poll is None or poll["is_closed"]:
            raise CannotDo("there is no open poll in that message")
        votes = self.world.votes.setdefault(poll["id"], {})
        if self.user.id in votes:
            raise CannotDo(f"{self.user.name} has voted already")
        votes[self.user.id] = options
        content = message.content
        message.content = replace(content, media={"poll": with_vote(poll, options)})
        self.world.announce("edit", message)
        if not poll["is_anonymous"]:
            vote = answer(poll, self.user.as_json(), options)
            self.world.notify(self.bot, "poll_answer", vote)

    # -- coming and going ---------------------------------------------------------------

    def block(self) -> None:
        """Block the bot: from now on it gets 403."""
        chat = self.world.private_chat(self.bot, self.user)
        change_membership(self.world, chat, self.bot.id, "kicked", by=self.user.id)

    def unblock(self) -> None:
        """Let the bot write again."""
        chat = self.world.private_chat(self.bot, self.user)
        change_membership(self.world, chat, self.bot.id, "member", by=self.user.id)

    def join(self) -> None:
        """Enter the group this phone is open at."""
        change_membership(self.world, self.chat, self.user.id, "member", by=self.user.id)

    def leave(self) -> None:
        """Leave the group this phone is open at."""
        change_membership(self.world, self.chat, self.user.id, "left", by=self.user.id)


# -- what people send besides text ------------------------------------------------------


def file_content(world: World, kind: str, request: Json) -> Content:
    """Make a photo, video, voice … from base64 `data`, `name`, `mime`, `size` and `caption`.

    `size` in bytes may claim more than the data has, to test limits without the weight.
    """
    default = TINY_JPEG if kind == "photo" else _SPOKEN
    data = b64decode(request["data"]) if request.get("data") is not None else default
    stored = world.files.keep(
        kind,
        data,
        name=str(request.get("name") or ""),
        mime=str(request.get("mime") or ""),
        size=request.get("size"),
    )
    caption = str(request.get("caption") or "")
    return Content(caption, detect(caption), media(stored))


def location_content(request: Json) -> Content:
    """Make a place from `latitude` and `longitude` in degrees."""
    point = {name: float(request[name]) for name in ("latitude", "longitude")}
    return Content(media={"location": point})


def contact_content(user: User, request: Json) -> Content:
    """Make a contact: the person's own card unless a `phone_number` and name are given."""
    number = str(request.get("phone_number") or f"+86138{user.id:08d}")
    contact: Json = {"phone_number": number, "first_name": request.get("name") or user.name}
    is_own = request.get("name") in (None, user.name)
    return Content(media={"contact": contact | ({"user_id": user.id} if is_own else {})})


def dice_content(world: World) -> Content:
    """Throw a die; the same world throws the same numbers."""
    value = Random(next(world.ids)).randint(1, 6)  # noqa: S311 - no secret, a die
    return Content(media={"dice": {"emoji": "🎲", "value": value}})


def poll_content(world: World, request: Json) -> Content:
    """Make a poll from a `question` and `options`."""
    poll = new_poll(next(world.ids), str(request["question"]), list(request["options"]))
    return Content(media={"poll": poll})

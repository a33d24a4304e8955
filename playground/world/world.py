"""The world: its people, bots, chats and files, and how a message reaches whom it concerns."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from playground.text import entities
from playground.text.refusals import Json, Refusal, bad_request, forbidden
from playground.world.actors import PRESENT, Bot, User
from playground.world.clock import Clock
from playground.world.faults import Faults
from playground.world.feed import CallLog, Feed
from playground.world.files import FileStore, Sizes
from playground.world.limits import Limits, Throttle
from playground.world.messages import Chat, Content, Message
from playground.world.render import render, render_chat

_FIRST_USER = 1001
_FIRST_GROUP = -4_000_001
_FIRST_SUPERGROUP = -1_001_000_000_001


class World:
    """Everything that the emulator knows. Plain data in dicts and lists; one event loop.

    `open_mode` lets any well-formed token name a bot, which is created at its first use.
    `privacy` gives bots Telegram's group privacy mode; without it they read everything.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
        sizes: Sizes | None = None,
        open_mode: bool = True,
        username: str = "haitang_bot",
        name: str = "海棠",
        privacy: bool = True,
    ) -> None:
        self.clock = clock or Clock.real()
        self.limits = limits or Limits()
        self.files = FileStore(sizes or Sizes())
        self.faults = Faults()
        self.feed = Feed()
        self.calls = CallLog()
        self.users: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.groups: dict[int, Chat] = {}
        self.private: dict[tuple[int, int], Chat] = {}
        self.revoked: set[str] = set()
        self.votes: dict[str, dict[int, list[int]]] = {}
        self.ids = count(1)
        self._open_mode, self._privacy = open_mode, privacy
        self._username, self._name = username, name
        self.clock.watchers.append(lambda: self.feed.emit("clock", **self.time()))

    # -- who there is -------------------------------------------------------------------

    def add_user(self, name: str, user_id: int | None = None, username: str = "") -> User:
        """Give a person an account; without an id they get the next free one."""
        taken = (self.users, self.bots)
        if user_id is None:
            user_id = next(n for n in count(_FIRST_USER) if all(n not in ids for ids in taken))
        elif any(user_id in ids for ids in taken):
            raise ValueError(f"the id {user_id} is taken")
        user = self.users[user_id] = User(user_id, name, username)
        return user

    def add_bot(self, token: str, username: str | None = None) -> Bot:
        """Register a bot by its token, whose number is its id."""
        bot_id = int(token.partition(":")[0])
        first = self._username if not self.bots else f"haitang_{bot_id}_bot"
        bot = self.bots[bot_id] = Bot(
            id=bot_id,
            token=token,
            username=username or first,
            name=self._name,
            throttle=Throttle(self.limits),
            reads_all=not self._privacy,
        )
        self.feed.emit("bot", bot=self.bot_state(bot))
        return bot

    def bot_by_token(self, token: str) -> Bot:
        """Find a bot, or make it in open mode. Raises 404 for no token at all, 401 else."""
        head, _, secret = token.partition(":")
        if not (head.isascii() and head.isdigit() and secret):
            raise Refusal(404, "Not Found")
        bot = self.bots.get(int(head))
        if bot is None and self._open_mode and token not in self.revoked:
            bot = self.add_bot(token)
        if bot is None or bot.token != token or token in self.revoked:
            raise Refusal(401, "Unauthorized")
        return bot

    def add_group(self, title: str, members: Iterable[int], chat_id: int | None = None) -> Chat:
        """Make a basic group; its first member owns it."""
        if chat_id is None:
            chat_id = next(n for n in count(_FIRST_GROUP, -1) if n not in self.groups)
        roles = dict.fromkeys(members, "member")
        for owner in list(roles)[:1]:
            roles[owner] = "creator"
        kind = "supergroup" if chat_id <= -1_000_000_000_000 else "group"
        group = self.groups[chat_id] = Chat(chat_id, kind, title, roles)
        return group

    def upgrade(self, group: Chat) -> Chat:
        """Turn a basic group into a supergroup: a new chat with a new id and the same people."""
        chat_id = next(n for n in count(_FIRST_SUPERGROUP, -1) if n not in self.groups)
        successor = Chat(chat_id, "supergroup", group.title, dict(group.members))
        self.groups[chat_id] = successor
        group.migrated_to = chat_id
        return successor

    # -- chats --------------------------------------------------------------------------

    def private_chat(self, bot: Bot, user: User) -> Chat:
        """The conversation of a person and a bot, opened when they first need it."""
        key = (bot.id, user.id)
        if key not in self.private:
            members = {user.id: "member", bot.id: "member"}
            self.private[key] = Chat(user.id, "private", user.name, members)
        return self.private[key]

    def chat_for(self, bot: Bot, chat_id: int) -> Chat:
        """Find the chat that a bot means by an id."""
        chat = self.private.get((bot.id, chat_id)) or self.groups.get(chat_id)
        if chat is None and chat_id in self.users:
            raise forbidden("bot can't initiate conversation with a user")
        if chat is None or (not chat.is_private and bot.id not in chat.members):
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, bot: Bot, chat_id: int) -> Chat:
        """Find a chat the bot may speak in, or refuse as Telegram does."""
        chat = self.chat_for(bot, chat_id)
        if chat.is_private:
            self._check_person(bot, chat)
        elif chat.migrated_to is not None:
            reason = "group chat was upgraded to a supergroup chat"
            raise bad_request(reason, migrate_to_chat_id=chat.migrated_to)
        elif chat.members[bot.id] == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        elif chat.members[bot.id] not in PRESENT:
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def _check_person(self, bot: Bot, chat: Chat) -> None:
        if self.users[chat.id].deactivated:
            raise forbidden("user is deactivated")
        if chat.members[bot.id] == "kicked":
            raise forbidden("bot was blocked by the user")

    # -- messages -----------------------------------------------------------------------

    def post(self, chat: Chat, sender: int, content: Content, **extra: Any) -> Message:
        """Put a message into a chat and hand it to the bots that may read it."""
        message = Message(
            chat=chat,
            id=len(chat.messages) + 1,
            sender=sender,
            date=self.clock.timestamp(),
            content=content,
            **extra,
        )
        chat.messages.append(message)
        self.announce("message", message)
        for bot in self.readers(message):
            self.notify(bot, "message", self.render(message))
        return message

    def announce(self, event: str, message: Message) -> None:
        """Tell the people who watch a chat that a message in it is new or has changed."""
        message.chat.changed.fire()
        if self.feed.listeners:
            self.feed.emit(event, at=self.clock.timestamp(), **self.shown(message))

    def readers(self, message: Message) -> list[Bot]:
        """The bots in the chat to which Telegram would deliver a message."""
        return [
            self.bots[member]
            for member, status in message.chat.members.items()
            if member in self.bots and status in PRESENT and self._may_read(member, message)
        ]

    def _may_read(self, bot_id: int, message: Message) -> bool:
        if message.content.is_service:
            return True
        if message.sender in self.bots:
            return False
        bot = self.bots[bot_id]
        if message.chat.is_private or bot.reads_all:
            return True
        is_admin = message.chat.members[bot_id] == "administrator"
        return is_admin or self._is_for(bot, message)

    def _is_for(self, bot: Bot, message: Message) -> bool:
        """In privacy mode: commands not meant for another bot, and replies to the bot."""
        command = entities.command_of(message.content.text, message.content.entities)
        if command is not None:
            _, _, addressee = command.partition("@")
            return addressee.lower() in ("", bot.username.lower())
        original = message.chat.find(message.reply_to or 0)
        return original is not None and original.sender == bot.id

    def notify(self, bot: Bot, kind: str, payload: Json) -> None:
        """Queue an update for a bot."""
        now = self.clock.timestamp()
        bot.mailbox.expire(now)
        bot.mailbox.put(kind, payload, now)

    # -- how it is written --------------------------------------------------------------

    def person(self, actor_id: int) -> Json:
        """Write a person or bot as the Bot API's User."""
        actor = self.bots.get(actor_id) or self.users[actor_id]
        return actor.as_json()

    def chat_json(self, chat: Chat) -> Json:
        """Write a chat as the Bot API's Chat."""
        return render_chat(chat, self.users.get(chat.id))

    def render(self, message: Message) -> Json:
        """Write a message as the Bot API's Message."""
        return render(message, self.person, self.chat_json)

    # -- what a viewer of the whole world is told -------------------------------------------

    def shown(self, message: Message) -> Json:
        """A message with what its readers see besides the Bot API's Message.

        `bot` is the bot of a private chat, `keyboard` the reply markup that came with it, and
        `votes` tells who chose what in its poll.
        """
        poll = message.content.media.get("poll", {})
        is_inline = "inline_keyboard" in (message.markup or {})
        return {
            "message": self.render(message),
            "bot": self.bot_of(message.chat),
            "deleted": message.deleted,
            "pinned": message.pinned,
            "keyboard": None if is_inline else message.markup,
            "votes": self.votes.get(poll.get("id", ""), {}),
        }

    def bot_of(self, chat: Chat) -> int | None:
        """The bot that a private chat is with; None for a group."""
        return next((m for m in chat.members if m in self.bots), None) if chat.is_private else None

    def chat_state(self, chat: Chat) -> Json:
        """A chat with its people; `members` are statuses by id."""
        more = {"members": chat.members, "bot": self.bot_of(chat), "moved_to": chat.migrated_to}
        return self.chat_json(chat) | more

    def bot_state(self, bot: Bot) -> Json:
        """A bot's account, its token and its commands by scope."""
        return bot.as_json() | {"token": bot.token, "commands": bot.commands}

    def time(self) -> Json:
        """The clock as it is written."""
        clock = self.clock
        return {"now": clock.now().isoformat(), "rate": clock.rate, "version": clock.version}

    def close(self) -> None:
        """Wake everybody who waits, so that a server can stop at once."""
        self.feed.close()
        self.faults.release()
        self.clock.changed.fire()
        for bot in self.bots.values():
            bot.mailbox.arrived.fire()
        for chat in (*self.private.values(), *self.groups.values()):
            chat.changed.fire()

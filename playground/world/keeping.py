"""Keeps a world in a folder and brings it back: plain JSON, and the files beside it.

What passes by is not kept: the record of calls, faults, limits used up, open long polls.
"""

import asyncio
import json
import os
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from itertools import count
from pathlib import Path

from playground.text.refusals import Json
from playground.world.actors import Bot, Query, Toast, User
from playground.world.clock import Clock
from playground.world.files import StoredFile
from playground.world.messages import Chat, Content, Message
from playground.world.updates import Mailbox, Update
from playground.world.world import World

_FORMAT = 1
_EVERY = 1.0  # real seconds


class UnreadableWorld(Exception):
    """The folder holds a world of another version, or a broken one."""


class Keeper:
    """Writes a world into a folder, whole or not at all."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._written = ""
        self._files: set[str] = set()

    def save(self) -> None:
        """Write the world as it is now; the bytes of a file are written once."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for stored in self._world.files.by_path.values():
            self._keep_file(stored)
        plain = as_plain(self._world)
        text = json.dumps(plain)  # ASCII: it can carry even the lone surrogates people type
        if text != self._written:
            moment = {"now": self._world.clock.now().isoformat()}
            _write(self._folder / "world.json", json.dumps(moment | plain).encode())
            self._written = text

    def _keep_file(self, stored: StoredFile) -> None:
        if stored.file_id not in self._files:
            (self._folder / "files").mkdir(exist_ok=True)
            _write(self._folder / "files" / stored.file_id, stored.data)
            self._files.add(stored.file_id)

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[None]:
        """Save every second while inside, and once more at the end."""
        task = asyncio.create_task(self._save_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self._written = ""  # so that the clock is kept as well
            self.save()

    async def _save_on(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            self.save()


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place in one move, once it is on the disk."""
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def load(folder: Path) -> World | None:
    """The world kept in a folder, its clock standing still; None if there is none."""
    path = folder / "world.json"
    if not path.exists():
        return None
    try:
        plain = json.loads(path.read_bytes())
        if plain["format"] != _FORMAT:
            raise UnreadableWorld(f"{path}: format {plain['format']}")
        return _from_plain(plain, folder / "files")
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UnreadableWorld(f"{path}: {error!r}") from error


# -- to plain data ----------------------------------------------------------------------


def as_plain(world: World) -> Json:
    """Everything worth keeping but the clock, as JSON's types."""
    number = next(world.ids)
    world.ids = count(number)
    return {
        "format": _FORMAT,
        "number": number,
        "users": [asdict(user) for user in world.users.values()],
        "bots": [_bot(bot) for bot in world.bots.values()],
        "groups": [_chat(chat) for chat in world.groups.values()],
        "private": [[bot, _chat(chat)] for (bot, _), chat in world.private.items()],
        "files": [asdict(f) | {"data": None} for f in world.files.by_path.values()],
        "revoked": sorted(world.revoked),
        "votes": {poll: list(votes.items()) for poll, votes in world.votes.items()},
    }


def _bot(bot: Bot) -> Json:
    box = bot.mailbox
    return {
        "id": bot.id,
        "token": bot.token,
        "username": bot.username,
        "name": bot.name,
        "reads_all": bot.reads_all,
        "commands": bot.commands,
        "menu_buttons": list(bot.menu_buttons.items()),
        "queries": {query_id: asdict(query) for query_id, query in bot.queries.items()},
        "allowed": None if box.allowed is None else sorted(box.allowed),
        "pending": [[u.id, u.at, u.kind, u.payload] for u in box.pending],
        "next_id": box.next_id,
        "dropped": box.dropped,
        "toasts": [[who, [asdict(toast) for toast in all_]] for who, all_ in bot.toasts.items()],
    }


def _chat(chat: Chat) -> Json:
    return {
        "id": chat.id,
        "kind": chat.kind,
        "title": chat.title,
        "members": list(chat.members.items()),
        "migrated_to": chat.migrated_to,
        "topics": chat.topics,
        "messages": [_message(message) for message in chat.messages],
    }


def _message(message: Message) -> Json:
    fields = {name: getattr(message, name) for name in Message.__slots__}
    return fields | {"chat": None, "content": asdict(message.content)}


# -- and back ---------------------------------------------------------------------------


def _from_plain(plain: Json, files: Path) -> World:
    world = World(clock=Clock.manual(datetime.fromisoformat(plain["now"])))
    world.ids = count(plain["number"])
    world.users = {user["id"]: User(**user) for user in plain["users"]}
    for each in plain["bots"]:
        _restore_bot(world, each)
    world.groups = {each["id"]: _chat_from(each) for each in plain["groups"]}
    world.private = {(bot, each["id"]): _chat_from(each) for bot, each in plain["private"]}
    for each in plain["files"]:
        data = (files / each["file_id"]).read_bytes()
        stored = StoredFile(**(each | {"data": data}))
        world.files.by_id[stored.file_id] = world.files.by_path[stored.path] = stored
    world.revoked = set(plain["revoked"])
    world.votes = {poll: dict(votes) for poll, votes in plain["votes"].items()}
    return world


def _restore_bot(world: World, plain: Json) -> None:
    bot = world.add_bot(plain["token"], plain["username"])
    bot.name, bot.reads_all = plain["name"], plain["reads_all"]
    bot.commands = plain["commands"]
    bot.menu_buttons = dict(plain["menu_buttons"])
    bot.queries = OrderedDict((key, Query(**query)) for key, query in plain["queries"].items())
    bot.toasts = {who: [Toast(**toast) for toast in toasts] for who, toasts in plain["toasts"]}
    bot.mailbox = Mailbox(
        allowed=None if plain["allowed"] is None else frozenset(plain["allowed"]),
        pending=deque(Update(*fields) for fields in plain["pending"]),
        next_id=plain["next_id"],
        dropped=plain["dropped"],
    )


def _chat_from(plain: Json) -> Chat:
    chat = Chat(
        plain["id"],
        plain["kind"],
        plain["title"],
        dict(plain["members"]),
        migrated_to=plain["migrated_to"],
        topics=list(plain.get("topics", [])),
    )
    for each in plain["messages"]:
        content = Content(**each["content"])
        chat.messages.append(Message(**(each | {"chat": chat, "content": content})))
    return chat

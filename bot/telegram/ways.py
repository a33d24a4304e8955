"""The ways a message goes out, by the outbox's kind: one call to Telegram each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from telegram import (
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.telegram.client import QuietBot
from bot.telegram.documents import file_of
from bot.telegram.render import Drawn, Renderer, plain
from workflows.desk import Letter
from workflows.desk.outbound.composing import Reader

_NO_PREVIEW = {"is_disabled": True}
_NO_TOPIC = ("thread not found", "topic_closed", "topic_deleted")  # so Telegram refuses


class Went(Struct, frozen=True, kw_only=True):
    """Where a message is now, and what it shows, if it can be changed."""

    message_id: int | None = None
    face: str = ""
    is_pressable: bool = False


class Ways:
    """Draws a letter and sends it; knows nothing of order or pace.

    A message that shows already what it would be changed to is left alone.
    """

    def __init__(self, bot: QuietBot, renderer: Renderer) -> None:
        self.bot = bot
        self.renderer = renderer

    async def send(self, letter: Letter) -> Went:
        """Where it is then. Raises TelegramError.

        What goes to a topic that is deleted or closed goes to the group itself.
        """
        way = _WAYS[letter.owed.kind]
        try:
            return await way(self, letter)
        except BadRequest as error:
            if not letter.owed.topic or not any(sign in str(error).lower() for sign in _NO_TOPIC):
                raise
            return await way(self, replace(letter, owed=replace(letter.owed, topic=None)))

    async def _message(self, letter: Letter) -> Went:
        drawn = self.renderer.draw(letter)
        sent = await self._write("sendMessage", letter, drawn, message_thread_id=letter.owed.topic)
        return _went(letter, drawn, int(sent["message_id"]))

    async def _write(self, method: str, letter: Letter, drawn: Drawn, **where: int | None) -> Any:
        return await self.bot.call(
            method, chat_id=letter.owed.chat_id, **where,
            text=_text(letter, drawn), reply_markup=drawn.markup, parse_mode=_mode(letter),
            link_preview_options=_NO_PREVIEW,
        )  # fmt: skip

    async def _edit(self, letter: Letter) -> Went:
        """Draw a card again where it stands; without one there is nothing to draw."""
        return Went() if letter.owed.card is None else await self._change(letter, letter.owed.card)

    async def _redraw(self, letter: Letter) -> Went:
        """Draw a list again in the message that was tapped; a card that was replaced once more,
        without its buttons and the number.
        """
        return await self._change(letter, int(letter.values["message_id"]))

    async def _change(self, letter: Letter, message_id: int) -> Went:
        """What was tried before may have arrived: how the message looks is not known then."""
        drawn = self.renderer.draw(letter)
        went = _went(letter, drawn, message_id)
        if went.face != letter.owed.face or letter.owed.attempts > 1:
            await self._write("editMessageText", letter, drawn, message_id=message_id)
        return went

    async def _strip(self, letter: Letter) -> Went:
        message_id = int(letter.values["message_id"])
        if letter.owed.is_pressable is not False:
            await self.bot.call(
                "editMessageReplyMarkup", chat_id=letter.owed.chat_id, message_id=message_id
            )
        return Went(message_id=message_id)

    async def _delete(self, letter: Letter) -> Went:
        message_id = letter.values["message_id"]
        await self.bot.call("deleteMessage", chat_id=letter.owed.chat_id, message_id=message_id)
        return Went()

    async def _media(self, letter: Letter) -> Went:
        """A file, or several of one kind as an album: one call either way."""
        if letter.reader is Reader.NOBODY:
            return await self._message(letter)
        chat_id, files = letter.owed.chat_id, letter.owed.attachments
        told: dict[str, Any] = {
            "caption": self.renderer.draw(letter).text,
            "parse_mode": ParseMode.HTML,
            "message_thread_id": letter.owed.topic,
            "disable_notification": True,  # the card that it belongs to is heard
        }
        if len(files) > 1:
            media = [_ALBUM[file.kind](file.file_id) for file in files]
            sent = await self.bot.send_media_group(chat_id, media, **told)
            return Went(message_id=sent[-1].message_id)
        send = getattr(self.bot, f"send_{files[0].kind}")
        if files[0].kind == "video_note":  # the only kind that takes no words
            told = {"disable_notification": True, "message_thread_id": letter.owed.topic}
        return Went(message_id=int((await send(chat_id, files[0].file_id, **told)).message_id))

    async def _document(self, letter: Letter) -> Went:
        """A file made of what the letter holds."""
        name, content = file_of(letter, self.renderer)
        drawn = self.renderer.draw(letter)
        told: dict[str, Any] = {"reply_markup": drawn.markup, "parse_mode": ParseMode.HTML}
        sent = await self.bot.send_document(
            letter.owed.chat_id, content, filename=name, caption=drawn.text,
            message_thread_id=letter.owed.topic, **told,
        )  # fmt: skip
        return Went(message_id=sent.message_id, is_pressable=drawn.markup is not None)

    async def _menu(self, letter: Letter) -> Went:
        """The commands this person's roles have."""
        names = letter.values["commands"]
        commands = [
            {"command": name, "description": self.renderer.word(name, "commands")} for name in names
        ]
        scope = {"type": "chat", "chat_id": letter.owed.chat_id}
        await self.bot.call("setMyCommands", commands=commands, scope=scope)
        return Went()


_ALBUM = {"photo": InputMediaPhoto, "video": InputMediaVideo, "document": InputMediaDocument}
_WAYS: dict[str, Callable[[Ways, Letter], Awaitable[Went]]] = {
    "text": Ways._message,
    "card": Ways._message,
    "edit": Ways._edit,
    "redraw": Ways._redraw,
    "fade": Ways._redraw,
    "strip": Ways._strip,
    "delete": Ways._delete,
    "media": Ways._media,
    "document": Ways._document,
    "menu": Ways._menu,
}


def _went(letter: Letter, drawn: Drawn, message_id: int) -> Went:
    """A message that shows this now."""
    shows = _text(letter, drawn).encode(errors="surrogatepass") + msgspec.json.encode(drawn.markup)
    face = blake2b(shows, digest_size=16).hexdigest()
    return Went(message_id=message_id, face=face, is_pressable=drawn.markup is not None)


def _text(letter: Letter, drawn: Drawn) -> str:
    return plain(drawn.text) if letter.owed.is_plain else drawn.text


def _mode(letter: Letter) -> str | None:
    return None if letter.owed.is_plain else ParseMode.HTML

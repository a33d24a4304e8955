"""One person's phone: what they send, press and see."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from playground.phones.phone_client import Group, Message, PhoneClient, Toast, read_message
from playground.text.refusals import Json

Place = Group | int | None


class Phone:
    """A person's phone. `chat` is a group or its id; without it, the private chat with the bot.

    What sends returns message ids, one for most, several for albums and split texts.
    """

    def __init__(self, client: PhoneClient, user_id: int, name: str) -> None:
        self._client = client
        self.user_id = user_id
        self.name = name

    def __repr__(self) -> str:
        return f"Phone({self.user_id}, {self.name!r})"

    async def _do(self, act: str, chat: Place = None, **body: Any) -> Any:
        path = f"users/{self.user_id}/{act}"
        return (await self._client.post(path, chat=_chat_id(chat), **body))["result"]

    # -- sending ------------------------------------------------------------------------

    async def start(self, payload: str = "") -> list[int]:
        """Press Start, or open the bot's link with a payload; unblocks the bot."""
        return list(await self._do("start", payload=payload))

    async def send(
        self, text: str, chat: Place = None, reply_to: int | None = None, split: bool = False
    ) -> list[int]:
        """Send a text. Over 4,096 UTF-16 units it is refused, or cut when `split`."""
        return list(await self._do("send", chat, text=text, reply_to=reply_to, split=split))

    async def send_file(
        self,
        kind: str,
        data: bytes | None = None,
        *,
        name: str | None = None,
        mime: str | None = None,
        size: int | None = None,
        caption: str = "",
        chat: Place = None,
    ) -> list[int]:
        """Send a file of a kind; `size` in bytes may claim more than `data` has."""
        item = _item(data, name=name, mime=mime, size=size, caption=caption)
        return list(await self._do("file", chat, kind=kind, **item))

    async def send_photo(
        self, caption: str = "", data: bytes | None = None, chat: Place = None
    ) -> list[int]:
        """Send a photo, a tiny one unless given."""
        return await self.send_file("photo", data, caption=caption, chat=chat)

    async def send_album(
        self, photos: int | Sequence[bytes], caption: str = "", chat: Place = None
    ) -> list[int]:
        """Send 2 to 10 photos together, the caption under the first, as phones do."""
        pictures = [None] * photos if isinstance(photos, int) else list(photos)
        items = [
            _item(data, caption=caption if index == 0 else "")
            for index, data in enumerate(pictures)
        ]
        return list(await self._do("album", chat, items=items))

    async def send_video(
        self, caption: str = "", data: bytes | None = None, chat: Place = None
    ) -> list[int]:
        """Send a video."""
        return await self.send_file("video", data, caption=caption, chat=chat)

    async def send_voice(self, data: bytes | None = None, chat: Place = None) -> list[int]:
        """Send a voice message."""
        return await self.send_file("voice", data, chat=chat)

    async def send_video_note(self, data: bytes | None = None, chat: Place = None) -> list[int]:
        """Send a round video."""
        return await self.send_file("video_note", data, chat=chat)

    async def send_document(
        self,
        name: str,
        data: bytes,
        mime: str = "application/octet-stream",
        caption: str = "",
        size: int | None = None,
        chat: Place = None,
    ) -> list[int]:
        """Send a file under any name and type, hostile ones included."""
        return await self.send_file(
            "document", data, name=name, mime=mime, size=size, caption=caption, chat=chat
        )

    async def send_sticker(self, chat: Place = None) -> list[int]:
        """Send a sticker."""
        return await self.send_file("sticker", chat=chat)

    async def send_location(
        self, latitude: float, longitude: float, chat: Place = None
    ) -> list[int]:
        """Send a place, in degrees."""
        point = {"latitude": latitude, "longitude": longitude}
        return list(await self._do("location", chat, **point))

    async def send_contact(
        self, phone_number: str | None = None, name: str | None = None, chat: Place = None
    ) -> list[int]:
        """Send a contact: one's own card unless a name is given."""
        return list(await self._do("contact", chat, phone_number=phone_number, name=name))

    async def send_dice(self, chat: Place = None) -> list[int]:
        """Throw a die."""
        return list(await self._do("dice", chat))

    async def send_poll(
        self, question: str, options: Sequence[str], chat: Place = None
    ) -> list[int]:
        """Ask a question with options."""
        return list(await self._do("poll", chat, question=question, options=list(options)))

    async def forward(self, message_id: int, chat: Place = None) -> list[int]:
        """Forward a message of `chat` into the private chat with the bot."""
        return list(await self._do("forward", chat, message_id=message_id))

    # -- changing and pressing ----------------------------------------------------------

    async def edit(self, message_id: int, text: str, chat: Place = None) -> None:
        """Edit an own message's text or caption."""
        await self._do("edit", chat, message_id=message_id, text=text)

    async def move(
        self, message_id: int, latitude: float, longitude: float, chat: Place = None
    ) -> None:
        """A place that was sent moves, as a live location does."""
        point = {"latitude": latitude, "longitude": longitude}
        await self._do("move", chat, message_id=message_id, **point)

    async def delete(self, message_id: int, chat: Place = None) -> None:
        """Delete an own message; the bot is not told."""
        await self._do("delete", chat, message_id=message_id)

    async def tap(self, button: str, message: int | None = None, chat: Place = None) -> str:
        """Press a button, by its exact callback data or part of its label; newest first.

        Returns the callback id as soon as the bot's update is queued; "" for a link to the bot
        (acts as `start`) or a reply keyboard's key (sends its label). Raises LookupError that
        names the visible buttons.
        """
        return str(await self._do("tap", chat, button=button, message_id=message))

    async def tap_data(self, data: str, message_id: int, chat: Place = None) -> str:
        """Press a button that need not exist: any data, on any message that ever was."""
        return str(await self._do("press", chat, data=data, message_id=message_id))

    async def vote(self, message_id: int, options: Sequence[int], chat: Place = None) -> None:
        """Answer a poll with option indexes."""
        await self._do("vote", chat, message_id=message_id, options=list(options))

    # -- coming and going ---------------------------------------------------------------

    async def block(self) -> None:
        """Block the bot."""
        await self._do("block")

    async def unblock(self) -> None:
        """Unblock the bot."""
        await self._do("unblock")

    async def deactivate(self) -> None:
        """Delete one's Telegram account; this phone can do nothing afterwards."""
        await self._do("deactivate")

    async def join(self, group: Group | int) -> None:
        """Enter a group."""
        await self._do("join", group)

    async def leave(self, group: Group | int) -> None:
        """Leave a group."""
        await self._do("leave", group)

    # -- seeing -------------------------------------------------------------------------

    async def inbox(self, after: int = 0, chat: Place = None, wait: float = 0.0) -> list[Message]:
        """List all messages of a chat after an id, own, service and deleted ones included.

        With `wait`, waits up to so many real seconds for a message of somebody else.
        """
        path = f"users/{self.user_id}/inbox"
        read = await self._client.get(path, after=after, chat=_chat_id(chat), wait=wait or None)
        return [read_message(message) for message in read["messages"]]

    async def last(self, chat: Place = None) -> Message:
        """The newest message of somebody else that is not deleted, or LookupError."""
        for message in reversed(await self.inbox(chat=chat)):
            if message.sender != self.user_id and not message.deleted:
                return message
        raise LookupError("nobody has written here yet")

    async def toasts(self) -> list[Toast]:
        """List what answered presses showed, oldest first."""
        read = await self._client.get(f"users/{self.user_id}/toasts")
        return [Toast(**toast) for toast in read["toasts"]]


def _chat_id(chat: Place) -> int | None:
    return chat.chat_id if isinstance(chat, Group) else chat


def _item(data: bytes | None, **described: Any) -> Json:
    encoded = {} if data is None else {"data": b64encode(data).decode()}
    return encoded | {name: value for name, value in described.items() if value is not None}

"""The client between a phone and the playground: its requests, its answers as values."""

import json
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import aiohttp

from playground.text.refusals import Json

_SECONDS = 90.0  # for an answer: longer than any wait that can be asked for


class PhoneError(ValueError):
    """The phone would not do it; the message says why."""


@dataclass(frozen=True)
class Button:
    """A button under a message: callback data or an address."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Toast:
    """What a pressed button's answer showed: nothing, a line, or a window (`alert`)."""

    callback_id: str
    text: str
    alert: bool


@dataclass(frozen=True)
class Message:
    """A message as a person sees it. `date` is Unix seconds; `media` names what it carries.

    `media` is a kind such as "photo", "location" or a service message's name, None for text.
    """

    id: int
    chat_id: int
    sender: int | str
    text: str
    html: str
    buttons: tuple[tuple[Button, ...], ...]
    keyboard: tuple[tuple[str, ...], ...]
    media: str | None
    media_group_id: str | None
    file_ids: tuple[str, ...]
    date: int
    edited: bool
    deleted: bool
    reply_to: int | None
    pinned: bool

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, row by row."""
        return [button.text for row in self.buttons for button in row]


def read_message(read: Json) -> Message:
    """Read a message from the answer of an inbox."""
    rows = tuple(tuple(Button(**button) for button in row) for row in read.pop("buttons"))
    keyboard = tuple(tuple(row) for row in read.pop("keyboard"))
    files = tuple(read.pop("file_ids"))
    return Message(buttons=rows, keyboard=keyboard, file_ids=files, **read)


@dataclass(frozen=True)
class Time:
    """The world's clock at one moment."""

    now: datetime
    rate: float
    version: int


@dataclass(frozen=True)
class Group:
    """A group that the bot is in."""

    chat_id: int
    title: str


class PhoneClient:
    """An HTTP connection to the people's side, for one bot. An async context manager.

    Raises `PhoneError` for what a phone refuses and `LookupError` for what is not there.
    """

    def __init__(self, base_url: str, bot_token: str) -> None:
        """Take the playground's root; its Bot API address does as well."""
        root = base_url.removesuffix("/").removesuffix("/bot")
        self._http = aiohttp.ClientSession(
            f"{root}/playground/",
            headers={"X-Playground-Bot": bot_token},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(_SECONDS),
        )

    async def __aenter__(self) -> Self:
        """Connect; the connection itself is made at the first request."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._http.close()

    async def post(self, path: str, **body: Any) -> Json:
        """Post a request to a path under /playground/, leaving out what is None."""
        # ASCII-only JSON can carry even the lone surrogates that hostile tests type.
        return await self._ask("POST", path, data=json.dumps(_given(body)).encode())

    async def get(self, path: str, **query: Any) -> Json:
        """Get a path under /playground/, leaving out what is None."""
        return await self._ask("GET", path, params=_given(query))

    async def remove(self, path: str) -> None:
        """Delete what a path under /playground/ names."""
        await self._ask("DELETE", path)

    async def _ask(self, method: str, path: str, **more: Any) -> Json:
        async with self._http.request(method, path, **more) as answer:
            return await _checked(answer)

    async def download(self, file_id: str) -> bytes:
        """Fetch the bytes of a file that somebody sees."""
        async with self._http.get(f"files/{file_id}") as answer:
            if not answer.ok:
                await _checked(answer)
            return await answer.read()


def _given(told: Json) -> Json:
    return {name: value for name, value in told.items() if value is not None}


async def _checked(answer: aiohttp.ClientResponse) -> Json:
    read: Json = await answer.json()
    if answer.ok:
        return read
    reason = read.get("error") or read.get("description")
    raise (LookupError if answer.status == 404 else PhoneError)(reason)

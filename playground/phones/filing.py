"""Residents who file petitions as people do: a link, one message, a tap or two.

They know the bot by what its buttons carry, not by its words, and keep nothing of a petition
but what was measured.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from playground.phones.client import Button, Message, PhoneError
from playground.phones.phone import Phone

_SUBMIT = re.compile(r"d:[^:]+:submit$")
_CHOICE = re.compile(r"d:[^:]+:(place|category):")  # an answer to a question
_TICKET = re.compile(r"v:\d+:")
_MOST_QUESTIONS = 5
_GLANCE = 0.05  # seconds between two looks at what may change


class RefusedError(Exception):
    """The bot would not take the petition; the message says why, without a word of it."""


@dataclass(frozen=True, kw_only=True)
class Petition:
    """One row of a file."""

    id: str
    user: str
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What filing one petition took. `refusal` is "" when it was filed; times are real seconds.

    `parts` is how many Telegram messages the one text became; `extras` counts what the bot said
    besides, such as the emergency numbers.
    """

    petition: Petition
    refusal: str = ""
    parts: int = 0
    messages: int = 0
    taps: int = 0
    questions: int = 0
    extras: int = 0
    to_preview: float = 0.0
    to_filed: float = 0.0


class Resident:
    """A person with a phone, who waits at most `patience` real seconds for each answer."""

    def __init__(self, phone: Phone, patience: float) -> None:
        self._phone = phone
        self._patience = patience
        self._seen = 0
        self._tapped: Message | None = None  # it may change in place
        self._unread: deque[Message] = deque()
        self._messages = self._taps = self._questions = self._extras = 0

    async def file_all(self, petitions: Iterable[Petition], link: str) -> list[Filing]:
        """Open the station's link once, then file one petition after the other."""
        filings = []
        for petition in petitions:
            filings.append(await self._try(petition, link))
            link = ""
        return filings

    async def _try(self, petition: Petition, link: str) -> Filing:
        self._messages = self._taps = self._questions = self._extras = 0
        try:
            if link:
                await self._arrive(link)
            return await self._file(petition)
        except (RefusedError, PhoneError, LookupError) as error:
            await self._give_up()
            why = str(error) if isinstance(error, RefusedError) else type(error).__name__
            return Filing(petition=petition, refusal=why)

    async def _arrive(self, link: str) -> None:
        self._taps += 1
        await self._phone.start(link)
        await self._hear(lambda message: True, "no welcome")
        self._extras = 0

    async def _file(self, petition: Petition) -> Filing:
        sent_at = monotonic()
        parts = await self._phone.send(petition.text, split=True)
        self._messages += 1
        preview = await self._reach_preview()
        shown_at = monotonic()
        await self._tap(preview, _SUBMIT)
        await self._hear(lambda message: _find(message, _TICKET) is not None, "never filed")
        return Filing(
            petition=petition, parts=len(parts), messages=self._messages, taps=self._taps,
            questions=self._questions, extras=self._extras, to_preview=shown_at - sent_at,
            to_filed=monotonic() - shown_at,
        )  # fmt: skip

    async def _reach_preview(self) -> Message:
        """Whatever the bot asks is answered with the first thing it offers."""
        for _ in range(_MOST_QUESTIONS):
            message = await self._hear(_asks, "no preview")
            if _find(message, _SUBMIT):
                return message
            self._questions += 1
            await self._tap(message, _CHOICE)
        raise RefusedError("asked again and again")

    async def _tap(self, message: Message, wanted: re.Pattern[str]) -> None:
        button = _find(message, wanted)
        if button is None or button.data is None:
            raise RefusedError("the button is not there")
        self._taps += 1
        self._tapped = message
        await self._phone.tap(button.data, message.id)

    async def _hear(self, is_meant: Callable[[Message], bool], otherwise: str) -> Message:
        """The next message that is meant; others are counted."""
        until = monotonic() + self._patience
        while True:
            while self._unread:
                if is_meant(message := self._unread.popleft()):
                    return message
                self._extras += 1
            if (left := until - monotonic()) <= 0:
                raise RefusedError(f"{otherwise} within {self._patience:g} s")
            await self._look(left)

    async def _look(self, seconds: float) -> None:
        """Wait for news, or for what was tapped to change, and put them to what is unread."""
        wait = min(seconds, _GLANCE) if self._tapped else seconds
        found = await self._phone.inbox(after=self._seen, wait=wait)
        self._seen = max((message.id for message in found), default=self._seen)
        self._unread += (message for message in found if message.sender != self._phone.user_id)
        if (old := self._tapped) is None:
            return
        now = next(m for m in await self._phone.inbox(after=old.id - 1) if m.id == old.id)
        if now != old:
            self._tapped = now
            self._unread.append(now)

    async def _give_up(self) -> None:
        """So that the next petition does not land in this one's draft."""
        with suppress(PhoneError, LookupError, RefusedError):
            await self._phone.send("/cancel")
            await self._hear(lambda message: not message.buttons, "no answer")


def _asks(message: Message) -> bool:
    return bool(_find(message, _SUBMIT) or _find(message, _CHOICE))


def _find(message: Message, wanted: re.Pattern[str]) -> Button | None:
    buttons = (button for row in message.buttons for button in row)
    return next((b for b in buttons if b.data and wanted.match(b.data)), None)

"""People who go on whatever happens: residents who file, officials who tap what they are shown.

They know the bot by what its buttons carry, not by its words.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from random import Random

from playground.phones.client import Message, PhoneError
from playground.phones.filing import Petition, Resident
from playground.phones.phone import Phone

_PATIENCE = 40.0  # real seconds for one answer
_BETWEEN = (2.0, 12.0)  # real seconds from one petition to the next
_STATIONS = ("nanhuan-east", "nanhuan-west")
_PLACES = ("3号楼", "1幢", "6幢", "5号楼", "9幢", "11号楼", "21幢", "22幢", "小区东门")
_TROUBLES = ("充电桩坏了", "路灯不亮了", "电动车乱停", "楼道里堆了杂物", "垃圾没人收", "水管漏水了")
_ANSWERS = ("到现场看过了，明天来修", "3天", "请物业换新的", "今天已经修好了")
_STEP = re.compile(r"t:\d+:(?!more)")
_LOOK = re.compile(r"[vkb]:")
_OWN_STEP = re.compile(r"t:\d+:(nudge|confirm:\d)$")
_RECENT = 8  # messages somebody looks back at


class Neighbour:
    """Files one petition after the other, nudges and rates. `said` is every petition's text."""

    def __init__(self, phone: Phone, random: Random) -> None:
        self.user_id = phone.user_id
        self.said: list[str] = []
        self._phone = phone
        self._random = random

    async def run(self) -> None:
        """Go on until cancelled."""
        resident = Resident(self._phone, _PATIENCE)
        link = f"st_{self._random.choice(_STATIONS)}"
        while True:
            await asyncio.sleep(self._random.uniform(*_BETWEEN))
            await resident.file_all([self._next()], link)
            link = ""
            if self._random.random() < 0.3:
                await _tap_one(self._phone, _OWN_STEP, self._random)

    def _next(self) -> Petition:
        """No two alike, so that each can be told from every other."""
        place, trouble = self._random.choice(_PLACES), self._random.choice(_TROUBLES)
        text = f"{place}{trouble}，第{len(self.said) + 1}次说了，{self.user_id}"
        self.said.append(text)
        return Petition(id=str(len(self.said)), user=str(self.user_id), text=text)


class Official:
    """Taps the buttons of what was last shown, and answers what is asked."""

    def __init__(self, phone: Phone, random: Random) -> None:
        self._phone = phone
        self._random = random

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(self._random.uniform(0.3, 1.5))
            with suppress(PhoneError, LookupError):
                await self._act()

    async def _act(self) -> None:
        last = await self._phone.last()
        choices = [d for d in _data(last) if not (_STEP.match(d) or _LOOK.match(d))]
        if choices:
            await self._phone.tap_data(self._random.choice(choices), last.id)
        elif not _data(last):
            await self._phone.send(self._random.choice(_ANSWERS))
        else:
            await _tap_one(self._phone, _STEP, self._random)


async def _tap_one(phone: Phone, wanted: re.Pattern[str], random: Random) -> None:
    """Any button of the kind that is shown in what was said lately."""
    last = (await phone.last()).id
    recent = [m for m in await phone.inbox(after=last - _RECENT) if not m.deleted]
    shown = [(d, m.id) for m in recent for d in _data(m) if wanted.match(d)]
    if shown:
        await phone.tap_data(*random.choice(shown))


def _data(message: Message) -> list[str]:
    return [button.data for row in message.buttons for button in row if button.data]

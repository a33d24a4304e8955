"""Talking with the bot as people do: send or tap, let it work, read what it says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from casting import CHARGER, Cast
from msgspec.structs import replace
from walking import Walker

from bot.telegram.render import plain
from playground.phones.phone import Phone
from playground.phones.phone_client import Group, Message
from playground.stage.stage import Stage
from workflows.core.numbers import format_number as number_of
from workflows.petition.model import Ticket
from workflows.petition.settings import PetitionSettings
from workflows.petition.store import lookups
from workflows.petition.words import Action

PLACED = CHARGER  # it says where


class Chat:
    """One person's phone; after each `say` or `tap` the bot has done all that follows."""

    def __init__(self, stage: Stage, phone: Phone) -> None:
        self.stage = stage
        self.phone = phone
        self.id = phone.user_id
        self._mark = 0

    async def say(self, *texts: str, chat: Group | None = None) -> Message:
        """Send these texts one right after the other; the newest message afterwards."""
        await self.mark()
        for text in texts:
            await self.phone.send(text, chat, split=True)
        await self.stage.settle()
        return await self.phone.last(chat)

    async def reply(self, text: str, to: Message | None = None) -> Message:
        """Answer a message of the bot's with Telegram's reply; the last one, unless named."""
        await self.mark()
        await self.phone.send(text, reply_to=(to or await self.last()).id)
        return await self.settled()

    async def edit(self, old: str, new: str) -> Message:
        """Edit one's own newest message that reads `old`."""
        own = [m for m in await self.phone.inbox() if m.sender == self.id and m.text == old]
        await self.mark()
        await self.phone.edit(own[-1].id, new)
        return await self.settled()

    async def start(self, payload: str = "") -> Message:
        await self.mark()
        await self.phone.start(payload)
        return await self.settled()

    async def tap(self, button: str, message: int | None = None) -> Message:
        """Press a button; one that is not in front is looked for behind 更多, as people do."""
        await self.mark()
        if await self._is_behind(button, message):
            await self.phone.tap("⋯ 更多", message)
            await self.stage.settle()
        await self.phone.tap(button, message)
        return await self.settled()

    async def _is_behind(self, button: str, message: int | None) -> bool:
        told = [m for m in await self.phone.inbox() if message in {None, m.id} and not m.deleted]
        about = f":{button.split(':')[1]}:" if button.startswith("t:") else ""
        newest = next((m for m in reversed(told) if about in _data(m) and m.buttons), None)
        buttons = [b for row in newest.buttons for b in row] if newest else []
        shown = {text for b in buttons for text in (b.data, b.text) if text}
        is_there = any(button == text or button in text for text in shown)
        return not is_there and any("⋯ 更多" in text for text in shown)

    async def more(self, button: str) -> Message:
        """Tap one of the rarer actions of the newest card."""
        await self.tap("⋯ 更多")
        return await self.tap(button)

    async def press(self, data: str) -> str:
        """Press a button that need not exist; the toast it brought."""
        await self.mark()
        await self.phone.tap_data(data, (await self.last()).id)
        await self.settled()
        return await self.toast()

    async def press_late(self, button: str, message: Message) -> Message:
        """Press a button as it stood there then: a phone may show it longer than the bot."""
        data = next(b.data for row in message.buttons for b in row if button in b.text)
        await self.mark()
        await self.phone.tap_data(data or "", message.id)
        return await self.settled()

    async def mark(self) -> None:
        """What is new counts from here."""
        self._mark = max((m.id for m in await self.phone.inbox()), default=0)

    async def settled(self) -> Message:
        await self.stage.settle()
        return await self.last()

    async def last(self) -> Message:
        return await self.phone.last()

    async def new(self) -> list[str]:
        """What the bot has said since the last `say` or `tap`."""
        found = await self.phone.inbox(after=self._mark)
        return [m.text for m in found if m.sender == "bot" and not m.deleted]

    async def all(self) -> list[str]:
        return [m.text for m in await self.phone.inbox() if m.sender == "bot"]

    async def toast(self) -> str:
        return (await self.phone.toasts())[-1].text

    async def tickets(self) -> list[Ticket]:
        """What this person brought, newest first."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            return await lookups.brought_by(tx, self.id, 10)


def _data(message: Message) -> str:
    return " ".join(b.data or "" for row in message.buttons for b in row)


@dataclass
class Crew:
    """The cast, each with a chat."""

    cast: Cast
    stage: Stage
    chen: Chat
    zhou: Chat
    wang: Chat
    li: Chat
    zhao: Chat
    lead: Chat
    committee: Chat
    street: Chat

    async def file(self, text: str = PLACED, by: Chat | None = None) -> Walker:
        return await Walker.file(self.cast, text, (by or self.chen).phone)

    async def accepted(self, text: str = PLACED) -> Walker:
        """A ticket that 王 has in hand."""
        walker = await self.file(text)
        await self.wang.tap(f"t:{walker.id}:{Action.ACCEPT}")
        return walker

    async def planned(self, text: str = PLACED) -> Walker:
        walker = await self.accepted(text)
        await self.wang.tap(f"t:{walker.id}:{Action.PROPOSE}")
        await self.wang.say("请充电公司来换新桩")
        await self.wang.say("3天")
        await self.committee.tap(f"t:{walker.id}:{Action.APPROVE}")
        return walker

    async def resolved(self, text: str = PLACED) -> Walker:
        walker = await self.accepted(text)
        await self.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
        await self.wang.say("已经换好了")
        return walker

    async def waiting(self, question: str = "请问是几号桩？") -> Walker:
        """A ticket about which 王 has asked 陈 something."""
        walker = await self.accepted()
        await self.wang.tap(f"t:{walker.id}:{Action.ASK}")
        await self.wang.say(question)
        return walker

    def settle_on(self, **rules: object) -> None:
        """The community has these rules instead; of the petition's settings, where it has such."""
        desk = self.stage.service.desk
        own = {
            name: rules.pop(name) for name in {*PetitionSettings.__struct_fields__} & rules.keys()
        }
        changed = replace(desk.rules.of(PetitionSettings), **own)
        desk.rules = replace(desk.rules.having(changed), **rules)  # type: ignore[arg-type]

    async def all_rest(self) -> None:
        """No handler of the grid is on duty from now on."""
        handlers = (self.wang, self.li, self.zhao, self.lead)
        for phone in (*(chat.phone for chat in handlers), self.cast.worker):
            await phone.send("/duty")
            await self.stage.settle()
            await phone.tap("休息")
            await self.stage.settle()

    async def group(self, *members: Chat) -> Group:
        """The grid's group, bound by the lead."""
        phones = [m.phone for m in (self.lead, self.zhao, self.wang, *members)]
        made = await self.stage.phones.add_group("1网格", phones)
        await self.lead.say("/bind", chat=made)
        return made

    async def called(self, walker: Walker) -> None:
        """Let the offers run out until the grid's group is asked."""
        while not (await walker.ticket()).open_to_grid:
            await self.stage.forward(minutes=30)


def number(walker: Walker) -> str:
    """The ticket's number as people say it."""
    return number_of(walker.id)


async def data_of(chat: Chat) -> dict[str, Any]:
    """The file that /mydata brings."""
    await chat.say("/mydata")
    message = await chat.last()
    [file_id] = message.file_ids
    found: dict[str, Any] = json.loads(await chat.phone._client.download(file_id))
    return found


async def page_of(chat: Chat) -> str:
    """The page that /mydata brings before that file."""
    await chat.say("/mydata")
    [page, _] = [m for m in await chat.phone.inbox() if m.file_ids][-2:]
    return (await chat.phone._client.download(page.file_ids[0])).decode()


def read(page: str) -> str:
    """What one sees of a page: no style, no tags."""
    return plain(re.sub(r"(?s)<style>.*?</style>", "", page))


def previews(texts: list[str]) -> list[str]:
    """Those that show a petition before it is filed."""
    return [text for text in texts if "请您看一看" in text]

"""The cast of one grid, and the moves that the stories are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playground.demo.narrator import Narrator
from playground.demo.story import RIDERS, Step
from playground.phones.phone import Phone
from playground.stage.process_stage import ProcessStage
from workflows.core.numbers import parse_number
from workflows.core.people import Role

_OPENS = time(9)
_EARLY, _LATE = time(7), time(9, 5)  # between these the morning has come
GRID_GROUP = "1网格群"


@dataclass(frozen=True)
class Part:
    """Somebody of the cast: a resident, or one of the staff with a role at a place."""

    name: str
    role: Role | None = None
    place: str = ""


CAST = {
    "chen": Part("陈师傅"),
    "zhou": Part("周阿姨"),
    "wang": Part("王琴", Role.PIONEER, "南环一/1网格/3幢"),
    "li": Part("李明", Role.PIONEER, "南环一/1网格"),
    "sun": Part("孙工", Role.WORKER, "南环一/1网格"),
    "qian": Part("钱进", Role.LEAD, "南环一/1网格"),
    "wu": Part("吴书记", Role.COMMITTEE, "友新街道/南环一"),
    "street": Part("街道办", Role.STREET, "友新街道"),
}
_RIDERS, _RIDER = 40, "骑手"
_CODE, _NUMBER = re.compile(r"\d{4} \d{4}"), re.compile(r"（(\d+)）")
_ANEW = "换新的"
_POINT = re.compile(r"start=(pt_[\w-]+)")
_IN_GROUP = ("qian", "wang", "li", "sun")


class Play:
    """A process stage with its cast. `zone` is where the story's hours are told."""

    def __init__(self, stage: ProcessStage, narrator: Narrator, zone: ZoneInfo) -> None:
        self.stage = stage
        self.narrator = narrator
        self.phones: dict[str, Phone] = {}
        self._zone = zone
        self._first_day = self._today()

    def _today(self) -> date:
        return self.stage.now.astimezone(self._zone).date()

    # -- the cast -----------------------------------------------------------------------

    async def gather(self) -> None:
        """Everybody joins, the staff by invitation links; who was here before is found again."""
        known = {user.name: user.id for user in self.stage.server.world.users.values()}
        for key, part in CAST.items():
            self.phones[key] = (
                Phone(self.stage.phones, known[part.name], part.name)
                if part.name in known
                else await self._join(part)
            )
        await self._bind_group()

    async def _join(self, part: Part) -> Phone:
        if part.role is None:
            return await self.stage.phones.add_user(part.name)
        return await self.stage.hire(part.name, part.role, part.place)

    async def _bind_group(self) -> None:
        """The grid's group is bound by its lead, once."""
        if any(chat.title == GRID_GROUP for chat in self.stage.server.world.groups.values()):
            return
        members = [self.phones[key] for key in _IN_GROUP]
        group = await self.stage.phones.add_group(GRID_GROUP, members)
        await self.phones["qian"].send("/bind", chat=group)
        await self.stage.settle()

    # -- the moves ----------------------------------------------------------------------

    async def do(self, step: Step) -> None:
        """Play one step, let the bot do all that follows, and tell it."""
        async with self.narrator.telling():
            await self._move(step)
            await self.stage.settle()

    async def _move(self, step: Step) -> None:
        match step.kind:
            case "morning":
                await self._wait_for_morning()
            case "at":
                await self._wait_until(self._moment(step.text, step.day))
            case _ if step.who == RIDERS:
                await self._move_riders(step)
            case _:
                await self._act(self.phones[step.who], step)

    async def _act(self, phone: Phone, step: Step) -> None:
        match step.kind:
            case "opens":
                await phone.start(step.text)
            case "says":
                await phone.send(step.text)
            case "shows":
                await phone.send_photo(step.text)
            case "taps":
                self.narrator.tapped(self.stage.now, phone.name, step.text)
                await phone.tap(step.text)
            case "scans":
                await phone.start(await self._printed(self.phones[step.text]))
            case "visits":
                await phone.start(f"at_{await self._number(self.phones[step.text])}")
            case "enters":
                await phone.send(await self._code(self.phones[step.text]))

    # -- what somebody reads off another's phone ----------------------------------------

    async def _printed(self, phone: Phone) -> str:
        """The first code on the sheet that was sent last."""
        [*_, sheet] = [i for message in await phone.inbox() for i in message.file_ids]
        return _found(_POINT, (await self.stage.phones.download(sheet)).decode())

    async def _code(self, phone: Phone) -> str:
        """The code that is shown now: it changes every half minute."""
        await phone.tap(_ANEW)
        await self.stage.settle()
        return _found(_CODE, (await phone.last()).text)

    async def _number(self, phone: Phone) -> int:
        """What the card that was sent last is about."""
        return parse_number(_found(_NUMBER, (await phone.last()).text)) or 0

    # -- the couriers -------------------------------------------------------------------

    async def _move_riders(self, step: Step) -> None:
        """All of them do it, and what they read is told in one line for each that differs."""
        self.narrator.hush()
        for phone in await self._riders():
            await self._act(phone, step)
            await self.stage.settle()
        heads = [(await phone.last()).text.splitlines() for phone in await self._riders()]
        self.narrator.counted(self.stage.now, step.kind, step.text, heads)

    async def _riders(self) -> list[Phone]:
        known = {user.name: user.id for user in self.stage.server.world.users.values()}
        for n in range(1, _RIDERS + 1):
            if (name := f"{_RIDER}{n:02}") not in known:
                await self.stage.phones.add_user(name)
        known = {user.name: user.id for user in self.stage.server.world.users.values()}
        names = [f"{_RIDER}{n:02}" for n in range(1, _RIDERS + 1)]
        return [Phone(self.stage.phones, known[name], name) for name in names]

    async def _wait_for_morning(self) -> None:
        """A story begins at nine: today if it is about that, else tomorrow."""
        local = self.stage.now.astimezone(self._zone)
        if not _EARLY <= local.time() < _LATE:
            day = local.date() + timedelta(days=local.time() >= _EARLY)
            await self._wait_until(datetime.combine(day, _OPENS, self._zone))
        self._first_day = self._today()

    def _moment(self, clock: str, day: int) -> datetime:
        """A time of day on one of the story's days."""
        hour, minute = map(int, clock.split(":"))
        today = self._first_day + timedelta(days=day)
        return datetime.combine(today, time(hour, minute), self._zone)

    async def _wait_until(self, moment: datetime) -> None:
        seconds = (moment - self.stage.now).total_seconds()
        await self.stage.forward(seconds=max(seconds, 0))


def _found(pattern: re.Pattern[str], text: str) -> str:
    """What a text has of it. Raises LookupError."""
    found = pattern.search(text)
    if found is None:
        raise LookupError(f"nothing like {pattern.pattern} in {text!r}")
    return found[found.re.groups]

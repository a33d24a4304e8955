"""`haitang demo`: the two stories the bot is for, told at a terminal by the real bot.

The bot runs as its own process against the playground, on a clock that is moved forward. Who says
what to whom is printed as it happens; at the end every promise is checked against the store.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from pathlib import Path

from playground.ledger import Ledger
from playground.line import Group
from playground.narrator import Narrator
from playground.phone import Phone
from playground.theatre import Theatre, theatre
from workflows.model import Role, State

CONFIG = Path(__file__).parent.parent / "config.example.toml"
STATION = "st_nanhuan-east"
_HOURS = timedelta(hours=1)


class Play:
    """The cast of one grid, and the moves that the stories are made of."""

    def __init__(self, theatre: Theatre, narrator: Narrator, ledger: Ledger) -> None:
        self.theatre = theatre
        self.narrator = narrator
        self.ledger = ledger

    async def cast(self) -> None:
        """Everybody joins: the staff by invitation links, the residents just so."""
        hire = self.theatre.hire
        self.wang = await hire("王琴", Role.PIONEER, "南环一/1网格/3幢")
        self.li = await hire("李明", Role.PIONEER, "南环一/1网格")
        self.qian = await hire("钱进", Role.LEAD, "南环一/1网格")
        self.wu = await hire("吴书记", Role.COMMITTEE, "友新街道/南环一")
        self.street = await hire("街道办", Role.STREET, "友新街道")
        self.chen = await self.theatre.phones.add_user("陈师傅")
        self.zhou = await self.theatre.phones.add_user("周阿姨")
        self.group = await self._bind_group()
        people = (self.chen, self.zhou, self.wang, self.li, self.qian, self.wu, self.street)
        await self.narrator.follow(
            {p.name: p for p in people}, {"1网格群": (self.qian, self.group)}
        )

    async def _bind_group(self) -> Group:
        group = await self.theatre.phones.add_group("1网格群", [self.qian, self.wang, self.li])
        await self.qian.send("/bind", chat=group)
        await self.theatre.settle()
        return group

    async def at(self, clock: str, *, days: int = 0) -> None:
        """Let time pass until this time of day, `days` later."""
        zone = self.ledger.rules.zone
        hour, minute = map(int, clock.split(":"))
        today = self.theatre.now.astimezone(zone).date() + timedelta(days=days)
        until = datetime.combine(today, time(hour, minute), zone)
        await self.theatre.forward(seconds=max((until - self.theatre.now).total_seconds(), 0))
        await self.narrator.tell()

    async def says(self, phone: Phone, text: str) -> None:
        """Somebody writes to the bot."""
        await phone.send(text)
        await self._goes_on()

    async def shows(self, phone: Phone, caption: str) -> None:
        """Somebody sends a photo."""
        await phone.send_photo(caption)
        await self._goes_on()

    async def taps(self, phone: Phone, label: str) -> None:
        """Somebody taps a button."""
        self.narrator.tapped(self.theatre.now, phone.name, label)
        await phone.tap(label)
        await self._goes_on()

    async def _goes_on(self) -> None:
        await self.theatre.settle()
        await self.narrator.tell()


async def one_day(play: Play) -> None:
    """陈师傅's story: a message, a tap, and a plan within the day."""
    play.narrator.title("one_day")
    await play.chen.start(STATION)
    await play._goes_on()
    await play.says(play.chen, "3号楼下充电桩又旧又坏，充不进电")
    await play.taps(play.chen, "提交")
    await play.at("09:12")
    await play.taps(play.wang, "接单")
    await play.at("10:05")
    await play.taps(play.wang, "实地查看")
    await play.shows(play.wang, "三根桩都坏了，插座也老化")
    await play.taps(play.wang, "上报方案")
    await play.at("10:20")
    await play.says(play.wang, "请充电公司来换三根新桩，换好前先用2幢的")
    await play.taps(play.wang, "3天内")
    await play.at("14:30")
    await play.taps(play.wu, "同意")
    await play.at("16:00", days=2)
    await play.taps(play.wang, "办结")
    await play.shows(play.wang, "三根新桩装好了，试过能充电")
    await play.taps(play.chen, "满意")


async def nobody(play: Play) -> None:
    """周阿姨's story: nobody takes it, and it climbs until somebody does."""
    play.narrator.title("nobody")
    await play.at("09:00", days=1)
    await play.zhou.start(STATION)
    await play._goes_on()
    await play.says(play.zhou, "2号楼楼道堆满杂物，消防通道都堵住了")
    await play.taps(play.zhou, "提交")
    await play.at("19:30", days=1)
    await play.taps(play.qian, "派单")
    await play.taps(play.qian, "李明")
    await play.at("19:38")
    await play.taps(play.li, "接单")
    await play.at("19:50")
    await play.taps(play.li, "上报方案")
    await play.says(play.li, "明天上午和物业一起清理楼道")
    await play.taps(play.li, "明天")
    await play.at("20:15")
    await play.taps(play.wu, "同意")


async def check(play: Play) -> bool:
    """Show both tickets' steps and clocks; whether they are what the stories say."""
    kept, late = await play.ledger.tickets()
    await play.ledger.show(kept)
    await play.ledger.show(late)
    limit = 24 * _HOURS
    facts = {
        "closed": kept.state is State.CLOSED and kept.rating == 3,
        "kept": kept.told_at is not None and kept.told_at - kept.filed_at < limit,
        "no_breach": kept.breached_at is None,
        "breach": late.breached_at == late.filed_at + limit,
        "told_late": late.told_at is not None and late.told_at - late.filed_at > limit,
        "climbed": await _heard(play.ledger, late.id, play.qian, play.wu, play.street),
        "honest": "overdue_resident" in await play.ledger.sent_to(play.zhou.user_id, late.id),
        "chain": await play.ledger.is_chained(kept) and await play.ledger.is_chained(late),
        "nothing_owed": await play.ledger.is_quiet(play.theatre.now),
    }
    play.narrator.verdict(facts)
    return all(facts.values())


async def _heard(ledger: Ledger, ticket_id: int, *phones: Phone) -> bool:
    """Whether each of these was told of the breach."""
    sent = [await ledger.sent_to(phone.user_id, ticket_id) for phone in phones]
    return all("overdue" in templates for templates in sent)


async def tell(pause: float = 0.0) -> int:
    """Tell both stories. Returns 0, or 1 when a clock or a message was not as the story says."""
    async with theatre(CONFIG) as made:
        narrator = Narrator(made.clock, pause)
        ledger = await Ledger.open(CONFIG, made.database, narrator)
        try:
            play = Play(made, narrator, ledger)
            await play.cast()
            await one_day(play)
            await nobody(play)
            is_right = await check(play)
        finally:
            await ledger.close()
    return 0 if is_right else 1


if __name__ == "__main__":
    raise SystemExit(asyncio.run(tell()))

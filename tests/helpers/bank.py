"""The passbook's people: what another room has seen them do, and what they chose for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from chatting import Chat, Crew
from msgspec.structs import replace

from playground.phones.phone_client import Message
from workflows.core.kernels.causes import Seed
from workflows.core.kernels.households import Residence, Tie
from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.desk import spawning
from workflows.desk.context import Context
from workflows.passbook import points
from workflows.passbook.model import Gift, Service
from workflows.passbook.settings import Goods, PassbookSettings, Rate
from workflows.passbook.store import queries
from workflows.passbook.store.tables import GIFTS, SERVICES
from workflows.registry import WORKFLOWS
from workflows.store import listing
from workflows.store.kernels import households, ledger

HOME = "友新街道/南环一/1网格/3幢"
RICE = Goods(name="大米", points=10, yuan=30, payer="爱心基金", bought=2)
OIL = Goods(name="食用油", points=8, yuan=30, payer="爱心基金", bought=1)
RATES = (Rate(service="patrol", name="巡查", since=date(2026, 1, 1)),)
SETTINGS = PassbookSettings(rates=RATES, fund_yuan=1000, gifts=(RICE, OIL), where="服务中心一楼")


class Bank:
    """陈 and 周 live in 3幢; 钱 leads their grid, 吴 is of the committee, 孙 hands gifts out."""

    def __init__(self, crew: Crew) -> None:
        self.crew, self.stage = crew, crew.stage
        self.chen, self.zhou = crew.chen, crew.zhou
        self.lead, self.committee = crew.lead, crew.committee
        self.keeper = Chat(crew.stage, crew.cast.worker)

    def settle_on(self, **more: Any) -> None:
        """The community has these settings."""
        desk = self.stage.service.desk
        desk.rules = desk.rules.having(replace(desk.rules.of(PassbookSettings), **more))

    async def served(self, by: Chat | None = None, cause: int = 0, **facts: int | str) -> Service:
        """Another room has seen what somebody did; who verified it stands in its facts."""
        who = by or self.chen
        known = {"service": "patrol", "minutes": 60} | facts
        cause = cause or await self._petition()
        async with self.stage.service.store.begin(self.stage.now) as tx:
            context = self._context(tx, f"s{self.stage.now}{facts}{who.id}")
            person = await tx.person(who.id)
            found = await tx.subject(cause)
            assert person and found
            seed = Seed(cause=found.id, place=HOME, text="帮着巡查", person=person, facts=known)
            made: Service = await spawning.spawn(context, "service", found, seed, SYSTEM)
        await self.stage.settle()
        return await self.service(made.id)

    async def _petition(self) -> int:
        if not getattr(self, "_cause", 0):
            self._cause = (await self.crew.file(by=self.zhou)).id
        return self._cause

    def _context(self, tx: Any, key: str) -> Context:
        rules = self.stage.service.desk.rules
        return Context(tx=tx, rules=rules, workflows=WORKFLOWS, now=tx.now, key=key)

    async def rich(self, minutes: int = 120) -> Service:
        """陈 has points: a service that 钱 has verified."""
        return await self.served(minutes=minutes, verifier=self.lead.id)

    async def service(self, number: int) -> Service:
        async with self.stage.service.store.read(self.stage.now) as tx:
            found = await tx.get(SERVICES, number)
        assert isinstance(found, Service)
        return found

    async def gifts(self) -> list[Gift]:
        """All of them, the oldest first."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            return await tx.find(GIFTS, listing.ids, GIFTS.table)

    async def gift(self) -> Gift:
        """The newest one."""
        return (await self.gifts())[-1]

    async def shelf(self, by: Chat | None = None) -> Message:
        """What there is to choose from."""
        await (by or self.chen).say("存折")
        return await (by or self.chen).tap("换东西")

    async def chosen(self, name: str = "大米", by: Chat | None = None) -> Gift:
        """Somebody takes a gift by two taps."""
        who = by or self.chen
        await self.shelf(who)
        await who.tap(name)
        await who.tap("就换这个")
        return await self.gift()

    async def asked_for_the_day(self) -> None:
        """钱 enters something of which nobody knew, and is asked when it was."""
        book = (await self.rich()).account
        await self.lead.say(f"存折 {format_number(book)}")
        for said in ("补录", "填写", "巡查"):
            await self.lead.tap(said)

    async def entered(self, day: str = "1") -> Service:
        """It was so many days ago."""
        await self.asked_for_the_day()
        await self.lead.say(day)
        await self.lead.tap("1小时")
        await self.lead.say("昨天一起查了楼道")
        async with self.stage.service.store.read(self.stage.now) as tx:
            newest = (await tx.ask(listing.ids, SERVICES.table))[-1]
        return await self.service(newest)

    async def contested(self) -> Service:
        """陈 says that something was not so."""
        service = await self.rich()
        await self.chen.tap("这个不对")
        await self.chen.say("那天我没有去")
        self.second = await self._second()
        return service

    async def _second(self) -> Chat:
        """Another of the committee, who has had no say: the street."""
        street = self.crew.street
        number = (await self.services())[-1].id
        await street.say(f"/t {format_number(number)}")
        return street

    async def services(self) -> list[Service]:
        async with self.stage.service.store.read(self.stage.now) as tx:
            return await tx.find(SERVICES, listing.ids, SERVICES.table)

    async def balance(self, sort: str = "book", of: Chat | None = None) -> int:
        """What lies in somebody's passbook."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            books = await tx.ask(queries.books, person=(of or self.chen).id)
            return await points.balance(tx, books[0].number, sort) if books else 0

    async def outstanding(self) -> int:
        async with self.stage.service.store.read(self.stage.now) as tx:
            return await points.outstanding(tx)

    async def adds_up(self) -> None:
        """All accounts together come to nothing, and only those that may are below it."""
        sorts = ("book", "held", "owed", "issued", "spent")
        async with self.stage.service.store.read(self.stage.now) as tx:
            found = await tx.ask(ledger.balances, points.POINTS, sorts)
            assert await WORKFLOWS.faults(tx, self.stage.service.desk.rules) == []
        assert sum(found.values()) == 0
        assert all(left >= 0 for at, left in found.items() if at.sort not in {"issued", "owed"})


def buttons(message: Message) -> list[str]:
    """What can be tapped below it."""
    return [one.text for row in message.buttons for one in row]


async def live_together(bank: Bank, *chats: Chat) -> None:
    """Behind one door, by what they say."""
    async with bank.stage.service.store.begin(bank.stage.now) as tx:
        door = await tx.do(households.behind, HOME, "301")
        for chat in chats:
            said = {"household": door.id, "person": chat.id, "tie": Tie.FAMILY}
            new = Residence(claimed_at=tx.now, claimed_by=chat.id, **said)
            await tx.do(households.add, new)


async def open_bank(crew: Crew) -> Bank:
    """Everybody is at home, and the shelf is full."""
    bank = Bank(crew)
    for chat in (crew.chen, crew.zhou):
        await chat.start()
        async with crew.stage.service.store.begin(crew.stage.now) as tx:
            person = await tx.person(chat.id)
            assert isinstance(person, Person)
            tx.put_person(replace(person, last_place=HOME))
    bank.settle_on(**{f: getattr(SETTINGS, f) for f in ("rates", "fund_yuan", "gifts", "where")})
    return bank

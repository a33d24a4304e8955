"""The passbook's people: what another room has seen them do, and what they chose for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chatting import Chat, Crew
from msgspec.structs import replace

from workflows.core.kernels.causes import Seed
from workflows.core.people import SYSTEM, Person
from workflows.desk import spawning
from workflows.desk.context import Context
from workflows.passbook.model import Gift, Service
from workflows.passbook.settings import Goods, PassbookSettings
from workflows.passbook.store.tables import GIFTS, SERVICES
from workflows.registry import WORKFLOWS
from workflows.store import plain

HOME = "友新街道/南环一/1网格/3幢"
RICE = Goods(name="大米", points=10, yuan=30, payer="爱心基金", bought=2)
OIL = Goods(name="食用油", points=8, yuan=30, payer="爱心基金", bought=1)
SETTINGS = PassbookSettings(fund_yuan=1000, gifts=(RICE, OIL), where="服务中心一楼")


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

    async def gift(self) -> Gift:
        """The newest one."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            newest = (await tx.ask(plain.ids, GIFTS.table))[-1]
            found = await tx.get(GIFTS, newest)
        assert isinstance(found, Gift)
        return found

    async def chosen(self, name: str = "大米") -> Gift:
        """陈 takes a gift by two taps."""
        await self.chen.say("存折")
        await self.chen.tap("换东西")
        await self.chen.tap(name)
        await self.chen.tap("就换这个")
        return await self.gift()


async def open_bank(crew: Crew) -> Bank:
    """Everybody is at home, and the shelf is full."""
    bank = Bank(crew)
    for chat in (crew.chen, crew.zhou):
        await chat.start()
        async with crew.stage.service.store.begin(crew.stage.now) as tx:
            person = await tx.person(chat.id)
            assert isinstance(person, Person)
            tx.put_person(replace(person, last_place=HOME))
    bank.settle_on(**{f: getattr(SETTINGS, f) for f in ("fund_yuan", "gifts", "where")})
    return bank


DAY = timedelta(days=1)

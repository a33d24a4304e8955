"""One activity of a grid, and the neighbours who come to it."""

from __future__ import annotations

from chatting import Chat, Crew
from msgspec.structs import replace

from workflows.activities.model import Activity
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.store.queries import ids_led

HOME = "友新街道/南环一/1网格/3幢"
DAYS = "3天后"


class Outing:
    """李 leads it; 陈, 周, 马, 何 and 林 live in 3幢; 钱 leads the grid."""

    def __init__(self, crew: Crew, others: list[Chat]) -> None:
        self.crew, self.stage = crew, crew.stage
        self.li, self.lead, self.committee = crew.li, crew.lead, crew.committee
        self.chen, self.zhou = crew.chen, crew.zhou
        self.ma, self.he, self.lin = others

    @property
    def all(self) -> list[Chat]:
        return [self.chen, self.zhou, self.ma, self.he, self.lin]

    async def now(self, number: int = 0) -> Activity:
        """The activity as it is; the first that 李 leads."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            number = number or self.number or (await tx.ask(ids_led, self.li.id))[0]
            found = await tx.get(ACTIVITIES, number)
        assert found
        return found

    number = 0

    async def planned(self, places: str = "2", crew: str = "1") -> Activity:
        """In three days at two, for so many."""
        await self.li.say("办活动 手工课")
        for answer in ("3天后 14:00-15:30", "社区活动室", places, crew):
            await self.li.say(answer)
        found = await self.now()
        self.number = found.id
        return found

    async def announced(self, places: str = "2", crew: str = "1") -> Activity:
        await self.planned(places, crew)
        await self.li.tap("公布")
        return await self.now()

    async def card(self, chat: Chat) -> None:
        """Open it by its link, as from a poster."""
        await chat.start(f"at_{self.number}")

    async def join(self, *chats: Chat, button: str = "就我一个") -> None:
        for chat in chats:
            await self.card(chat)
            await chat.tap(button)

    async def running(self, *guests: Chat, places: str = "5") -> Activity:
        """On, with these in it and 林 as its helper."""
        await self.announced(places)
        await self.join(*guests)
        await self.join(self.lin, button="当帮手")
        await self.until_start()
        return await self.now()

    async def until_start(self) -> None:
        starts = (await self.now()).starts_at
        assert starts
        await self.stage.forward(minutes=int((starts - self.stage.now).total_seconds() // 60) + 1)


async def gather(crew: Crew) -> Outing:
    names = (("马大姐", 1101), ("何老师", 1102), ("林大爷", 1103))
    others = [Chat(crew.stage, await crew.stage.phones.add_user(*one)) for one in names]
    for chat in (crew.chen, crew.zhou, *others):
        await chat.start()
        async with crew.stage.service.store.begin(crew.stage.now) as tx:
            person = await tx.person(chat.id)
            assert person
            tx.put_person(replace(person, last_place=HOME))
    return Outing(crew, others)

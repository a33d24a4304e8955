"""The neighbours of one building, each with a chat, and their topic."""

from __future__ import annotations

from chatting import Chat, Crew
from msgspec.structs import replace

from workflows.core.people import Person
from workflows.council.model import Topic
from workflows.council.store.kept import TOPICS
from workflows.council.store.queries import ids_of

HOME = "友新街道/南环一/1网格/3幢"
SAID = "楼道里堆的东西怎么办"


class Building:
    """陈, 周, 马, 何 and 林 live in 3幢; 钱 leads its grid."""

    def __init__(self, crew: Crew, others: list[Chat]) -> None:
        self.crew = crew
        self.stage = crew.stage
        self.chen, self.zhou, self.lead = crew.chen, crew.zhou, crew.lead
        self.ma, self.he, self.lin = others

    @property
    def all(self) -> list[Chat]:
        return [self.chen, self.zhou, self.ma, self.he, self.lin]

    async def topic(self) -> Topic:
        """The newest topic that 陈 raised."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            [newest, *_] = await tx.ask(ids_of, self.chen.id)
            found = await tx.get(TOPICS, newest)
        assert found
        return found

    async def raised(self, text: str = SAID) -> Topic:
        await self.chen.say(f"/topic {text}")
        return await self.topic()

    async def register(self, chat: Chat, household: str, button: str = "我家也支持") -> None:
        await chat.tap(button)
        await chat.say(household)

    async def seconded(self) -> Topic:
        await self.raised()
        for chat, household in ((self.chen, "301"), (self.zhou, "302"), (self.ma, "401")):
            await self.register(chat, household)
        return await self.topic()

    async def called(self) -> Topic:
        topic = await self.seconded()
        await self.lead.tap("定时间开会")
        await self.lead.tap("3天后")
        await self.lead.say("3幢楼下")
        assert (await self.topic()).id == topic.id
        return await self.topic()

    async def voting(self) -> Topic:
        await self.called()
        await self.lead.tap("开始表决")
        return await self.topic()


async def move_in(crew: Crew) -> Building:
    """Everybody was last at home in the building."""
    names = (("马大姐", 1101), ("何老师", 1102), ("林大爷", 1103))
    others = [Chat(crew.stage, await crew.stage.phones.add_user(*one)) for one in names]
    for chat in (crew.chen, crew.zhou, *others):
        await chat.start()
        async with crew.stage.service.store.begin(crew.stage.now) as tx:
            person = await tx.person(chat.id)
            assert isinstance(person, Person)
            tx.put_person(replace(person, last_place=HOME))
    return Building(crew, others)

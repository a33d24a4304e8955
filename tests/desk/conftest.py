"""Everybody with a chat."""

import pytest
from casting import Cast
from chatting import Chat, Crew

from playground.phone import Phone
from playground.stage import Stage
from workflows.model import Membership, Role

GRID = "友新街道/南环一/1网格"
STAFF = {
    "wang": ("王琴", Role.PIONEER, f"{GRID}/3幢", 2001),
    "li": ("李明", Role.PIONEER, GRID, 2002),
    "zhao": ("赵兰", Role.PIONEER, GRID, 2003),
    "worker": ("孙工", Role.WORKER, GRID, 2004),
    "lead": ("钱进", Role.LEAD, GRID, 3001),
    "committee": ("吴书记", Role.COMMITTEE, "友新街道/南环一", 4001),
    "street": ("街道办", Role.STREET, "友新街道", 5001),
}


@pytest.fixture
async def cast(on_stage: Stage) -> Cast:
    """The tests' usual people, hired by their links as everywhere, but all at one moment."""
    phones: dict[str, Phone] = {}
    for who, (name, role, place, user_id) in STAFF.items():
        membership = Membership(role=role, place=place)
        payload = await on_stage.service.desk.invite(membership, on_stage.now)
        phones[who] = await on_stage.phones.add_user(name, user_id)
        await phones[who].start(payload)
    await on_stage.settle()
    chen = await on_stage.phones.add_user("陈师傅", 1001)
    zhou = await on_stage.phones.add_user("周阿姨", 1002)
    return Cast(stage=on_stage, chen=chen, zhou=zhou, **phones)


@pytest.fixture
async def crew(cast: Cast) -> Crew:
    """Everybody hired, each with a chat."""
    names = ("chen", "zhou", "wang", "li", "zhao", "lead", "committee", "street")
    chats = {name: Chat(cast.stage, getattr(cast, name)) for name in names}
    return Crew(cast=cast, stage=cast.stage, **chats)


@pytest.fixture
async def chen(on_stage: Stage) -> Chat:
    """A resident whom the bot does not know yet; no staff at all."""
    return Chat(on_stage, await on_stage.phones.add_user("陈师傅", 1001))

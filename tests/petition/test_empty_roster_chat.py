"""A grid in which nobody works yet: the resident hears the truth, those above hear it at once, and
whoever joins is told what waits.
"""

import re

import pytest
from casting import CHARGER, GRID
from chatting import Chat

from playground.stage.stage import Stage
from workflows.core.people import Role
from workflows.petition.words import State

COMMUNITY = "友新街道/南环一"
URGENT = "3号楼电梯里有人被困"


async def file(chen: Chat, text: str = CHARGER) -> list[str]:
    """What the resident reads after it was filed."""
    await chen.start("st_nanhuan-east")
    await chen.say(text)
    await chen.tap("提交")
    return await chen.new()


async def hired(stage: Stage, role: Role, place: str, number: int) -> Chat:
    return Chat(stage, await stage.hire(f"新人{number}", role, place, number))


@pytest.mark.parametrize("text", [CHARGER, URGENT])
async def test_with_nobody_at_all_the_resident_is_told_so(chen: Chat, text: str):
    said = "".join(await file(chen, text))
    assert "还没有志愿者" in said and "还没有人看得到" in said
    for promise in ("能叫的人都叫了", "有进展", "正在找人"):
        assert promise not in said


@pytest.mark.parametrize(
    ("role", "place", "called"),
    [
        (Role.COMMITTEE, COMMUNITY, "社区党委"),
        (Role.STREET, "友新街道", "街道"),
        (Role.ADMIN, "", "管理员"),
    ],
)
async def test_who_was_alerted_is_said_and_was(chen: Chat, role: Role, place: str, called: str):
    above = await hired(chen.stage, role, place, 7001)
    said = "".join(await file(chen))
    assert f"已经告诉了{called}" in said and "还没有人看得到" not in said
    heard = "".join(await above.all())
    assert "还没有人办事" in heard and "请您派单" in heard


async def test_all_above_hear_it_once_an_hour(chen: Chat):
    chats = [
        await hired(chen.stage, Role.COMMITTEE, COMMUNITY, 7001),
        await hired(chen.stage, Role.STREET, "友新街道", 7002),
        await hired(chen.stage, Role.ADMIN, "", 7003),
    ]
    for text in (CHARGER, "3号楼楼道灯不亮", "3号楼门禁坏了"):
        await file(chen, text)
    for chat in chats:
        assert len([t for t in await chat.all() if "还没有人办事" in t]) == 1


async def test_with_somebody_there_nothing_of_it_is_said(chen: Chat):
    await hired(chen.stage, Role.PIONEER, GRID, 7001)
    boss = await hired(chen.stage, Role.ADMIN, "", 7003)
    assert "您的事记下了" in "".join(await file(chen))
    assert "还没有人办事" not in "".join(await boss.all())


async def test_the_offices_number_is_told(chen: Chat):
    settings = chen.stage.settings.model_copy(update={"office_phone": "0512-68000000"})
    chen.stage.settings = settings
    await chen.stage.restart()
    assert "0512-68000000" in "".join(await file(chen))


async def waiting(chen: Chat) -> list[str]:
    """Three that nobody has: their numbers."""
    said = [await file(chen, text) for text in (CHARGER, "3号楼楼道灯不亮", URGENT)]
    return [re.findall(r"\b100\d\d\b", "".join(one))[-1] for one in said]


async def test_a_lead_who_joins_gets_what_waits_with_cards(chen: Chat):
    numbers = await waiting(chen)
    lead = await hired(chen.stage, Role.LEAD, GRID, 7001)
    cards = [text for text in await lead.all() if "诉求 1" in text]
    assert "这里有 3 件在等" in "".join(await lead.all())
    assert len(cards) == 3 and all(any(n in card for card in cards) for n in numbers)
    assert numbers[2] in cards[0], "danger comes first"


async def test_a_pioneer_who_joins_is_offered_it(chen: Chat):
    numbers = await waiting(chen)
    wang = await hired(chen.stage, Role.PIONEER, f"{GRID}/3幢", 7001)
    said = await wang.all()
    assert all(any(n in text for text in said) for n in numbers)
    assert {t.state for t in await chen.tickets()} == {State.DISPATCHED}
    await wang.tap("接单")
    assert State.ACCEPTED in {t.state for t in await chen.tickets()}


async def test_the_committee_hears_only_of_what_no_lead_has(chen: Chat):
    await waiting(chen)
    lead = await hired(chen.stage, Role.LEAD, GRID, 7001)
    committee = await hired(chen.stage, Role.COMMITTEE, COMMUNITY, 7002)
    assert lead.id and not [text for text in await committee.all() if "件在等" in text]


async def test_another_grids_lead_is_told_nothing_of_it(chen: Chat):
    await waiting(chen)
    lead = await hired(chen.stage, Role.LEAD, f"{COMMUNITY}/2网格", 7001)
    assert not [text for text in await lead.all() if "诉求 1" in text]

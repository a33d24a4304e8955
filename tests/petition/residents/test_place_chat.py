"""Where it is can be corrected after filing: the right pioneer gets it, who had it hears (C24)."""

import pytest
from casting import GRID
from chatting import Crew, number
from walking import Walker

from workflows.core.people import Role
from workflows.petition.words import Action, State

NAME = "陈师傅"  # as 陈 is called in Telegram


async def hire_for_4(crew: Crew) -> int:
    """The pioneer of building 4."""
    await crew.stage.hire("何芳", Role.PIONEER, f"{GRID}/4幢", 2104)
    return 2104


async def place_of(walker: Walker) -> str:
    return (await walker.ticket()).place.rsplit("/", 1)[-1]


async def test_the_place_is_corrected_by_a_tap_and_the_buildings_own_pioneer_gets_it(crew: Crew):
    own = await hire_for_4(crew)
    walker = await crew.accepted()
    await crew.chen.tap("📍 改地点")
    shown = await crew.chen.tap("4幢")
    ticket = await walker.ticket()
    assert (ticket.state, ticket.offered_to) == (State.DISPATCHED, own)
    assert await place_of(walker) == "4幢" and "4幢" in shown.text
    told = (await crew.wang.last()).text
    assert number(walker) in told and "不用再管" in told


async def test_who_had_it_and_the_lead_hear_why_and_not_who_corrected_it(crew: Crew):
    await hire_for_4(crew)
    walker = await crew.accepted()
    await crew.chen.press(f"t:{walker.id}:relocate")
    await crew.chen.say("4号楼")
    for chat in (crew.wang, crew.lead):
        told = (await chat.last()).text
        assert "居民改了地点" in told and "名册" not in told
        assert not any(NAME in text for text in await chat.all())


@pytest.mark.parametrize("said", ["4号楼", "是四幢", "4"])
async def test_it_can_be_typed(crew: Crew, said: str):
    walker = await crew.accepted()
    await crew.chen.say("地点不对")
    await crew.chen.say(said)
    assert await place_of(walker) == "4幢"


async def test_where_nobody_is_nearer_it_stays_with_who_has_it_and_he_hears(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.press(f"t:{walker.id}:relocate")
    await crew.chen.say("4号楼")
    ticket = await walker.ticket()
    assert (ticket.state, ticket.handler) == (State.ACCEPTED, crew.wang.id)
    assert "改了地点" in (await crew.wang.last()).text
    assert "4幢" in (await crew.wang.last()).text


async def test_in_another_grid_it_goes_to_who_is_there(crew: Crew):
    other = GRID.replace("1网格", "2网格")
    await crew.stage.hire("远处先锋", Role.PIONEER, other, 2105)
    walker = await crew.accepted()
    await crew.chen.press(f"t:{walker.id}:relocate")
    await crew.chen.say("5号楼")
    ticket = await walker.ticket()
    assert (ticket.place, ticket.offered_to) == (f"{other}/5幢", 2105)
    assert "不用再管" in (await crew.wang.last()).text


async def test_while_he_is_asked_it_stays_where_it_is_and_the_handler_hears(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.press(f"t:{walker.id}:relocate")
    await crew.chen.say("4号楼")
    ticket = await walker.ticket()
    assert (ticket.state, ticket.handler) == (State.WAITING, crew.wang.id)
    assert "改了地点" in (await crew.wang.last()).text


@pytest.mark.parametrize("said", ["99号楼", "不知道", "3号楼和6号楼"])
async def test_what_names_no_place_is_asked_again_and_changes_nothing(crew: Crew, said: str):
    walker = await crew.accepted()
    await crew.chen.press(f"t:{walker.id}:relocate")
    assert "没有找到这个地方" in (await crew.chen.say(said)).text
    assert await place_of(walker) == "3幢"
    await crew.chen.say("4号楼")
    assert await place_of(walker) == "4幢"


async def test_an_edit_that_names_another_building_asks(crew: Crew):
    walker = await crew.accepted()
    asked = await crew.chen.edit("3号楼下充电桩坏了", "4号楼下充电桩坏了")
    assert "您写的地方变了" in asked.text and await place_of(walker) == "3幢"
    await crew.chen.tap("4幢")
    assert await place_of(walker) == "4幢"
    assert "改了地点" in (await crew.wang.last()).text


@pytest.mark.parametrize("new", ["3号楼下充电桩又坏了", "楼下充电桩坏了", "3号楼下充电桩坏了4次"])
async def test_an_edit_that_names_no_other_place_asks_nothing(crew: Crew, new: str):
    walker = await crew.accepted()
    await crew.chen.edit("3号楼下充电桩坏了", new)
    assert not any("您写的地方变了" in text for text in await crew.chen.all())
    assert await place_of(walker) == "3幢"


async def test_nobody_else_moves_it_so_and_not_after_it_is_done(crew: Crew):
    walker = await crew.resolved()
    assert "做不了" in await crew.chen.press(f"t:{walker.id}:relocate")
    assert "做不了" in await crew.wang.press(f"t:{walker.id}:relocate")


async def test_the_event_keeps_what_he_said(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.press(f"t:{walker.id}:relocate")
    await crew.chen.say("4号楼")
    [event] = [e for e in await walker.events() if e.action is Action.RELOCATE]
    assert (event.actor, event.data["place"]) == (crew.chen.id, "4号楼")

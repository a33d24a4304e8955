"""A workflow of which nothing works stops nothing that is another's, and the admins hear of it."""

import pytest
from broken import BESIDE, BrokenError
from chatting import Crew, data_of, number
from post import rows
from test_failing_chat import admin_of

from workflows.petition.words import Action, State
from workflows.store import tables as t


@pytest.fixture
async def beside(crew: Crew) -> Crew:
    """The crew, with such a workflow between the petition and the council."""
    crew.stage.service.desk.workflows = BESIDE
    return crew


async def letters(crew: Crew) -> list[str]:
    return [row["error"] for row in await rows(crew.stage, t.dead_letters)]


async def test_a_petition_goes_from_a_message_to_its_end(beside: Crew):  # F28
    walker = await beside.resolved()
    await beside.chen.tap("满意")
    assert (await walker.ticket()).state is State.CLOSED
    assert await letters(beside) == []


async def test_a_night_and_a_morning_pass(beside: Crew):
    walker = await beside.accepted()
    await beside.stage.forward(hours=47)
    assert any("早上好" in text for text in await beside.wang.all())
    assert Action.REMIND in {e.action for e in await walker.events()}
    waiting = await rows(beside.stage, t.chores)
    assert all(row["due_at"] > beside.stage.now for row in waiting)


async def test_what_waits_for_a_tap_is_shown_again_after_an_outage(beside: Crew):
    walker = await beside.accepted()
    await beside.wang.mark()
    now = beside.stage.now
    await beside.stage.service.desk.recover(now, now)
    await beside.stage.settle()
    assert any(number(walker) in said for said in await beside.wang.new())


async def test_every_list_is_without_it(beside: Crew):
    walker = await beside.accepted()
    assert number(walker) in (await beside.wang.say("/mine")).text
    assert number(walker) in (await beside.wang.say("/find 充电桩")).text
    assert "逾期 0" in (shown := await beside.lead.say("/board")).labels
    assert not [label for label in shown.labels if "broken" in label]
    assert await letters(beside) == []


async def test_the_file_of_ones_data_says_what_is_missing(beside: Crew):
    await beside.file()
    found = await data_of(beside.chen)
    assert len(found["petitions"]) == 1 and found["missing"] == ["topic"]


async def test_nothing_is_forgotten_by_halves(beside: Crew):
    walker = await beside.resolved()
    await beside.chen.tap("满意")
    await beside.chen.say("/forget")
    assert "再发一次" in (await beside.chen.last()).text
    assert (await walker.ticket()).text


async def test_who_leaves_hands_over_what_is_anothers(beside: Crew):
    walker = await beside.accepted()
    await beside.wang.phone.block()
    await beside.stage.settle()
    assert (await walker.ticket()).handler != beside.wang.id


async def test_an_edit_and_a_cancel_reach_whose_they_are(beside: Crew):
    await beside.chen.say("3号楼下充电桩坏了")
    await beside.chen.edit("3号楼下充电桩坏了", "3号楼下充电桩又坏了")
    await beside.chen.say("/cancel")
    assert await letters(beside) == []


async def test_the_admins_hear_of_it_in_one_message(beside: Crew):
    admin = await admin_of(beside)
    await admin.mark()
    await beside.file()
    await beside.file("7号楼路灯不亮", by=beside.zhou)
    [said] = [text for text in await admin.new() if "跳过" in text]
    assert BrokenError.__name__ in said

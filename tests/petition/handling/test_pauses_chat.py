"""The promise stands still for a question only so often; then the lead hears (C25)."""

from datetime import datetime

from chatting import Crew
from walking import Walker

from workflows.petition.words import ClockName, State


async def asked(crew: Crew, walker: Walker, question: str = "请问是几号桩？") -> State:
    await crew.wang.press(f"t:{walker.id}:ask")
    await crew.wang.say(question)
    return (await walker.ticket()).state


async def asked_twice(crew: Crew) -> Walker:
    walker = await crew.accepted()
    for _ in range(2):
        assert await asked(crew, walker) is State.WAITING
        await crew.chen.say("左边那个")
    return walker


async def due(walker: Walker) -> datetime:
    return (await walker.ticket()).clocks[ClockName.RESPONSE].due


async def test_the_third_question_stops_no_clock_and_the_lead_hears(crew: Crew):
    walker = await asked_twice(crew)
    before = await due(walker)
    assert await asked(crew, walker, "家里有人吗？") is State.ACCEPTED
    told = (await crew.lead.last()).text
    assert "第 3 次问居民" in told and "家里有人吗" in told
    await crew.stage.forward(hours=5)
    assert await due(walker) == before


async def test_the_resident_is_asked_all_the_same_and_his_answer_arrives(crew: Crew):
    walker = await asked_twice(crew)
    await asked(crew, walker, "家里有人吗？")
    assert "家里有人吗" in (await crew.chen.last()).text
    await crew.chen.reply("有人，随时来")
    assert "有人，随时来" in (await crew.wang.last()).text


async def test_the_first_two_stop_it_and_the_lead_is_left_in_peace(crew: Crew):
    await asked_twice(crew)
    assert not any("次问居民" in text for text in await crew.lead.all())


async def test_how_often_is_the_communitys_to_say(crew: Crew):
    crew.settle_on(most_pauses=0)
    walker = await crew.accepted()
    assert await asked(crew, walker) is State.ACCEPTED
    assert "第 1 次问居民" in (await crew.lead.last()).text


async def test_one_pause_lasts_no_longer_than_the_config_says(crew: Crew):
    walker = await crew.waiting()
    await crew.stage.forward(hours=73)
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_the_figures_say_what_stood_still(crew: Crew):
    await asked_twice(crew)
    shown = (await crew.lead.say("/figures")).text
    assert "请居民补充、停过计时的 1 件，一共 2 次" in shown


async def test_where_nothing_stood_still_the_figures_say_nothing_of_it(crew: Crew):
    await crew.accepted()
    assert "停过计时" not in (await crew.lead.say("/figures")).text

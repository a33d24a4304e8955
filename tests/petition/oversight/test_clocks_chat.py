"""Promises as people hear them: by category, by urgency, in working hours."""

from datetime import datetime

import pytest
from chatting import Crew
from folk import SHANGHAI
from walking import Walker

from bot.config.clocks import Clocks, Sla
from bot.config.settings import Settings
from workflows.petition.words import ClockName

PARKING = "3号楼下车位被占了"
FRIDAY_EVENING = datetime(2026, 11, 27, 19, tzinfo=SHANGHAI)
SLA = {"review": {"counts": "working"}, "urgent": {"response": {"hours": 2}}}
OWN = {
    "停车": {"response": {"hours": 4}},
    "绿化": {"response": {"hours": 9, "counts": "working"}},
}


@pytest.fixture(scope="session")
def example(example: Settings) -> Settings:
    """The example's settings with promises of their own for two categories and for danger."""
    categories = tuple(
        c.model_copy(update={"sla": Clocks.model_validate(OWN.get(c.key, {}))})
        for c in example.categories
    )
    sla = Sla.model_validate(example.sla.model_dump(exclude_unset=True) | SLA)
    return example.model_copy(update={"categories": categories, "sla": sla})


async def card_of(crew: Crew, text: str) -> str:
    """What the resident's card says once he filed it, at nine on a Tuesday."""
    await crew.file(text)
    return (await crew.chen.last()).text


async def test_a_category_has_its_own_promise(crew: Crew):
    assert "最晚今天（周二）下午1点给您答复" in await card_of(crew, PARKING)


async def test_another_category_keeps_the_general_one(crew: Crew):
    assert "最晚明天（周三）上午9点给您答复" in await card_of(crew, "3号楼下充电桩坏了")


async def test_what_is_urgent_is_answered_sooner_than_its_category(crew: Crew):
    await crew.chen.start("st_nanhuan-east")
    preview = await crew.chen.say(f"{PARKING}，车在冒烟")
    assert "2 小时内给您答复，最晚今天（周二）上午11点" in preview.text
    filed = await crew.chen.tap("提交")
    assert "最晚今天（周二）上午11点给您答复" in filed.text


async def test_a_promise_in_working_hours_names_the_moment_alone(crew: Crew):
    await crew.chen.start("st_nanhuan-east")
    preview = await crew.chen.say("3号楼前的绿化带没人修剪")
    assert "现在提交，最晚明天（周三）上午11点给您答复" in preview.text


async def test_words_that_make_it_urgent_bring_the_answer_forward(crew: Crew):
    walker = await crew.file()
    await crew.stage.forward(hours=1)
    await crew.chen.edit("3号楼下充电桩坏了", "3号楼下充电桩坏了，在冒烟")
    due = (await walker.ticket()).clocks[ClockName.RESPONSE].due
    assert due.astimezone(SHANGHAI).hour == 12


async def test_the_welcome_does_not_promise_more_than_every_category_keeps(crew: Crew):
    welcome = (await crew.zhou.start()).text
    assert "一般 24 小时内" in welcome and "一定" not in welcome


async def proposed_on_friday_evening(crew: Crew) -> Walker:
    crew.stage.clock.set(FRIDAY_EVENING)
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:propose")
    await crew.wang.say("请充电公司来换新桩")
    await crew.wang.say("3天")
    return walker


async def test_a_plan_of_friday_evening_is_to_be_reviewed_on_monday(crew: Crew):
    walker = await proposed_on_friday_evening(crew)
    due = (await walker.ticket()).clocks[ClockName.REVIEW].due
    assert due.astimezone(SHANGHAI) == datetime(2026, 11, 30, 14, 30, tzinfo=SHANGHAI)


async def test_nobody_is_reminded_of_a_review_on_the_weekend(crew: Crew):
    walker = await proposed_on_friday_evening(crew)
    await crew.stage.forward(days=3)
    rung = [e.at.astimezone(SHANGHAI) for e in await walker.events() if "review" in str(e.data)]
    assert [(m.day, m.hour) for m in rung] == [(30, 11), (30, 14)]  # half of it, and due

"""The day that a plan promises, over HTTP: what a handler writes is what everybody reads."""

from datetime import date

import pytest
from chatting import Crew
from folk import SHANGHAI

from workflows.petition.words import Action


async def promised(crew: Crew, said: str) -> date | None:
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:{Action.PROPOSE}")
    await crew.wang.say("请充电公司来换")
    await crew.wang.say(said)
    proposal = (await walker.ticket()).proposal
    return proposal.due.astimezone(SHANGHAI).date() if proposal else None


@pytest.mark.parametrize(
    ("said", "days"), [("3-5天", 5), ("1-2天内修好", 2), ("两三天", 3), ("两周", 14)]
)
async def test_of_a_range_its_end_is_promised(crew: Crew, said: str, days: int):
    found = await promised(crew, said)
    assert found and (found - crew.stage.now.astimezone(SHANGHAI).date()).days == days


async def test_working_days_and_weekdays_are_understood(crew: Crew):
    found = await promised(crew, "下周三")
    assert found and found.weekday() == 2 and found > crew.stage.now.date()


@pytest.mark.parametrize("said", ["1.5天", "尽快", "3-5", "明天或后天", "等配件到了"])
async def test_what_is_not_clear_is_asked_again_and_no_plan(crew: Crew, said: str):
    assert await promised(crew, said) is None
    told = await crew.wang.new()
    assert "不敢乱猜" in told[0] and "最晚哪天" in told[1]

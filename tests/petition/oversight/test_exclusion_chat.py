"""剔除: left out of the scoring with a reason and a second approver; and the figures."""

import pytest
from chatting import Chat, Crew
from walking import Walker

from workflows.core.people import Role
from workflows.petition.words import Action


async def asked(crew: Crew, by: Chat) -> Walker:
    walker = await crew.accepted("3号楼路灯不亮")
    await ask(walker, by)
    return walker


async def ask(walker: Walker, by: Chat) -> None:
    await by.say("/start")
    await by.press(f"t:{walker.id}:{Action.EXCLUDE}")
    await by.say("查看后不属实")


async def press(walker: Walker, chat: Chat, action: Action) -> str:
    await chat.say("/start")
    return await chat.press(f"t:{walker.id}:{action}")


async def test_committee_and_street_are_asked_with_the_reason(crew: Crew):
    walker = await asked(crew, crew.lead)
    for chat in (crew.committee, crew.street):
        last = await chat.last()
        assert "查看后不属实" in last.text and {"同意剔除", "不剔除"} <= set(last.labels)
    ticket = await walker.ticket()
    assert ticket.exclusion and ticket.exclusion.approved_by is None


async def test_the_asker_cannot_agree_to_his_own(crew: Crew):
    walker = await asked(crew, crew.committee)
    assert "现在做不了" in await press(walker, crew.committee, Action.ENDORSE)
    assert "现在做不了" in await press(walker, crew.committee, Action.OVERRULE)
    exclusion = (await walker.ticket()).exclusion
    assert exclusion and exclusion.approved_by is None


@pytest.mark.parametrize("who", ["wang", "lead"])
async def test_handlers_and_leads_agree_to_none(crew: Crew, who: str):
    walker = await asked(crew, crew.committee)
    await press(walker, getattr(crew, who), Action.ENDORSE)
    exclusion = (await walker.ticket()).exclusion
    assert exclusion and exclusion.approved_by is None


async def test_the_approvers_name_is_on_record_and_on_the_card(crew: Crew):
    walker = await asked(crew, crew.lead)
    await press(walker, crew.street, Action.ENDORSE)
    event = (await walker.events())[-1]
    assert (event.action, event.actor) == (Action.ENDORSE, crew.street.id)
    card = (await crew.lead.last()).text
    assert "网格长 钱进 申请，街道 街道办 同意）：查看后不属实" in card


async def test_a_refused_one_counts_again_and_can_be_asked_for_again(crew: Crew):
    walker = await asked(crew, crew.lead)
    await press(walker, crew.street, Action.OVERRULE)
    await crew.street.say("居民确实在等，要办")
    assert (await walker.ticket()).exclusion is None
    assert "居民确实在等，要办" in (await crew.lead.last()).text
    await ask(walker, crew.lead)
    assert (await walker.ticket()).exclusion


async def test_an_excluded_ticket_stays_open_and_promised(crew: Crew):
    walker = await asked(crew, crew.lead)
    before = (await walker.ticket()).clocks
    await press(walker, crew.street, Action.ENDORSE)
    ticket = await walker.ticket()
    assert ticket.is_open and ticket.clocks == before
    await crew.stage.forward(hours=25)
    assert any("逾期：给居民的答复" in text for text in await crew.lead.all())


async def rated(crew: Crew, text: str, rating: int) -> Walker:
    walker = await crew.accepted(text)
    await crew.wang.press(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.say("换好了")
    await crew.chen.press(f"t:{walker.id}:{Action.CONFIRM}:{rating}")
    return walker


async def test_the_figures_of_a_place_by_month(crew: Crew):
    await rated(crew, "3号楼路灯不亮", 3)
    await rated(crew, "3号楼电梯坏了", 2)
    late = await crew.accepted("3号楼车位被占了")
    await crew.stage.forward(hours=25)
    said = (await crew.lead.say("/figures")).text
    assert "南环一 1网格" in said and "2026年11月（到今天） 提交 3 件" in said
    assert "响应率 66.7%（应答复 3 件，按时 2 件，逾期 1 件）" in said
    assert "解决率 100%（问到 2 件，解决 2 件）" in said
    assert "满意率 90%（评价 2 件）" in said
    await ask(late, crew.lead)
    await press(late, crew.street, Action.ENDORSE)
    said = (await crew.street.say("/figures")).text
    assert "响应率 100%（应答复 2 件，按时 2 件，逾期 0 件）" in said
    assert "剔除 1 件，不计入" in said


async def test_closed_without_a_word_is_not_satisfied(crew: Crew):
    await crew.resolved("3号楼路灯不亮")
    await crew.stage.forward(hours=73)
    said = (await crew.lead.say("/figures")).text
    assert "没有评价就结束 1 件，不算满意" in said and "满意率 还没有" in said


async def test_last_month_is_said_too_and_another_grid_not(crew: Crew):
    await rated(crew, "3号楼路灯不亮", 3)
    await crew.stage.forward(days=10)
    said = (await crew.committee.say("/figures")).text
    assert "2026年12月（到今天） 提交 0 件" in said and "2026年11月 提交 1 件" in said
    phone = await crew.stage.hire("外格长", Role.LEAD, "南环一/2网格", 3002)
    assert "提交 1 件" not in (await Chat(crew.stage, phone).say("/figures")).text


async def test_the_figures_are_not_for_handlers_and_residents(crew: Crew):
    for chat in (crew.wang, crew.chen):
        assert "给工作人员用的" in (await chat.say("/figures")).text

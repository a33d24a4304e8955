"""回访: chance draws closed tickets, and somebody who had no hand in them asks how it went."""

import pytest
from chatting import Chat, Crew, number
from folk import settled
from walking import Walker

from workflows.petition.words import Action, State


def draw(crew: Crew, percent: int) -> None:
    desk = crew.stage.service.desk
    desk.rules = settled(desk.rules, followup_percent=percent)


async def closed(crew: Crew, percent: int = 100) -> Walker:
    draw(crew, percent)
    walker = await crew.resolved("3号楼路灯不亮")
    await crew.chen.press(f"t:{walker.id}:{Action.CONFIRM}:3")
    return walker


async def checker(crew: Crew, walker: Walker) -> Chat:
    drawn = (await walker.ticket()).checker
    fit = (crew.lead, crew.committee, Chat(crew.stage, crew.cast.worker))
    return next(chat for chat in fit if chat.id == drawn)


async def check(chat: Chat, solved: str = "没有解决") -> None:
    await chat.tap("回访")
    await chat.tap(solved)
    await chat.say("灯闪了两下又灭了")


@pytest.mark.parametrize(("percent", "is_drawn"), [(0, False), (100, True)])
async def test_of_none_nothing_is_drawn_and_of_all_everything(
    crew: Crew, percent: int, is_drawn: bool
):
    walkers = [await closed(crew, percent) for _ in range(3)]
    assert [bool((await w.ticket()).checker) for w in walkers] == [is_drawn] * 3


async def test_who_is_drawn_gets_a_card_and_had_no_hand_in_it(crew: Crew):
    walker = await closed(crew)
    drawn = await checker(crew, walker)
    last = await drawn.last()
    assert "抽中了回访" in last.text and number(walker) in last.text and "回访" in last.labels


async def test_neither_handler_nor_helper_nor_resident_is_drawn(crew: Crew):
    draw(crew, 100)
    walker = await crew.accepted("3号楼路灯不亮")
    await crew.wang.press(f"t:{walker.id}:{Action.ASSIST}")
    await crew.wang.tap("孙工")
    await crew.wang.say("请一起去现场看看")
    await crew.wang.press(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.say("换好了")
    await crew.chen.press(f"t:{walker.id}:{Action.CONFIRM}:3")
    assert (await walker.ticket()).checker in {crew.lead.id, crew.committee.id}


async def test_the_form_asks_whether_it_is_solved_then_for_words(crew: Crew):
    walker = await closed(crew)
    drawn = await checker(crew, walker)
    asked = await drawn.tap("回访")
    assert {"解决了", "解决了一部分", "没有解决"} <= set(asked.labels)
    assert "居民怎么说" in (await drawn.tap("解决了")).text
    await drawn.say("居民说已经好了")
    assert (await walker.ticket()).checked == "yes"
    assert any("回访结果：解决了" in text for text in await crew.wang.all())
    assert "回访" not in (await drawn.last()).labels


async def test_after_a_no_he_can_have_it_done_again_and_lead_and_handler_hear(crew: Crew):
    walker = await closed(crew)
    drawn = await checker(crew, walker)
    await check(drawn)
    for chat in {crew.lead.id: crew.lead, crew.wang.id: crew.wang}.values():
        if chat.id != drawn.id:
            assert any("回访结果：没有解决" in text for text in await chat.all())
    await drawn.press(f"t:{walker.id}:{Action.REOPEN}")
    await drawn.say("还没有修好")
    assert (await walker.ticket()).state is State.ACCEPTED
    assert "回访，居民说还没有解决" in (await crew.wang.last()).text


async def test_nobody_else_may_answer_for_him(crew: Crew):
    walker = await closed(crew)
    await crew.wang.press(f"t:{walker.id}:{Action.CHECK}")
    assert "现在做不了" in await crew.wang.toast()
    assert (await walker.ticket()).checked == ""


async def reminders(chat: Chat) -> list[str]:
    return [text for text in await chat.all() if "待回访" in text]


async def test_after_three_days_the_morning_list_reminds_once(crew: Crew):
    walker = await closed(crew)
    drawn = await checker(crew, walker)
    await crew.stage.forward(days=2, hours=23, minutes=30)
    assert not await reminders(drawn)
    await crew.stage.forward(days=5)
    [text] = await reminders(drawn)
    assert number(walker) in text


async def test_what_is_done_is_not_reminded_of(crew: Crew):
    walker = await closed(crew)
    drawn = await checker(crew, walker)
    await check(drawn, "解决了")
    await crew.stage.forward(days=8)
    assert not await reminders(drawn)

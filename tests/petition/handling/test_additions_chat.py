"""What comes to a petition after it was filed: a reply, a button, an edited message."""

import pytest
from chatting import Chat, Crew, number
from sqlalchemy import select
from walking import Walker

from workflows.core.engine.subject import Event
from workflows.petition.store import tables as own
from workflows.petition.words import Action, State

SAID = "3号楼下充电桩坏了"


async def done(walker: Walker, action: Action) -> list[Event]:
    return [e for e in await walker.events() if e.action is action]


async def holds(crew: Crew, walker: Walker) -> Chat:
    """Whoever has the ticket in hand or on offer."""
    holder = (await walker.ticket()).holder
    return next(c for c in (crew.wang, crew.li, crew.zhao, crew.lead) if c.id == holder)


# an addition


async def test_a_danger_in_an_addition_brings_the_numbers_and_makes_it_urgent(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.reply("桩上冒烟了")
    numbers, shown = await crew.chen.new()
    assert "119" in numbers and "改成紧急" in numbers and "收到了，转给工作人员了" in shown
    assert (await walker.ticket()).urgent


async def test_a_reply_to_a_card_is_an_addition_and_no_new_petition(crew: Crew):
    walker = await crew.accepted()
    shown = await crew.chen.reply("桩上还冒水")
    assert "收到了，转给工作人员了" in shown.text and number(walker) in shown.text
    assert "请您看一看" not in shown.text and len(await crew.chen.tickets()) == 1
    [added] = await done(walker, Action.ADD)
    assert (added.actor, added.data["text"]) == (crew.chen.id, "桩上还冒水")
    told = (await crew.wang.last()).text
    assert "居民补充了" in told and "桩上还冒水" in told and "陈师傅" not in told


async def test_a_reply_to_an_older_message_about_it_counts_too(crew: Crew):
    walker = await crew.file()
    filed = await crew.chen.last()
    await crew.wang.tap(f"t:{walker.id}:accept")
    other = await crew.file("3号楼电梯坏了")
    await crew.chen.reply("是左边那台", filed)
    assert await done(walker, Action.ADD) and not await done(other, Action.ADD)


async def test_who_has_it_on_offer_is_told_of_an_addition(crew: Crew):
    walker = await crew.file()
    await crew.chen.reply("桩上还冒水")
    assert "桩上还冒水" in (await (await holds(crew, walker)).last()).text


async def test_a_photo_in_reply_is_added_with_its_words(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.tap("补充")
    await crew.chen.phone.send_photo("看，就是这里")
    await crew.chen.settled()
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert len(await tx.files(walker.id, [Action.ADD])) == 1
    told = await crew.wang.last()
    assert "附件 1 个" in told.text and "看，就是这里" in told.text
    await crew.wang.tap("📎 照片、语音")
    assert (await crew.wang.last()).media == "photo"


async def test_the_cards_button_asks_and_adds(crew: Crew):
    walker = await crew.accepted()
    assert "请您补充" in (await crew.chen.tap("补充")).text
    assert "收到了，转给工作人员了" in (await crew.chen.say("晚上也不亮")).text
    assert (await done(walker, Action.ADD))[0].data["text"] == "晚上也不亮"


async def test_an_addition_is_in_the_steps_for_staff_and_himself_and_not_for_followers(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.reply("我住这里，很着急")
    await crew.zhou.say("3幢充电桩又坏了")
    await crew.zhou.tap("我也遇到了")
    for chat, reads in ((crew.chen, True), (crew.wang, True), (crew.zhou, False)):
        await chat.say(number(walker))
        assert ("我住这里" in (await chat.tap("经过")).text) is reads


async def test_a_reply_while_a_question_waits_is_the_answer(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("/cancel")
    card = await crew.chen.say(number(walker))
    assert "💬 回话" in card.labels and "补充" not in card.labels
    await crew.chen.reply("三号桩", card)
    assert (await walker.ticket()).state is State.ACCEPTED
    assert not await done(walker, Action.ADD)


async def test_a_reply_leaves_the_form_of_another_ticket_and_the_draft_alone(crew: Crew):
    walker = await crew.accepted()
    card = await crew.chen.last()
    other = await crew.file("3号楼电梯坏了")
    await crew.chen.tap(f"t:{other.id}:withdraw")
    await crew.chen.reply("桩上还冒水", card)
    assert await done(walker, Action.ADD)
    await crew.chen.say("已经好了")
    assert (await other.ticket()).state is State.WITHDRAWN
    assert (await walker.ticket()).is_open


async def test_a_reply_to_the_question_of_a_form_answers_it(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:propose")
    await crew.wang.reply("换新桩")
    await crew.wang.reply("3天")
    proposal = (await walker.ticket()).proposal
    assert proposal and proposal.text == "换新桩"


async def test_a_handlers_reply_is_a_note_that_residents_do_not_read(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.mark()
    await crew.wang.reply("上门没有人")
    assert (await done(walker, Action.NOTE))[0].data["text"] == "上门没有人"
    assert not await crew.chen.new()


async def test_a_reply_to_what_is_over_or_only_followed_is_refused_kindly(crew: Crew):
    walker = await crew.accepted()
    await crew.zhou.say("3幢充电桩又坏了")
    await crew.zhou.tap("我也遇到了")
    assert "不能补充" in (await crew.zhou.reply("我家也是")).text
    await crew.zhou.tap("不再告诉我")
    await crew.chen.tap("撤回")
    await crew.chen.say("不用了")
    assert "不能补充" in (await crew.chen.reply("还有")).text
    assert not await done(walker, Action.ADD)


async def test_a_reply_to_anything_else_is_said_as_ever(crew: Crew):
    await crew.chen.say("/help")
    assert "请您看一看" in (await crew.chen.reply("3号楼的灯不亮")).text


async def test_replies_to_one_message_stay_in_their_own_chat(crew: Crew):  # F52
    walker = await crew.accepted()
    card = await crew.chen.last()
    for _ in range(card.id + 1):
        await crew.zhou.say("/help")
    await crew.zhou.reply("3号楼的灯不亮", next(m for m in await crew.zhou.phone.inbox()
                                          if m.id == card.id))  # fmt: skip
    assert not await done(walker, Action.ADD)


# an edited message


async def versions(crew: Crew, walker: Walker) -> list[str]:
    async with crew.stage.service.store.engine.connect() as conn:
        c = own.ticket_texts.c
        found = await conn.scalars(select(c.text).where(c.ticket_id == walker.id).order_by(c.id))
        return list(found)


async def test_an_edit_after_filing_is_a_new_version_and_every_one_is_kept(crew: Crew):  # F42
    walker = await crew.accepted()
    await crew.stage.forward(minutes=5)
    shown = await crew.chen.edit(SAID, "3号楼电梯坏了")
    assert "已按您改的记下" in shown.text and "电梯坏了" in shown.text
    assert (await walker.ticket()).text == "3号楼电梯坏了"
    await crew.chen.edit("3号楼电梯坏了", "3号楼左边电梯坏了")
    assert await versions(crew, walker) == [SAID, "3号楼电梯坏了", "3号楼左边电梯坏了"]
    assert [e.data["text"] for e in await done(walker, Action.EDIT)] == [
        "3号楼电梯坏了",
        "3号楼左边电梯坏了",
    ]


async def test_who_has_it_is_told_of_an_edit(crew: Crew):  # F42
    await crew.accepted()
    await crew.chen.edit(SAID, "3号楼电梯坏了")
    told = (await crew.wang.last()).text
    assert "居民改了" in told and "电梯坏了" in told and "陈师傅" not in told


async def test_one_of_several_messages_is_edited_in_its_place(crew: Crew):  # F42
    await crew.chen.say("3号楼有事")
    await crew.chen.say("充电桩坏了")
    await crew.chen.say("请快来")
    await crew.chen.tap("提交")
    await crew.chen.edit("充电桩坏了", "电梯坏了")
    [ticket] = await crew.chen.tickets()
    assert ticket.text == "3号楼有事\n电梯坏了\n请快来"


async def test_an_edit_at_once_after_filing_counts(crew: Crew):  # F42
    [message] = await crew.chen.phone.send(SAID)
    await crew.chen.settled()
    await crew.chen.phone.tap("提交")
    await crew.chen.phone.edit(message, "3号楼电梯坏了")
    await crew.chen.settled()
    [ticket] = await crew.chen.tickets()
    assert ticket.text == "3号楼电梯坏了"


async def test_an_edit_that_changes_no_words_is_no_version(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.edit(SAID, SAID)
    assert await versions(crew, walker) == [SAID] and not await done(walker, Action.EDIT)


async def test_a_danger_named_in_an_edit_brings_the_numbers_first(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.edit(SAID, "3号楼充电桩冒烟了")
    assert "119" in (await crew.chen.new())[0]
    assert (await walker.ticket()).urgent and "紧急" in (await crew.wang.last()).text


async def test_an_edit_of_what_is_over_changes_nothing(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.tap("撤回")
    await crew.chen.say("不用了")
    assert "现在做不了" in (await crew.chen.edit(SAID, "3号楼电梯坏了")).text
    assert await versions(crew, walker) == [SAID]


@pytest.mark.parametrize("said", ["/mine", "桩上还冒水"])
async def test_an_edit_of_anything_else_is_answered(crew: Crew, said: str):  # F42
    walker = await crew.accepted()
    await (crew.chen.say(said) if said[0] == "/" else crew.chen.reply(said))
    answer = await crew.chen.edit(said, "改了")
    assert "不能跟着改" in answer.text and "补充" in answer.text
    assert (await walker.ticket()).text == SAID

"""What comes in several messages, late or changed, is one thing: over HTTP."""

import pytest
from chatting import Chat, Crew
from walking import Walker

from workflows.petition.words import Action, State


async def said_with(walker: Walker, action: Action) -> list[str]:
    return [e.data.get("text", "") for e in await walker.events() if e.action is action]


async def files_with(crew: Crew, walker: Walker, action: Action) -> int:
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return len(await tx.files(walker.id, [action]))


async def own_newest(chat: Chat) -> int:
    return [m for m in await chat.phone.inbox() if m.sender == chat.id][-1].id


# several messages (C14)


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "album"])
async def test_a_file_right_after_an_answer_goes_with_it(crew: Crew, kind: str):
    walker = await crew.waiting()
    await crew.chen.say("三号桩")
    if kind == "album":
        await crew.chen.phone.send_album(2)
    else:
        await getattr(crew.chen.phone, f"send_{kind}")()
    await crew.chen.settled()
    assert await files_with(crew, walker, Action.ADD) == (2 if kind == "album" else 1)
    assert len(await crew.chen.tickets()) == 1


async def test_a_photo_right_after_an_addition_goes_with_it_whatever_else_is_open(crew: Crew):
    other = await crew.file("7幢路灯不亮")
    walker = await crew.accepted()
    await crew.chen.tap(f"t:{walker.id}:{Action.ADD}")
    await crew.chen.say("线也断了")
    await crew.chen.phone.send_photo()
    await crew.chen.settled()
    assert await files_with(crew, walker, Action.ADD) == 1
    assert await files_with(crew, other, Action.ADD) == 0


async def test_several_messages_right_after_an_answer_all_go_with_it(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("三号桩")
    await crew.chen.say("红色的那个", "靠墙")
    assert await said_with(walker, Action.ADD) == ["红色的那个", "靠墙"]


async def test_what_is_new_right_after_an_answer_is_a_petition(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("三号桩")
    assert "请您看一看" in (await crew.chen.say("5号楼电梯按键失灵")).text
    assert await said_with(walker, Action.ADD) == []


# what was left lying (C13)


async def test_a_photo_of_yesterday_is_not_mixed_with_what_is_new(chen: Chat):
    await chen.phone.send_photo()
    await chen.stage.forward(hours=20)
    asked = await chen.say("8幢路灯不亮")
    assert {"✏️ 接着上次写的"} <= {*asked.labels}
    await chen.tap("是新的事")
    assert "附件" not in (await chen.last()).text and "照片" not in (await chen.last()).text
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["8幢路灯不亮"]


async def test_what_was_asked_about_days_ago_is_not_mixed_with_what_is_new(crew: Crew):
    await crew.accepted()
    assert "您说的是" in (await crew.chen.say("充电桩旁边地上有玻璃渣")).text
    await crew.stage.forward(days=3)
    asked = await crew.chen.say("8幢路灯不亮")
    assert "✏️ 接着上次写的" in asked.labels
    await crew.chen.tap("是新的事")
    await crew.chen.tap("提交")
    assert "8幢路灯不亮" in [t.text for t in await crew.chen.tickets()]


async def test_danger_is_no_part_of_what_was_left_lying(chen: Chat):
    await chen.say("5号楼路灯不亮")
    await chen.stage.forward(days=2)
    shown = await chen.say("电梯里困了两个人")
    assert "是在哪里" in shown.text
    await chen.say("3幢")
    await chen.tap("提交")
    assert "路灯" not in (await chen.tickets())[0].text


async def test_a_draft_of_this_morning_takes_more_words_unasked(chen: Chat):
    await chen.say("3号楼下充电桩坏了")
    await chen.stage.forward(hours=3)
    assert "线也断了" in (await chen.say("线也断了")).text
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["3号楼下充电桩坏了\n线也断了"]


# questions (C16, C17)


async def test_a_reply_answers_the_question_that_it_replies_to(crew: Crew):
    walker = await crew.waiting()
    question = await crew.chen.last()
    other = await crew.file("3号楼电梯坏了")
    await crew.wang.tap(f"t:{other.id}:{Action.ACCEPT}")
    await crew.wang.tap(f"t:{other.id}:{Action.ASK}")
    await crew.wang.say("哪一部？")
    await crew.chen.reply("三号桩", question)
    assert await said_with(walker, Action.ANSWER) == ["三号桩"]
    assert await said_with(other, Action.ANSWER) == []


async def test_a_reply_to_another_petition_is_not_the_answer(crew: Crew):
    other = await crew.accepted("3号楼路灯不亮")
    card = await crew.chen.last()
    walker = await crew.waiting()
    await crew.chen.reply("灯罩也掉了", card)
    assert await said_with(other, Action.ADD) == ["灯罩也掉了"]
    assert (await walker.ticket()).state is State.WAITING


@pytest.mark.parametrize("kind", ["photo", "voice"])
async def test_a_file_after_the_question_lapsed_is_still_for_it(crew: Crew, kind: str):
    walker = await crew.waiting()
    await crew.stage.forward(days=4)
    await crew.chen.phone.send_file(kind)
    await crew.chen.settled()
    assert await files_with(crew, walker, Action.ADD) == 1


async def test_an_answer_to_a_lapsed_question_while_another_is_open(crew: Crew):
    walker = await crew.waiting()
    question = await crew.chen.last()
    await crew.stage.forward(days=4)
    other = await crew.file("3号楼电梯坏了")
    await crew.wang.tap(f"t:{other.id}:{Action.ACCEPT}")
    await crew.wang.tap(f"t:{other.id}:{Action.ASK}")
    await crew.wang.say("哪一部？")
    await crew.chen.reply("三号桩", question)
    assert "三号桩" in await said_with(walker, Action.ADD)
    assert (await other.ticket()).state is State.WAITING


# edits, places that move and commands (C18)


async def test_a_place_that_moves_says_nothing_again(chen: Chat):
    await chen.say("充电桩坏了")
    await chen.phone.send_location(31.2850, 120.6203)
    await chen.settled()
    moving = await own_newest(chen)
    before = await chen.all()
    for east in range(3):
        await chen.phone.move(moving, 31.2850, 120.6204 + east / 10_000)
        await chen.settled()
    assert await chen.all() == before


async def test_words_put_to_a_photo_after_filing_are_said_with_it(crew: Crew):
    await crew.chen.say("3号楼下充电桩坏了")
    await crew.chen.phone.send_photo()
    await crew.chen.settled()
    photo = await own_newest(crew.chen)
    await crew.chen.tap("提交")
    await crew.chen.phone.edit(photo, "是左边那个")
    await crew.chen.settled()
    [ticket] = await crew.chen.tickets()
    assert "是左边那个" in ticket.text


async def test_words_put_to_a_photo_while_it_is_asked_are_kept(crew: Crew):
    walker = await crew.accepted()
    await crew.stage.forward(minutes=30)
    await crew.chen.phone.send_photo()
    await crew.chen.settled()
    await crew.chen.phone.edit(await own_newest(crew.chen), "线断了")
    assert "您说的是" in (await crew.chen.settled()).text
    await crew.chen.tap("是说")
    assert await said_with(walker, Action.ADD) == ["线断了"]


COMMANDS = ["/投诉 {}", "/投诉{}", "/complain {}", "/投诉\n{}", "/help {}", "/start {}"]


@pytest.mark.parametrize("command", COMMANDS)
async def test_words_behind_a_command_are_not_dropped(chen: Chat, command: str):
    assert "3号楼漏水" in (await chen.say(command.format("3号楼漏水"))).text

"""What somebody says is heard for what it is: over HTTP, by residents and staff."""

import pytest
from chatting import PLACED, Chat, Crew, number
from walking import Walker

from workflows.petition.intake.kept import draft_of
from workflows.petition.words import Action, State

KIND = ("您说的是这件吗", "您说的是哪一件")


async def said_with(walker: Walker, action: Action) -> list[str]:
    return [e.data.get("text", "") for e in await walker.events() if e.action is action]


async def drafting(chat: Chat) -> bool:
    """Whether a petition is in the making."""
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        return draft_of(await tx.dialog(chat.id)) is not None


# greetings, thanks, somebody to talk to (C10)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("你好", "我在"), ("在吗？", "我在"), ("测试", "我在"), ("谢谢", "不客气"),
        ("👍", "不客气"), ("好的", "不客气"), ("人工", "12345"), ("满意", "没有要您回话的事"),
    ],
)  # fmt: skip
async def test_courtesy_is_answered_and_begins_no_petition(chen: Chat, said: str, answer: str):
    assert answer in (await chen.say(said)).text
    assert not await drafting(chen)


async def test_a_greeting_before_the_problem_is_not_part_of_it(chen: Chat):
    await chen.say("你好")
    await chen.say("3号楼下充电桩坏了")
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["3号楼下充电桩坏了"]


async def test_a_greeting_with_a_problem_in_one_message_is_a_petition(chen: Chat):
    shown = await chen.say("你好，3号楼下充电桩坏了，谢谢")
    assert "请您看一看" in shown.text


@pytest.mark.parametrize("said", ["这里是干嘛的", "你会做什么", "有蚂蝗"])
async def test_words_that_may_be_no_petition_are_asked_about(chen: Chat, said: str):
    asked = await chen.say(said)
    assert asked.labels == ["🆕 是新的事", "👋 没有要办的事"]
    assert await drafting(chen) and not await chen.tickets()


async def test_who_wanted_nothing_done_is_told_whom_to_call_and_leaves_no_petition(chen: Chat):
    await chen.say("这里是干嘛的")
    assert "12345" in (await chen.tap("没有要办的事")).text
    assert not await drafting(chen)


async def test_few_words_that_are_a_petition_after_all_are_filed(chen: Chat):
    await chen.say("有蚂蝗")
    await chen.tap("是新的事")
    await chen.say("3幢")
    await chen.tap("提交")
    assert ["有蚂蝗" in t.text for t in await chen.tickets()] == [True]


async def test_few_words_asked_about_are_kept_with_the_petition_that_is_told_next(chen: Chat):
    await chen.say("有蚂蝗")
    shown = await chen.say("3号楼整幢都停水了")
    assert "有蚂蝗" in shown.text and "停水" in shown.text


@pytest.mark.parametrize("said", ["不对", "等一下", "怎么提交"])
async def test_what_is_said_about_the_preview_shows_it_again(chen: Chat, said: str):
    await chen.say("3号楼下充电桩坏了")
    shown = await chen.say(said)
    assert "请您看一看" in shown.text and said not in shown.text


# with something open (C11)


@pytest.mark.parametrize("said", ["怎么还没人来", "几点来？", "师傅今天怎么没来？", "那个充电桩呢"])
async def test_a_chase_goes_to_what_is_open_and_shows_its_card(crew: Crew, said: str):
    walker = await crew.accepted()
    shown = await crew.chen.say(said)
    assert number(walker) in shown.text and "王琴" in shown.text
    assert said in (await crew.wang.last()).text
    assert len(await crew.chen.tickets()) == 1 and not await drafting(crew.chen)


async def test_a_chase_that_could_be_two_things_is_asked_and_kept(crew: Crew):
    walker, other = await crew.accepted(), await crew.file("7幢路灯不亮")
    asked = await crew.chen.say("怎么还没人来")
    assert any(question in asked.text for question in KIND)
    assert sum("是说" in label for label in asked.labels) == 2
    assert any("是新的事" in label for label in asked.labels)
    await crew.chen.tap(next(label for label in asked.labels if number(walker) in label))
    assert await said_with(walker, Action.ADD) == ["怎么还没人来"]
    assert await said_with(other, Action.ADD) == []


async def test_what_is_new_after_all_goes_on_as_a_petition(crew: Crew):
    await crew.accepted()
    await crew.chen.say("充电桩旁边地上有玻璃渣")
    shown = await crew.chen.tap("是新的事")
    assert "请您看一看" in shown.text and "玻璃渣" in shown.text
    await crew.chen.tap("提交")
    assert "充电桩旁边地上有玻璃渣" in [t.text for t in await crew.chen.tickets()]


async def test_more_words_while_it_is_asked_are_kept(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.say("充电桩旁边地上有玻璃渣")
    await crew.chen.say("好多")
    await crew.chen.tap("是说")
    assert await said_with(walker, Action.ADD) == ["充电桩旁边地上有玻璃渣\n好多"]


async def test_words_of_another_meaning_are_left_out_of_the_new_petition(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.say("已经好了，不用来了")
    shown = await crew.chen.say("7幢路灯不亮")
    assert "请您看一看" in shown.text and "不用来了" not in shown.text
    assert any("「已经好了，不用来了」" in text for text in await crew.chen.new())
    await crew.chen.tap("提交")
    assert {t.text for t in await crew.chen.tickets()} == {PLACED, "7幢路灯不亮"}
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_what_may_be_the_beginning_of_it_is_kept(crew: Crew):
    await crew.accepted()
    await crew.chen.say("充电桩旁边地上有玻璃渣")
    shown = await crew.chen.say("5号楼电梯也坏了")
    assert "玻璃渣" in shown.text and "电梯" in shown.text


async def test_the_question_can_be_answered_in_words(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.say("充电桩旁边地上有玻璃渣")
    await crew.chen.say("是那件")
    assert await said_with(walker, Action.ADD) == ["充电桩旁边地上有玻璃渣"]


@pytest.mark.parametrize("spelling", ["№{}", "{}？", "{} {}", "{}怎么样了", "诉求{}"])
async def test_a_number_is_known_however_it_is_written(crew: Crew, spelling: str):
    walker = await crew.accepted()
    said = number(walker)
    parts = (said[:2], said[2:]) if spelling.count("{}") > 1 else (said,)
    shown = await crew.chen.say(spelling.format(*parts))
    assert "您要看的" in shown.text and said in shown.text


async def test_what_is_well_again_is_asked_about_and_taken_back(crew: Crew):
    walker = await crew.accepted()
    asked = await crew.chen.say("已经好了不用来了")
    await crew.chen.tap(next(label for label in asked.labels if "不用来了" in label))
    assert (await walker.ticket()).state is State.WITHDRAWN
    assert await said_with(walker, Action.WITHDRAW) == ["已经好了不用来了"]


async def test_another_problem_is_a_new_petition_without_a_question(crew: Crew):
    await crew.accepted()
    assert "请您看一看" in (await crew.chen.say("5号楼电梯按键失灵")).text


async def test_who_has_nothing_open_is_asked_nothing_new(chen: Chat):
    assert "是在哪里" in (await chen.say("怎么还没人来修路灯")).text


async def test_danger_is_never_asked_about(crew: Crew):
    await crew.accepted()
    numbers, shown = (await crew.chen.say("那个充电桩冒烟了"), await crew.chen.last())
    assert "119" in (await crew.chen.new())[0] and "您说的是" not in shown.text
    assert numbers


async def test_danger_of_what_is_open_calls_everybody_at_once(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.say("那个充电桩冒烟了")
    assert (await walker.ticket()).urgent and not await drafting(crew.chen)
    assert await said_with(walker, Action.ADD) == ["那个充电桩冒烟了"]


async def test_danger_that_the_ear_alone_hears_is_asked_about_below_the_numbers(crew: Crew):
    await crew.accepted()
    asked = await crew.chen.say("不必跑一趟了 我老公用铁丝绑住了")
    assert any("是说" in label for label in asked.labels)
    assert any("119" in text or "110" in text for text in await crew.chen.new())


@pytest.mark.parametrize("said", ["门口地上全是玻璃渣，走路当心", "狗把插头咬断了"])
async def test_a_fault_without_a_place_of_its_own_is_asked_about(crew: Crew, said: str):
    await crew.accepted()
    await crew.stage.forward(minutes=30)  # not right after filing
    asked = await crew.chen.say(said)
    assert any(question in asked.text for question in KIND)


@pytest.mark.parametrize("said", ["11幢地下室进水了", "北门道闸坏了", "楼上空调滴水到我家阳台"])
async def test_a_fault_with_a_place_of_its_own_is_a_petition_without_a_question(
    crew: Crew, said: str
):
    await crew.accepted()
    shown = await crew.chen.say(said)
    assert not any(question in shown.text for question in KIND)


async def test_it_is_well_can_be_chosen_where_something_was_only_stated(crew: Crew):
    walker = await crew.accepted()
    asked = await crew.chen.say("现在亮了")
    await crew.chen.tap(next(label for label in asked.labels if "已经好了" in label))
    assert (await walker.ticket()).state is State.WITHDRAWN


# typed buttons (C12)


@pytest.mark.parametrize("said", ["提交", "确认", "对的", "好的"])
async def test_the_preview_is_submitted_by_a_word(chen: Chat, said: str):
    await chen.say("3号楼下充电桩坏了")
    await chen.say(said)
    assert [t.text for t in await chen.tickets()] == ["3号楼下充电桩坏了"]


async def test_the_preview_is_dropped_by_a_word(chen: Chat):
    await chen.say("3号楼下充电桩坏了")
    assert "没有提交" in (await chen.say("取消")).text
    assert not await drafting(chen)


async def test_words_with_a_buttons_word_in_them_belong_to_the_petition(chen: Chat):
    await chen.say("3号楼下充电桩坏了")
    assert "取消不了充电" in (await chen.say("取消不了充电，插头拔不下来")).text


@pytest.mark.parametrize(("said", "rating"), [("满意", 3), ("基本满意", 2), ("不满意", 1)])
async def test_how_it_was_can_be_typed(crew: Crew, said: str, rating: int):
    walker = await crew.resolved()
    await crew.chen.say(said)
    assert (await walker.ticket()).rating == rating


async def test_the_reason_comes_right_after_a_poor_rating(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.say("不满意")
    await crew.chen.say("拖了一个礼拜才来")
    assert (await walker.ticket()).why == "拖了一个礼拜才来"


async def test_not_solved_can_be_typed_and_is_asked_what_for(crew: Crew):
    walker = await crew.resolved()
    assert "哪里还没有解决" in (await crew.chen.say("没解决")).text
    await crew.chen.say("插头还是松的")
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_who_says_that_it_is_not_mended_is_offered_to_have_it_done_again(crew: Crew):
    walker = await crew.resolved()
    asked = await crew.chen.say("没修好，还是充不进")
    await crew.chen.tap(next(label for label in asked.labels if "再办" in label))
    assert (await walker.ticket()).state is State.ACCEPTED
    assert await said_with(walker, Action.REOPEN) == ["没修好，还是充不进"]


# in reply to a card (C19, C20, C22)


async def test_a_reply_that_it_is_not_mended_is_an_answer(crew: Crew):
    walker = await crew.resolved()
    asked = await crew.chen.reply("没修好")
    await crew.chen.tap(next(label for label in asked.labels if "再办" in label))
    assert await said_with(walker, Action.REOPEN) == ["没修好"]


async def test_a_reply_days_after_the_end_has_it_done_again(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.say("满意")
    card = await crew.chen.last()
    await crew.stage.forward(days=2)
    asked = await crew.chen.reply("又坏了", card)
    await crew.chen.tap(next(label for label in asked.labels if "再办" in label))
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_thanks_in_reply_are_no_addition(crew: Crew):
    walker = await crew.resolved()
    assert "不客气" in (await crew.chen.reply("谢谢师傅")).text
    assert (await walker.ticket()).state is State.RESOLVED
    assert await said_with(walker, Action.ADD) == []


async def test_an_objection_reaches_lead_and_committee(crew: Crew):
    walker = await crew.accepted()
    await crew.lead.press(f"t:{walker.id}:{Action.DECLINE}")
    await crew.lead.say("不归社区管")
    await crew.lead.say("请找供电公司")
    asked = await crew.chen.reply("凭什么不受理")
    await crew.chen.tap(next(label for label in asked.labels if "有意见" in label))
    assert "转给网格长" in (await crew.chen.last()).text
    for chat in (crew.lead, crew.committee):
        assert "凭什么不受理" in (await chat.last()).text


# one petition left lying (C13)


async def left_lying(chat: Chat, then: str = "8幢路灯不亮") -> None:
    await chat.say("3号楼下充电桩坏了")
    await chat.stage.forward(days=10)
    await chat.say(then)


async def test_a_draft_of_ten_days_ago_is_not_mixed_with_what_is_new(chen: Chat):
    await left_lying(chen)
    await chen.tap("是新的事")
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["8幢路灯不亮"]


async def test_a_draft_of_ten_days_ago_can_be_gone_on_with(chen: Chat):
    await left_lying(chen, "线也插不进去")
    await chen.tap("接着上次写的")
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["3号楼下充电桩坏了\n线也插不进去"]


# several messages (C14, C15)


async def files_with(crew: Crew, walker: Walker, action: Action) -> int:
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return len(await tx.files(walker.id, [action]))


async def test_what_comes_right_after_filing_belongs_to_it(crew: Crew):
    walker = await crew.file()
    await crew.chen.say("就是靠门口那个")
    await crew.chen.phone.send_photo()
    await crew.chen.settled()
    assert await said_with(walker, Action.ADD) == ["就是靠门口那个", ""]
    assert await files_with(crew, walker, Action.ADD) == 1


async def test_what_comes_right_after_an_answer_belongs_to_it(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("三号桩")
    await crew.chen.say("就是靠门口那个")
    assert await said_with(walker, Action.ADD) == ["就是靠门口那个"]


async def test_a_photo_long_after_is_asked_about(crew: Crew):
    walker = await crew.accepted()
    await crew.stage.forward(minutes=30)
    await crew.chen.mark()
    await crew.chen.phone.send_photo()
    asked = await crew.chen.settled()
    assert "您说的是这件吗" in asked.text
    await crew.chen.tap("是说")
    assert await files_with(crew, walker, Action.ADD) == 1


async def test_a_photo_after_the_words_of_a_handler_belongs_to_what_was_done(crew: Crew):
    walker = await crew.resolved()
    await crew.wang.phone.send_photo()
    assert "收到了，放进" in (await crew.wang.settled()).text
    assert await files_with(crew, walker, Action.RESOLVE) == 1


async def test_a_photo_before_the_words_is_acknowledged(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.press(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.mark()
    await crew.wang.phone.send_photo()
    await crew.wang.settled()
    assert "照片收到了" in (await crew.wang.new())[0]
    await crew.wang.say("换好了")
    assert await files_with(crew, walker, Action.RESOLVE) == 1


# questions (C16, C17)


async def test_of_two_questions_it_is_asked_which_was_answered(crew: Crew):
    walker = await crew.waiting()
    other = await crew.file("3号楼电梯坏了")
    await crew.wang.tap(f"t:{other.id}:{Action.ACCEPT}")
    await crew.wang.tap(f"t:{other.id}:{Action.ASK}")
    await crew.wang.say("哪一部？")
    asked = await crew.chen.say("左边那部")
    await crew.chen.tap(next(label for label in asked.labels if number(other) in label))
    assert await said_with(other, Action.ANSWER) == ["左边那部"]
    assert (await walker.ticket()).state is State.WAITING


@pytest.mark.parametrize("is_reply", [True, False])
async def test_an_answer_after_the_question_lapsed_is_still_for_it(crew: Crew, is_reply: bool):
    walker = await crew.waiting()
    question = await crew.chen.last()
    await crew.stage.forward(days=4)
    assert (await walker.ticket()).state is not State.WAITING
    await (crew.chen.reply("三号桩", question) if is_reply else crew.chen.say("三号桩"))
    assert await said_with(walker, Action.ADD) == ["三号桩"]


async def test_thanks_for_a_question_are_no_answer(crew: Crew):
    walker = await crew.waiting()
    assert "不客气" in (await crew.chen.say("谢谢")).text
    await crew.chen.say("三号桩")
    assert await said_with(walker, Action.ANSWER) == ["三号桩"]


# edits and commands (C18)


async def test_words_behind_a_command_that_there_is_not_are_heard(chen: Chat):
    assert "3号楼漏水" in (await chen.say("/投诉 3号楼漏水")).text


async def test_words_put_to_a_photo_afterwards_are_its_own(chen: Chat):
    await chen.phone.send_photo()
    await chen.settled()
    own = [m for m in await chen.phone.inbox() if m.sender == chen.id]
    await chen.phone.edit(own[-1].id, "3号楼下充电桩坏了")
    assert "请您看一看" in (await chen.settled()).text


# staff (C12)


async def test_a_handlers_report_is_offered_as_what_it_can_be(crew: Crew):
    walker = await crew.accepted()
    asked = await crew.wang.say("已经修好了")
    assert any("办结" in label for label in asked.labels)
    await crew.wang.tap(next(label for label in asked.labels if "办结" in label))
    ticket = await walker.ticket()
    assert (ticket.state, ticket.result) == (State.RESOLVED, "已经修好了")


async def test_a_handlers_report_can_be_a_note(crew: Crew):
    walker = await crew.accepted()
    asked = await crew.wang.say("已经去看了，明天换")
    await crew.wang.tap(next(label for label in asked.labels if "记到" in label))
    assert await said_with(walker, Action.NOTE) == ["已经去看了，明天换"]


async def test_a_reply_of_a_handler_that_may_say_it_is_done_is_asked(crew: Crew):
    walker = await crew.accepted()
    asked = await crew.wang.reply("完事")
    await crew.wang.tap(next(label for label in asked.labels if "办结" in label))
    assert (await walker.ticket()).result == "完事"


async def test_a_reply_of_a_handler_about_what_is_to_come_is_a_note(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.reply("明天上午去")
    assert await said_with(walker, Action.NOTE) == ["明天上午去"]


async def test_who_is_offered_something_can_say_in_words_that_he_cannot(crew: Crew):
    walker = await crew.file()
    asked = await crew.wang.say("我今天要带孩子去打针")
    assert [label[:2] for label in asked.labels[:2]] == ["接单", "现在"]
    assert (await walker.ticket()).state is State.DISPATCHED


async def test_an_offer_is_taken_by_a_word(crew: Crew):
    walker = await crew.file()
    await crew.wang.say("接单")
    assert (await walker.ticket()).handler == crew.wang.id

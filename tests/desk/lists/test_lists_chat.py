"""Looking: one's own tickets, a ticket by its number, its steps, its whole text."""

from chatting import Crew, number

from workflows.core.numbers import format_number


async def test_nothing_brought_yet_is_said_with_an_example(crew: Crew):
    shown = await crew.chen.say("/mine")
    assert "还没有跟我说过事" in shown.text
    assert [one.text for row in shown.buttons for one in row] == ["💳 爱心存折"]


async def test_a_resident_lists_and_opens_his_tickets(crew: Crew):
    first, second = await crew.file(), await crew.file("7号楼路灯不亮")
    shown = await crew.chen.say("/mine")
    assert [number(w) in shown.text for w in (first, second)] == [True, True]
    assert "您手里的" not in shown.text and "等人接手" in shown.text
    opened = await crew.chen.tap(number(first))
    assert number(first) in opened.text and "⏩ 催一催" in opened.labels


async def test_a_handler_lists_what_he_has_in_hand_and_what_he_brought(crew: Crew):
    held = await crew.accepted()
    await crew.file("7号楼路灯不亮", by=crew.wang)
    shown = (await crew.wang.say("/mine")).text
    before, after = shown.split("您提交的")
    assert "您手里的" in before and number(held) in before and "2网格 7幢" in after


async def test_a_closed_ticket_stays_in_the_residents_list(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("满意")
    assert "已结束" in (await crew.chen.say("/mine")).text
    assert number(walker) not in (await crew.wang.say("/mine")).text


async def test_staff_find_a_ticket_by_its_number(crew: Crew):
    walker = await crew.file()
    spoken = number(walker)
    for way in (f"/t {spoken}", f"/t №{spoken[:2]} {spoken[2:]}", spoken):
        assert spoken in (await crew.lead.say(way)).text


async def test_none_and_not_yours_are_answered_alike(crew: Crew):  # F52
    walker = await crew.file()
    spoken = number(walker)
    wrong_digit = spoken[:-1] + str((int(spoken[-1]) + 1) % 10)
    asked = (
        "/t",
        f"/t {spoken}",
        f"/t {wrong_digit}",
        f"/t {format_number(4711)}",
        "/t 我的",
        "/t " + "9" * 99,
    )
    said = {(await crew.zhou.say(text)).text for text in asked}
    assert len(said) == 1 and "没有找到" in said.pop()


async def test_a_strangers_forged_look_shows_nothing(crew: Crew):  # F52
    walker = await crew.file()
    await crew.zhou.start()
    for what in ("card", "steps", "files", "text", "nonsense"):
        here = await crew.zhou.press(f"v:{walker.id}:{what}")
        nowhere = await crew.zhou.press(f"v:4711:{what}")
        assert here == nowhere and "没有找到" in here
        assert not await crew.zhou.new()


async def told_each_other(crew: Crew) -> str:
    """A ticket on which staff have said things to each other; its number."""
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:inspect")
    await crew.wang.say("这家人难说话")
    await crew.wang.tap(f"t:{walker.id}:note")
    await crew.wang.say("物业推来推去")
    await crew.wang.tap(f"t:{walker.id}:propose")
    await crew.wang.say("先糊弄一下")
    await crew.wang.say("3天")
    await crew.committee.tap(f"t:{walker.id}:reject")
    await crew.committee.say("不许糊弄")
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("换好了新桩")
    return number(walker)


STAFF_WORDS = ("难说话", "推来推去", "糊弄")


async def test_a_residents_steps_are_without_the_staffs_own_words(crew: Crew):
    await told_each_other(crew)
    steps = (await crew.chen.tap("经过")).text
    assert "换好了新桩" in steps and "海棠先锋 王琴 到现场看过" in steps
    assert not [word for word in STAFF_WORDS if word in steps]
    assert not [word for word in STAFF_WORDS if word in "".join(await crew.chen.all())]


async def test_staff_read_every_step(crew: Crew):
    spoken = await told_each_other(crew)
    await crew.lead.say(f"/t {spoken}")
    steps = (await crew.lead.tap("经过")).text
    assert all(word in steps for word in STAFF_WORDS)
    assert "居民 提交" in steps and "陈师傅" not in steps


async def test_a_long_text_is_read_whole(crew: Crew):  # F36
    text = "3号楼充电桩坏了，" + "很不方便&" * 300
    walker = await crew.file(text)
    shown = await crew.wang.last()
    assert "📄 全文" in shown.labels and text not in shown.text
    await crew.wang.tap("全文")
    assert "".join(await crew.wang.new()) == text
    assert "📄 全文" not in (await crew.chen.say(number(walker))).labels


async def test_a_short_text_needs_no_button(crew: Crew):
    await crew.file()
    assert "📄 全文" not in (await crew.wang.last()).labels


async def test_help_is_for_the_role(crew: Crew):
    assert "接单办事" not in (await crew.chen.say("/help")).text
    assert "接单办事" in (await crew.wang.say("/help")).text
    assert "没有人接的" in (await crew.lead.say("/help")).text
    assert "有事，直接发给我" in (await crew.chen.say("/不知道")).text


async def test_start_welcomes_by_role(crew: Crew):
    assert "24 小时内" in (await crew.chen.start()).text
    assert "名册上" in (await crew.wang.start()).text
    assert "南环东民情站" in (await crew.chen.start("st_nanhuan-east")).text

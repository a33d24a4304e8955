"""A petition that repeats another: shown before it is filed, followed with one tap."""

import pytest
from chatting import Chat, Crew, number

from playground.phones.phone_client import Message
from workflows.petition.intake.kept import draft_of
from workflows.petition.words import Action, State

SAID = "3号楼下充电桩坏了"
AGAIN = "3幢的充电桩又坏了，请快来修"
ASKED = "是同一件吗"


def taps(message: Message) -> list[str]:
    return [label for label in message.labels if "我也遇到了" in label]


async def joined(crew: Crew, by: Chat) -> Message:
    preview = await by.say(AGAIN)
    return await by.tap(taps(preview)[0])


async def test_a_preview_shows_what_it_may_repeat_with_enough_to_judge(crew: Crew):
    await crew.chen.phone.send_photo(f"{SAID}，我家电话13912345678，502室")
    await crew.chen.settled()
    await crew.chen.tap("提交")
    [ticket] = await crew.chen.tickets()
    preview = await crew.zhou.say(AGAIN)
    text = preview.text
    for words in (
        ASKED,
        SAID,
        str(ticket.id * 10)[:4],
        "1网格 3幢",
        "等人接手",
        "📎 1",
        "今天（周二）",
    ):
        assert words in text, words
    assert "1391234" not in text and "502" not in text
    assert len(taps(preview)) == 1 and "✅ 提交" in preview.labels


async def test_a_hint_tells_what_and_where_and_never_who(crew: Crew):  # F57
    await crew.file("我是张三，微信zhangsan88，3幢502老李家楼下充电桩坏了")
    text = (await crew.zhou.say(AGAIN)).text
    assert "楼下充电桩坏了" in text
    assert not [who for who in ("张三", "zhangsan88", "502", "老李") if who in text]


async def test_a_hint_says_how_many_joined_and_the_one_they_joined_comes_first(crew: Crew):
    first, second = await crew.accepted(), await crew.file(SAID)
    preview = await crew.zhou.say(AGAIN)
    await crew.zhou.tap(next(label for label in taps(preview) if number(second) in label))
    again = await crew.wang.say(AGAIN)
    assert "还有 1 人也遇到" in again.text
    assert again.text.index(number(second)) < again.text.index(number(first))


async def test_joining_follows_the_ticket_and_drops_the_draft(crew: Crew):
    walker = await crew.accepted()
    shown = await joined(crew, crew.zhou)
    assert "不用再提交" in shown.text and number(walker) in shown.text
    assert "不再告诉我" in shown.labels and SAID not in shown.text
    assert (await walker.ticket()).followers == (crew.zhou.id,)
    assert [e.actor for e in await walker.events() if e.action is Action.FOLLOW] == [crew.zhou.id]
    assert [t.id for t in await crew.zhou.tickets()] == [walker.id]
    assert "还没有" not in (await crew.zhou.say("/mine")).text
    assert "没有正在写的" in (await crew.zhou.say("/cancel")).text


async def test_what_who_joined_wrote_is_kept_for_the_staff_alone(crew: Crew):
    walker = await crew.accepted()
    await joined(crew, crew.zhou)
    [followed] = [e for e in await walker.events() if e.action is Action.FOLLOW]
    assert followed.data["text"] == AGAIN
    await crew.chen.say(number(walker))
    assert AGAIN not in (await crew.chen.tap("经过")).text


async def test_who_joined_is_told_every_step(crew: Crew):
    walker = await crew.accepted()
    await joined(crew, crew.zhou)
    await crew.zhou.mark()
    await crew.wang.say(number(walker))
    await crew.wang.tap(f"t:{walker.id}:inspect")
    await crew.wang.say("看过了")
    assert "到现场看过了" in "".join(await crew.zhou.new())


async def test_staff_see_how_many_joined_and_nobodys_name(crew: Crew):
    walker = await crew.accepted()
    await joined(crew, crew.zhou)
    shown = await crew.wang.say(number(walker))
    assert "1 人附议" in shown.text
    steps = (await crew.wang.tap("经过")).text
    assert "居民 附议" in steps and "周阿姨" not in steps


async def test_who_joined_can_stop_and_is_told_nothing_more(crew: Crew):
    walker = await crew.accepted()
    await joined(crew, crew.zhou)
    said = await crew.zhou.tap("不再告诉我")
    assert "不再告诉您" in said.text and number(walker) in said.text
    assert (await walker.ticket()).followers == ()
    await crew.zhou.mark()
    await crew.wang.say(number(walker))
    await crew.wang.tap(f"t:{walker.id}:inspect")
    await crew.wang.say("看过了")
    assert not await crew.zhou.new()
    assert "没有找到" in (await crew.zhou.say(number(walker))).text


async def test_who_stopped_can_join_again(crew: Crew):
    walker = await crew.accepted()
    await joined(crew, crew.zhou)
    await crew.zhou.tap("不再告诉我")
    await joined(crew, crew.zhou)
    assert (await walker.ticket()).followers == (crew.zhou.id,)


async def test_to_submit_files_it_anyway(crew: Crew):
    walker = await crew.accepted()
    assert ASKED in (await crew.zhou.say(AGAIN)).text
    await crew.zhou.tap("提交")
    [own] = await crew.zhou.tickets()
    assert own.id != walker.id and (await walker.ticket()).followers == ()


async def test_a_new_word_looks_anew(crew: Crew):
    await crew.file("3号楼路灯不亮")
    assert ASKED not in (await crew.zhou.say("3号楼有一件事")).text
    assert ASKED in (await crew.zhou.say("路灯不亮了")).text


@pytest.mark.parametrize("elsewhere", ["7幢的充电桩又坏了", "4幢的充电桩又坏了"])
async def test_the_same_words_at_another_place_never_match(crew: Crew, elsewhere: str):
    await crew.file()
    shown = await crew.zhou.say(elsewhere)
    assert "✅ 提交" in shown.labels and ASKED not in shown.text and not taps(shown)


async def test_a_petition_that_names_only_the_grid_matches_its_buildings(crew: Crew):
    await crew.file()
    await crew.zhou.start("st_nanhuan-east")
    assert ASKED in (await crew.zhou.say("楼下充电桩坏了")).text


async def test_what_is_over_is_not_shown(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("满意")
    assert (await walker.ticket()).state is State.CLOSED
    assert ASKED not in (await crew.zhou.say(AGAIN)).text


async def test_at_most_three_are_shown(crew: Crew):
    for _ in range(4):
        await crew.file()
    assert len(taps(await crew.zhou.say(AGAIN))) == 3


async def test_who_brought_it_himself_is_led_to_it(crew: Crew):
    walker = await crew.file()
    preview = await crew.chen.say(AGAIN)
    assert ASKED in preview.text and not taps(preview)
    assert number(walker) in (await crew.chen.tap(f"看 {number(walker)}")).text


# the button alone gives no right


async def test_a_forged_button_follows_nothing_far_away(crew: Crew):  # F47
    walker = await crew.file()
    await crew.zhou.say("7幢路灯不亮")
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        draft = draft_of(await tx.dialog(crew.zhou.id))
    assert draft
    for forged in (walker.id, 99999, "x", ""):
        assert "过时了" in await crew.zhou.press(f"d:{draft.id}:follow:{forged}")
    assert (await walker.ticket()).followers == ()
    await crew.zhou.tap("提交", (await crew.zhou.last()).id)
    assert len(await crew.zhou.tickets()) == 1


async def test_a_cards_button_lets_no_neighbour_in(crew: Crew):  # F47 F52
    walker = await crew.file()
    await crew.zhou.say("7幢路灯不亮")
    await crew.zhou.tap("提交")
    assert "没有找到" in await crew.zhou.press(f"t:{walker.id}:follow")
    assert (await walker.ticket()).followers == ()


async def test_a_hint_that_is_over_by_now_is_refused_and_the_draft_stays(crew: Crew):
    walker = await crew.file()
    preview = await crew.zhou.say(AGAIN)
    await crew.chen.tap(f"t:{walker.id}:withdraw")
    await crew.chen.say("不用了")
    await crew.zhou.tap(taps(preview)[0], preview.id)
    assert "现在做不了" in await crew.zhou.toast()
    await crew.zhou.tap("提交", preview.id)
    assert [t.text for t in await crew.zhou.tickets()] == [AGAIN]

"""A card on the phone: changed where it stands, nothing dead on it, and only what is new sent."""

from chatting import PLACED, Chat, Crew, number

from playground.phones.phone_client import Message
from workflows.core.engine.front import AT_MOST
from workflows.petition.words import Action

SOON = "我明天上午来"


async def dead(chat: Chat) -> list[Message]:
    """Messages with buttons that are no card."""
    told = [m for m in await chat.phone.inbox() if m.buttons and not m.deleted]
    return [m for m in told if any(b.data[:2] in {"d:", "f:"} for row in m.buttons for b in row)]


async def refused(crew: Crew) -> list[str]:
    calls = await crew.stage.phones.calls()
    return [c["answer"]["description"] for c in calls if c["status"] == 400]


async def test_more_and_back_change_the_card_where_it_stands(crew: Crew):
    walker = await crew.accepted()
    card = await crew.wang.last()
    behind = await crew.wang.tap("⋯ 更多")
    assert behind.id == card.id and behind.text == card.text
    assert "接单" not in behind.labels and "转办" in behind.labels and not await crew.wang.new()
    back = await crew.wang.tap("返回")
    assert (back.id, back.labels, back.text) == (card.id, card.labels, card.text)
    assert (await walker.ticket()).handler == crew.wang.id


async def test_more_of_a_card_that_is_not_the_newest_is_a_card_of_its_own(crew: Crew):
    walker = await crew.accepted()
    old = await crew.wang.last()
    await crew.wang.say(number(walker))
    shown = await crew.wang.press_late("⋯ 更多", old)
    assert shown.id > old.id and "返回" in "".join(shown.labels)


async def test_a_preview_and_a_question_lose_their_buttons_when_they_are_done(crew: Crew):
    walker = await crew.accepted()
    assert not await dead(crew.chen)
    await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    assert len(await dead(crew.wang)) == 1
    await crew.wang.say("已经换好了")
    assert not await dead(crew.wang)


async def test_only_the_newest_preview_has_buttons(crew: Crew):
    await crew.chen.say(PLACED)
    await crew.chen.say("第三根")
    [preview] = await dead(crew.chen)
    assert "第三根" in preview.text
    await crew.chen.say("/cancel")
    assert not await dead(crew.chen)


async def test_a_preview_that_is_tapped_changes_where_it_stands(crew: Crew):
    shown = await crew.chen.say(PLACED)
    asked = await crew.chen.tap("改类别")
    chosen = await crew.chen.tap("电梯")
    assert shown.id == asked.id == chosen.id
    assert "🏷 电梯" in chosen.text and "✅ 提交" in chosen.labels


async def test_what_an_older_preview_is_tapped_for_takes_the_newer_ones_buttons(crew: Crew):
    older = await crew.chen.say(PLACED)
    await crew.chen.say("已经好几天了")
    await crew.chen.press_late("改类别", older)
    assert [m.id for m in await crew.chen.phone.inbox() if m.buttons] == [older.id]


async def test_the_preview_keeps_its_buttons_while_something_else_is_asked(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.stage.forward(hours=2)
    await crew.chen.say("6号楼电梯坏了")
    await crew.chen.tap(f"t:{walker.id}:{Action.ADD}")
    assert len(await dead(crew.chen)) == 2
    await crew.chen.tap("取消")
    [preview] = await dead(crew.chen)
    assert "电梯" in preview.text


async def test_nothing_is_changed_that_shows_it_already(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:{Action.NOTE}")
    await crew.wang.say("问过物业了")
    await crew.wang.tap("⋯ 更多")
    await crew.wang.tap("📞 已电话联系")
    assert not await refused(crew)


async def test_when_he_comes_and_that_he_phoned_is_one_tap(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.tap(SOON)
    assert SOON in (await crew.chen.last()).text
    await crew.wang.tap("📞 已电话联系")
    assert [e.action for e in await walker.events()][-2:] == [Action.COME, Action.PHONED]
    assert "打电话联系过您" in (await crew.chen.tap("📜 经过")).text
    assert len((await crew.wang.tap("⬅️ 返回")).labels) <= AT_MOST


async def test_the_front_of_a_resolved_card_is_about_how_it_went(crew: Crew):
    await crew.resolved()
    labels = " ".join((await crew.chen.last()).labels)
    assert "催办" not in labels and "撤回" not in labels and "还没解决" in labels


# lateness


async def test_a_passed_date_is_on_the_cards_in_words_and_its_handler_hears_of_it(crew: Crew):
    walker = await crew.planned()
    await crew.stage.forward(days=3, hours=10)
    told = [t for t in await crew.wang.all() if "逾期：方案说好的办结日期" in t]
    assert len(told) == 1 and "承诺的日期已过" in told[0]
    await crew.stage.forward(days=2)
    assert "承诺的日期已过 2 天" in (await crew.wang.say(number(walker))).text
    assert "前办好，已过 2 天，我们晚了" in (await crew.chen.say(number(walker))).text


async def test_a_date_that_is_to_come_is_not_late(crew: Crew):
    await crew.planned()
    await crew.stage.forward(days=1)
    texts = [*await crew.wang.all(), *await crew.chen.all(), *await crew.lead.all()]
    assert not [text for text in texts if "已过" in text]


# pictures


async def test_the_offer_shows_what_the_resident_sent(crew: Crew):
    await crew.chen.phone.start("st_nanhuan-east")
    await crew.chen.phone.send_voice()
    await crew.chen.settled()
    await crew.chen.tap("提交")
    voice, offer = (await crew.wang.phone.inbox())[-2:]
    assert voice.media == "voice" and "处理前" in voice.text
    assert "居民没有写字" in offer.text and "接单" in offer.labels


async def test_the_resident_sees_before_and_after_told_apart(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.phone.send_photo("就是这里")
    await crew.chen.settled()
    await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.phone.send_photo("换好了")
    await crew.wang.settled()
    before, after, card = (await crew.chen.phone.inbox())[-3:]
    assert "处理前" in before.text and "处理后" in after.text and "办好了" in card.text


async def test_without_pictures_nothing_more_is_sent(crew: Crew):
    await crew.resolved()
    told = [*await crew.wang.phone.inbox(), *await crew.chen.phone.inbox()]
    assert not [m for m in told if m.media]

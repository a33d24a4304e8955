"""What files nothing: no petition at all, a second tap, too much at once, a number, a group."""

import pytest
from chatting import PLACED, Chat, Crew, number, previews

from playground.stage.stage import Stage
from workflows.core.numbers import format_number as number_of

# what is no petition


@pytest.mark.parametrize("text", ["\u200b\u200b", "\u2060", "\u202e\u202d"])
async def test_a_text_that_nobody_can_see_is_answered_kindly(chen: Chat, text: str):  # F38
    answer = await chen.say(text)
    assert "请发文字" in answer.text and not await chen.tickets()


@pytest.mark.parametrize("send", ["send_sticker", "send_dice", "send_contact"])
async def test_what_is_no_petition_is_answered_kindly_and_once(chen: Chat, send: str):  # F44
    await chen.mark()
    for _ in range(3):
        await getattr(chen.phone, send)()
    await chen.settled()
    [answer] = await chen.new()
    assert "请发文字、照片" in answer and not await chen.tickets()


async def test_a_poll_is_answered_kindly(chen: Chat):  # F44
    await chen.phone.send_poll("去不去？", ["去", "不去"])
    assert "请发文字" in (await chen.settled()).text


async def test_a_sticker_in_the_middle_changes_nothing(chen: Chat):  # F44
    await chen.say(PLACED)
    await chen.phone.send_sticker()
    await chen.settled()
    await chen.tap("提交")
    assert (await chen.tickets())[0].text == PLACED


# twice, and too much


async def test_two_taps_file_one_ticket_and_the_second_names_it(chen: Chat):  # F32
    preview = await chen.say(PLACED)
    await chen.tap("提交")
    await chen.press_late("提交", preview)
    [ticket] = await chen.tickets()
    assert number_of(ticket.id) in await chen.toast()


async def test_two_taps_at_once_file_one_ticket(chen: Chat):  # F32
    await chen.say(PLACED)
    for _ in range(2):
        await chen.phone.tap("提交")
    await chen.settled()
    [ticket] = await chen.tickets()
    told = [toast.text for toast in await chen.phone.toasts()]  # answered side by side
    assert any(number_of(ticket.id) in text for text in told)


async def test_a_flood_by_one_leaves_the_others_unaffected(on_stage: Stage, chen: Chat):  # F55
    others = [Chat(on_stage, await on_stage.phones.add_user(f"邻居{i}")) for i in range(5)]
    for i in range(90):
        await chen.phone.send(f"第{i}句")
        if i % 20 == 0:
            await others[i // 20].phone.send(PLACED)
    await on_stage.settle()
    assert len(await chen.all()) == 1
    for other in others:
        assert len(previews(await other.all())) == 1


async def test_beyond_what_one_person_may_do_in_a_minute_he_is_told_once(
    on_stage: Stage, chen: Chat
):  # F55
    most = on_stage.service.desk.rules.most_per_minute
    for i in range(most + 40):
        await chen.phone.send(f"第{i}句")
    await on_stage.settle()
    assert [text for text in await chen.all() if "看不过来" in text] != []
    assert sum("看不过来" in text for text in await chen.all()) == 1
    await on_stage.forward(minutes=1)
    assert "看不过来" not in (await chen.say(PLACED)).text
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert "第0句" in ticket.text and f"第{most + 1}句" not in ticket.text


# by number, in a group, by a link


async def test_a_bare_number_shows_the_ticket(crew: Crew):
    walker = await crew.file()
    shown = await crew.chen.say(number(walker))
    assert "您要看的" in shown.text and number(walker) in shown.text


async def test_a_number_of_nobody_or_of_others_is_no_petition(crew: Crew):  # F52
    walker = await crew.file()
    answers = [(await crew.zhou.say(n)).text for n in (number(walker), "100020", "99999")]
    assert len(set(answers)) == 1 and "没有找到" in answers[0]


async def test_a_number_in_the_middle_of_a_petition_belongs_to_it(chen: Chat):
    await chen.say(PLACED)
    assert "65651234" in (await chen.say("65651234")).text


async def test_talk_in_a_group_starts_no_petition(chen: Chat):
    phones = chen.stage.phones
    group = await phones.add_group("聊天", [chen.phone], bot_status="administrator")
    await chen.phone.start()
    await chen.settled()
    await chen.mark()
    await chen.phone.send(PLACED, chat=group)
    await chen.phone.send_photo(PLACED, chat=group)
    await chen.settled()
    assert not await chen.new()
    assert not [m for m in await chen.phone.inbox(chat=group) if m.sender == "bot"]


@pytest.mark.parametrize("payload", ["iv_", "iv_x", "st_nowhere", "admin", "iv_" + "A" * 60])
async def test_a_start_links_payload_grants_nothing(chen: Chat, payload: str):  # F53
    await chen.start(payload)
    async with chen.stage.service.store.read(chen.stage.now) as tx:
        person = await tx.person(chen.id)
    assert person is None or not person.is_staff
    assert len(await chen.all()) == 1

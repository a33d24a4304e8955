"""Filing a petition, as a resident does it: over HTTP, on the real bot."""

import pytest
from chatting import Chat, Crew, number

from playground.stage import Stage
from workflows.model import Attachment, Role, State
from workflows.number import say as number_of

PLACED = "3号楼下充电桩坏了"
EMOJI = "👷"  # two UTF-16 units


async def kept_of(chat: Chat, ticket_id: int) -> tuple[Attachment, ...]:
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        return await tx.files(ticket_id)


async def files_of(chat: Chat, ticket_id: int) -> list[str]:
    return [file.kind for file in await kept_of(chat, ticket_id)]


def previews(texts: list[str]) -> list[str]:
    return [text for text in texts if "请您看一看" in text]


# the short way


async def test_words_without_any_command_start_a_petition(chen: Chat):
    shown = await chen.say(PLACED)
    assert "1网格 3幢" in shown.text and "充电设施" in shown.text and PLACED in shown.text
    assert "✅ 提交" in shown.labels


async def test_from_a_station_one_message_and_one_tap_file_it(chen: Chat):
    await chen.start("st_nanhuan-east")
    await chen.say("充电桩坏了")
    filed = await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert (ticket.text, ticket.place) == ("充电桩坏了", "友新街道/南环一/1网格")
    assert "已经受理" in filed.text and number_of(ticket.id) in filed.text


async def test_a_building_said_at_a_station_is_looked_for_around_it(chen: Chat):
    await chen.start("st_nanhuan-east")
    assert "1网格 4幢" in (await chen.say("4幢路灯不亮")).text


async def test_who_was_here_before_gets_his_last_place(chen: Chat):
    await chen.say("7幢路灯不亮")
    await chen.tap("提交")
    assert "2网格 7幢" in (await chen.say("楼道里堆满杂物")).text


async def test_a_stations_link_counts_for_one_petition_only(chen: Chat):
    await chen.start("st_nanhuan-east")
    await chen.say("7幢路灯不亮")
    await chen.tap("提交")
    assert "2网格 7幢" in (await chen.say("楼道里堆满杂物")).text


async def test_a_stations_link_in_the_middle_keeps_what_was_said(chen: Chat):
    await chen.say("路灯不亮")
    shown = await chen.start("st_nanhuan-east")
    assert "路灯不亮" in shown.text and "1网格" in shown.text and "✅ 提交" in shown.labels


# where


async def test_an_unknown_place_is_asked_for_and_tapped(chen: Chat):
    asked = await chen.say("路灯不亮了")
    assert "是在哪里" in asked.text and "南环二 4网格" in asked.labels
    shown = await chen.tap("南环一 2网格")
    assert "📍 南环一 2网格" in shown.text and "公共照明" in shown.text


async def test_an_unknown_place_is_asked_for_and_said(chen: Chat):
    await chen.say("路灯不亮了")
    shown = await chen.say("在7幢门口")
    assert "2网格 7幢" in shown.text and "路灯不亮了" in shown.text


async def test_the_place_is_changed_by_a_tap_or_by_words(chen: Chat):
    await chen.say(PLACED)
    await chen.tap("改地点")
    assert "1网格 4幢" in (await chen.tap("4幢")).text
    await chen.tap("改地点")
    assert "3网格 12幢" in (await chen.say("12幢")).text


async def test_the_category_is_changed_by_one_tap(chen: Chat):
    await chen.say(PLACED)
    asked = await chen.tap("改类别")
    assert "哪一类" in asked.text
    assert "🏷 电梯" in (await chen.tap("电梯")).text


async def test_a_chosen_category_is_not_changed_by_later_words(chen: Chat):
    await chen.say(PLACED)
    await chen.tap("改类别")
    await chen.tap("电梯")
    assert "🏷 电梯" in (await chen.say("充电桩已经坏了好几天了")).text


async def test_a_shared_position_is_the_nearest_building(chen: Chat):
    await chen.phone.send_location(31.2850, 120.6203)
    asked = await chen.settled()
    assert "2网格 7幢" in asked.text and "是什么事" in asked.text
    assert "✅ 提交" in (await chen.say("路灯不亮")).labels


# pictures, voices, many messages


async def test_a_photo_alone_is_kept_and_the_words_are_asked_for(chen: Chat):
    await chen.phone.send_photo()
    asked = await chen.settled()
    assert "请再说一句" in asked.text
    shown = await chen.say(PLACED)
    assert "附件 1 个" in shown.text


async def test_an_album_is_one_petition_with_one_preview(chen: Chat):  # F43
    await chen.mark()
    await chen.phone.send_album(3, caption=PLACED)
    await chen.settled()
    assert len(await chen.new()) == 1
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert await files_of(chen, ticket.id) == ["photo"] * 3


async def test_a_voice_alone_says_what_is_wrong(chen: Chat):
    await chen.phone.send_voice()
    assert "是在哪里" in (await chen.settled()).text
    await chen.tap("南环一")
    await chen.tap("1网格")
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert (ticket.text, await files_of(chen, ticket.id)) == ("", ["voice"])


@pytest.mark.parametrize("known_by", ["a station", "his last place"])
async def test_who_is_known_to_be_somewhere_is_not_asked_where(chen: Chat, known_by: str):
    """A voice note alone and one tap are a petition."""
    if known_by == "a station":
        await chen.start("st_nanhuan-east")
    else:
        await chen.say(PLACED)
        await chen.tap("提交")
    await chen.phone.send_voice()
    shown = await chen.settled()
    assert "是在哪里" not in shown.text and "1网格" in shown.text
    await chen.tap("提交")
    assert await files_of(chen, (await chen.tickets())[0].id) == ["voice"]


@pytest.mark.parametrize("kind", ["video", "video_note", "document", "audio", "animation"])
async def test_every_kind_of_file_is_kept_by_its_id_alone(chen: Chat, kind: str):
    """# F41: neither its name nor its type comes any further than Telegram."""
    await chen.say(PLACED)
    await chen.phone.send_file(kind, b"x", name="..\\a.exe", mime="x/y")
    assert "附件 1 个" in (await chen.settled()).text
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    [file] = await kept_of(chen, ticket.id)
    assert file.kind == kind and "exe" not in file.file_id


async def test_messages_in_a_row_are_one_petition_with_one_preview(chen: Chat):
    await chen.say("你好", "3号楼的事", "充电桩坏了", "已经一个礼拜了")
    [preview] = await chen.new()
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert ticket.text == "你好\n3号楼的事\n充电桩坏了\n已经一个礼拜了"
    assert "充电桩坏了" in preview


async def test_a_long_text_split_by_the_phone_is_one_text(chen: Chat):  # F36
    text = "3号楼充电桩坏了。" * 700
    await chen.say(text)
    assert len(previews(await chen.new())) == 1
    await chen.tap("提交")
    assert (await chen.tickets())[0].text == text


@pytest.mark.parametrize("more", [-1, 0, 1])
async def test_a_text_at_the_limit_arrives_whole(chen: Chat, more: int):  # F36
    units = 4096 + more
    text = "3幢" + EMOJI * ((units - 2) // 2) + "！" * (units % 2)
    assert len(text.encode("utf-16-le")) // 2 == units
    await chen.say(text)
    await chen.tap("提交")
    assert (await chen.tickets())[0].text == text


# what people write


@pytest.mark.parametrize(
    "text",
    ["{{7*7}} {% raw %}", "<b>坏了</b> & <script>", "*坏* _了_ `x` [a](b)", "坏\u200b了"],
)
async def test_what_is_written_is_shown_literally(crew: Crew, text: str):  # F38 F39 F40
    said = f"3号楼 {text}"
    shown = await crew.chen.say(said)
    assert said in shown.text
    await crew.chen.tap("提交")
    assert (await crew.chen.tickets())[0].text == said
    assert said in (await crew.wang.last()).text


@pytest.mark.parametrize("text", ["\u200b\u200b", "\u2060", "\u202e\u202d"])
async def test_a_text_that_nobody_can_see_is_answered_kindly(chen: Chat, text: str):  # F38
    answer = await chen.say(text)
    assert "请发文字" in answer.text and not await chen.tickets()


async def test_a_bidi_override_does_not_turn_a_line_around(chen: Chat):  # F38
    assert "\u202e" not in (await chen.say("3号楼\u202e充电桩坏了")).text


async def test_emergency_words_bring_the_numbers_first(crew: Crew):
    await crew.chen.say("3号楼楼道冒烟了")
    first, preview = await crew.chen.new()
    assert "119" in first and "🔴 紧急" in preview
    await crew.chen.tap("提交")
    assert (await crew.chen.tickets())[0].urgent
    assert "紧急" in (await crew.wang.last()).text


async def test_the_numbers_are_said_once(chen: Chat):
    await chen.say("3号楼楼道冒烟了")
    await chen.say("冒烟很大")
    assert len(await chen.new()) == 1


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


# second thoughts


async def test_an_edit_before_filing_changes_the_draft(chen: Chat):  # F42
    [message] = await chen.phone.send("3号楼充电桩坏了")
    await chen.settled()
    await chen.phone.edit(message, "3号楼电梯坏了")
    shown = await chen.settled()
    assert "电梯坏了" in shown.text and "🏷 电梯" in shown.text
    await chen.tap("提交")
    assert (await chen.tickets())[0].text == "3号楼电梯坏了"


async def test_an_edit_can_bring_what_was_missing(chen: Chat):  # F42
    [message] = await chen.phone.send("充电桩坏了")
    assert "是在哪里" in (await chen.settled()).text
    await chen.phone.edit(message, "3号楼充电桩坏了")
    assert "✅ 提交" in (await chen.settled()).labels


async def test_filling_in_again_starts_from_nothing_but_the_place(chen: Chat):
    await chen.say(PLACED)
    asked = await chen.tap("重填")
    assert "3幢" in asked.text and "是什么事" in asked.text
    await chen.say("路灯不亮")
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["路灯不亮"]


STEPS = {
    "empty": [],
    "placing": ["路灯不亮了"],
    "preview": [PLACED],
    "categorizing": [PLACED, "[改类别]"],
    "moving": [PLACED, "[改地点]"],
}


@pytest.mark.parametrize("step", STEPS)
async def test_every_step_can_be_cancelled(chen: Chat, step: str):
    for way in ("/cancel", "tap"):
        await chen.phone.send_photo()
        await chen.settled()
        for act in STEPS[step]:
            await (chen.tap(act[1:-1]) if act.startswith("[") else chen.say(act))
        said = await (chen.say("/cancel") if way == "/cancel" else chen.tap("取消"))
        assert "没有提交" in said.text
    assert "附件" not in (await chen.say(PLACED)).text


async def test_cancelling_after_filing_does_not_deny_what_was_filed(chen: Chat):
    await chen.say(PLACED)
    await chen.tap("提交")
    said = await chen.say("/cancel")
    assert "没有提交" not in said.text and "/mine" in said.text


async def test_a_cancelled_drafts_buttons_are_refused_kindly(chen: Chat):  # F48
    await chen.say(PLACED)
    await chen.say("/cancel")
    await chen.tap("提交")
    assert "过时了" in await chen.toast() and not await chen.tickets()


async def test_a_restart_of_the_bot_keeps_the_draft(chen: Chat):
    await chen.say("路灯不亮了")
    await chen.stage.restart()
    await chen.say("在7幢")
    await chen.stage.restart()
    await chen.tap("提交")
    assert [t.text for t in await chen.tickets()] == ["路灯不亮了\n在7幢"]


# twice, and too much


async def test_two_taps_file_one_ticket_and_the_second_names_it(chen: Chat):  # F32
    preview = await chen.say(PLACED)
    await chen.tap("提交")
    await chen.tap("提交", preview.id)
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
    assert [text for text in await chen.all() if "太快" in text] != []
    assert sum("太快" in text for text in await chen.all()) == 1
    await on_stage.forward(minutes=1)
    assert "太快" not in (await chen.say(PLACED)).text
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert "第0句" in ticket.text and f"第{most + 1}句" not in ticket.text


# for somebody else, by number, in a group


async def test_a_pioneer_files_for_somebody_and_the_name_is_kept(crew: Crew):
    shown = await crew.li.say(PLACED)
    assert "代居民提交" in shown.labels
    asked = await crew.li.tap("代居民提交")
    assert "本人同意了吗" in asked.text
    assert "3幢 张阿姨" in (await crew.li.say("3幢 张阿姨，上门找")).text
    await crew.li.tap("本人同意了")
    await crew.li.tap("提交")
    [ticket] = await crew.li.tickets()
    assert (ticket.on_behalf, ticket.text) == ("3幢 张阿姨，上门找", PLACED)
    assert "代报：3幢 张阿姨" in (await crew.wang.last()).text


async def test_naming_can_be_cancelled(crew: Crew):
    await crew.li.say(PLACED)
    await crew.li.tap("代居民提交")
    assert "没有提交" in (await crew.li.say("/cancel")).text


async def test_a_resident_cannot_file_for_somebody(chen: Chat):
    assert "代居民提交" not in (await chen.say(PLACED)).labels


async def test_a_bare_number_shows_the_ticket(crew: Crew):
    walker = await crew.file()
    shown = await crew.chen.say(number(walker))
    assert "您要看的诉求" in shown.text and number(walker) in shown.text


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


async def test_who_files_is_not_offered_his_own_ticket(crew: Crew):
    await crew.wang.say(PLACED)
    await crew.wang.tap("提交")
    [ticket] = await crew.wang.tickets()
    assert ticket.state is State.DISPATCHED and ticket.offered_to != crew.wang.id


async def test_a_petition_where_nobody_works_reaches_the_community(on_stage: Stage, chen: Chat):
    head = await on_stage.hire("吴书记", Role.COMMITTEE, "友新街道/南环一", 4001)
    await chen.say("7幢路灯不亮")
    await chen.tap("提交")
    assert "请您派单" in (await head.last()).text

"""What people can do and see."""

import asyncio

import pytest

from playground import Button, PhoneError

ROWS = {
    "inline_keyboard": [
        [
            {"text": "✅ 接单", "callback_data": "take:1"},
            {"text": "转交", "callback_data": "pass:1"},
        ],
        [{"text": "加入", "url": "https://t.me/haitang_bot?start=inv1"}],
        [{"text": "官网", "url": "https://example.org"}],
    ]
}


async def test_a_message_shows_its_text_buttons_and_sender(api, chen):
    await api("sendMessage", chat_id=1001, text="<b>海棠</b>", parse_mode="HTML", reply_markup=ROWS)
    seen = await chen.last()
    assert (seen.sender, seen.text, seen.html, seen.media) == ("bot", "海棠", "<b>海棠</b>", None)
    assert seen.buttons[0][0] == Button("✅ 接单", "take:1")
    assert seen.labels == ["✅ 接单", "转交", "加入", "官网"]


@pytest.mark.parametrize("button", ["接单", "take:1"])
async def test_a_tap_sends_the_data_with_its_message(api, chen, button):
    sent = await api("sendMessage", chat_id=1001, text="x", reply_markup=ROWS)
    query_id = await chen.tap(button)
    [update] = await api.updates()
    query = update["callback_query"]
    assert (query["id"], query["data"]) == (query_id, "take:1")
    assert query["message"]["message_id"] == sent["message_id"]


async def test_a_tap_means_the_newest_message_unless_told(api, chen):
    old = await api("sendMessage", chat_id=1001, text="old", reply_markup=ROWS)
    new = await api("sendMessage", chat_id=1001, text="new", reply_markup=ROWS)
    await chen.tap("接单")
    await chen.tap("接单", message=old["message_id"])
    pressed = [update["callback_query"]["message"]["message_id"] for update in await api.updates()]
    assert pressed == [new["message_id"], old["message_id"]]


async def test_a_tap_in_vain_names_what_is_there(api, chen):
    await api("sendMessage", chat_id=1001, text="x", reply_markup=ROWS)
    with pytest.raises(LookupError, match=r"'关闭'; there are: ✅ 接单 \[take:1\], 转交"):
        await chen.tap("关闭")


async def test_a_link_to_the_bot_starts_it(api, chen):
    await api("sendMessage", chat_id=1001, text="x", reply_markup=ROWS)
    assert await chen.tap("加入") == ""
    assert (await api.updates())[0]["message"]["text"] == "/start inv1"
    with pytest.raises(LookupError, match="leads out"):
        await chen.tap("官网")


async def test_a_reply_keyboards_key_sends_its_label(api, chen):
    keys = {"keyboard": [["我的诉求"], [{"text": "帮助"}]]}
    await api("sendMessage", chat_id=1001, text="x", reply_markup=keys)
    assert (await chen.last()).keyboard == (("我的诉求",), ("帮助",))
    await chen.tap("帮助")
    assert (await api.updates())[0]["message"]["text"] == "帮助"


async def test_a_forged_press_may_carry_anything(api, chen):
    sent = await api("sendMessage", chat_id=1001, text="x")
    await api("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    await chen.tap_data("close:9", sent["message_id"])
    [update] = await api.updates()
    assert update["callback_query"]["data"] == "close:9"
    assert update["callback_query"]["message"]["date"] == 0  # no longer accessible


async def test_answers_show_as_toasts(api, chen):
    await api("sendMessage", chat_id=1001, text="x", reply_markup=ROWS)
    query = await chen.tap("接单")
    await api("answerCallbackQuery", callback_query_id=query, text="好", show_alert=True)
    [toast] = await chen.toasts()
    assert (toast.callback_id, toast.text, toast.alert) == (query, "好", True)


async def test_long_texts_are_refused_or_split(api, chen):
    text = "第一行\n" + "长" * 4096
    with pytest.raises(PhoneError, match="4100 units"):
        await chen.send(text)
    assert len(await chen.send(text, split=True)) == 2
    parts = [update["message"]["text"] for update in await api.updates()]
    assert "".join(parts) == text


async def test_hostile_characters_arrive_as_typed(api, chen):
    text = "a\x00b\u202ec\ud800"
    await chen.send(text)
    assert (await api.updates())[0]["message"]["text"] == text


async def test_empty_messages_are_not_sent(chen):
    with pytest.raises(PhoneError, match="empty"):
        await chen.send("  ")


async def test_a_blocked_bot_cannot_be_written_to(chen):
    await chen.block()
    with pytest.raises(PhoneError, match="blocked"):
        await chen.send("x")


async def test_a_deactivated_person_does_nothing(chen):
    await chen.deactivate()
    with pytest.raises(PhoneError, match="deleted the account"):
        await chen.send("x")


async def test_only_own_messages_can_be_changed(api, chen):
    sent = await api("sendMessage", chat_id=1001, text="x")
    with pytest.raises(PhoneError, match="own"):
        await chen.edit(sent["message_id"], "y")
    with pytest.raises(PhoneError, match="own"):
        await chen.delete(sent["message_id"])


async def test_edited_and_deleted_messages_show_it(api, chen):
    one = await api("sendMessage", chat_id=1001, text="1")
    two = await api("sendMessage", chat_id=1001, text="2")
    await api("editMessageText", chat_id=1001, message_id=one["message_id"], text="eins")
    await api("deleteMessage", chat_id=1001, message_id=two["message_id"])
    first, second = (await chen.inbox())[-2:]
    assert (first.text, first.edited, second.deleted) == ("eins", True, True)
    assert await chen.last() == first


async def test_an_inbox_can_wait_for_an_answer(api, chen):
    [message_id] = await chen.send("?")
    waiting = asyncio.create_task(chen.inbox(after=message_id, wait=5))
    await asyncio.sleep(0.01)
    await api("sendMessage", chat_id=1001, text="!")
    assert [message.text for message in await asyncio.wait_for(waiting, 1)] == ["!"]
    assert await chen.inbox(after=message_id + 1, wait=0.01) == []


async def test_forwarding_tells_whose_words_they_were(api, chen, phones):
    wang = await phones.add_user("王")
    group = await phones.add_group("1网格", [chen, wang])
    [message_id] = await wang.send("灯坏了", chat=group)
    await chen.forward(message_id, chat=group)
    [*_, update] = await api.updates()
    assert update["message"]["forward_origin"]["sender_user"]["id"] == wang.user_id
    assert update["message"]["chat"]["id"] == 1001


async def test_calls_are_on_record(api, chen, phones):
    await api("sendMessage", chat_id=1001, text="x")
    await api.refused("sendMessage", chat_id=1001, text="")
    sent, refused = (await phones.calls())[-2:]
    assert (sent["method"], sent["params"]["text"], sent["status"]) == ("sendMessage", "x", 200)
    assert (refused["n"], refused["status"]) == (sent["n"] + 1, 400)
    assert [call["n"] for call in await phones.calls(after=sent["n"])] == [refused["n"]]


async def test_ids_are_not_given_twice(phones, chen):
    with pytest.raises(PhoneError, match="taken"):
        await phones.add_user("again", user_id=1001)
    assert (await phones.add_user("next")).user_id == 1002

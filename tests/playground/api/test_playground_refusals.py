"""What Telegram refuses, in Telegram's words."""

import pytest

from playground.text.refusals import NOT_MODIFIED, OLD_QUERY

BUTTON = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}


def button(data):
    return {"inline_keyboard": [[{"text": "A", "callback_data": data}]]}


async def test_a_malformed_token_is_not_found(api):
    api.token = "nonsense"
    assert await api.refused("getMe") == "404 Not Found"


async def test_a_wrong_secret_is_unauthorized(api):
    await api("getMe")
    api.token = "123456:other"
    assert await api.refused("getMe") == "401 Unauthorized"


async def test_a_revoked_token_is_unauthorized(api, phones):
    await phones.revoke()
    assert await api.refused("getMe") == "401 Unauthorized"


async def test_unknown_methods_are_not_found(api):
    assert await api.refused("sendLove") == "404 Not Found: method not found"


async def test_method_names_ignore_case(api):
    assert (await api("GETME"))["username"] == "haitang_bot"


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x01"])
async def test_empty_text_is_refused(api, chen, text):
    refusal = await api.refused("sendMessage", chat_id=1001, text=text)
    assert refusal == "400 Bad Request: message text is empty"


@pytest.mark.parametrize(("text", "is_fine"), [("长" * 4096, True), ("🌸" * 2048, True)])
async def test_text_up_to_4096_utf16_units_passes(api, chen, text, is_fine):
    assert (await api("sendMessage", chat_id=1001, text=text))["text"] == text


@pytest.mark.parametrize("text", ["长" * 4097, "🌸" * 2048 + "a"])
async def test_longer_text_is_refused(api, chen, text):
    refusal = await api.refused("sendMessage", chat_id=1001, text=text)
    assert refusal == "400 Bad Request: message is too long"


async def test_length_counts_after_entities_are_parsed(api, chen):
    html = "<b>&lt;</b>" * 2000
    assert (
        len((await api("sendMessage", chat_id=1001, text=html, parse_mode="HTML"))["text"]) == 2000
    )


async def test_long_captions_are_refused(api, chen, world):
    photo = world.files.keep("photo", b"x").file_id
    await api("sendPhoto", chat_id=1001, photo=photo, caption="长" * 1024)
    refusal = await api.refused("sendPhoto", chat_id=1001, photo=photo, caption="长" * 1025)
    assert refusal == "400 Bad Request: message caption is too long"


async def test_callback_data_is_limited_to_64_bytes(api, chen):
    await api("sendMessage", chat_id=1001, text="x", reply_markup=button("海" * 21))
    for data in ("海" * 22, ""):
        refusal = await api.refused(
            "sendMessage", chat_id=1001, text="x", reply_markup=button(data)
        )
        assert refusal == "400 Bad Request: BUTTON_DATA_INVALID"


async def test_inline_buttons_need_an_action(api, chen):
    markup = {"inline_keyboard": [[{"text": "A"}]]}
    refusal = await api.refused("sendMessage", chat_id=1001, text="x", reply_markup=markup)
    assert refusal.endswith("Text buttons are unallowed in the inline keyboard")


async def test_bad_html_is_refused(api, chen):
    refusal = await api.refused("sendMessage", chat_id=1001, text="a <br>", parse_mode="HTML")
    assert refusal == (
        '400 Bad Request: can\'t parse entities: Unsupported start tag "br" at byte offset 2'
    )


async def test_an_edit_without_a_change_is_refused(api, chen):
    sent = await api("sendMessage", chat_id=1001, text="x", reply_markup=BUTTON)
    same = {"chat_id": 1001, "message_id": sent["message_id"], "text": "x"}
    refusal = await api.refused("editMessageText", **same, reply_markup=BUTTON)
    assert refusal == f"400 Bad Request: {NOT_MODIFIED}"
    assert "reply_markup" not in await api("editMessageText", **same)


async def test_a_missing_message_cannot_be_edited_or_deleted(api, chen):
    for method, verb in (("editMessageText", "edit"), ("deleteMessage", "delete")):
        refusal = await api.refused(method, chat_id=1001, message_id=99, text="x")
        assert refusal == f"400 Bad Request: message to {verb} not found"


async def test_only_own_messages_can_be_edited(api, chen):
    [message_id] = await chen.send("mine")
    refusal = await api.refused("editMessageText", chat_id=1001, message_id=message_id, text="x")
    assert refusal == "400 Bad Request: message can't be edited"


async def test_a_photo_has_no_text_to_edit_and_a_text_no_caption(api, chen, world):
    photo = await api("sendPhoto", chat_id=1001, photo=world.files.keep("photo", b"x").file_id)
    text = await api("sendMessage", chat_id=1001, text="x")
    at_photo = {"chat_id": 1001, "message_id": photo["message_id"]}
    at_text = {"chat_id": 1001, "message_id": text["message_id"]}
    refusal = await api.refused("editMessageText", **at_photo, text="y")
    assert refusal == "400 Bad Request: there is no text in the message to edit"
    refusal = await api.refused("editMessageCaption", **at_text, caption="y")
    assert refusal == "400 Bad Request: there is no caption in the message to edit"


async def test_messages_older_than_48_hours_cannot_be_deleted(api, chen, phones):
    sent = await api("sendMessage", chat_id=1001, text="x")
    await phones.advance(48 * 3600 + 1)
    refusal = await api.refused("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    assert refusal == "400 Bad Request: message can't be deleted for everyone"


async def test_an_unknown_chat_is_not_found(api):
    for chat in (4711, -5, "@somebody"):
        refusal = await api.refused("sendMessage", chat_id=chat, text="x")
        assert refusal == "400 Bad Request: chat not found"


async def test_the_bot_cannot_write_first(api, phones):
    wang = await phones.add_user("王")
    refusal = await api.refused("sendMessage", chat_id=wang.user_id, text="x")
    assert refusal == "403 Forbidden: bot can't initiate conversation with a user"


async def test_a_blocked_bot_is_told_so_until_started_again(api, chen):
    await chen.block()
    refusal = await api.refused("sendMessage", chat_id=1001, text="x")
    assert refusal == "403 Forbidden: bot was blocked by the user"
    await chen.start()
    await api("sendMessage", chat_id=1001, text="x")


async def test_a_deactivated_person_gets_nothing(api, chen):
    await chen.deactivate()
    refusal = await api.refused("sendMessage", chat_id=1001, text="x")
    assert refusal == "403 Forbidden: user is deactivated"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("kicked", "bot was kicked from the group chat"),
        ("left", "bot is not a member of the group chat"),
    ],
)
async def test_a_removed_bot_cannot_write_to_the_group(api, chen, phones, status, reason):
    group = await phones.add_group("1网格", [chen])
    await phones.set_bot_status(group, status)
    refusal = await api.refused("sendMessage", chat_id=group.chat_id, text="x")
    assert refusal == f"403 Forbidden: {reason}"


async def test_an_upgraded_group_tells_its_new_id(api, chen, phones):
    group = await phones.add_group("1网格", [chen])
    successor = await phones.upgrade(group)
    read = (await api.answer("sendMessage", chat_id=group.chat_id, text="x")).json()
    assert read["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert read["parameters"] == {"migrate_to_chat_id": successor.chat_id}
    await api("sendMessage", chat_id=successor.chat_id, text="x")


async def test_an_old_or_unknown_press_cannot_be_answered(api, chen, phones):
    await api("sendMessage", chat_id=1001, text="x", reply_markup=BUTTON)
    query = await chen.tap("A")
    await phones.advance(150)
    await api("answerCallbackQuery", callback_query_id=query)
    await phones.advance(1)
    for query_id in (query, "77"):
        refusal = await api.refused("answerCallbackQuery", callback_query_id=query_id)
        assert refusal == f"400 Bad Request: {OLD_QUERY}"


async def test_a_reply_needs_its_message(api, chen):
    refusal = await api.refused(
        "sendMessage", chat_id=1001, text="x", reply_parameters={"message_id": 99}
    )
    assert refusal == "400 Bad Request: message to be replied not found"
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    await api("sendMessage", chat_id=1001, text="x", reply_parameters=lenient)


async def test_wrong_file_ids_are_refused(api, chen, world):
    refusal = await api.refused("sendPhoto", chat_id=1001, photo="nothing")
    assert refusal == "400 Bad Request: wrong file identifier/HTTP URL specified"
    refusal = await api.refused("getFile", file_id="nothing")
    assert refusal == ("400 Bad Request: wrong file_id or the file is temporarily unavailable")
    video = world.files.keep("video", b"x").file_id
    refusal = await api.refused("sendPhoto", chat_id=1001, photo=video)
    assert refusal == "400 Bad Request: can't use file of type Video as Photo"


async def test_files_of_the_web_are_not_fetched(api, chen):
    refusal = await api.refused("sendPhoto", chat_id=1001, photo="https://example.org/a.jpg")
    assert refusal == "400 Bad Request: failed to get HTTP URL content"


async def test_albums_have_2_to_10_items(api, chen, world):
    item = {"type": "photo", "media": world.files.keep("photo", b"x").file_id}
    assert len(await api("sendMediaGroup", chat_id=1001, media=[item] * 10)) == 10
    for count, few in ((1, "few"), (11, "many")):
        refusal = await api.refused("sendMediaGroup", chat_id=1001, media=[item] * count)
        assert refusal == f"400 Bad Request: too {few} messages to send as an album"


async def test_a_document_and_a_photo_are_no_album(api, chen, world):
    items = [
        {"type": kind, "media": world.files.keep(kind, b"x").file_id}
        for kind in ("photo", "document")
    ]
    refusal = await api.refused("sendMediaGroup", chat_id=1001, media=items)
    assert refusal == "400 Bad Request: can't use the media of the specified type in the album"


async def test_pinning_in_a_group_needs_rights(api, chen, phones):
    group = await phones.add_group("1网格", [chen])
    sent = await api("sendMessage", chat_id=group.chat_id, text="x")
    pin = {"chat_id": group.chat_id, "message_id": sent["message_id"]}
    refusal = await api.refused("pinChatMessage", **pin)
    assert refusal == "400 Bad Request: not enough rights to manage pinned messages in the chat"
    await phones.set_bot_status(group, "administrator")
    await api("pinChatMessage", **pin)
    assert (await api("getChat", chat_id=group.chat_id))["pinned_message"]["text"] == "x"


async def test_messages_with_a_reply_keyboard_cannot_be_edited(api, chen):
    keys = {"keyboard": [["甲"]]}
    sent = await api("sendMessage", chat_id=1001, text="x", reply_markup=keys)
    edit = {"chat_id": 1001, "message_id": sent["message_id"], "text": "y"}
    assert (
        await api.refused("editMessageText", **edit) == "400 Bad Request: message can't be edited"
    )


async def test_long_toasts_are_refused(api, chen):
    await api("sendMessage", chat_id=1001, text="x", reply_markup=BUTTON)
    query = await chen.tap("A")
    refusal = await api.refused("answerCallbackQuery", callback_query_id=query, text="长" * 201)
    assert refusal == "400 Bad Request: MESSAGE_TOO_LONG"


async def test_lone_surrogates_are_refused(api, chen):
    body = b'{"chat_id": 1001, "text": "\\ud800"}'
    kind = {"content-type": "application/json"}
    url = f"{api.root}/bot{api.token}/sendMessage"
    read = (await api.http.post(url, content=body, headers=kind)).json()
    assert read["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_commands_are_checked(api):
    bad = [{"command": "Ä", "description": "x"}]
    assert (
        await api.refused("setMyCommands", commands=bad) == "400 Bad Request: BOT_COMMAND_INVALID"
    )

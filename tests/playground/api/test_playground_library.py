"""python-telegram-bot's own Bot class and objects against the emulator."""

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MenuButtonCommands,
    Update,
)
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter
from telegram.ext import ApplicationBuilder, MessageHandler, filters

MARKUP = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])


async def test_send_edit_press_and_answer(bot, chen):
    sent = await bot.send_message(1001, "<b>x</b>", parse_mode="HTML", reply_markup=MARKUP)
    assert sent.entities[0].type == "bold"
    edited = await sent.edit_text("y", reply_markup=MARKUP)
    assert edited.text == "y"
    await chen.tap("A")
    [update] = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert update.callback_query.data == "a"
    assert update.callback_query.message.text == "y"
    assert await update.callback_query.answer("done", show_alert=True)


async def test_a_photo_goes_up_and_down_unchanged(bot, chen):
    data = b"\xff\xd8photo"
    sent = await bot.send_photo(1001, data, caption="<i>现场</i>", parse_mode="HTML")
    file = await bot.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == data
    again = await bot.send_photo(1001, sent.photo[-1].file_id)
    assert again.photo == sent.photo
    assert (await chen.last()).media == "photo"


async def test_an_album_goes_up_as_a_group(bot, chen):
    sent = await bot.send_media_group(
        1001, [InputMediaPhoto(b"one", caption="c"), InputMediaPhoto(b"two")]
    )
    assert sent[0].media_group_id == sent[1].media_group_id
    assert sent[0].caption == "c"


async def test_every_kind_of_upload_comes_back_as_itself(bot, chen):
    for kind in ("video", "voice", "document", "audio", "animation", "video_note", "sticker"):
        sent = await getattr(bot, f"send_{kind}")(1001, b"data")
        assert getattr(sent, kind).file_size == 4


async def test_places_contacts_and_polls(bot, chen):
    assert (await bot.send_location(1001, 39.9, 116.4)).location.latitude == 39.9
    assert (await bot.send_contact(1001, "+86", "王")).contact.first_name == "王"
    poll = (await bot.send_poll(1001, "?", ["a", "b"])).poll
    assert [option.text for option in poll.options] == ["a", "b"]


async def test_captions_media_and_buttons_can_be_edited(bot, chen):
    sent = await bot.send_photo(1001, b"one")
    assert (await sent.edit_caption("c")).caption == "c"
    replaced = await sent.edit_media(InputMediaPhoto(b"two"))
    assert replaced.photo[-1].file_id != sent.photo[-1].file_id
    assert (await sent.edit_reply_markup(MARKUP)).reply_markup == MARKUP


async def test_copies_forwards_pins_and_deletes(bot, chen):
    sent = await bot.send_message(1001, "x")
    copy = await bot.copy_message(1001, 1001, sent.message_id)
    assert copy.message_id == sent.message_id + 1
    assert (await sent.forward(1001)).forward_origin.sender_user.id == bot.id
    assert await sent.pin()
    assert (await bot.get_chat(1001)).pinned_message.text == "x"
    assert await sent.unpin()
    assert await sent.delete()


async def test_commands_belong_to_a_scope(bot):
    scope = BotCommandScopeChat(1001)
    await bot.set_my_commands([BotCommand("mine", "我的")], scope=scope)
    assert [command.command for command in await bot.get_my_commands(scope=scope)] == ["mine"]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()


async def test_the_menu_button_is_remembered(bot):
    assert await bot.set_chat_menu_button(1001, MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(1001), MenuButtonCommands)


async def test_chats_and_members_parse(bot, chen, phones):
    group = await phones.add_group("1网格", [chen], bot_status="administrator")
    assert (await bot.get_chat(group.chat_id)).title == "1网格"
    members = await bot.get_chat_administrators(group.chat_id)
    assert {member.status for member in members} == {"creator", "administrator"}
    assert (await bot.get_webhook_info()).pending_update_count > 0
    assert await bot.send_chat_action(group.chat_id, "typing")
    assert await bot.leave_chat(group.chat_id)


async def test_replies_carry_what_they_reply_to(bot, chen):
    [message_id] = await chen.send("?")
    sent = await bot.send_message(1001, "!", reply_to_message_id=message_id)
    assert sent.reply_to_message.text == "?"


async def test_refusals_become_the_librarys_errors(bot, chen, phones, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns of its own future
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(1001, " ")
    await phones.fault("429", retry_after=4)
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "x")
    await phones.fault("html")
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "x")
    await chen.block()
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(1001, "x")


async def test_whatever_a_person_sends_parses(bot, chen, phones):
    [message_id] = await chen.send("/help 🌸")
    await chen.edit(message_id, "edited")
    await chen.send_photo("p")
    await chen.send_video("v")
    await chen.send_voice()
    await chen.send_video_note()
    await chen.send_document("../../etc/passwd", b"x", mime="text/html; charset=?")
    await chen.send_sticker()
    await chen.send_location(39.9, 116.4)
    await chen.send_contact()
    await chen.send_dice()
    await chen.send_poll("?", ["a", "b"])
    await chen.block()
    await chen.unblock()
    group = await phones.add_group("1网格", [chen])
    await phones.upgrade(group)
    updates = await bot.get_updates()
    kinds = [kind for update in updates for kind in update.to_dict() if kind != "update_id"]
    assert len(updates) == 18
    assert set(kinds) == {"message", "edited_message", "my_chat_member"}
    assert updates[0].message.entities[0].type == "bot_command"


async def test_a_whole_application_runs_on_it(server, chen):
    async def echo(update, _context):
        await update.message.reply_text(update.message.text)

    builder = ApplicationBuilder().token("123456:playground")
    app = builder.base_url(server.base_url).base_file_url(server.file_url).updater(None).build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        await chen.send("echo")
        [update] = await app.bot.get_updates()
        await app.process_update(update)
    assert (await chen.last()).text == "echo"

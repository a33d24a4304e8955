"""What a petition is made of: pictures, voices, many messages, and whatever people write."""

import pytest
from chatting import PLACED, Chat, Crew, previews

from workflows.core.talk.messages import Attachment

EMOJI = "👷"  # two UTF-16 units


async def kept_of(chat: Chat, ticket_id: int) -> tuple[Attachment, ...]:
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        return await tx.files(ticket_id)


async def files_of(chat: Chat, ticket_id: int) -> list[str]:
    return [file.kind for file in await kept_of(chat, ticket_id)]


# pictures, voices, many messages


async def test_a_photo_alone_is_kept_and_the_words_are_asked_for(chen: Chat):
    await chen.phone.send_photo()
    asked = await chen.settled()
    assert "请再说一句" in asked.text
    shown = await chen.say(PLACED)
    assert "照片、语音一共 1 个" in shown.text


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
        await chen.tap("撤回")
        await chen.say("弄错了")  # what is open might be what the voice is about
        await chen.stage.forward(hours=2)
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
    assert "照片、语音一共 1 个" in (await chen.settled()).text
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    [file] = await kept_of(chen, ticket.id)
    assert file.kind == kind and "exe" not in file.file_id


async def test_messages_in_a_row_are_one_petition_with_one_preview(chen: Chat):
    await chen.say("你好", "3号楼的事", "充电桩坏了", "已经一个礼拜了")
    greeted, preview = await chen.new()
    await chen.tap("提交")
    [ticket] = await chen.tickets()
    assert "我在" in greeted and ticket.text == "3号楼的事\n充电桩坏了\n已经一个礼拜了"
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

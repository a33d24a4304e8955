"""The page with any bot: what a phone can do, seen in the browser and by the bot."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect
from visiting import Visitor, visit

from playground import Limits, Server, World, serve

TOKEN = "123456:playground"


class AnyBot:
    """A bot that does only what the test says."""

    def __init__(self, server: Server) -> None:
        self._base = f"{server.root}/bot{TOKEN}"
        self.http = httpx.AsyncClient(trust_env=False, timeout=10)
        self._offset = 0

    async def __call__(self, method: str, **params: Any) -> Any:
        read = (await self.http.post(f"{self._base}/{method}", json=params)).json()
        assert read["ok"], read
        return read["result"]

    async def hears(self, kind: str = "message") -> Any:
        """The next update, which must be of this kind."""
        found: list[Any] = []
        while not found:
            found = await self("getUpdates", offset=self._offset, limit=1, timeout=10)
        self._offset = found[0]["update_id"] + 1
        assert kind in found[0], found
        return found[0][kind]

    async def says(self, text: str, **more: Any) -> Any:
        return await self("sendMessage", chat_id=1001, text=text, **more)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    world = World(limits=Limits(enabled=False))
    world.add_user("小明")
    world.add_user("小红")
    world.add_bot(TOKEN, "echo_bot")
    async with serve(world) as running:
        yield running


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[AnyBot]:
    made = AnyBot(server)
    yield made
    await made.http.aclose()


@pytest.fixture
async def visitor(browser: Browser, server: Server) -> AsyncIterator[Visitor]:
    made = await visit(browser, server.root)
    yield made
    assert made.complaints == []


@pytest.fixture
async def ming(visitor: Visitor, bot: AnyBot) -> Any:
    """小明's phone, the bot started."""
    phone = visitor.phone("小明")
    await phone.get_by_role("button", name="开始", exact=True).click()
    assert (await bot.hears())["text"] == "/start"
    return phone


async def test_without_the_demo_there_are_calls_faults_and_the_clock(visitor: Visitor):
    tabs = await visitor.page.locator(".paneltabs button").all_inner_texts()
    assert tabs == ["调用", "机器人"]
    await visitor.passes("+1 小时")
    await visitor.shows_tab("机器人")
    await expect(visitor.page.locator(".machine")).to_contain_text(TOKEN)


async def test_what_people_type_is_never_markup(visitor: Visitor, bot: AnyBot, ming: Any):
    """Not from a person, not in a name, not from a bot that escapes nothing."""
    hostile = '<img src=x onerror="window.broken=1"><b>x</b> & {{7*7}}'
    await visitor.says("小明", hostile)
    await bot.says((await bot.hears())["text"])
    await visitor.hears("小明", hostile)
    await visitor.page.evaluate(
        """name => fetch("/playground/users", {method: "POST", body: JSON.stringify({name})})""",
        hostile,
    )
    await visitor.page.locator("#rail button", has_text="onerror").wait_for()
    assert await visitor.page.evaluate("window.broken") is None
    assert await visitor.page.locator(".bubble img, .bubble b, #rail img").count() == 0


async def test_marks_links_and_commands(visitor: Visitor, bot: AnyBot, ming: Any):
    await bot.says(
        "<b>粗</b> <i>斜</i> <s>删</s> <code>x</code> <tg-spoiler>藏</tg-spoiler> /help "
        '<a href="https://t.me/echo_bot?start=st_1">站</a> <blockquote>引</blockquote>',
        parse_mode="HTML",
    )
    for tag, text in (("b", "粗"), ("i", "斜"), ("s", "删"), ("code", "x"), ("blockquote", "引")):
        await expect(ming.locator(f".words {tag}")).to_have_text(text)
    await ming.get_by_role("button", name="/help").click()
    assert (await bot.hears())["text"] == "/help"
    await ming.get_by_role("button", name="站").click()
    await visitor.page.locator("dialog[open] .choices button", has_text="小红").click()
    told = await bot.hears()
    assert (told["from"]["first_name"], told["text"]) == ("小红", "/start st_1")


async def test_toast_alert_and_typing(visitor: Visitor, bot: AnyBot, ming: Any):
    rows = [[{"text": "点我", "callback_data": "a"}]]
    await bot.says("按", reply_markup={"inline_keyboard": rows})
    for alert, place in ((False, ".toast"), (True, ".alert")):
        await visitor.taps("小明", "点我")
        query = await bot.hears("callback_query")
        await expect(ming.locator(".key.waiting")).to_have_count(1)
        await bot(
            "answerCallbackQuery", callback_query_id=query["id"], text="好了", show_alert=alert
        )
        await expect(ming.locator(place)).to_contain_text("好了")
        await expect(ming.locator(".key.waiting")).to_have_count(0)
    await ming.get_by_role("button", name="确定").click()
    await bot("sendChatAction", chat_id=1001, action="typing")
    await expect(ming.locator(".chatbar")).to_contain_text("正在输入")


async def test_reply_edit_and_delete(visitor: Visitor, bot: AnyBot, ming: Any):
    sent = await bot.says("几号楼？")
    await ming.locator(".bubble", has_text="几号楼").click(button="right")
    await visitor.page.get_by_role("menuitem", name="回复").click()
    await visitor.says("小明", "3号楼")
    told = await bot.hears()
    assert told["reply_to_message"]["message_id"] == sent["message_id"]
    await ming.locator(".mine .bubble", has_text="3号楼").click(button="right")
    await visitor.page.get_by_role("menuitem", name="修改").click()
    await visitor.says("小明", "4号楼")
    assert (await bot.hears("edited_message"))["text"] == "4号楼"
    await expect(ming.locator(".mine .bubble", has_text="4号楼")).to_contain_text("已编辑")
    await ming.locator(".mine .bubble", has_text="4号楼").click(button="right")
    await visitor.page.get_by_role("menuitem", name="删除").click()
    await expect(ming.locator(".mine .bubble", has_text="4号楼")).to_have_count(0)


async def test_album_voice_place_card_and_file(visitor: Visitor, bot: AnyBot, ming: Any):
    attach = ming.get_by_role("button", name="附件", exact=True)
    await attach.click()
    await visitor.page.get_by_role("menuitem", name="现成的照片").click()
    for name in ("漏水的天花板", "不亮的路灯"):
        await visitor.page.get_by_role("button", name=name).click()
    await visitor.confirms()
    parts = [await bot.hears() for _ in range(2)]
    assert len({part["media_group_id"] for part in parts}) == 1
    await expect(ming.locator(".album img")).to_have_count(2)
    await attach.click()
    await visitor.page.get_by_role("menuitem", name="语音").click()
    await visitor.presses("现成的一段")
    assert (await bot.hears())["voice"]["file_size"] > 1000
    await attach.click()
    await visitor.page.get_by_role("menuitem", name="位置").click()
    await visitor.page.locator(".map.pick").press("ArrowUp")
    await visitor.confirms()
    assert 31 < (await bot.hears())["location"]["latitude"] < 32
    await attach.click()
    await visitor.page.get_by_role("menuitem", name="我的名片").click()
    await visitor.confirms()
    assert (await bot.hears())["contact"]["user_id"] == 1001
    await ming.locator('input[type="file"]').set_input_files(
        {"name": "a.html", "mimeType": "text/html", "buffer": b"<script>broken=1</script>"}
    )
    assert (await bot.hears())["document"]["file_name"] == "a.html"
    await expect(ming.locator("a.file")).to_contain_text("a.html")


async def test_polls_keyboards_commands_and_pins(visitor: Visitor, bot: AnyBot, ming: Any):
    await bot("sendPoll", chat_id=1001, question="几点？", options=["早", "晚"], is_anonymous=False)
    await ming.get_by_role("button", name="晚").click()
    assert (await bot.hears("poll_answer"))["option_ids"] == [1]
    await expect(ming.locator(".result").last).to_contain_text("100%　晚 ✓")
    await bot.says("选", reply_markup={"keyboard": [["是", "否"]], "one_time_keyboard": True})
    await ming.locator(".replykeys button", has_text="否").click()
    assert (await bot.hears())["text"] == "否"
    await expect(ming.locator(".replykeys button")).to_have_count(0)
    await bot("setMyCommands", commands=[{"command": "mine", "description": "我的"}])
    await ming.get_by_role("button", name="命令").click()
    await visitor.page.get_by_role("menuitem", name="/mine").click()
    assert (await bot.hears())["text"] == "/mine"
    sent = await bot.says("请看")
    await bot("pinChatMessage", chat_id=1001, message_id=sent["message_id"])
    await expect(ming.locator(".pin")).to_contain_text("请看")


async def test_block_and_unblock(visitor: Visitor, bot: AnyBot, ming: Any):
    await ming.get_by_role("button", name="更多").first.click()
    await visitor.page.get_by_role("menuitem", name="屏蔽机器人").click()
    assert (await bot.hears("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await ming.get_by_role("button", name="解除屏蔽，重新开始").click()
    assert (await bot.hears("my_chat_member"))["new_chat_member"]["status"] == "member"
    assert (await bot.hears())["text"] == "/start"


async def test_an_unread_push_is_counted_where_it_arrived(visitor: Visitor, bot: AnyBot, ming: Any):
    hong = visitor.phone("小红")
    await hong.get_by_role("button", name="开始", exact=True).click()
    await bot.hears()
    await bot.says("给小明的")
    badge = visitor.page.locator('#rail button[data-who="1001"] .badge')
    await expect(badge).to_have_text("1")
    await ming.locator(".stream").click()
    await expect(badge).to_have_count(0)


async def test_the_keyboard_alone_is_enough(visitor: Visitor, bot: AnyBot, ming: Any):
    """Tab reaches the buttons, Enter sends, arrows walk a menu, Escape leaves it."""
    rows = [[{"text": "点我", "callback_data": "a"}]]
    await bot.says("按", reply_markup={"inline_keyboard": rows})
    await ming.locator(".key").wait_for()
    await ming.locator(".stream").focus()
    press = visitor.page.keyboard.press
    for _ in range(12):
        await press("Tab")
        if await visitor.page.evaluate("document.activeElement.className") == "key":
            break
    await press("Enter")
    assert (await bot.hears("callback_query"))["data"] == "a"
    await ming.get_by_role("button", name="附件", exact=True).focus()
    await press("Enter")
    await press("ArrowDown")
    focused = "document.activeElement.textContent"
    assert await visitor.page.evaluate(focused) == "照片、文件…"
    await press("Escape")
    await ming.get_by_role("textbox").focus()
    await visitor.page.keyboard.insert_text("你好")
    await press("Enter")
    assert (await bot.hears())["text"] == "你好"


async def test_a_page_without_a_bot_says_how_to_bring_one(browser: Browser):
    async with serve(World()) as server:
        page = await browser.new_page()
        await page.goto(server.root)
        await expect(page.locator(".greeting")).to_contain_text(f"{server.root}/bot")
        async with httpx.AsyncClient(trust_env=False) as http:
            await http.get(f"{server.base_url}{TOKEN}/getMe")
        await expect(page.locator(".greeting")).to_have_count(0)

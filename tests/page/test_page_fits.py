"""The page for every width, for eyes that tell no colours apart, and for hands on a keyboard."""

import re

import pytest
from playwright.async_api import Browser, Locator, expect
from visiting import Visitor, visit

from playground.demo.show import House

FAVOURITES = ["陈师傅", "王琴", "吴书记"]
LONG = "3号楼下充电桩又旧又坏，充不进电，已经坏了好几天，没有人来看。" * 12


async def resize(visitor: Visitor, width: int) -> None:
    """Another width, once the page has been laid out and drawn for it."""
    await visitor.page.set_viewport_size({"width": width, "height": 844})
    drawn = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    await visitor.page.evaluate(f"() => {drawn}")


async def seen(visitor: Visitor) -> list[str]:
    """Whose phones are seen, from left to right."""
    phones = await visitor.page.locator(".phone").all()
    shown = [phone for phone in phones if await phone.is_visible()]
    return [str(await phone.get_attribute("aria-label"))[:-3] for phone in shown]


async def width_of(found: Locator) -> float:
    box = await found.bounding_box()
    return box["width"] if box else 0


# -- the width ----------------------------------------------------------------------------


async def test_an_open_page_that_is_narrowed_shows_one_phone_as_wide_as_it_is(visitor: Visitor):
    assert await seen(visitor) == FAVOURITES
    await resize(visitor, 390)
    await expect(visitor.phone("王琴")).to_be_hidden()
    assert await seen(visitor) == ["陈师傅"]
    assert await width_of(visitor.phone("陈师傅")) == 390
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_face_brings_another_phone_to_the_front(visitor: Visitor):
    await resize(visitor, 390)
    for name in reversed(FAVOURITES):
        await visitor.opens(name)
        assert await seen(visitor) == [name]
        await expect(visitor.page.locator('#rail [aria-pressed="true"]')).to_contain_text(name)


async def test_the_phone_that_was_looked_at_is_the_one_that_stays(visitor: Visitor):
    await visitor.phone("王琴").locator(".stream").click()
    await resize(visitor, 390)
    await expect(visitor.phone("陈师傅")).to_be_hidden()
    assert await seen(visitor) == ["王琴"]


async def test_widened_again_all_phones_are_there_with_what_was_being_written(visitor: Visitor):
    await visitor.starts("陈师傅")
    await visitor.phone("陈师傅").get_by_role("textbox").fill("还没写完")
    await resize(visitor, 390)
    await visitor.opens("吴书记")
    await resize(visitor, 1280)
    await expect(visitor.phone("陈师傅")).to_be_visible()
    assert await seen(visitor) == FAVOURITES
    await expect(visitor.phone("陈师傅").get_by_role("textbox")).to_have_value("还没写完")
    widths = [await width_of(visitor.phone(name)) for name in FAVOURITES]
    assert min(widths) >= 288


async def test_a_phone_put_away_lets_another_be_seen_and_the_last_says_how_to_go_on(
    visitor: Visitor,
):
    await resize(visitor, 390)
    for left in (2, 1, 0):
        await visitor.page.locator(".phone:visible button[title=收起这部手机]").click()
        await expect(visitor.page.locator(".phone")).to_have_count(left)
        assert len(await seen(visitor)) == min(left, 1)
    await expect(visitor.page.locator("#phones")).to_have_text("点一个头像，拿出他的手机")
    await visitor.opens("周阿姨")
    await expect(visitor.page.locator(".nophone")).to_have_count(0)


async def test_beside_the_panel_there_are_as_many_phones_as_fit(visitor: Visitor):
    await resize(visitor, 900)
    await expect(visitor.phone("王琴")).to_be_hidden()
    await visitor.page.get_by_role("button", name="看后台").click()
    await expect(visitor.phone("王琴")).to_be_visible()


@pytest.mark.parametrize("width", [390, 760, 900, 1280])
async def test_the_bar_of_time_keeps_every_word_on_one_line(visitor: Visitor, width: int):
    """Also while time moves, when there is a button to halt it."""
    await resize(visitor, width)
    await visitor.page.evaluate('document.querySelector(".ahead .bad").hidden = false')
    for button in await visitor.page.locator(".ahead button").all():
        box = await button.bounding_box()
        assert box and box["height"] < 40
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


# -- for hands and eyes of seventy ----------------------------------------------------------------


async def test_a_notice_lies_over_no_button_that_is_to_be_pressed_next(
    browser: Browser, demo: House
):
    visitor = await visit(browser, demo.play.stage.server.root, width=390)
    await visitor.starts("陈师傅")
    await visitor.says("陈师傅", "3号楼下充电桩坏了")
    await visitor.taps("陈师傅", "提交")
    await visitor.taps("王琴", "接单")
    notice = await visitor.phone("王琴").locator(".toast").bounding_box()
    keys = [
        await key.bounding_box()
        for key in await visitor.phone("王琴").locator(".keys:last-child .key").all()
    ]
    assert notice and keys
    assert all(key["y"] > notice["y"] + notice["height"] for key in keys[-3:] if key)


async def test_on_a_narrow_screen_letters_are_large_and_buttons_are_hit(
    browser: Browser, demo: House
):
    visitor = await visit(browser, demo.play.stage.server.root, width=390)
    await visitor.starts("陈师傅")
    await visitor.says("陈师傅", "3号楼下充电桩坏了")
    await visitor.hears("陈师傅", "提交")
    size = "getComputedStyle(document.querySelector('{}')).fontSize"
    for what in (".front textarea", ".front .words"):
        assert float((await visitor.page.evaluate(size.format(what)))[:-2]) >= 16
    for what in (".front .key", ".front .send"):
        box = await visitor.page.locator(what).last.bounding_box()
        assert box and box["height"] >= 42


async def test_the_newest_message_stays_in_sight_until_somebody_scrolls_up(visitor: Visitor):
    """Also when the phone gets less room; who reads further up is left there."""
    below = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
    stream = visitor.phone("陈师傅").locator(".stream")
    await visitor.starts("陈师傅")
    await visitor.shows_sample("陈师傅", "坏了的充电桩", "3号楼下充电桩坏了")
    await visitor.hears("陈师傅", "请您看一看")
    await resize(visitor, 390)
    await visitor.page.set_viewport_size({"width": 390, "height": 640})
    look = f"() => ({below})(e) < 2 ? ok() : requestAnimationFrame(look)"
    await stream.evaluate(f"e => new Promise(ok => {{ const look = {look}; look(); }})")
    await stream.evaluate("e => { e.scrollTop = 0; }")
    await visitor.taps("陈师傅", "提交")
    await stream.evaluate("e => { e.scrollTop = 0; }")
    await visitor.hears("陈师傅", "您的事记下了")
    assert await stream.evaluate(below) > 200


async def test_while_the_keyboard_is_out_there_is_room_to_read(browser: Browser, demo: House):
    visitor = await visit(browser, demo.play.stage.server.root, width=390)
    await visitor.starts("陈师傅")
    await visitor.phone("陈师傅").get_by_role("textbox").focus()
    await visitor.page.set_viewport_size({"width": 390, "height": 500})
    box = await visitor.phone("陈师傅").locator(".stream").bounding_box()
    assert box and box["height"] > 220


# -- the composer ---------------------------------------------------------------------------


async def overflows(text: Locator) -> bool:
    """Whether a scrollbar is shown, or something that is written is hidden without one."""
    bars = 'getComputedStyle(e).overflow !== "hidden"'
    hidden = "e.value && (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight)"
    return bool(await text.evaluate(f"e => {bars} || {hidden}"))


@pytest.mark.parametrize("width", [1280, 390])
async def test_the_composer_has_no_scrollbar_until_it_is_full(
    browser: Browser, demo: House, width: int
):
    visitor = await visit(browser, demo.play.stage.server.root, width=width)
    await visitor.starts("陈师傅")
    text = visitor.phone("陈师傅").get_by_role("textbox")
    for words in ("", "3号楼", "一行\n两行\n三行", "3号楼下充电桩又旧又坏，充不进电，" * 2):
        await text.fill(words)
        assert not await overflows(text), words
    await text.fill(LONG)
    assert await text.evaluate("e => getComputedStyle(e).overflowY") == "auto"
    await text.press("Enter")
    await expect(text).to_have_value("")
    assert not await overflows(text)


async def test_what_is_edited_is_seen_whole(visitor: Visitor):
    await visitor.starts("陈师傅")
    await visitor.says("陈师傅", "一行\n两行\n三行")
    await visitor.phone("陈师傅").locator(".mine .bubble", has_text="三行").click(button="right")
    await visitor.page.get_by_role("menuitem", name="修改").click()
    assert not await overflows(visitor.phone("陈师傅").get_by_role("textbox"))


# -- the keyboard -----------------------------------------------------------------------------


async def test_enter_opens_a_link_that_was_typed(visitor: Visitor):
    """As the phone's own person, with no click between."""
    await visitor.phone("陈师傅").get_by_role("button", name="更多").first.click()
    await visitor.page.get_by_role("menuitem", name="打开链接").click()
    await visitor.page.keyboard.insert_text("st_nanhuan-east")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.locator("dialog[open]")).to_have_count(0)
    await visitor.hears("陈师傅", "南环东民情站")


async def test_enter_sends_what_the_other_dialogs_ask(visitor: Visitor):
    await visitor.starts("陈师傅")
    phone = visitor.phone("陈师傅")
    for item, shown in (("位置", ".place"), ("我的名片", ".contact")):
        await phone.get_by_role("button", name="附件", exact=True).click()
        await visitor.page.get_by_role("menuitem", name=item).click()
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.page.locator("dialog[open]")).to_have_count(0)
        await phone.locator(f".mine {shown}").wait_for()


# -- without colours ----------------------------------------------------------------------------


async def test_a_breach_is_said_in_words_and_by_a_sign(visitor: Visitor):
    """Wherever red says it: on the list, on the ticket, beside its clock."""
    await visitor.starts("周阿姨")
    await visitor.says("周阿姨", "2号楼楼道堆满杂物，消防通道都堵住了")
    await visitor.taps("周阿姨", "提交")
    await visitor.state("dispatched")
    panel = visitor.page.locator("#panel")
    await expect(panel.locator(".ticketlist")).not_to_contain_text("已超时")
    for _ in range(5):
        await visitor.passes("+6 小时")
    await expect(panel.locator(".ticketlist .chip.late")).to_have_text("⚠ 已超时")
    await expect(panel.locator(".facts .chip.late").first).to_have_text(re.compile("⚠ 已超时 "))
    await expect(panel.locator(".clock .over").first).to_have_text(re.compile("⚠ 超过 "))


async def test_no_state_on_the_panel_is_told_by_colour_alone(visitor: Visitor):
    """Every coloured chip, state and step has a sign or a word that the plain ones lack."""
    await visitor.starts("陈师傅")
    await visitor.says("陈师傅", "3号楼下充电桩坏了")
    await visitor.taps("陈师傅", "提交")
    await visitor.state("dispatched")
    panel = visitor.page.locator("#panel")
    await expect(panel.locator(".state.here text")).to_have_text("● 待接单")
    assert all("✓ " in text for text in await panel.locator(".state.seen text").all_text_contents())
    moved = await panel.locator(".steps .moved").all_inner_texts()
    assert moved and all("→ " in text for text in moved)
    await visitor.shows_tab("调用")
    await expect(panel.locator(".call .chip.good").first).to_have_text("✓ 200")
    await visitor.shows_tab("机器人")
    sign = 'getComputedStyle(document.querySelector(".light"), "::before").content'
    assert await visitor.page.evaluate(sign) == '"✓"'
    await visitor.presses("停（SIGTERM）")
    await expect(visitor.page.locator(".light")).to_contain_text("没有运行")
    assert await visitor.page.evaluate(sign) == '"✕"'

"""The page with the real bot behind it, used wholly by clicks."""

import re

import pytest
from playwright.async_api import Browser, expect
from visiting import Visitor, visit

from playground.demo.show import House

TABS = {"故事": "stories", "调用": "calls", "机器人": "bot", "工单": "tickets"}
CHARGER = "3号楼下充电桩又旧又坏，充不进电"


async def file(visitor: Visitor, who: str = "陈师傅", text: str = CHARGER) -> None:
    await visitor.starts(who)
    await visitor.says(who, text)
    await visitor.taps(who, "提交")
    await visitor.hears(who, "您的事记下了")


async def plan(visitor: Visitor) -> None:
    """王琴 takes it, looks at it, and 吴书记 agrees to her plan."""
    await visitor.taps("王琴", "接单")
    await visitor.state("accepted")
    await visitor.taps("王琴", "实地查看")
    await visitor.hears("王琴", "现场")
    await visitor.shows_sample("王琴", "坏了的充电桩", "三根桩都坏了")
    await visitor.state("inspected")
    await visitor.taps("王琴", "上报方案")
    await visitor.hears("王琴", "方案")
    await visitor.says("王琴", "请充电公司来换三根新桩")
    await visitor.taps("王琴", "3天内")
    await visitor.state("proposed")
    await visitor.taps("吴书记", "同意")
    await visitor.state("planned")


async def test_a_petition_goes_from_first_message_to_closed(visitor: Visitor):
    """Nothing but the page is used, and the panel follows every state."""
    await file(visitor)
    await visitor.state("dispatched")
    await plan(visitor)
    await visitor.taps("王琴", "办结")
    await visitor.hears("王琴", "办")
    await visitor.shows_sample("王琴", "新的充电桩", "三根新桩装好了")
    await visitor.state("resolved")
    await visitor.taps("陈师傅", "✅ 解决了，满意")
    await visitor.state("closed")
    await visitor.takes_picture("petition-closed")


async def test_time_goes_through_every_due_moment_to_the_breach(visitor: Visitor):
    """Nobody acts: reminders, offers to the next, then the breach at 24 hours and who is told."""
    await file(visitor, "周阿姨", "2号楼楼道堆满杂物，消防通道都堵住了")
    for _ in range(5):
        await visitor.passes("+6 小时")
    await expect(visitor.page.locator(".facts .chip.late")).to_contain_text("已超时")
    await visitor.hears("钱进", "逾期")
    await visitor.hears("吴书记", "逾期")
    times = await visitor.page.locator(".steps time").all_inner_texts()
    moments = [tuple(map(int, re.findall(r"\d+", text))) for text in reversed(times)]
    assert moments == sorted(moments)
    assert len(moments) > 8
    await visitor.takes_picture("breach")


async def test_the_next_due_moment_is_one_press_away(visitor: Visitor):
    await file(visitor)
    timer = visitor.page.locator('[data-part="timers"] li').first
    await expect(timer).to_contain_text("50%")
    before = await visitor.page.locator(".hours").inner_text()
    await visitor.passes("到下一个时限")
    assert await visitor.page.locator(".hours").inner_text() != before
    await expect(visitor.page.locator(".steps li").first).to_contain_text("提醒")


async def test_a_bot_killed_in_the_middle_loses_nothing(visitor: Visitor):
    """What was said while it was dead is answered once it is back, and the draft is still there."""
    await visitor.starts("陈师傅")
    await visitor.shows_tab("机器人")
    await visitor.presses("杀（kill -9）")
    await expect(visitor.page.locator(".light")).to_contain_text("没有运行")
    await visitor.says("陈师傅", CHARGER)
    await expect(visitor.page.locator(".light")).to_contain_text("1 条消息它还没取走")
    await visitor.presses("启动")
    await visitor.hears("陈师傅", "充电设施")
    await expect(visitor.page.locator(".light")).to_have_text("在运行")
    await visitor.presses("杀（kill -9）")
    await visitor.taps("陈师傅", "提交")
    await visitor.presses("启动")
    await visitor.hears("陈师傅", "您的事记下了")
    await visitor.shows_tab("工单")
    await expect(visitor.page.locator(".facts .said")).to_have_text(CHARGER)
    await visitor.hears("王琴", CHARGER)


async def test_a_story_plays_step_by_step_and_at_speed(visitor: Visitor):
    await visitor.shows_tab("故事")
    steps = visitor.page.locator(".story li")
    for done in range(1, 4):
        await visitor.presses("下一步")
        await expect(visitor.page.locator(".story li.done")).to_have_count(done)
    await visitor.page.get_by_label("快慢").select_option("0")
    await visitor.presses("讲下去")
    await expect(steps.last).to_have_text("讲完了", timeout=90_000)
    await visitor.shows_tab("工单")
    await visitor.state("closed")


async def test_every_call_is_listed_with_what_it_said(visitor: Visitor):
    await file(visitor)
    await visitor.shows_tab("调用")
    await visitor.page.get_by_label("按方法、参数、回答查找").fill("sendmessage 记下了")
    call = visitor.page.locator(".call").first
    await expect(call).to_contain_text("sendMessage")
    await call.locator("summary").click()
    await expect(call.locator("pre").first).to_contain_text('"chat_id"')
    await expect(call.locator("pre").last).to_contain_text('"ok": true')


async def test_a_fault_by_button_is_overcome(visitor: Visitor):
    """A lost reply and a 429: the answer comes all the same."""
    phone = await visitor.opens("陈师傅")
    await visitor.shows_tab("机器人")
    await visitor.presses("429 太快了")
    await expect(visitor.page.locator(".machine .timers .chip")).to_have_text("429 太快了")
    await phone.get_by_role("button", name="开始", exact=True).click()
    await visitor.hears("陈师傅", "您好")
    await expect(visitor.page.locator(".machine .timers")).to_contain_text("没有")
    await visitor.shows_tab("调用")
    await expect(visitor.page.locator(".call", has_text="故障 429")).to_have_count(1)


async def test_somebody_new_joins_by_an_invitation_from_the_chat(visitor: Visitor):
    """The lead invites in chat; a newcomer opens the link he was sent."""
    await visitor.says("钱进", "/invite")
    await visitor.taps("钱进", "海棠先锋")
    await visitor.taps("钱进", "1网格")
    await visitor.hears("钱进", "t.me")
    phone = await visitor.opens("钱进")
    await phone.locator("button.link", has_text="t.me").last.click()
    await visitor.presses("一个新来的人…")
    await visitor.page.get_by_label("起个名字").fill("小赵")
    await visitor.confirms()
    await visitor.phone("小赵").wait_for()
    await visitor.hears("小赵", "海棠先锋")
    await expect(visitor.page.locator("#rail button", has_text="小赵")).to_contain_text("海棠先锋")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
async def test_it_looks_right(browser: Browser, demo: House, width: int, theme: str):
    """Nothing is wider than the window; the pictures are kept to be looked at."""
    made = await visit(browser, demo.play.stage.server.root, width=width, theme=theme)
    await file(made)
    await made.taps("王琴", "接单")
    await made.taps("王琴", "实地查看")
    await made.hears("王琴", "现场")
    await made.shows_sample("王琴", "坏了的充电桩", "三根桩都坏了，插座也老化")
    await made.hears("王琴", "已记下")
    await made.opens("陈师傅")
    await made.takes_picture(f"phones-{theme}-{width}")
    wide = await made.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    if width < 600:
        await made.presses("玻璃后面")
    await made.state("inspected")
    for tab, name in TABS.items():
        await made.shows_tab(tab)
        await made.takes_picture(f"{name}-{theme}-{width}")
    assert made.complaints == []

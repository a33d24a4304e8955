"""A passbook on paper, its papers, its lists, and what becomes of it when somebody is forgotten."""

import re
from datetime import timedelta

from bank import Bank, buttons
from chatting import Chat, data_of, page_of, read
from sqlalchemy import select

from workflows.core.numbers import format_number
from workflows.passbook.store import tables as own
from workflows.passbook.words import State


async def paper(chat: Chat, message: str = "") -> str:
    """What one sees of the newest file."""
    [*_, newest] = [m for m in await chat.phone.inbox() if m.file_ids]
    return (await chat.phone._client.download(newest.file_ids[0])).decode("utf-8-sig")


def link_in(page: str, kind: str) -> str:
    """The start link that a page of the bot's own shows as a code."""
    found = re.search(rf"{kind}_[0-9a-f-]+", page)
    assert found
    return found[0]


async def opened(bank: Bank, name: str = "张奶奶") -> int:
    """王 of the pioneers opens one of paper; its number."""
    said = (await bank.crew.li.say(f"存折 {name}")).text
    assert name in said
    async with bank.stage.service.store.engine.connect() as conn:
        return int((await conn.scalars(select(own.accounts.c.number))).all()[-1])


async def test_its_lines_come_in_pages_each_with_what_it_came_of(bank: Bank):
    for minutes in range(6, 72, 6):
        bank.settle_on(day_minutes=900)
        await bank.served(minutes=minutes, verifier=bank.lead.id)
    first = await bank.chen.say("存折")
    assert first.text.count("做了：巡查") == 8 and "+11，余 66" in first.text
    older = await bank.chen.tap("更早的")
    assert older.text.count("做了：巡查") == 3 and "+1，余 1" in older.text


async def test_who_has_no_phone_has_one_of_paper_that_the_counter_scans(bank: Bank):
    number = await opened(bank)
    await bank.served(minutes=120, passbook=number, verifier=bank.lead.id)
    await bank.crew.li.tap("明细")
    page = await paper(bank.crew.li)
    assert "张奶奶" in page and "<svg" in page and "做了：巡查" in page
    async with bank.stage.service.store.engine.connect() as conn:
        code = (await conn.scalars(select(own.accounts.c.code))).all()[-1]
    assert "20 分" in (await bank.keeper.start(f"pb_{code}")).text
    await bank.keeper.tap("换东西")
    await bank.keeper.tap("大米")
    await bank.keeper.tap("就换这个")
    assert (await bank.gift()).state is State.DONE and "交给" in (await bank.keeper.last()).text
    await bank.adds_up()


async def test_below_a_months_statement_there_is_a_button_for_the_one_before(bank: Bank):
    await bank.rich()
    await bank.stage.sleep(days=70)
    await bank.rich()
    await bank.chosen("食用油")
    await bank.chen.say("存折")
    await bank.chen.tap("这个月的明细")
    said = read(await paper(bank.chen))
    assert "月初有20 分" in said and "记进20 分" in said and "用掉8 分" in said
    assert "最后有32 分" in said
    await bank.chen.tap("月的明细")
    said = read(await paper(bank.chen))
    assert "月初有0 分" in said and "最后有20 分" in said and said.count("做了：巡查") == 1
    assert f"{bank.stage.now - timedelta(days=70):%Y年%-m月}的明细" in said
    assert buttons(await bank.chen.last()) == []


async def test_a_month_that_somebody_made_up_is_this_one(bank: Bank):
    book = (await bank.rich()).account
    for month in ("9999", "2026-13", "x"):
        await bank.chen.press(f"book:{book}:month:{month}")
        assert "最后有20 分" in read(await paper(bank.chen))


async def test_the_passbook_itself_is_a_page_with_its_newest_lines_and_its_code(bank: Bank):
    bank.settle_on(day_minutes=900)
    for minutes in range(30, 51):
        await bank.served(minutes=minutes, verifier=bank.lead.id)
    await bank.chen.say("存折")
    await bank.chen.tap("打印存折")
    page = await paper(bank.chen)
    assert "陈师傅" in page and f"现在有 <b>{await bank.balance()} 分" in page and "<svg" in page
    assert page.count("做了：巡查") == 20 and "月初" not in page


async def test_a_strangers_scan_opens_nothing_and_a_pioneer_pays_for_nobody(bank: Bank):
    await opened(bank)
    async with bank.stage.service.store.engine.connect() as conn:
        code = (await conn.scalars(select(own.accounts.c.code))).all()[-1]
    assert "张奶奶" not in (await bank.zhou.start(f"pb_{code}")).text
    assert "换东西" not in "".join(buttons(await bank.crew.li.start(f"pb_{code}")))


async def test_what_staff_report_is_no_name_for_a_passbook(bank: Bank):
    for said in ("存折机坏了，3号楼下那台", "积分 3号楼下那台机器坏了，没法用"):
        assert "请您看一看" in (await bank.crew.li.say(said)).text
        await bank.crew.li.say("/cancel")


async def test_a_pioneer_reads_nobodys_passbook_but_those_of_paper(bank: Bank):
    book = (await bank.rich()).account
    assert "20 分" not in (await bank.crew.li.say(f"存折 {format_number(book)}")).text
    assert "20 分" in (await bank.keeper.say(f"存折 {format_number(book)}")).text


async def test_a_team_has_a_passbook_as_anybody(bank: Bank):
    number = await opened(bank, "红马甲队")
    service = await bank.served(passbook=number, verifier=bank.lead.id)
    assert (service.account, service.person, service.points) == (number, 0, 10)


async def test_a_certificate_is_checked_by_whoever_scans_it(bank: Bank):
    await bank.rich()
    await bank.chen.say("存折")
    await bank.chen.tap("服务证明")
    page = await paper(bank.chen)
    assert "陈师傅" in page and "120 分钟" in page and "南环一，2026年" in page
    link = link_in(page, "zs")
    said = (await bank.zhou.start(link)).text
    assert "是真的" in said and "120 分钟" in said and "陈师傅" not in said
    assert "没有开过" in (await bank.zhou.start(link.replace("-120-", "-999-"))).text
    assert "没有开过" in (await bank.zhou.start("zs_1")).text


async def test_who_answers_for_the_fund_has_what_is_promised_on_one_page(bank: Bank):
    await bank.rich()
    await bank.chosen()
    await bank.committee.say("/export")
    await bank.committee.tap("积分和礼品报告")
    said = read(await paper(bank.committee))
    assert "20 分，约合 2 元" in said and "爱心基金留了 1000 元" in said and "大米" in said
    await bank.chen.press("export:passbook_report")
    assert not [m for m in await bank.chen.phone.inbox() if m.file_ids]


async def test_two_who_verify_each_other_are_shown_to_who_leads(bank: Bank):
    await bank.served(verifier=bank.crew.li.id, witness=bank.crew.li.id)
    await bank.served(by=bank.crew.li, verifier=bank.chen.id)
    await bank.lead.say("/board")
    assert "互相确认了 2 次" in (await bank.lead.tap("值得看看")).text


async def test_the_export_has_numbers_and_no_name(bank: Bank):
    await bank.rich()
    await bank.committee.say("/export")
    await bank.committee.tap("志愿服务台账")
    table = await paper(bank.committee)
    assert '"巡查"' in table and '"120"' in table and '"20"' in table and "陈师傅" not in table


async def test_he_is_given_what_is_held_and_who_is_forgotten_leaves_numbers(bank: Bank):
    service = await bank.rich()
    data = await data_of(bank.chen)
    [book], [told] = data["passbooks"], data["services"]
    assert (book["balance"], told["points"], told["text"]) == (20, 20, "帮着巡查")
    assert "爱心存折" in read(await page_of(bank.chen))
    await bank.chen.say("/forget")
    await bank.chen.tap("确定")
    left = await bank.service(service.id)
    assert (left.person, left.text, left.points) == (0, "", 20)
    assert "不用专门去办" in (await bank.chen.say("存折")).text
    assert await bank.outstanding() == 0
    await bank.adds_up()


async def test_while_a_gift_waits_for_him_he_is_not_forgotten(bank: Bank):
    await bank.rich()
    gift = await bank.chosen()
    assert format_number(gift.id) in (await bank.chen.say("/forget")).text


async def test_the_words_go_when_their_time_is_over_and_the_points_stay(bank: Bank):
    service = await bank.rich()
    await bank.stage.sleep(days=367)
    await bank.stage.forward(days=1)
    assert (await bank.service(service.id)).text == "" and await bank.balance() == 20


async def test_nobody_reads_what_another_has(bank: Bank):
    service = await bank.rich()
    await bank.zhou.say(f"/t {format_number(service.id)}")
    assert "巡查" not in (await bank.zhou.last()).text
    await bank.zhou.press(f"book:{service.account}:show")
    assert "20 分" not in "".join(await bank.zhou.all())

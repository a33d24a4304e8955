"""What is held about somebody comes as a page that he can read and print, and as data beside it."""

from chatting import Crew, data_of, number, page_of, read
from plain_words import OFFICE

TEXT = "3号楼下充电桩坏了，<b>快来</b>"


async def test_it_is_a_page_that_a_person_can_read(crew: Crew):
    walker = await crew.resolved(TEXT)
    await crew.chen.tap("满意")
    page = await page_of(crew.chen)
    said = read(page)
    for told in (number(walker), TEXT, "南环一 1网格 3幢", "满意", "已经换好了", "已结束",
                 "2026年11月24日（周二）上午9点", "陈师傅"):  # fmt: skip
        assert told in said
    assert page.startswith("<!doctype html>") and "@media print" in page
    assert "<b>快来" not in page and "{" not in said and "None" not in said


async def test_its_words_are_plain_and_it_names_nobody_else(crew: Crew):
    walker = await crew.planned()
    await crew.chen.press(f"t:{walker.id}:nudge")
    await crew.zhou.say("3号楼充电桩坏了")
    await crew.zhou.tap("我也遇到了")
    for chat in (crew.chen, crew.zhou):
        said = read(await page_of(chat))
        assert not OFFICE.search(said) and "王琴" not in said and "/forget" not in said


async def test_the_data_for_machines_comes_beside_it(crew: Crew):
    await crew.file(TEXT)
    [petition] = (await data_of(crew.chen))["petitions"]
    assert petition["text"] == TEXT
    [page, data] = [m.text for m in await crew.chen.phone.inbox() if m.file_ids]
    assert "点开就能看" in page and "给电脑读的" in data


async def test_a_button_of_the_residents_help_brings_it(crew: Crew):
    await crew.file(TEXT)
    await crew.chen.say("/help")
    await crew.chen.tap("看我的资料")
    assert "点开就能看" in "".join(await crew.chen.all())


async def test_who_has_said_nothing_has_an_honest_page(crew: Crew):
    said = read(await page_of(crew.zhou))
    assert "上次说的地方：没有记" in said and "您提交的事" not in said


async def test_staff_read_which_roles_they_have(crew: Crew):
    assert "海棠先锋（南环一 1网格 3幢）" in read(await page_of(crew.wang))


async def test_the_files_are_called_by_what_they_are(crew: Crew):
    await page_of(crew.chen)
    sent = str([call for call in await crew.stage.phones.calls() if "endDocument" in str(call)])
    assert "mydata-2026-11-24.html" in sent and "mydata-2026-11-24.json" in sent

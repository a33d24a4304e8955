"""The morning list: once a day, to whom it concerns, over every restart."""

from datetime import timedelta

import pytest
from chatting import Crew, number

HELLO = "早上好"


async def mornings(chat) -> list[str]:
    return [text for text in await chat.all() if HELLO in text]


async def test_who_has_something_due_today_hears_it_in_the_morning(crew: Crew):
    walker = await crew.accepted()
    await crew.stage.forward(hours=22, minutes=30)  # at nine the day before, so half past seven
    assert not await mornings(crew.wang)
    await crew.stage.forward(minutes=31)
    for chat in (crew.wang, crew.lead, crew.committee):
        [text] = await mornings(chat)
        assert "今天到期" in text and number(walker) in text and "已逾期" not in text
    assert not await mornings(crew.li) and not await mornings(crew.street)
    assert not await mornings(crew.chen)


async def test_what_is_late_stands_first_and_opens(crew: Crew):
    walker = await crew.accepted()
    await crew.stage.forward(hours=47, minutes=1)
    text = (await mornings(crew.wang))[-1]
    assert "已逾期" in text and text.index("已逾期") < text.index(number(walker))
    assert len(await mornings(crew.wang)) == 2


async def test_it_says_what_waits_for_whom(crew: Crew):
    await crew.accepted("3号楼路灯不亮")
    walker = await crew.waiting()
    await crew.stage.forward(hours=23, minutes=1)
    text = (await mornings(crew.wang))[-1]
    assert "在等" in text and f"等居民：{number(walker)}" in text


async def test_a_lead_hears_what_waits_for_him(crew: Crew):
    await crew.all_rest()
    walker = await crew.file()
    await crew.stage.forward(hours=23, minutes=1)
    assert f"等网格长派单：{number(walker)}" in (await mornings(crew.lead))[-1]


async def test_nothing_due_is_no_message(crew: Crew):
    await crew.stage.forward(hours=48)
    assert not await mornings(crew.lead) and not await mornings(crew.wang)


async def test_a_restart_neither_forgets_nor_repeats_it(crew: Crew):
    await crew.accepted()
    await crew.stage.restart()
    await crew.stage.forward(hours=23, minutes=1)
    await crew.stage.restart()
    await crew.stage.settle()
    assert len(await mornings(crew.wang)) == 1


async def test_after_downtime_it_is_said_once_and_late(crew: Crew):
    await crew.accepted()
    crew.stage.clock.set((await crew.stage.next_moment()).replace(day=28))
    await crew.stage.restart()
    await crew.stage.settle()
    assert len(await mornings(crew.wang)) == 1


async def test_two_processes_say_it_once(crew: Crew):
    await crew.accepted()
    await crew.stage.forward(hours=22, minutes=59)
    crew.stage.clock.set(crew.stage.now + timedelta(minutes=2))
    twin = crew.stage._service()
    await twin.desk.tick(crew.stage.now)
    await crew.stage.settle()
    await twin.store.close()
    assert len(await mornings(crew.wang)) == 1


async def test_more_than_anybody_reads_is_not_counted(crew: Crew, monkeypatch: pytest.MonkeyPatch):
    """A lead of a place with thousands of tickets has his list as fast as anybody."""
    monkeypatch.setattr("workflows.desk.lists.paging.AT_MOST", 1)
    await crew.accepted()
    await crew.accepted("3号楼路灯不亮")
    await crew.file("3号楼电梯坏了", by=crew.zhou)
    await crew.stage.forward(hours=23, minutes=1)
    [text] = await mornings(crew.lead)
    assert "1+ 件" in text and "……还有更多" in text

"""What meets at one moment: a close and a reminder, a mistaken end and its way back."""

import pytest
from chatting import Crew, number
from post import rows
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.words import Action, State
from workflows.store import tables as t


async def test_a_reminder_that_fell_due_is_not_said_once_the_ticket_is_over(crew: Crew):  # F30
    walker = await crew.accepted()
    due = await crew.stage.service.store.next_timer()
    assert due
    await crew.chen.tap("撤回")
    await crew.wang.mark()
    crew.stage.clock.set(due)
    await crew.chen.phone.tap("已经解决了")  # arrives with the reminder, in one step of the bot
    await crew.stage.settle()
    assert (await walker.ticket()).state is State.WITHDRAWN
    assert not any("还剩" in text for text in await crew.wang.new())


async def test_a_reminder_before_the_close_is_said_and_none_after(crew: Crew):  # F30
    walker = await crew.accepted()
    due = await crew.stage.service.store.next_timer()
    assert due
    crew.stage.clock.set(due)
    await crew.stage.service.desk.tick(due)
    await crew.chen.tap("撤回")
    await crew.chen.tap("已经解决了")
    fired = [e for e in await walker.events() if e.action is Action.REMIND]
    await crew.stage.forward(days=3)
    assert [e for e in await walker.events() if e.action is Action.REMIND] == fired


async def test_a_timer_that_nobody_took_away_is_looked_at_again_and_says_nothing(
    crew: Crew, capsys: pytest.CaptureFixture[str]
):
    """# F30: it fell due for a ticket that another process has just ended."""
    walker = await crew.accepted()
    left = next(row for row in await rows(crew.stage, t.timers) if row["fired_at"] is None)
    await crew.chen.tap("撤回")
    await crew.chen.tap("已经解决了")
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        await tx.ask(AsyncConnection.execute, insert(t.timers).values(left | {"id": None}))
    before = await walker.events()
    await crew.stage.forward(days=3)
    assert await walker.events() == before
    assert (await rows(crew.stage, t.timers))[-1]["fired_at"]
    assert "timer_failed" not in capsys.readouterr().out


async def test_a_merge_by_mistake_is_undone_by_the_lead_and_on_record(crew: Crew):  # F56
    into = await crew.file("3号楼充电桩坏了")
    walker = await crew.file("3号楼电梯也坏了", by=crew.zhou)
    await crew.lead.say(number(walker))
    await crew.lead.tap(f"t:{walker.id}:{Action.MERGE}")
    await crew.lead.say(number(into))
    assert (await walker.ticket()).state is State.MERGED
    await crew.lead.say(number(walker))
    await crew.lead.tap("恢复办理")
    await crew.zhou.mark()
    await crew.lead.tap("不是同一件事")
    ticket = await walker.ticket()
    assert ticket.state is State.DISPATCHED and ticket.merged_into is None
    assert any("接着办了" in text for text in await crew.zhou.new())
    assert [e.action for e in await walker.events()][-3:-1] == [Action.MERGE, Action.REVIVE]


async def test_a_prank_is_declined_and_can_be_taken_up_again(crew: Crew):  # F56
    walker = await crew.file()
    await crew.lead.say(number(walker))
    await crew.lead.tap(f"t:{walker.id}:{Action.DECLINE}")
    await crew.lead.say("查看后没有发现这个问题")
    await crew.lead.say("社区居委会")
    assert (await walker.ticket()).state is State.DECLINED
    [declined] = [e for e in await walker.events() if e.action is Action.DECLINE]
    assert declined.data["text"] == "查看后没有发现这个问题"
    await crew.lead.say(number(walker))
    await crew.lead.tap("恢复办理")
    await crew.lead.say("确有其事")
    ticket = await walker.ticket()
    assert ticket.is_open and ticket.told_at is None

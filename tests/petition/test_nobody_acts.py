"""A day on which nobody acts: who is told what, when, once; a restart changes nothing."""

from datetime import datetime, time, timedelta

from casting import Cast
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from playground.stage.stage import Stage
from workflows.store import tables as t

Fired = list[tuple[str, datetime]]
Told = list[tuple[int, str, datetime]]


async def _fired(stage: Stage) -> Fired:
    """Every timer that rang, as (kind, when)."""
    c = t.timers.c
    stmt = select(c.clock, c.mark, c.fired_at).where(c.fired_at.is_not(None)).order_by(c.fired_at)
    async with stage.service.store.read(stage.now) as tx:
        return [
            (f"{clock}.{mark}", at)
            for clock, mark, at in await tx.ask(AsyncConnection.execute, stmt)
        ]


async def _told(stage: Stage) -> Told:
    """Every push that went out, as (chat, template, when)."""
    c = t.outbox.c
    sent = (c.state == "sent", c.kind == "card", c.priority == 1)
    stmt = select(c.chat_id, c.template, c.sent_at).where(*sent).order_by(c.id)
    async with stage.service.store.read(stage.now) as tx:
        return [tuple(row) for row in await tx.ask(AsyncConnection.execute, stmt)]


def _after(filed: datetime, moment: datetime) -> timedelta:
    return timedelta(minutes=round((moment - filed).total_seconds() / 60))


async def test_each_mark_of_the_promise_rings_once_at_its_time(cast: Cast):
    walker = await Walker.file(cast, "3号楼充电桩坏了")
    filed = (await walker.ticket()).filed_at
    await cast.stage.forward(hours=40)
    rang = [(k, _after(filed, at)) for k, at in await _fired(cast.stage) if "response" in k]
    hours = [(kind, after.total_seconds() / 3600) for kind, after in rang]
    # Nine in the morning: half of the day is 21:00, 75 % (03:00) and 90 % (06:36) fall into the
    # night and meet at seven, where only the later one is said.
    assert hours == [
        ("response.50", 12), ("response.90", 22), ("response.due", 24),
        ("response.climb1", 26), ("response.climb2", 32),
    ]  # fmt: skip


async def test_the_right_people_are_told_in_order(cast: Cast):
    walker = await Walker.file(cast, "3号楼充电桩坏了")
    ticket = await walker.ticket()
    await cast.stage.forward(hours=33)
    told = [(chat, template) for chat, template, _ in await _told(cast.stage)]
    offers = [chat for chat, template in told if template == "offered"]
    assert offers == [2001, 2002, 2003, 2004]  # 3幢's pioneer, the grid's, then its worker
    assert [c for c, template in told if template == "returned"] == [3001]
    overdue = [chat for chat, template in told if template == "overdue"]
    assert [c for c in overdue if c != 3001] == [4001, 5001]  # then the committee, the street
    assert told.count((ticket.resident, "overdue_resident")) == 1


async def test_nothing_but_a_breach_wakes_anybody_at_night(cast: Cast):
    await Walker.file(cast, "3号楼充电桩坏了")
    await cast.stage.forward(hours=40)
    zone = cast.stage.service.desk.rules.zone
    for _, template, at in await _told(cast.stage):
        local = at.astimezone(zone).time()
        assert time(7) <= local < time(22) or template in {"overdue", "overdue_resident"}


async def test_no_timer_rings_twice(cast: Cast):  # F27
    await Walker.file(cast, "3号楼充电桩坏了")
    await cast.stage.forward(hours=80)
    once = [kind for kind, _ in await _fired(cast.stage) if not kind.startswith("accept")]
    assert len(once) == len(set(once))


async def test_a_restart_in_the_middle_changes_nothing(cast: Cast):
    walker = await Walker.file(cast, "3号楼充电桩坏了")
    await cast.stage.forward(hours=13)
    await cast.stage.restart()
    await cast.stage.forward(hours=20)
    filed = (await walker.ticket()).filed_at
    rang = [kind for kind, _ in await _fired(cast.stage) if "response" in kind]
    assert rang == [
        "response.50",
        "response.90",
        "response.due",
        "response.climb1",
        "response.climb2",
    ]
    assert (await walker.ticket()).breached_at == filed + timedelta(hours=24)


async def test_what_fell_due_while_the_bot_was_down_is_said_late_and_once(cast: Cast):  # F27
    await Walker.file(cast, "3号楼充电桩坏了")
    await cast.stage.forward(hours=2)
    cast.stage.clock.advance(20 * 3600)  # nobody steps the bot meanwhile
    await cast.stage.settle()
    reminders = [at for _, template, at in await _told(cast.stage) if template == "remind"]
    await cast.stage.settle()
    again = [at for _, template, at in await _told(cast.stage) if template == "remind"]
    assert reminders == again
    late = [m.text for m in await cast.lead.inbox() if "晚" in m.text]
    assert len(late) == 1

"""What cannot be handled stops nothing else, is tried no more, and the admins hear of it."""

from chatting import Chat, Crew
from post import owe_card, rows
from sqlalchemy import update

from workflows.model import Action
from workflows.store import tables as t

_ADMIN = 9001


async def admin_of(crew: Crew) -> Chat:
    stage = crew.stage
    stage.service.desk.admins = (_ADMIN,)
    chat = Chat(stage, await stage.phones.add_user("管理员", _ADMIN))
    await chat.start()
    await stage.service.desk.appoint_admins(stage.now)
    return chat


async def spoil(crew: Crew, ticket_id: int) -> None:
    """The row of a ticket holds what nobody can read."""
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        row = update(t.tickets).where(t.tickets.c.id == ticket_id)
        await tx.conn.execute(row.values(state="nonsense"))


async def test_a_timer_that_fails_rings_no_more_and_stops_no_other(crew: Crew):  # F28
    bad, good = await crew.accepted(), await crew.accepted("3号楼楼道灯不亮")
    admin = await admin_of(crew)
    await spoil(crew, bad.id)
    await admin.mark()
    await crew.stage.forward(hours=12)
    timers = await rows(crew.stage, t.timers)
    late = [r for r in timers if r["fired_at"] is None and r["due_at"] <= crew.stage.now]
    assert late == []
    assert Action.REMIND in {e.action for e in await good.events()}
    assert any("没有处理成功" in said for said in await admin.new())


async def test_a_card_that_cannot_be_composed_is_dead_and_holds_up_nobody(crew: Crew):  # F37
    bad, good = await crew.accepted(), await crew.accepted("3号楼楼道灯不亮")
    await spoil(crew, bad.id)
    await owe_card(crew.stage, crew.wang.id, bad.id)
    await crew.wang.mark()
    await owe_card(crew.stage, crew.wang.id, good.id)
    await crew.stage.settle()
    assert any("楼道灯" in said for said in await crew.wang.new())
    dead = [r for r in await rows(crew.stage) if r["state"] == "dead"]
    assert [r["ticket_id"] for r in dead] == [bad.id]

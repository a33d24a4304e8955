"""What nobody does climbs: past gaps in the roster, on record once, and in a single notice."""

from datetime import timedelta

from chatting import Chat, Crew, number
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from workflows.core.people import Role
from workflows.petition.words import Action
from workflows.store import tables as t

LATE = "逾期：给居民的答复"


async def end_roles(crew: Crew, *chats: Chat) -> None:
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        for chat in chats:
            await tx.end_roles(await tx.person(chat.id), "")


async def offline(crew: Crew) -> None:
    for chat in (crew.wang, crew.li, crew.zhao, crew.lead, Chat(crew.stage, crew.cast.worker)):
        await chat.say("/duty")
        await chat.tap("休息")


async def alarms(chat: Chat) -> list[str]:
    """The notices of lateness that can be seen."""
    seen = [m for m in await chat.phone.inbox() if m.sender == "bot" and not m.deleted]
    return [m.text for m in seen if "逾期：" in m.text or "：还剩" in m.text]


async def heard(chat: Chat, words: str = LATE) -> bool:
    return any(words in text for text in await chat.all())


async def rings(crew: Crew, mark: str = "late%") -> int:
    c = t.timers.c
    rang = select(func.count()).where(c.mark.like(mark), c.fired_at.is_not(None))
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return int(await tx.ask(AsyncConnection.scalar, rang))


async def test_after_a_week_of_silence_there_is_one_notice_not_ten(crew: Crew):
    walker = await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(days=7)
    [text] = await alarms(crew.lead)
    assert number(walker) in text and "已经过了 5天" in text
    assert len([t for t in await crew.lead.all() if LATE in t]) >= 6  # each was sent, then deleted


async def test_every_ticket_keeps_a_notice_of_its_own(crew: Crew):
    walkers = [await crew.accepted("3号楼路灯不亮"), await crew.accepted("3号楼电梯坏了")]
    await crew.stage.forward(days=4)
    seen = await alarms(crew.lead)
    assert [sum(number(w) in text for text in seen) for w in walkers] == [1, 1]


async def test_a_handlers_reminders_take_each_others_place(crew: Crew):
    await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=23)
    assert len(await alarms(crew.wang)) == 1


async def test_other_cards_are_not_deleted(crew: Crew):
    walker = await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=25)
    await crew.lead.say(number(walker))
    shown = await crew.lead.last()
    await crew.stage.forward(days=2)
    assert not next(m for m in await crew.lead.phone.inbox() if m.id == shown.id).deleted


async def test_what_is_too_old_to_be_deleted_loses_its_buttons(crew: Crew):
    await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=33)
    [before] = [m for m in await crew.lead.phone.inbox() if "逾期：" in m.text and not m.deleted]
    crew.stage.clock.advance(4 * 24 * 3600)  # the bot is down meanwhile
    await crew.stage.settle()
    old = next(m for m in await crew.lead.phone.inbox() if m.id == before.id)
    assert not old.deleted and not old.buttons


async def test_where_there_is_no_lead_the_next_above_hears(crew: Crew):
    await end_roles(crew, crew.lead)
    await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=24, minutes=1)
    assert await heard(crew.committee) and not await heard(crew.lead)


async def test_where_the_whole_line_is_gone_the_street_hears_at_once(crew: Crew):
    await end_roles(crew, crew.lead, crew.committee)
    await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=24, minutes=1)
    assert await heard(crew.street)


async def test_a_grid_with_nobody_at_all_is_the_committees(crew: Crew):
    walker = await crew.file("7号楼路灯不亮")
    assert number(walker) in (await crew.committee.last()).text
    await crew.stage.forward(hours=24, minutes=1)
    assert await heard(crew.committee)


async def test_stuck_unassigned_because_everyone_is_offline_climbs(crew: Crew):
    await offline(crew)
    walker = await crew.file("3号楼路灯不亮")
    assert "没有人可派" in (await crew.lead.last()).text
    await crew.stage.forward(hours=2, minutes=1)
    assert await heard(crew.lead, "逾期：派单")
    await crew.stage.forward(hours=24)
    assert await heard(crew.lead) and await heard(crew.committee) and not await heard(crew.street)
    await crew.stage.forward(hours=6)
    assert await heard(crew.street)
    assert (await walker.ticket()).handler is None


async def breached(crew: Crew) -> Walker:
    walker = await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=24, minutes=1)
    return walker


async def test_a_breach_stays_on_record_once_told_late(crew: Crew):
    walker = await breached(crew)
    at = (await walker.ticket()).breached_at
    await crew.wang.press(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.say("换好了")
    ticket = await walker.ticket()
    assert ticket.told_at and at and ticket.breached_at == at
    assert at - ticket.filed_at == timedelta(hours=24)


async def test_a_breach_stays_on_record_whatever_happens_later(crew: Crew):
    walker = await breached(crew)
    at = (await walker.ticket()).breached_at
    await crew.wang.press(f"t:{walker.id}:{Action.TRANSFER}")
    await crew.wang.tap("李明")
    await crew.wang.say("您离得近，请帮忙接一下")
    await crew.li.press(f"t:{walker.id}:{Action.ACCEPT}")
    await crew.li.press(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.li.say("换好了")
    await crew.chen.press(f"t:{walker.id}:{Action.REOPEN}")
    await crew.chen.say("还没有修好")
    await crew.stage.forward(hours=30)  # late a second time
    await crew.lead.press(f"t:{walker.id}:{Action.EXCLUDE}")
    await crew.lead.say("查看后不属实")
    await crew.street.press(f"t:{walker.id}:{Action.ENDORSE}")
    ticket = await walker.ticket()
    assert ticket.exclusion and ticket.exclusion.approved_by == crew.street.id
    assert at and ticket.breached_at == at


async def test_a_year_of_downtime_rings_the_daily_mark_once_and_goes_on(crew: Crew):
    await crew.accepted("3号楼路灯不亮")
    await crew.stage.forward(hours=33)
    crew.stage.clock.advance(400 * 24 * 3600)
    await crew.stage.settle()
    assert await rings(crew) == 1
    await crew.stage.forward(days=3)
    assert await rings(crew) == 4


async def test_a_far_communitys_lead_hears_nothing(crew: Crew):
    phone = await crew.stage.hire("外格长", Role.LEAD, "南环二/4网格", 3002)
    await breached(crew)
    assert not await heard(Chat(crew.stage, phone))

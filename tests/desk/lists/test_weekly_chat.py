"""The week's summary in the residents' groups: numbers, and nobody to be recognised."""

from datetime import timedelta

import pytest
from chatting import Chat, Crew, number
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from playground.phones.phone_client import Group
from workflows.core.people import Role
from workflows.store import tables as t

WEEK = "上一周，大家提的事"


async def residents_group(
    crew: Crew, by: Chat | None = None, command: str = "/bind 居民群"
) -> Group:
    """A group bound for the residents, by the lead unless said otherwise."""
    members = [chat.phone for chat in (crew.lead, crew.committee, crew.chen, crew.zhou)]
    group = await crew.stage.phones.add_group("东苑居民", members)
    await (by or crew.lead).say(command, chat=group)
    return group


async def said_in(crew: Crew, group: Group) -> list[str]:
    found = await crew.chen.phone.inbox(chat=group)
    return [m.text for m in found if m.sender == "bot"]


async def weeks(crew: Crew, group: Group) -> list[str]:
    return [text for text in await said_in(crew, group) if WEEK in text]


async def to_monday(crew: Crew, weeks: int = 1) -> None:
    """To a Monday's minute past nine, at once."""
    now = crew.stage.now
    monday = now.replace(hour=1, minute=1, second=0) + timedelta(days=7 * weeks - now.weekday())
    crew.stage.clock.set(monday)
    await crew.stage.settle()


async def solved(crew: Crew, text: str, by: Chat | None = None) -> Walker:
    chat = by or crew.chen
    walker = await crew.file(text, by=chat)
    await crew.wang.tap(f"t:{walker.id}:accept")
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("办好了")
    await chat.say(number(walker))
    await chat.tap("满意")
    return walker


async def leave_out(crew: Crew, walker: Walker) -> None:
    """The lead asks that it be left out of the scoring."""
    await crew.lead.say(number(walker))
    await crew.lead.tap(f"v:{walker.id}:more")
    await crew.lead.tap(f"t:{walker.id}:exclude")
    await crew.lead.say("重复提交")


# binding


async def test_a_lead_binds_the_residents_group_of_his_grid(crew: Crew):
    group = await residents_group(crew)
    [said] = await said_in(crew, group)
    assert "1网格 的居民群" in said and "每周一 09:00" in said


async def test_the_committee_binds_one_for_its_community_or_a_grid(crew: Crew):
    group = await residents_group(crew, crew.committee)
    assert "南环一 的居民群" in (await said_in(crew, group))[-1]
    group = await residents_group(crew, crew.committee, "/bind 居民群 2网格")
    assert "2网格 的居民群" in (await said_in(crew, group))[-1]


@pytest.mark.parametrize("command", ["/bind 居民群", "/bind 居民群 1网格", "/bind 居民群 南环二"])
async def test_others_do_not(crew: Crew, command: str):
    group = await residents_group(crew, crew.chen, command)
    assert "没有改成" in (await said_in(crew, group))[-1]
    far = await residents_group(crew, crew.lead, "/bind 居民群 4网格")
    assert "没有改成" in (await said_in(crew, far))[-1]


async def test_the_residents_group_is_not_asked_who_takes_a_petition(crew: Crew):
    group, staff = await residents_group(crew), await crew.group()
    walker = await crew.file()
    await crew.called(walker)
    assert "谁来接单" not in "".join(await said_in(crew, group))
    staffs = [m.text for m in await crew.lead.phone.inbox(chat=staff)]
    assert "谁来接单" in "".join(staffs)


async def test_the_staffs_group_hears_no_summary(crew: Crew):
    staff = await crew.group()
    await crew.file()
    await to_monday(crew)
    texts = [m.text for m in await crew.lead.phone.inbox(chat=staff)]
    assert WEEK not in "".join(texts)


async def test_the_group_opts_out(crew: Crew):
    group = await residents_group(crew)
    await crew.chen.say("/unbind", chat=group)
    assert "没有改成" in (await said_in(crew, group))[-1]
    await crew.committee.say("/unbind", chat=group)
    await crew.file()
    await to_monday(crew)
    assert not await weeks(crew, group)


# the summary


async def test_once_a_week_the_group_hears_what_came_and_what_was_done(crew: Crew):
    group = await residents_group(crew)
    for text in ("3号楼下充电桩坏了", "3号楼充电口没电", "3号楼充电棚漏雨充不了电"):
        await solved(crew, text)
    await crew.file("3号楼路灯不亮", by=crew.zhou)
    await to_monday(crew)
    [text] = await weeks(crew, group)
    assert "提了 4 件，办完 3 件，还在办 1 件" in text
    assert "说好的时间内答复的 3 件，晚了的 1 件" in text
    assert "充电设施 3 件、其他 1 件" in text and "公共照明" not in text
    assert "充电设施·1网格" in text


async def test_few_of_a_kind_are_among_the_others(crew: Crew):
    group = await residents_group(crew)
    await solved(crew, "3号楼楼上邻居吵架")
    await to_monday(crew)
    [text] = await weeks(crew, group)
    assert "邻里矛盾" not in text and "其他·1网格" in text


async def test_who_wants_to_be_private_is_not_listed(crew: Crew):
    group = await residents_group(crew)
    assert "不写进居民群" in (await crew.chen.say("/private")).text
    await solved(crew, "3号楼下充电桩坏了")
    await to_monday(crew)
    assert "办完 1 件" in (await weeks(crew, group))[0]
    assert "·1网格" not in (await weeks(crew, group))[0]
    assert "可以写进居民群" in (await crew.chen.say("/private")).text
    await solved(crew, "3号楼路灯不亮")
    await to_monday(crew)
    assert "·1网格" in (await weeks(crew, group))[1]


async def test_what_two_people_left_out_of_the_scoring_is_not_in_the_rate(crew: Crew):
    group = await residents_group(crew)
    walker = await crew.file()
    await leave_out(crew, walker)
    await to_monday(crew)
    assert "晚了的 1 件" in (await weeks(crew, group))[0]  # one person alone leaves nothing out
    other = await crew.file("3号楼路灯不亮")
    await leave_out(crew, other)
    await crew.committee.say(number(other))
    await crew.committee.tap(f"t:{other.id}:endorse")
    await to_monday(crew)
    second = (await weeks(crew, group))[1]
    assert "提了 1 件" in second and "答复的" not in second


async def test_a_week_without_anything_is_no_message(crew: Crew):
    group = await residents_group(crew)
    await to_monday(crew, 3)
    assert not await weeks(crew, group)


async def test_another_community_hears_only_of_itself(crew: Crew):
    far = Chat(crew.stage, await crew.stage.hire("外格长", Role.LEAD, "南环二/4网格", 3002))
    group = await crew.stage.phones.add_group("北苑居民", [far.phone, crew.chen.phone])
    await far.say("/bind 居民群", chat=group)
    await crew.file()
    await to_monday(crew)
    assert not await weeks(crew, group)


async def test_every_group_of_its_place_hears_it(crew: Crew):
    grid = await residents_group(crew)
    whole = await residents_group(crew, crew.committee)
    await crew.file()
    await to_monday(crew)
    assert "1网格 上一周" in (await weeks(crew, grid))[0]
    assert "南环一 上一周" in (await weeks(crew, whole))[0]


# the chore


async def test_it_comes_each_week_over_restarts_and_after_downtime_once(crew: Crew):
    group = await residents_group(crew)
    await crew.file()
    await crew.stage.restart()
    crew.stage.clock.set(crew.stage.now + timedelta(days=8))  # asleep over Monday
    await crew.stage.restart()
    await crew.stage.settle()
    assert len(await weeks(crew, group)) == 1
    await crew.file("3号楼路灯不亮")
    await crew.stage.forward(days=7)
    assert len(await weeks(crew, group)) == 2


async def test_never_is_never(crew: Crew):
    crew.stage.settings = crew.stage.settings.model_copy(update={"weekly": None})
    await crew.stage.restart()
    group = await residents_group(crew)
    assert "没有设每周小结" in (await said_in(crew, group))[-1]
    await crew.file()
    await to_monday(crew, 2)
    assert not await weeks(crew, group)


async def test_a_group_that_became_a_supergroup_stays_the_residents(crew: Crew):
    group = await residents_group(crew)
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        await tx.rekey_chat(group.chat_id, -100500)
        bound = await tx.ask(
            AsyncConnection.execute, t.chats.select().where(t.chats.c.chat_id == -100500)
        )
        [row] = bound.mappings().all()
        assert row["audience"] == "residents" and row["place"].endswith("1网格")
        await tx.ask(AsyncConnection.execute, update(t.chats).values(place=""))

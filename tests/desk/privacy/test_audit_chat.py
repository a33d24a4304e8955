"""Who saw and did what with a petition is written down, and read by who stands above."""

from datetime import timedelta
from typing import Any

from chatting import Crew, data_of, number
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from workflows.petition.words import Action
from workflows.store import tables as t


async def looks(crew: Crew, walker: Walker) -> list[tuple[int, str]]:
    k = t.looks.c
    rows = select(k.person_id, k.what).where(k.ticket_id == walker.id).order_by(k.id)
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return [tuple(row) for row in await tx.ask(AsyncConnection.execute, rows)]


async def test_every_look_of_staff_is_written_down(crew: Crew):
    walker = await crew.file("3号楼充电桩坏了" + "，很久了" * 200)
    await crew.li.say(number(walker))
    await crew.li.tap("经过")
    await crew.li.tap(f"v:{walker.id}:text")
    await crew.li.say("/find 充电桩")
    await crew.li.say(f"/t {number(walker)}")
    whats = ["card", "steps", "text", "found", "card"]
    assert await looks(crew, walker) == [(crew.li.id, what) for what in whats]


async def test_the_files_too(crew: Crew):
    await crew.chen.start("st_nanhuan-east")
    await crew.chen.phone.send_photo("3号楼充电桩坏了")
    await crew.chen.settled()
    await crew.chen.tap("提交")
    [ticket] = await crew.chen.tickets()
    walker = Walker(crew.cast, ticket.id)
    await crew.li.say(number(walker))
    await crew.li.tap("照片、语音")
    assert await looks(crew, walker) == [(crew.li.id, "card"), (crew.li.id, "files")]


async def test_residents_followers_and_who_was_refused_leave_no_trace(crew: Crew):
    walker = await crew.file()
    await crew.chen.say(number(walker))
    await crew.chen.tap("经过")
    await crew.zhou.say(number(walker))
    outsider = await crew.stage.hire("外人", "pioneer", "友新街道/南环一/2网格", 2099)
    await outsider.send(number(walker))
    await crew.stage.settle()
    assert await looks(crew, walker) == []


async def test_what_was_only_pushed_is_no_look(crew: Crew):
    walker = await crew.accepted()
    assert await looks(crew, walker) == []


async def test_the_audit_lists_who_saw_and_did_what_in_order(crew: Crew):
    walker = await crew.accepted()
    await crew.stage.forward(minutes=5)
    await crew.li.say(number(walker))
    said = (await crew.committee.say(f"/audit {number(walker)}")).text
    lines = [line for line in said.splitlines() if line and not line.startswith("🔎")]
    assert lines == [
        "1. 11月24日（周二）上午9点", "居民 提交",
        "2. 11月24日（周二）上午9点", "海棠先锋 王琴 接单",
        "3. 11月24日（周二）上午9点5分", "海棠先锋 李明 看了诉求",
    ]  # fmt: skip


async def test_what_a_neighbour_does_who_is_staff_too_names_nobody(crew: Crew):
    walker = await crew.file(by=crew.li)
    await crew.li.press(f"t:{walker.id}:{Action.WITHDRAW}")
    await crew.li.say("不用了")
    said = (await crew.committee.say(f"/audit {number(walker)}")).text
    assert "居民 撤回" in said and "李明 撤回" not in said


async def test_it_is_paged(crew: Crew):
    walker = await crew.accepted()
    await crew.li.say(*[number(walker)] * 12)
    first = await crew.street.say(f"/audit {number(walker)}")
    assert "共 14 条" in first.text and "10." in first.text and "11." not in first.text
    second = await crew.street.tap("下一页")
    assert "14." in second.text and second.labels == ["⬅️ 上一页"]


async def test_a_role_is_the_one_of_that_moment(crew: Crew):
    walker = await crew.accepted()
    await crew.li.say(number(walker))
    await crew.lead.say("/roster")
    await crew.lead.tap("李明")
    await crew.lead.tap("移除")
    await crew.lead.tap("确定移除")
    await crew.stage.forward(days=1)
    assert "海棠先锋 李明 看了诉求" in (await crew.committee.say(f"/audit {number(walker)}")).text


async def test_nobody_else_reads_it(crew: Crew):
    walker = await crew.accepted()
    for chat in (crew.chen, crew.wang, crew.lead):
        assert "给工作人员用的" in (await chat.say(f"/audit {number(walker)}")).text
        assert "没有找到" in await chat.press(f"u:{walker.id}:0")


async def test_an_auditor_of_elsewhere_learns_nothing(crew: Crew):
    walker = await crew.accepted()
    far = await crew.stage.hire("外社区", "committee", "友新街道/南环二", 4099)
    said = []
    for wanted in (number(walker), "10998"):
        await far.send(f"/audit {wanted}")
        await crew.stage.settle()
        said.append((await far.last()).text)
    assert said[0] == said[1] and "没有找到" in said[0]


async def test_the_resident_sees_that_staff_looked_without_names(crew: Crew):
    walker = await crew.accepted()
    await crew.li.say(number(walker))
    found: dict[str, Any] = await data_of(crew.chen)
    [petition] = found["petitions"]
    [look] = petition["seen_by_staff"]
    assert (look["role"], look["what"]) == ("pioneer", "card")
    assert "李明" not in str(found)


async def test_who_had_the_words_taken_out_is_listed_and_what_else_the_system_did_is_not(
    crew: Crew,
):
    walker = await crew.resolved()
    await crew.chen.tap("满意")
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    crew.stage.clock.set(crew.stage.now + timedelta(days=366))
    await crew.stage.settle()
    said = (await crew.committee.say(f"/audit {number(walker)}")).text.splitlines()
    assert said[-4::3] == ["居民 删掉了里面的文字", "系统 删掉了里面的文字"]
    assert len([line for line in said if line.startswith("系统")]) == 1


async def test_what_is_forgotten_keeps_who_looked(crew: Crew):
    walker = await crew.resolved()
    await crew.li.say(number(walker))
    await crew.chen.tap("满意")
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    assert await looks(crew, walker) == [(crew.li.id, "card")]

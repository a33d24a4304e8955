"""A row that this version cannot read stops nobody else, wherever it is met, and is said once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from chatting import Chat, Crew, data_of, number
from post import owe, rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from bot.ops import doctor
from bot.ops.doctor import Level
from playground.stage.stage import Stage
from workflows.core.talk.messages import Notice
from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.store import tables as t

_ADMIN = 9001
_DEAD = "SELECT chat_id FROM outbox WHERE state = 'dead'"
LIGHT = "3号楼楼道灯不亮"
LOUD = "没有记下来"
MENDED = {
    "state": "UPDATE tickets SET state = 'nonsense' WHERE id = {0}",
    "clock": "UPDATE tickets SET clocks = '{{\"nonsense\": {{}}}}' WHERE id = {0}",
    "json": "UPDATE tickets SET clocks = '{{' WHERE id = {0}",
    "moment": "UPDATE tickets SET told_at = 'nonsense' WHERE id = {0}",
    "bytes": "UPDATE tickets SET text = CAST(x'ff' AS TEXT) WHERE id = {0}",
}


async def sql(stage: Stage, *statements: str) -> None:
    """What somebody, or a newer version, wrote into the database."""
    async with stage.service.store.begin(stage.now) as tx:
        for statement in statements:
            assert (await tx.ask(AsyncConnection.execute, text(statement))).rowcount


async def column(stage: Stage, statement: str) -> list[object]:
    async with stage.service.store.read(stage.now) as tx:
        return list((await tx.ask(AsyncConnection.scalars, text(statement))).all())


async def admin_of(crew: Crew) -> Chat:
    stage = crew.stage
    stage.service.desk.admins = (_ADMIN,)
    chat = Chat(stage, await stage.phones.add_user("管理员", _ADMIN))
    await chat.start()
    await stage.service.desk.appoint_admins(stage.now)
    await chat.mark()
    return chat


async def owe_answer(crew: Crew, walker: Walker) -> None:
    """The promise's answer waits to be sent."""
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        notice = Notice(to=crew.chen.id, template="planned", ticket_id=walker.id, is_card=True,
                        answers=True)  # fmt: skip
        tx.owe(notice, crew.chen.id, "card", "the answer", crew.stage.now)


async def alerts(admin: Chat) -> list[str]:
    return [said for said in await admin.all() if "⚠️" in said]


async def examined(crew: Crew) -> dict[str, doctor.Finding]:
    stage = crew.stage
    return {one.name: one async for one in doctor._database(stage.settings, stage.now)}


async def serve(crew: Crew) -> None:
    """Another resident files, and hears that it is filed."""
    walker = await crew.file("2号楼电梯异响", by=crew.zhou)
    assert (await walker.ticket()).is_open
    assert any(number(walker) in said for said in await crew.zhou.all())


@pytest.mark.parametrize("mend", MENDED.values(), ids=[*MENDED])
async def test_an_answer_owed_for_what_cannot_be_read_stops_nobody(crew: Crew, mend: str):
    """# F62, F78"""
    bad, admin = await crew.accepted(), await admin_of(crew)
    await owe_answer(crew, bad)
    await sql(crew.stage, mend.format(bad.id))
    await crew.stage.settle()
    await serve(crew)
    for _ in range(3):
        await crew.stage.forward(seconds=2)
    [told] = await alerts(admin)
    assert number(bad) in told and "一共" not in told
    assert [row["ticket_id"] for row in await rows(crew.stage) if row["state"] == "dead"] == [
        bad.id
    ]
    found = await examined(crew)
    assert found["rows"].level is Level.BAD and f"ticket {bad.id}" in found["rows"].told


async def test_what_was_sent_is_not_sent_again_because_nothing_can_follow(
    crew: Crew,
):  # F62
    """The ticket is readable when its answer goes out, and not any more when that has come back."""
    bad, admin = await crew.accepted(), await admin_of(crew)
    await owe_answer(crew, bad)
    await crew.chen.mark()
    await crew.stage.service.exchange.take([])
    await crew.stage.service.exchange.arrive()
    await sql(crew.stage, MENDED["state"].format(bad.id))
    await crew.stage.forward(minutes=10)
    assert len(await crew.chen.new()) == 1
    assert len(await alerts(admin)) == 1
    [dead] = [row for row in await rows(crew.stage) if row["state"] == "dead"]
    assert dead["message_id"] and dead["error"].startswith("sent, but then")
    await serve(crew)


async def test_nobody_hears_of_a_database_that_is_as_it_should_be(crew: Crew):
    await crew.accepted()
    admin = await admin_of(crew)
    await crew.stage.forward(minutes=5)
    assert await alerts(admin) == [] and "rows" not in await examined(crew)


@dataclass
class House:
    """One ticket of 陈's that is as it should be, and one for each way of being unreadable."""

    crew: Crew
    admin: Chat
    good: Walker
    bad: list[Walker]


@pytest.fixture
async def house(crew: Crew) -> House:
    good = await crew.accepted(LIGHT)
    bad = [await crew.accepted(f"3号楼楼道灯不亮，第{n}层") for n, _ in enumerate(MENDED)]
    admin = await admin_of(crew)
    for walker, mend in zip(bad, MENDED.values(), strict=True):
        await sql(crew.stage, mend.format(walker.id))
    # A step of the good one's that only a newer version knows.
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        await tx.ask(AsyncConnection.execute, text("DROP TRIGGER events_no_update"))
    last = f"SELECT max(id) FROM events WHERE ticket_id = {good.id}"
    await sql(crew.stage, f"UPDATE events SET action = 'nonsense' WHERE id = ({last})")
    return House(crew=crew, admin=admin, good=good, bad=bad)


async def mine(house: House) -> str:
    return (await house.crew.wang.say("/mine")).text


async def brought(house: House) -> str:
    return (await house.crew.chen.say("/mine")).text


async def found(house: House) -> str:
    return (await house.crew.lead.say("/find 楼道灯")).text


async def shown(house: House) -> str:
    return (await house.crew.lead.say(f"/t {number(house.good)}")).text


async def steps(house: House) -> str:
    await house.crew.wang.say(f"/t {number(house.good)}")
    await house.crew.wang.tap(f"v:{house.good.id}:steps")
    return number(house.good) + (await house.crew.wang.last()).text


async def audited(house: House) -> str:
    return number(house.good) + (
        await house.crew.committee.say(f"/audit {number(house.good)}")
    ).text  # fmt: skip


async def board(house: House) -> str:
    """What nobody has, what is late, what waits for a yes."""
    await house.crew.stage.forward(hours=30)
    await house.crew.lead.say("/board")
    return (await house.crew.lead.tap("b:overdue:0")).text


async def figures(house: House) -> str:
    said = (await house.crew.lead.say("/figures")).text
    return number(house.good) + said if "1" in said else said


async def roster(house: House) -> str:
    said = (await house.crew.lead.say("/roster")).text
    return number(house.good) + said if "王琴" in said else said


async def exported(house: House) -> str:
    await house.crew.lead.say("/export")  # below it the tables of other workflows are offered
    [file_id] = [m for m in await house.crew.lead.phone.inbox() if m.file_ids][-1].file_ids
    return (await house.crew.stage.phones.download(file_id)).decode("utf-8-sig")


async def his_data(house: House) -> str:
    return str(await data_of(house.crew.chen))


async def morning(house: House) -> str:
    await house.crew.wang.mark()
    await house.crew.stage.forward(hours=24)
    return "".join(await house.crew.wang.new())


async def away(house: House) -> str:
    """王 is away, and 李 has what is his."""
    await house.crew.wang.say("/duty")
    await house.crew.wang.tap("请假")
    await house.crew.wang.tap(f"a:leave:{house.crew.wang.id}:3")
    await house.crew.wang.tap("李明")
    return (await house.crew.li.say("/mine")).text


async def removed(house: House) -> str:
    """王 leaves the roster: what he has goes to others."""
    await house.crew.lead.say("/roster")
    await house.crew.lead.tap(f"r:card:{house.crew.wang.id}")
    await house.crew.lead.tap("移除")
    await house.crew.lead.tap("确定移除")
    return "".join([*await house.crew.lead.all(), *await house.crew.li.all()])


async def after_outage(house: House) -> str:
    await house.crew.wang.mark()
    stage = house.crew.stage
    await stage.service.desk.recover(stage.now - timedelta(minutes=10), stage.now)
    await stage.settle()
    return "".join(await house.crew.wang.new())


async def alike(house: House) -> str:
    """A neighbour is shown what his petition may repeat."""
    await house.crew.zhou.start("st_nanhuan-east")
    last = await house.crew.zhou.say(LIGHT)
    offered = [label for label in last.labels if "我也遇到了" in label]
    assert not any(number(house.bad[0]) in label for label in offered)
    await house.crew.zhou.tap("取消")
    return "".join(offered)


async def together(house: House) -> str:
    """What could be merged with it."""
    await house.crew.lead.say(f"/t {number(house.good)}")
    await house.crew.lead.press(f"k:{house.good.id}:show")
    return number(house.good)


LISTS: list[Callable[[House], Awaitable[str]]] = [
    mine, brought, found, shown, steps, audited, board, figures, roster, exported, his_data,
    morning, away, removed, after_outage, alike, together,
]  # fmt: skip


@pytest.mark.parametrize("look", LISTS, ids=[one.__name__ for one in LISTS])
async def test_lists_and_pages_go_on_without_what_cannot_be_read(
    house: House, look: Callable[[House], Awaitable[str]]
):  # F62, F78
    said = await look(house)
    assert number(house.good) in said
    assert await rows(house.crew.stage, t.dead_letters) == []
    assert not any(LOUD in text for text in await everything(house.crew))
    await serve(house.crew)
    assert len([one for one in await alerts(house.admin) if "读不出来" in one]) <= 2


async def everything(crew: Crew) -> list[str]:
    chats = (crew.chen, crew.zhou, crew.wang, crew.li, crew.lead, crew.committee)
    return [text for chat in chats for text in await chat.all()]


async def test_who_asks_for_it_hears_kindly_that_it_cannot_be_opened(house: House):  # F78
    bad = house.bad[0]
    said = await house.crew.chen.say(f"/t {number(bad)}")
    assert "这一件现在打不开" in said.text
    assert "这一件现在打不开" in await house.crew.chen.press(f"v:{bad.id}:card")
    dead = await rows(house.crew.stage, t.dead_letters)
    assert [row["person_id"] for row in dead] == [house.crew.chen.id] * 2
    [told] = await alerts(house.admin)
    assert number(bad) in told


async def test_what_cannot_be_read_is_not_forgotten_by_half(house: House):
    """/forget erases all of one's own, or nothing."""
    await house.crew.chen.say("/forget")
    assert "这一件现在打不开" in (await house.crew.chen.last()).text
    async with house.crew.stage.service.store.read(house.crew.stage.now) as tx:
        kept = await tx.get(TICKETS, house.good.id)
    assert kept and kept.text


async def test_words_expire_though_the_row_cannot_be_read(crew: Crew):  # F62
    bad = await crew.resolved()
    await crew.chen.say(number(bad))
    await crew.chen.tap(f"t:{bad.id}:confirm:3")
    crew.settle_on(retention=timedelta(days=30))
    await sql(crew.stage, MENDED["state"].format(bad.id))
    await crew.stage.forward(days=40)
    [row] = [row for row in await rows(crew.stage, own.tickets) if row["id"] == bad.id]
    assert row["text"] == row["plan"] == row["result"] == "" and row["erased_at"]


OTHERS = {
    "an unknown role": "UPDATE memberships SET role = 'nonsense' WHERE person_id = {0}",
    "broken categories": "UPDATE memberships SET categories = '[' WHERE person_id = {0}",
    "a broken moment": "UPDATE people SET away_until = 'nonsense' WHERE id = {0}",
}


@pytest.mark.parametrize("mend", OTHERS.values(), ids=[*OTHERS])
async def test_a_person_whose_row_cannot_be_read_stops_no_other(crew: Crew, mend: str):  # F62
    walker, admin = await crew.accepted(), await admin_of(crew)
    await sql(crew.stage, mend.format(crew.wang.id))
    assert number(walker) in (await crew.chen.say("/mine")).text
    assert "李明" in (await crew.lead.say("/roster")).text
    await crew.wang.say("/mine")
    await serve(crew)
    await crew.stage.forward(hours=24)
    assert any("人员" in said for said in await alerts(admin))
    assert await column(crew.stage, f"SELECT name FROM people WHERE id = {crew.wang.id}") == [
        "王琴"
    ]


@pytest.mark.parametrize("body", ['{"draft": 7}', "{", '"odd"'])
async def test_a_dialog_that_cannot_be_read_stops_no_other(crew: Crew, body: str):  # F62
    await crew.chen.start("st_nanhuan-east")
    await crew.chen.say(LIGHT)
    admin = await admin_of(crew)
    await sql(crew.stage, f"UPDATE dialogs SET body = '{body}' WHERE person_id = {crew.chen.id}")
    await crew.chen.phone.send("还有")
    await serve(crew)
    assert LOUD in (await crew.chen.last()).text
    stage = crew.stage
    await stage.service.desk.recover(stage.now - timedelta(minutes=10), stage.now)
    assert len(await alerts(admin)) == 1


async def listening(crew: Crew) -> Chat:
    """Both residents have written before; the admin."""
    await crew.chen.start()
    await crew.zhou.start()
    return await admin_of(crew)


@pytest.mark.parametrize(
    "mend",
    [
        "body = '{'",
        "body = '[]'",
        'body = \'{"values": [], "buttons": [], "attachments": []}\'',
        "priority = 7",
        "kind = 'nonsense'",
        "template = 'nonsense'",
    ],
)
async def test_a_message_that_cannot_be_read_stops_no_other(crew: Crew, mend: str):  # F62
    admin = await listening(crew)
    await owe(crew.stage, crew.chen.id, "甲")
    await owe(crew.stage, crew.zhou.id, "乙")
    await sql(crew.stage, f"UPDATE outbox SET {mend} WHERE id = (SELECT max(id) - 1 FROM outbox)")
    await crew.stage.settle()
    assert (await crew.zhou.last()).text == "乙"
    assert await column(crew.stage, _DEAD) == [crew.chen.id]
    assert len(await alerts(admin)) == 1
    await owe(crew.stage, crew.chen.id, "丙")
    await crew.stage.settle()
    assert (await crew.chen.last()).text == "丙"


async def test_an_outcome_that_cannot_be_written_is_a_dead_letter(crew: Crew):  # F62
    """The others' outcomes are written, and it is not sent again."""
    admin = await listening(crew)
    refused = f"NEW.chat_id = {crew.chen.id} AND NEW.state = 'sent'"
    trigger = f"CREATE TRIGGER odd BEFORE UPDATE ON outbox WHEN {refused}"
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        await tx.ask(
            AsyncConnection.execute, text(f"{trigger} BEGIN SELECT RAISE(ABORT, 'no'); END")
        )
    await crew.chen.mark()
    await owe(crew.stage, crew.chen.id, "甲")
    await owe(crew.stage, crew.zhou.id, "乙")
    await crew.stage.settle()
    await crew.stage.forward(minutes=5)
    assert await crew.chen.new() == ["甲"] and (await crew.zhou.last()).text == "乙"
    assert await column(crew.stage, _DEAD) == [crew.chen.id]
    assert len(await alerts(admin)) == 1


async def test_the_admins_hear_at_the_start_and_it_starts(crew: Crew):  # F78
    bad, admin = await crew.accepted(), await admin_of(crew)
    await sql(crew.stage, MENDED["clock"].format(bad.id))
    crew.stage.settings = crew.stage.settings.model_copy(update={"admins": (_ADMIN,)})
    await crew.stage.restart()
    await crew.stage.settle()
    [told] = await alerts(admin)
    assert number(bad) in told
    await serve(crew)


async def test_another_hour_brings_no_other_alert(crew: Crew):
    bad, admin = await crew.accepted(), await admin_of(crew)
    await sql(crew.stage, MENDED["state"].format(bad.id))
    for _ in range(3):
        await crew.wang.say("/mine")
        await crew.stage.forward(minutes=61)
    assert len(await alerts(admin)) == 1


async def test_an_alert_that_cannot_be_read_is_begun_anew(crew: Crew):
    admin = await admin_of(crew)
    desk, stage = crew.stage.service.desk, crew.stage
    for _ in range(2):
        await desk.alert("alert_failed", {"update_id": 7, "error": "odd"}, stage.now)
        await stage.settle()
        await sql(stage, f"UPDATE outbox SET body = '{{' WHERE chat_id = {_ADMIN}")
    assert len([one for one in await alerts(admin) if "没有处理成功" in one]) == 2

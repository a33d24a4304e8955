"""What a person may ask of his own data: to have it, to have it erased, to know beforehand."""

import json

from chatting import Crew, data_of, number
from sqlalchemy import String, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action
from workflows.store import tables as t
from workflows.store import timeline

PHONE = "13912345678"
TEXT = f"3号楼下充电桩坏了，电话{PHONE}"


async def test_the_first_preview_says_who_will_read_it_and_the_later_ones_do_not(crew: Crew):
    assert "也能删掉" in (await crew.chen.say("3号楼下充电桩坏了")).text
    await crew.chen.tap("提交")
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        person = await tx.person(crew.chen.id)
    assert person and person.consented_at
    assert "也能删掉" not in (await crew.chen.say("7号楼路灯不亮")).text


async def test_everything_held_comes_as_a_file_without_other_names(crew: Crew):
    walker = await crew.resolved(TEXT)
    await crew.chen.tap("满意")
    found = await data_of(crew.chen)
    [petition] = found["petitions"]
    assert (petition["number"], petition["text"], petition["rating"]) == (number(walker), TEXT, 3)
    assert found["profile"]["name"] == "陈师傅" and found["roles"] == []
    assert [s["by"] for s in petition["steps"] if s["action"] == "resolve"] == ["staff"]
    assert "王琴" not in json.dumps(found, ensure_ascii=False)


async def test_a_neighbour_gets_nothing_of_it(crew: Crew):
    await crew.file(TEXT)
    assert (await data_of(crew.zhou))["petitions"] == []


async def test_staff_have_their_roles_in_it(crew: Crew):
    [role] = (await data_of(crew.wang))["roles"]
    assert role["role"] == "pioneer" and role["until"] is None


async def test_nothing_is_erased_while_something_is_open(crew: Crew):
    walker = await crew.file(TEXT)
    assert "没有办完" in (await crew.chen.say("/forget")).text
    assert "没有办完" in await crew.chen.press("p:forget")
    assert (await walker.ticket()).text == TEXT


async def test_staff_leave_the_roster_first(crew: Crew):
    assert "名册" in (await crew.wang.say("/forget")).text


async def test_it_asks_first_then_no_word_of_his_is_left(crew: Crew):
    walker = await crew.resolved(TEXT)
    await crew.chen.tap("满意")
    assert "找不回来" in (await crew.chen.say("/forget")).text
    assert (await walker.ticket()).text == TEXT
    assert "已经删掉" in (await crew.chen.tap("确定")).text
    ticket = await walker.ticket()
    assert (ticket.text, ticket.on_behalf, ticket.rating) == ("", "", 3)
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert await tx.ask(timeline.is_chained, walker.id)
        person = await tx.person(crew.chen.id)
        rows = await tx.ask(
            AsyncConnection.exec_driver_sql, "SELECT body FROM outbox WHERE body LIKE '%139123%'"
        )
        assert not rows.all()
    assert person and person.name == "" and person.consented_at is None


async def test_the_cards_of_staff_are_drawn_again_without_his_words(crew: Crew):
    await crew.resolved(TEXT)
    await crew.chen.tap("满意")
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    shown = [m.text for m in await crew.wang.phone.inbox() if m.sender == "bot" and m.buttons]
    assert shown and PHONE not in "".join(shown)


async def test_a_forged_button_erases_nothing(crew: Crew):
    walker = await crew.resolved(TEXT)
    await crew.chen.tap("满意")
    await crew.chen.press("p:everything")
    assert (await walker.ticket()).text == TEXT


async def joined(crew: Crew) -> Walker:
    """陈's petition, which 周 follows with words of her own and a photo."""
    walker = await crew.accepted("3号楼下充电桩坏了")
    await crew.zhou.start("st_nanhuan-east")
    await crew.zhou.phone.send_photo(f"3号楼下充电桩坏了，打我电话{PHONE}")
    await crew.zhou.settled()
    await crew.zhou.tap("我也遇到了")
    assert crew.zhou.id in (await walker.ticket()).followers
    return walker


async def words_of(crew: Crew, person_id: int) -> list[object]:
    """What is written that this person said, wherever it is."""
    said = (
        select(t.events.c.data).where(t.events.c.actor == person_id, t.events.c.data.is_not(None)),
        select(own.ticket_texts.c.text).where(own.ticket_texts.c.person_id == person_id),
        select(t.attachments.c.file_id).where(t.attachments.c.person_id == person_id),
        select(t.outbox.c.body).where(cast(t.outbox.c.body, String).contains(PHONE)),
        select(t.cards.c["values"]).where(cast(t.cards.c["values"], String).contains(PHONE)),
    )
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return [row for rows in said for row in await tx.ask(AsyncConnection.scalars, rows)]


async def test_what_he_said_to_a_neighbours_petition_goes_too(crew: Crew):
    walker = await joined(crew)
    assert await words_of(crew, crew.zhou.id)
    await crew.zhou.say("/forget")
    await crew.zhou.tap("确定")
    assert await words_of(crew, crew.zhou.id) == []
    assert (await walker.ticket()).text == "3号楼下充电桩坏了"
    assert (await walker.events())[-1].action is Action.ERASE
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert await tx.ask(timeline.is_chained, walker.id)
        assert await tx.files(walker.id) == ()


async def test_what_a_neighbour_said_stays_when_the_resident_is_forgotten(crew: Crew):
    walker = await joined(crew)
    await crew.wang.say(number(walker))
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("已经换好了")
    await crew.chen.tap("满意")
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    assert (await walker.ticket()).text == ""
    assert await words_of(crew, crew.zhou.id)


async def test_words_that_wait_for_the_morning_are_not_said_any_more(crew: Crew):
    """An addition at night whose sender is forgotten before anybody was told."""
    walker = await crew.accepted("3号楼下充电桩坏了")
    await crew.stage.forward(hours=14)  # eleven at night
    await crew.chen.say(number(walker))
    await crew.chen.tap(f"t:{walker.id}:add")
    await crew.chen.say(f"打我电话{PHONE}")
    await crew.chen.say(number(walker))
    await crew.chen.tap(f"t:{walker.id}:withdraw")
    await crew.chen.say("不用了")
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    await crew.stage.forward(hours=9)
    assert PHONE not in "".join(await crew.wang.all())


async def test_what_was_filed_for_somebody_else_is_erased_with_his_words(crew: Crew):
    """The event of the filing too, whose words the chain covers."""
    walker = await crew.resolved(TEXT)
    await crew.chen.tap("满意")
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        events = await tx.ask(timeline.read, TICKETS, walker.id)
    filed = next(e for e in events if e.action is Action.FILE)
    assert filed.data == {} and PHONE not in str(events)


async def test_what_he_added_to_others_comes_in_his_file(crew: Crew):
    walker = await joined(crew)
    [added] = (await data_of(crew.zhou))["added"]
    assert added["number"] == number(walker)
    assert PHONE in "".join(step["text"] for step in added["steps"])

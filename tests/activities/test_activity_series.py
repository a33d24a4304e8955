"""A class every week: each meeting is an activity of its own, and nobody is signed up unasked."""

from datetime import date, timedelta

from msgspec.structs import replace
from outing import Outing
from test_activity_chat import enter

from workflows.activities.model import Activity
from workflows.activities.store.queries import ids_led
from workflows.activities.words import State

WEEK = timedelta(days=7)


async def following(outing: Outing) -> list[Activity]:
    """What 李 leads and is ahead, beside the first."""
    async with outing.stage.service.store.read(outing.stage.now) as tx:
        ids = await tx.ask(ids_led, outing.li.id)
    found = [await outing.now(i) for i in ids if i != outing.number]
    return [one for one in found if one.state is State.ANNOUNCED]


async def repeated(outing: Outing, times: str = "再办 3 次") -> None:
    await outing.li.start(f"at_{outing.number}")
    await outing.li.tap("每周再办")
    await outing.li.tap(times)


async def test_the_next_is_made_when_one_ends_and_who_came_signs_up_again(outing: Outing):
    first = await outing.running(outing.chen, outing.zhou)
    await repeated(outing)
    await enter(outing, outing.chen)
    assert await following(outing) == []
    await outing.stage.forward(hours=2, minutes=1)
    [new] = await following(outing)
    assert first.starts_at and new.starts_at == first.starts_at + WEEK
    assert (new.signed, new.title, new.slot().capacity) == ((), "手工课", 5)
    assert "下次还有" in "".join(await outing.chen.all())
    assert "下次还有" not in "".join(await outing.zhou.all())
    assert "第 2 次，共 4 次" in (await outing.chen.last()).text
    await outing.chen.tap("就我一个", (await outing.chen.last()).id)
    assert (await outing.now(new.id)).signed == (outing.chen.id,)


async def test_one_that_is_called_off_does_not_end_the_series(outing: Outing):
    await outing.announced()
    await outing.join(outing.chen)
    await repeated(outing)
    await outing.li.tap("不办了")
    await outing.li.tap("下雨")
    await outing.li.tap("后面的照常办")
    [new] = await following(outing)
    assert (new.nth, new.times) == (2, 4)
    assert "下次还有" in (await outing.chen.last()).text


async def test_it_ends_where_that_is_said(outing: Outing):
    await outing.announced()
    await repeated(outing)
    await outing.li.tap("不办了")
    await outing.li.tap("下雨")
    await outing.li.tap("后面的也不办了")
    assert await following(outing) == []
    assert (await outing.now()).times == 1


async def test_one_alone_is_called_off_without_a_further_question(outing: Outing):
    await outing.announced()
    await outing.li.tap("不办了")
    await outing.li.tap("下雨")
    assert (await outing.now()).state is State.CANCELLED


async def test_after_the_end_once_more_is_there_at_once_and_only_once(outing: Outing):
    await outing.running(outing.chen)
    await outing.stage.forward(hours=2, minutes=1)
    await repeated(outing, "再办 1 次")
    [new] = await following(outing)
    assert (new.nth, new.times) == (2, 2)
    await outing.li.start(f"at_{outing.number}")
    assert "每周再办" not in str((await outing.li.last()).labels)


async def test_what_was_moved_once_moves_no_other_and_the_last_has_none_after_it(outing: Outing):
    first = await outing.announced()
    await repeated(outing, "再办 1 次")
    await outing.li.tap("改时间")
    await outing.li.say("5天后 9:30-10:30")
    await outing.until_start()
    await outing.stage.forward(hours=2)
    [new] = await following(outing)
    assert first.starts_at and new.starts_at == first.starts_at + WEEK
    outing.number = new.id
    await outing.until_start()
    await outing.stage.forward(hours=3)
    assert (await outing.now()).state is State.ENDED
    assert await following(outing) == []


async def test_a_holiday_moves_nothing_and_is_said(outing: Outing):
    first = await outing.announced()
    desk = outing.stage.service.desk
    assert first.starts_at
    day: date = (first.starts_at + WEEK).astimezone(desk.rules.zone).date()
    off = replace(desk.rules.working, holidays=desk.rules.working.holidays | {day})
    desk.rules = replace(desk.rules, working=off)
    await repeated(outing)
    await outing.until_start()
    await outing.stage.forward(hours=3)
    [new] = await following(outing)
    assert new.starts_at == first.starts_at + WEEK
    assert "那天放假" in "".join(await outing.li.all())


async def test_a_large_one_is_looked_at_each_time(outing: Outing):
    await outing.planned(places="80")
    await outing.li.tap("公布")
    await outing.committee.tap("同意")
    await repeated(outing)
    await outing.until_start()
    await outing.stage.forward(hours=3)
    assert await following(outing) == []
    await outing.committee.tap("同意")
    assert [one.nth for one in await following(outing)] == [2]

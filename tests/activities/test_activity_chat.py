"""An activity from its plan to its summing up, as people live it over the wire."""

from outing import Outing

from workflows.activities.words import State
from workflows.core.kernels.slots import Standing


async def test_from_the_plan_to_what_it_came_to(outing: Outing):
    activity = await outing.announced()
    assert (activity.state, activity.title, activity.minutes) == (State.ANNOUNCED, "手工课", 90)
    await outing.join(outing.chen, outing.zhou, outing.ma)
    assert "您报上了" in (await outing.chen.last()).text
    assert "您排在第 1 位" in (await outing.ma.last()).text
    await outing.zhou.tap("不去了")
    assert "给您留着位置" in (await outing.ma.last()).text
    await outing.ma.tap("我来")
    assert (await outing.now()).claim_of(outing.ma.id).standing is Standing.IN
    await outing.join(outing.lin, button="当帮手")
    await outing.until_start()
    assert (await outing.now()).state is State.RUNNING
    code = (await outing.li.tap("签到码")).text
    await outing.chen.say(code.split("签到码：")[1][:9])
    assert "记下了" in (await outing.chen.last()).text
    await outing.stage.forward(hours=2, minutes=1)
    assert (await outing.now()).state is State.ENDED
    assert "怎么样" in (await outing.chen.last()).text
    await outing.chen.tap("好")
    await outing.chen.tap("没有了")
    assert (await outing.now()).ratings == {"good": 1}
    await outing.li.tap("写小结")
    await outing.li.tap("顺利办好了")
    summed = await outing.now()
    assert summed.state is State.SUMMED and summed.report
    assert (summed.report.people, summed.report.helpers) == (1, 0)

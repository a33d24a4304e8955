"""The two stories the house is built for, over HTTP."""

from datetime import timedelta

from casting import Cast

from workflows.petition.store import lookups
from workflows.petition.store.kept import TICKETS


async def file(cast: Cast, text: str = "3号楼下充电桩坏了") -> None:
    await cast.chen.start("st_nanhuan-east")
    await cast.chen.send(text)
    await cast.stage.settle()
    await cast.chen.tap("提交")
    await cast.stage.settle()


async def test_one_message_one_tap_then_a_plan_within_the_day(cast: Cast):
    stage = cast.stage
    await file(cast)
    assert "您的事记下了" in (await cast.chen.last()).text
    await cast.wang.tap("接单")
    await stage.settle()
    await cast.wang.tap("实地查看")
    await stage.settle()
    await cast.wang.send("到现场看了，三根桩都坏了")
    await stage.settle()
    await cast.wang.tap("上报方案")
    await stage.settle()
    await cast.wang.send("请充电公司明天来换新桩")
    await stage.settle()
    await cast.wang.tap("3天内")
    await stage.settle()
    await cast.committee.tap("同意")
    await stage.settle()
    plan = await cast.chen.last()
    assert "请充电公司明天来换新桩" in plan.text
    async with stage.service.store.read(stage.now) as tx:
        ticket = (await lookups.brought_by(tx, 1001, 1))[0]
    assert ticket.told_at and ticket.told_at - ticket.filed_at < timedelta(hours=24)
    await cast.wang.tap("办结")
    await stage.settle()
    await cast.wang.send("新桩装好了，试过能充")
    await stage.settle()
    await cast.chen.tap("满意")
    await stage.settle()
    async with stage.service.store.read(stage.now) as tx:
        ticket = await tx.get(TICKETS, ticket.id)
    assert ticket.state == "closed" and ticket.rating == 3

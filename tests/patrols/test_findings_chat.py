"""What a round finds, from the picture to the check, over the wire."""

from beat import Beat

from workflows.patrols.findings import State
from workflows.patrols.words import Level


async def fault(beat: Beat, level: str = "一般", words: str = "压力表指到红的") -> None:
    """王 stands at the first point and reports a fault."""
    await beat.scan(beat.wang, "ext")
    await beat.wang.tap("有问题")
    await beat.wang.tap("看着完好")
    await beat.photo(beat.wang, words)
    await beat.wang.tap(level)


async def test_a_fault_that_nobody_mends_on_the_spot_becomes_a_petition_by_itself(beat: Beat):
    await beat.opened()
    await fault(beat)
    [one] = await beat.findings()
    assert (one.state, one.item, one.level) == (State.FOUND, "看着完好", Level.MINOR)
    assert not await beat.wang.tickets()
    await beat.stage.forward(minutes=16)
    [one], [ticket] = await beat.findings(), await beat.wang.tickets()
    assert one.state is State.RECTIFYING
    assert ticket.place == one.place and "压力表指到红的" in ticket.text
    assert ticket.category == "消防安全"


async def test_mended_on_the_spot_it_waits_for_another_to_check(beat: Beat):
    await beat.opened()
    await fault(beat)
    await beat.wang.tap("已经弄好了")
    await beat.photo(beat.wang)
    await beat.wang.tap("没花钱")
    [one] = await beat.findings()
    assert one.state is State.TO_CHECK and one.fixers == (beat.wang.id,)
    assert "已经好了" not in "".join((await beat.wang.last()).labels)
    assert "请别人去" in await beat.wang.press(f"findings:{one.id}:clear")
    await beat.lead.tap("已经好了")
    [one] = await beat.findings()
    assert one.state is State.CLEARED
    assert "已经好了" in "".join(await beat.wang.new())
    assert not await beat.wang.tickets()

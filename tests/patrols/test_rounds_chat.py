"""A round as its people walk it, over the wire."""

from beat import Beat

from workflows.patrols.rounds import State


async def test_a_round_is_walked_by_scanning_and_is_done_by_itself(beat: Beat):
    one = await beat.opened()
    assert one.state is State.DUE
    assert "到时间巡查了" in "".join(await beat.wang.all())
    for code in [spot.code for spot in one.walk.spots]:
        assert "您在这里" in await beat.scan(beat.wang, code)
        await beat.wang.tap("走过的都正常")
    [done, *_] = await beat.rounds()
    assert done.state is State.DONE and done.holder == beat.wang.id

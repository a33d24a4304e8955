"""What came of what, in the chat: read in the timeline, and asked about by whoever calls it off."""

from chatting import Crew, number
from folk import BUILDING
from walking import Walker, caused

from workflows.petition.words import State

SAID = "3幢单元门关不上"


async def spawned(crew: Crew) -> tuple[Walker, Walker]:
    """A petition of 陈's and another one that came of it, in his name."""
    first = await crew.file()
    second = await caused(crew.stage, first.id, crew.chen.id, place=BUILDING, text=SAID)
    return first, Walker(first.cast, second)


async def test_what_a_neighbour_has_said_already_is_borne_out_and_not_filed_again(crew: Crew):
    first = await crew.file()
    known = await crew.file("3幢单元门坏了，关不上", by=crew.zhou)
    effect = await caused(
        crew.stage, first.id, crew.chen.id, place=BUILDING, text="3幢单元门坏了，关不上，门轴断了",
        category=(await known.ticket()).category,
    )  # fmt: skip
    assert effect == known.id
    assert "又有人看到了" in (await crew.zhou.last()).text
    assert "门轴断了" in (await crew.wang.last()).text


async def steps(crew: Crew, walker: Walker) -> str:
    await crew.chen.say(number(walker))
    return (await crew.chen.tap("经过")).text


async def test_both_timelines_say_what_came_of_what(crew: Crew):
    first, second = await spawned(crew)
    assert f"引出了另一件事 {number(second)}" in await steps(crew, first)
    assert f"由另一件事 {number(first)} 引出" in await steps(crew, second)
    alone = await crew.file("7号楼路灯不亮")
    assert "引出" not in await steps(crew, alone)


async def test_what_comes_of_it_is_filed_as_his_and_offered(crew: Crew):
    _, second = await spawned(crew)
    ticket = await second.ticket()
    assert (ticket.text, ticket.resident, ticket.offered_to) == (SAID, crew.chen.id, crew.wang.id)
    assert number(second) in (await crew.wang.last()).text


async def withdrawn(crew: Crew, answer: str) -> tuple[State, State]:
    first, second = await spawned(crew)
    await crew.chen.say(number(first))
    await crew.chen.tap("撤回")
    asked = await crew.chen.say("不用了")
    assert number(first) in asked.text and (await first.ticket()).state is not State.WITHDRAWN
    await crew.chen.tap(answer)
    return (await first.ticket()).state, (await second.ticket()).state


async def test_who_withdraws_can_let_go_on_what_came_of_it(crew: Crew):
    first, second = await withdrawn(crew, "接着办")
    assert first is State.WITHDRAWN and second is State.DISPATCHED


async def test_or_withdraw_it_too_and_who_has_it_is_told(crew: Crew):
    assert await withdrawn(crew, "一起撤") == (State.WITHDRAWN, State.WITHDRAWN)
    assert "居民撤回了" in "".join(await crew.wang.new())

"""A picture of what was done: asked for once, kindly, where the category wants it."""

from chatting import Crew
from walking import Walker

from playground.phones.phone_client import Message
from workflows.petition.words import Action, State

RUBBISH = "3号楼下垃圾桶满了，很臭"
DONE = "清走了，地也冲过"
ASKED = "拍一张办好的照片吧"


async def resolving(crew: Crew, text: str = RUBBISH) -> tuple[Walker, Message]:
    """王 has said what came of it."""
    walker = await crew.accepted(text)
    await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    return walker, await crew.wang.say(DONE)


async def pictures(crew: Crew) -> int:
    """What the resident sees behind 📎."""
    before = (await crew.chen.last()).id
    await crew.chen.tap("📎 照片、语音")
    return len(
        [m for m in await crew.chen.phone.inbox(after=before) if m.sender == "bot" and m.media]
    )


async def test_a_picture_is_asked_for_and_the_resident_sees_it(crew: Crew):
    walker, asked = await resolving(crew)
    assert ASKED in asked.text and "没有照片" in asked.labels
    assert (await walker.ticket()).state is State.ACCEPTED
    await crew.wang.phone.send_photo()
    await crew.wang.settled()
    ticket = await walker.ticket()
    assert ticket.state is State.RESOLVED and ticket.result == DONE
    assert any(m.media and "处理后" in m.text for m in await crew.chen.phone.inbox())
    assert await pictures(crew) == 1


async def test_without_one_a_tap_goes_on(crew: Crew):
    walker, _ = await resolving(crew)
    await crew.wang.tap("没有照片")
    assert (await walker.ticket()).state is State.RESOLVED
    told = await crew.chen.last()
    assert "照片" not in told.text and "📎 照片、语音" not in told.labels


async def test_words_are_no_picture(crew: Crew):
    walker, _ = await resolving(crew)
    await crew.wang.say("真的清走了")
    said = await crew.wang.new()
    assert "请发一张照片" in said[0] and ASKED in said[1]
    await crew.wang.tap("没有照片")
    assert (await walker.ticket()).result == DONE


async def test_an_album_is_one_proof(crew: Crew):
    walker, _ = await resolving(crew)
    await crew.wang.phone.send_album(3)
    await crew.wang.settled()
    assert (await walker.ticket()).state is State.RESOLVED and await pictures(crew) == 3


async def test_a_picture_that_came_first_is_not_asked_for_again(crew: Crew):
    walker = await crew.accepted(RUBBISH)
    await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.phone.send_photo()
    await crew.wang.settled()
    await crew.wang.say(DONE)
    assert (await walker.ticket()).state is State.RESOLVED and await pictures(crew) == 1


async def test_a_picture_with_its_words_is_all_at_once(crew: Crew):
    walker = await crew.accepted(RUBBISH)
    await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.wang.phone.send_photo(DONE)
    await crew.wang.settled()
    assert (await walker.ticket()).state is State.RESOLVED
    assert ASKED not in "".join(await crew.wang.all())


async def test_it_waits_over_a_restart(crew: Crew):
    walker, _ = await resolving(crew)
    await crew.stage.restart()
    await crew.wang.phone.send_photo()
    await crew.wang.settled()
    assert (await walker.ticket()).state is State.RESOLVED


async def test_another_category_asks_for_none(crew: Crew):
    walker, _ = await resolving(crew, "3号楼下充电桩坏了")
    assert (await walker.ticket()).state is State.RESOLVED

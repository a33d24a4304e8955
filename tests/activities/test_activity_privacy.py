"""What activities hold about a neighbour: his to have, his to have erased, gone after its time."""

from chatting import Chat, data_of
from outing import Outing

from workflows.activities.store.kept import ACTIVITIES


async def forget(chat: Chat) -> None:
    await chat.say("/forget")
    await chat.tap("确定")


async def test_he_is_given_where_he_signed_up(outing: Outing):
    await outing.announced()
    await outing.join(outing.chen, button="2 个人")
    [his] = (await data_of(outing.chen))["activities"]
    assert (his["title"], his["people"], his["as"]) == ("手工课", 2, "guest")


async def test_who_is_forgotten_makes_room_for_the_next(outing: Outing):
    await outing.announced(places="1")
    await outing.join(outing.chen, outing.zhou)
    await forget(outing.chen)
    assert (await outing.now()).signed == (outing.zhou.id,)
    assert "给您留着位置" in (await outing.zhou.last()).text


async def test_after_its_time_nobody_can_tell_who_was_there_and_the_numbers_stay(outing: Outing):
    await outing.running(outing.chen)
    await outing.li.start(f"at_{outing.number}")
    await outing.li.tap("名单")
    await outing.li.tap("☐ 陈师傅")
    await outing.stage.forward(hours=3)
    await outing.li.tap("写小结")
    await outing.li.say("下次再来")
    await outing.stage.sleep(days=366)
    await outing.stage.forward(days=1)
    async with outing.stage.service.store.read(outing.stage.now) as tx:
        bare = await tx.get(ACTIVITIES, outing.number)
    assert bare and bare.report
    assert (bare.signed, bare.present, bare.report.text, bare.report.people) == ((), (), "", 1)

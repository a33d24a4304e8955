"""The photos of an activity: seen by who came, once all on them agree, and taken off at one tap."""

from chatting import Chat
from outing import Outing
from test_activity_chat import enter
from test_activity_privacy import forget

from workflows.activities.words import Action, State


async def ended(outing: Outing) -> None:
    """陈 came, 周 did not, 林 helped."""
    await outing.running(outing.chen, outing.zhou)
    await enter(outing, outing.chen)
    await outing.stage.forward(hours=2, minutes=1)
    assert (await outing.now()).state is State.ENDED


async def send(outing: Outing, who: Chat, many: int = 2) -> None:
    await outing.card(who)
    await who.tap("放照片")
    for _ in range(many):
        await who.phone.send_photo("真热闹")
        await outing.stage.settle()
    await who.tap("就这些")


async def agreed(outing: Outing) -> None:
    """Two photos on the wall."""
    await ended(outing)
    await send(outing, outing.li)
    await outing.li.tap("看照片")
    await outing.li.tap("都同意了")


async def labels(outing: Outing, who: Chat) -> str:
    await outing.card(who)
    return str((await who.last()).labels)


async def wall(outing: Outing) -> list[int]:
    return [photo.number for photo in (await outing.now()).wall]


async def test_nobody_who_came_sees_a_photo_before_all_on_it_agree(outing: Outing):
    await ended(outing)
    await send(outing, outing.li)
    assert await wall(outing) == [] and "看照片" not in await labels(outing, outing.chen)
    assert "问家长" in (await outing.li.tap("看照片")).text
    await outing.li.tap("都同意了")
    said = [(photo.agreed_by, photo.agreed_at is not None) for photo in (await outing.now()).wall]
    assert said == [(outing.li.id, True)] * 2
    assert "看照片" in await labels(outing, outing.chen)
    await outing.chen.tap("看照片")
    shown = [m for m in await outing.chen.phone.inbox() if m.media == "photo"]
    assert len(shown) == 2


async def test_who_did_not_come_sees_none_and_no_group_does(outing: Outing):
    group = await outing.stage.phones.add_group("居民", [outing.lead.phone, outing.chen.phone])
    await outing.lead.say("/bind 居民群", chat=group)
    await agreed(outing)
    assert "看照片" not in await labels(outing, outing.zhou)
    await outing.zhou.press(f"view:{outing.number}:wall")
    await outing.zhou.press(f"activities:{outing.number}:take_off")
    assert not [m for m in await outing.zhou.phone.inbox() if m.media == "photo"]
    assert not [m for m in await outing.chen.phone.inbox(chat=group) if m.media == "photo"]
    assert await wall(outing) == [1, 2]


async def test_whoever_is_shown_takes_one_off_at_once_and_the_leader_hears(outing: Outing):
    await agreed(outing)
    await labels(outing, outing.chen)
    await outing.chen.tap("看照片")
    await outing.chen.tap("不要放我的照片")
    await outing.chen.tap("2")
    assert await wall(outing) == [1]
    assert "不愿意放照片" in (await outing.li.last()).text
    await outing.chen.tap("不要放我的照片")
    assert (await outing.now()).photos == ()


async def test_or_all_of_them_and_a_number_is_never_given_again(outing: Outing):
    await agreed(outing)
    await labels(outing, outing.chen)
    await outing.chen.tap("看照片")
    await outing.chen.tap("不要放我的照片")
    await outing.chen.tap("全部")
    await send(outing, outing.li, 1)
    assert [photo.number for photo in (await outing.now()).photos] == [3]


async def test_the_leader_agrees_only_to_what_he_has_seen(outing: Outing):
    await ended(outing)
    await send(outing, outing.li, 1)
    shown = await outing.li.tap("看照片")
    await send(outing, outing.lin, 1)
    assert "有新照片" in (await outing.li.last()).text
    await outing.li.tap("都同意了", shown.id)
    assert await wall(outing) == [1]
    assert Action.AGREE not in await labels(outing, outing.lin)


async def test_not_more_than_an_album_and_none_without_a_photo(outing: Outing):
    await ended(outing)
    await outing.card(outing.li)
    await outing.li.tap("放照片")
    await outing.li.tap("就这些")
    assert (await outing.now()).photos == ()
    await send(outing, outing.li, 11)
    assert len((await outing.now()).photos) == 10
    assert "放照片" not in await labels(outing, outing.li)


async def test_who_speaks_of_something_else_meanwhile_is_heard_and_his_photos_are_kept(
    outing: Outing,
):
    await ended(outing)
    await outing.card(outing.lin)
    await outing.lin.tap("放照片")
    await outing.lin.phone.send_photo()
    assert "收到 1 张" in (await outing.lin.settled()).text
    assert "提交" in str((await outing.lin.say("3号楼电梯坏了")).labels)
    assert [photo.by for photo in (await outing.now()).photos] == [outing.lin.id]


async def test_the_photos_of_who_is_forgotten_are_gone(outing: Outing):
    await ended(outing)
    await send(outing, outing.lin, 1)
    await send(outing, outing.li, 1)
    await forget(outing.lin)
    assert [photo.by for photo in (await outing.now()).photos] == [outing.li.id]


async def test_after_its_time_there_is_none(outing: Outing):
    await agreed(outing)
    await outing.li.start(f"at_{outing.number}")
    await outing.li.tap("写小结")
    await outing.li.tap("顺利办好了")
    await outing.stage.sleep(days=366)
    await outing.stage.forward(days=1)
    assert (await outing.now()).photos == ()

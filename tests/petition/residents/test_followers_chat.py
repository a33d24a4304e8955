"""After filing: merging and following, nudging, reopening, rating."""

import pytest
from chatting import Chat, Crew, number
from walking import Walker

from workflows.petition.words import State

SECRET = "我家电话13912345678"


async def merged(crew: Crew, into: Walker) -> Walker:
    """周's petition, merged by its handler into another."""
    walker = await crew.file("3号楼充电桩坏了两根", by=crew.zhou)
    offered_to = (await walker.ticket()).offered_to
    handler = next(c for c in (crew.wang, crew.li, crew.zhao) if c.id == offered_to)
    await handler.tap(f"t:{walker.id}:accept")
    await handler.tap(f"t:{walker.id}:merge")
    await handler.say(number(into))
    assert (await walker.ticket()).state is State.MERGED
    return walker


async def act(chat: Chat, walker: Walker, action: str, *answers: str) -> None:
    await chat.say(number(walker))
    await chat.tap(f"t:{walker.id}:{action}")
    for answer in answers:
        await chat.say(answer)


# following


async def test_the_merged_residents_card_says_so(crew: Crew):
    into = await crew.accepted()
    walker = await merged(crew, into)
    said = "".join(await crew.zhou.all())
    assert "两件并成一件办" in said and number(into) in said
    shown = (await crew.zhou.say(number(walker))).text
    assert f"一起办的那一件，号码 {number(into)}" in shown


async def test_the_staff_read_that_another_was_merged_into_it_and_residents_do_not(crew: Crew):
    into = await crew.accepted()
    await merged(crew, into)
    shown = {}
    for who in (crew.wang, crew.chen, crew.zhou):
        await who.say(number(into))
        shown[who.id] = (await who.tap("经过")).text
    assert "系统 并进来一件" in shown.pop(crew.wang.id)
    assert not [text for text in shown.values() if "并进来" in text]


async def test_a_follower_is_told_of_every_later_step(crew: Crew):
    into = await crew.accepted()
    await into.follow(crew.zhou.phone)
    told = []
    for who, action, answers in (
        (crew.wang, "inspect", ["看过了"]),
        (crew.wang, "propose", ["换新桩", "3天"]),
        (crew.committee, "approve", []),
        (crew.wang, "ask", ["几号桩？"]),
        (crew.chen, "answer", ["三号桩"]),
        (crew.wang, "resolve", ["换好了"]),
        (crew.chen, "confirm:3", []),
    ):
        await crew.zhou.mark()
        await act(who, into, action, *answers)
        told.append("".join(await crew.zhou.new()))
    assert [bool(text) for text in told] == [True, False, True, True, False, True, True]
    said = ("到现场看过了", "怎么办，定下来", "办好了", "结束")
    for text, words in zip((told[0], told[2], told[5], told[6]), said, strict=True):
        assert words in text


async def test_a_follower_reads_nothing_that_the_other_resident_wrote(crew: Crew):
    into = await crew.accepted(f"3号楼充电桩坏了，{SECRET}")
    await merged(crew, into)
    await act(crew.wang, into, "ask", "几号桩？")
    await crew.chen.phone.send_photo(f"三号桩，{SECRET}")
    await crew.chen.settled()
    shown = await crew.zhou.say(number(into))
    assert "📎 照片、语音" not in shown.labels
    await crew.zhou.tap("经过")
    await crew.zhou.press(f"v:{into.id}:text")
    assert "13912345678" not in "".join(await crew.zhou.all())


async def test_a_follower_may_look_but_not_act(crew: Crew):  # F47
    into = await crew.resolved()
    await crew.chen.tap("还没解决")
    await crew.chen.say("又坏了")
    await merged(crew, into)
    shown = await crew.zhou.say(number(into))
    assert shown.labels == ["📜 经过", "不再告诉我"]
    for action in ("confirm:1", "withdraw", "reopen", "nudge", "answer"):
        assert "现在做不了" in await crew.zhou.press(f"t:{into.id}:{action}")


async def test_a_followers_ticket_is_in_his_list(crew: Crew):
    into = await crew.accepted()
    walker = await merged(crew, into)
    shown = (await crew.zhou.say("/mine")).text
    assert number(into) in shown and number(walker) in shown


async def test_followers_move_along_when_merged_again(crew: Crew):
    first, last = await crew.accepted(), await crew.accepted("3号楼的充电桩不通电")
    await merged(crew, first)
    await act(crew.wang, first, "merge", number(last))
    assert set((await last.ticket()).followers) == {crew.zhou.id}
    await crew.zhou.mark()
    await act(crew.wang, last, "resolve", "换好了")
    assert "办好了" in "".join(await crew.zhou.new())


# nudging


async def test_a_nudge_reaches_who_has_it_and_the_lead(crew: Crew):
    walker = await crew.accepted()
    await act(crew.chen, walker, "nudge")
    assert "请尽快" in (await crew.wang.last()).text and "请尽快" in (await crew.lead.last()).text
    assert "陈师傅" not in (await crew.wang.last()).text


async def test_a_nudge_counts_only_every_twelve_hours(crew: Crew):
    walker = await crew.planned()
    await act(crew.chen, walker, "nudge")
    assert "⏩ 催一催" not in (await crew.chen.last()).labels
    assert "已经催过了" in await crew.chen.press(f"t:{walker.id}:nudge")
    await crew.stage.forward(hours=11, minutes=59)
    assert "已经催过了" in await crew.chen.press(f"t:{walker.id}:nudge")
    await crew.stage.forward(minutes=2)
    assert "已经帮您催了" in await crew.chen.press(f"t:{walker.id}:nudge")


# rating and reopening


@pytest.mark.parametrize(("label", "rating"), [("满意", 3), ("基本满意", 2)])
async def test_a_rating_is_kept_and_closes_the_ticket(crew: Crew, label: str, rating: int):
    walker = await crew.resolved()
    button = next(b for b in (await crew.chen.last()).labels if b.endswith(f"，{label}"))
    shown = await crew.chen.tap(button)
    ticket = await walker.ticket()
    assert (ticket.state, ticket.rating) == (State.CLOSED, rating)
    assert f"您的评价：{button}" in shown.text and "谢谢" in await crew.chen.toast()
    assert button in (await crew.wang.last()).text


async def test_without_a_rating_the_system_closes_it_after_three_days(crew: Crew):
    walker = await crew.resolved()
    await crew.stage.forward(hours=71)
    assert (await walker.ticket()).state is State.RESOLVED
    assert "这件解决了吗" in "".join(await crew.chen.all())
    await crew.stage.forward(hours=2)
    ticket = await walker.ticket()
    assert (ticket.state, ticket.rating) == (State.CLOSED, None)
    await crew.stage.forward(hours=24)
    assert "一直没有等到您的回话" in "".join(await crew.chen.all())


async def test_within_seven_days_it_can_be_reopened(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("满意")
    await crew.stage.forward(days=6, hours=23)
    await act(crew.chen, walker, "reopen", "又坏了")
    ticket = await walker.ticket()
    assert ticket.state is State.ACCEPTED and ticket.told_at is None and ticket.rating is None
    for staff in (crew.wang, crew.lead):
        assert "又坏了" in (await staff.last()).text


async def test_after_seven_days_it_cannot(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("满意")
    await crew.stage.forward(days=7, minutes=1)
    shown = await crew.chen.say(number(walker))
    assert "还没解决" not in shown.labels and "还没解决" not in shown.text
    assert "现在做不了" in await crew.chen.press(f"t:{walker.id}:reopen")

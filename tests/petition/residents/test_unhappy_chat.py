"""解决 and 满意 are two questions: who is not content is heard before anything closes (C21)."""

import pytest
from chatting import Crew, number
from msgspec.structs import replace
from walking import Walker

from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, State


async def unhappy(crew: Crew) -> Walker:
    walker = await crew.resolved()
    await crew.chen.tap("解决了，不满意")
    return walker


async def said_of(walker: Walker) -> tuple[State, str, int | None]:
    """Where it stands; whether it is solved; how its resident found it."""
    ticket = await walker.ticket()
    return ticket.state, ticket.solved, ticket.rating


# saying it


async def test_solved_and_content_are_two_answers_of_one_tap(crew: Crew):
    walker = await unhappy(crew)
    assert await said_of(walker) == (State.UNHAPPY, "yes", 1)
    assert "明天（周三）上午9点前，网格长给您回话" in (await crew.chen.last()).text


@pytest.mark.parametrize("press", ["confirm:1", "confirm:2", "confirm:3", "partly", "reopen"])
async def test_every_button_that_is_in_peoples_chats_still_works(crew: Crew, press: str):
    walker = await crew.resolved()
    await crew.chen.press(f"t:{walker.id}:{press}")
    if press in {"partly", "reopen"}:
        await crew.chen.say("插头还松")
    assert Action(press.partition(":")[0]) in [e.action for e in await walker.events()]


async def test_an_old_button_says_only_how_it_was_found(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.press(f"t:{walker.id}:confirm:1")
    assert await said_of(walker) == (State.UNHAPPY, "", 1)


@pytest.mark.parametrize(
    ("said", "solved", "why"),
    [
        ("不满意", "", ""), ("解决了，但是不满意", "yes", ""), ("一点都不满意", "", ""),
        ("不满意，来得太慢了", "", "不满意，来得太慢了"),
        ("修得太差劲了", "", "修得太差劲了"),
    ],
)  # fmt: skip
async def test_it_can_be_typed_with_the_reason_in_it(crew: Crew, said: str, solved: str, why: str):
    walker = await crew.resolved()
    await crew.chen.say(said)
    assert await said_of(walker) == (State.UNHAPPY, solved, 1)
    assert (await walker.ticket()).why == why
    assert why in (await crew.lead.last()).text


@pytest.mark.parametrize("said", ["满意", "解决了，满意", "还可以", "师傅很好，挺满意"])
async def test_who_is_content_is_taken_for_nothing_else(crew: Crew, said: str):
    walker = await crew.resolved()
    await crew.chen.say(said)
    assert (await walker.ticket()).state is not State.UNHAPPY


async def test_a_voice_that_says_why_goes_with_it(crew: Crew):
    walker = await unhappy(crew)
    await crew.chen.phone.send_file("voice")
    await crew.chen.settled()
    assert Action.EXPLAIN in [e.action for e in await walker.events()]
    assert "附件 1 个" in (await crew.lead.last()).text


@pytest.mark.parametrize("hours", [0, 5])
async def test_the_reason_typed_late_goes_with_it_and_is_no_new_petition(crew: Crew, hours: int):
    walker = await unhappy(crew)
    await crew.stage.forward(hours=hours)
    await crew.chen.say("师傅态度太差，讲也不讲一声")
    assert (await walker.ticket()).why == "师傅态度太差，讲也不讲一声"
    assert "师傅态度太差" in (await crew.lead.last()).text


async def test_a_wrong_tap_is_taken_back_with_one(crew: Crew):
    walker = await unhappy(crew)
    await crew.chen.tap("😊 满意")
    assert await said_of(walker) == (State.CLOSED, "yes", 3)
    assert "满意" in (await crew.lead.last()).text


# who hears


async def test_the_lead_hears_before_it_closes_and_nobody_is_praised(crew: Crew):
    await unhappy(crew)
    assert "不满意" in (await crew.lead.last()).text
    assert {"🔁 退回再办", "说明后结束"} <= set((await crew.lead.last()).labels)
    for text in await crew.wang.all():
        assert "🎉" not in text and "您辛苦了" not in text


@pytest.mark.parametrize(
    ("label", "is_praised"), [("解决了，满意", True), ("基本满意", False), ("一部分", False)]
)
async def test_only_who_is_content_is_a_reason_to_celebrate(
    crew: Crew, label: str, is_praised: bool
):
    await crew.resolved()
    await crew.chen.tap(label)
    if label == "一部分":
        await crew.chen.say("还有一处没好")
    assert any("🎉" in text for text in await crew.wang.all()) is is_praised


async def test_silence_never_closes_what_its_resident_is_not_content_with(crew: Crew):
    walker = await unhappy(crew)
    await crew.stage.forward(days=10)
    assert (await walker.ticket()).state is State.UNHAPPY
    assert any("逾期：二次办理" in text for text in await crew.lead.all())
    assert any("逾期：二次办理" in text for text in await crew.committee.all())


# what the lead does


async def test_the_lead_sends_it_back_with_words_and_the_resident_hears(crew: Crew):
    walker = await unhappy(crew)
    await crew.lead.tap("🔁 退回再办")
    await crew.lead.say("请今天上门，把线收好")
    ticket = await walker.ticket()
    assert (ticket.state, ticket.handler, ticket.rating) == (State.ACCEPTED, crew.wang.id, None)
    assert "请今天上门，把线收好" in (await crew.wang.last()).text
    heard = (await crew.chen.last()).text
    assert "再去办" in heard and "请今天上门" not in heard


async def test_sent_back_it_goes_to_another_where_who_had_it_has_left(crew: Crew):
    walker = await unhappy(crew)
    await crew.lead.say("/roster")
    await crew.lead.press(f"g:remove:{crew.wang.id}:yes")
    await crew.lead.press(f"t:{walker.id}:redo")
    await crew.lead.say("请返工")
    ticket = await walker.ticket()
    assert ticket.state is State.DISPATCHED and ticket.offered_to not in {None, crew.wang.id}


async def test_the_lead_closes_it_with_an_account_and_it_counts_as_it_was_said(crew: Crew):
    walker = await unhappy(crew)
    await crew.lead.tap("说明后结束")
    await crew.lead.say("我上门道了歉，下次先打电话")
    assert await said_of(walker) == (State.CLOSED, "yes", 1)
    shown = await crew.chen.last()
    assert "我上门道了歉" in shown.text and "还没解决" in shown.labels
    assert "🎉" not in (await crew.wang.last()).text


@pytest.mark.parametrize("is_settled", [False, True])
async def test_the_resident_can_still_say_that_it_is_not_solved(crew: Crew, is_settled: bool):
    walker = await unhappy(crew)
    if is_settled:
        await crew.lead.tap("说明后结束")
        await crew.lead.say("说好了")
    await crew.chen.tap("还没解决")
    await crew.chen.say("又松了")
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_neither_the_handler_nor_a_merge_gets_around_the_lead(crew: Crew):
    walker = await unhappy(crew)
    for press in ("settle", "redo", "merge", "resolve"):
        assert "做不了" in await crew.wang.press(f"t:{walker.id}:{press}")
    assert (await walker.ticket()).state is State.UNHAPPY


# after it was closed in silence, or partly


async def test_what_was_closed_in_silence_can_be_rated_for_a_week(crew: Crew):
    walker = await crew.resolved()
    await crew.stage.forward(days=4)
    await crew.chen.tap("解决了，满意")
    assert await said_of(walker) == (State.CLOSED, "yes", 3)


async def test_a_poor_rating_after_the_silence_reaches_the_lead(crew: Crew):
    walker = await crew.resolved()
    await crew.stage.forward(days=4)
    await crew.chen.say("不满意")
    assert (await walker.ticket()).state is State.UNHAPPY
    assert "不满意" in (await crew.lead.last()).text


async def test_a_poor_rating_after_partly_reaches_the_lead_and_both_answers_stay(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("解决了一部分")
    await crew.chen.say("灯亮了，线还露着")
    await crew.chen.tap("不满意")
    assert await said_of(walker) == (State.UNHAPPY, "partly", 1)
    assert "解决了一部分，但不满意" in (await crew.lead.last()).text


async def test_after_a_week_it_is_too_late(crew: Crew):
    walker = await crew.resolved()
    await crew.stage.forward(days=11)
    assert "做不了" in await crew.chen.press(f"t:{walker.id}:confirm:1")
    assert (await walker.ticket()).state is State.CLOSED


# the figures


async def test_the_figures_print_what_they_mean_and_count_the_two_answers_apart(crew: Crew):
    await unhappy(crew)
    shown = (await crew.lead.say("/figures")).text
    assert all(f"{rate}：" in shown for rate in ("响应率", "解决率", "满意率"))
    assert "解决率 100%（问到 1 件，解决 1 件）" in shown and "满意率 0%（评价 1 件）" in shown


async def test_who_says_only_that_he_is_not_content_has_not_said_that_it_is_solved(crew: Crew):
    await crew.resolved()
    await crew.chen.say("不满意")
    assert "解决率 还没有" in (await crew.lead.say("/figures")).text


async def test_a_month_closed_under_the_old_definition_stays_as_it_was(crew: Crew):
    walker = await crew.resolved()
    async with crew.stage.service.store.begin(crew.stage.now) as tx:  # as any rating was kept then
        [was] = await tx.get_all(TICKETS, [walker.id])
        then = replace(was, state=State.CLOSED, rating=1, solved="yes", clocks={})
        tx.put(replace(then, ended_at=crew.stage.now, version=was.version + 1), ())
    await crew.stage.forward(days=20)
    shown = (await crew.lead.say("/figures")).text
    assert "解决率 100%（问到 1 件，解决 1 件）" in shown


async def test_what_was_solved_in_part_says_until_when_it_is_taken_up_again(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("解决了一部分")
    closed = await crew.chen.say("一处好了，另一处还没有")
    assert "要再办，12月1日（周二）上午9点前点「还没解决」" in closed.text
    await crew.stage.forward(days=6, hours=23)
    await crew.chen.say("还没解决")
    await crew.chen.say("另一处还是不行")
    assert (await walker.ticket()).state is State.ACCEPTED


async def test_after_that_no_card_says_so(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("解决了一部分")
    await crew.chen.say("一处好了，另一处还没有")
    await crew.stage.forward(days=8)
    assert "要再办" not in (await crew.chen.say(number(walker))).text

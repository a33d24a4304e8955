"""How it went: said at a glance, never lost, and "not solved" always reaches somebody."""

from datetime import timedelta

import pytest
from chatting import Crew, number
from msgspec.structs import replace
from walking import Walker

from workflows.petition.words import State

VERDICTS = [
    ["✅ 解决了，满意"], ["🙂 解决了，基本满意"], ["🙁 解决了，不满意"],
    ["🌓 解决了一部分", "还没解决"],
]  # fmt: skip


async def rated(crew: Crew, label: str) -> Walker:
    walker = await crew.resolved()
    await crew.chen.tap(label)
    return walker


async def not_solved(crew: Crew, walker: Walker, why: str = "又坏了") -> None:
    await crew.chen.say(number(walker))
    await crew.chen.tap("还没解决")
    await crew.chen.say(why)


async def card_of(crew: Crew, walker: Walker) -> str:
    """The handler's card as it is now."""
    return (await crew.wang.say(number(walker))).text


# saying it


async def test_the_card_of_what_was_done_offers_every_answer_at_a_glance(crew: Crew):
    await crew.resolved()
    first = (await crew.chen.last()).buttons[: len(VERDICTS)]
    assert [[b.text for b in row] for row in first] == VERDICTS


@pytest.mark.parametrize(
    ("label", "rating", "state"),
    [("解决了，基本满意", 2, State.CLOSED), ("解决了，不满意", 1, State.UNHAPPY)],
)
async def test_a_poor_rating_is_asked_why_with_one_tap(
    crew: Crew, label: str, rating: int, state: State
):
    walker = await rated(crew, label)
    assert ((await walker.ticket()).state, (await walker.ticket()).rating) == (state, rating)
    card = await crew.chen.last()
    assert "哪里没做好" in card.text and {"来得太慢", "没有修好"} <= set(card.labels)
    await crew.chen.tap("来得太慢")
    assert (await walker.ticket()).why == "来得太慢"
    assert "来得太慢" in (await crew.lead.last()).text
    assert f"{label}（来得太慢）" in await card_of(crew, walker)


async def test_the_reason_can_be_in_ones_own_words(crew: Crew):
    walker = await rated(crew, "不满意")
    await crew.chen.tap("说说原因")
    shown = await crew.chen.say("修了三次才好")
    assert (await walker.ticket()).why == "修了三次才好" and "修了三次才好" in shown.text
    assert "说说原因" not in shown.labels


async def test_the_best_rating_is_asked_no_reason(crew: Crew):
    await rated(crew, "解决了，满意")
    card = await crew.chen.last()
    assert "哪里没做好" not in card.text and not {"来得太慢", "说说原因"} & set(card.labels)


async def test_a_rating_stays_though_no_reason_was_ever_given(crew: Crew):
    walker = await rated(crew, "不满意")
    await crew.chen.tap("说说原因")
    await crew.chen.say("/cancel")
    await crew.stage.forward(days=30)
    ticket = await walker.ticket()
    assert (ticket.state, ticket.rating, ticket.solved, ticket.why) == (State.UNHAPPY, 1, "yes", "")


async def test_partly_is_an_answer_of_its_own_that_staff_hear_and_see(crew: Crew):
    walker = await rated(crew, "解决了一部分")
    await crew.chen.say("灯亮了，线还露着")
    ticket = await walker.ticket()
    assert (ticket.state, ticket.solved, ticket.rating) == (State.CLOSED, "partly", None)
    for staff in (crew.wang, crew.lead):
        assert "灯亮了，线还露着" in (await staff.last()).text
    shown = await card_of(crew, walker)
    assert "居民说：解决了一部分" in shown and "没有评价" not in shown
    assert "您说：解决了一部分" in (await crew.chen.last()).text


# not saying it


async def test_without_an_answer_it_is_closed_as_such_and_counts_as_no_praise(crew: Crew):
    walker = await crew.resolved()
    await crew.stage.forward(days=4)
    ticket = await walker.ticket()
    assert (ticket.state, ticket.solved, ticket.rating) == (State.CLOSED, "", None)
    shown = await card_of(crew, walker)
    assert "居民没有评价" in shown and "满意" not in shown.replace("居民没有评价", "")
    told = "".join(await crew.chen.all())
    assert "一直没有等到您的回话" in told and "就当解决" not in told
    assert "还没解决" in (await crew.chen.last()).labels


# not solved


async def test_not_solved_reaches_who_had_it_and_the_lead_after_it_was_closed(crew: Crew):
    walker = await crew.resolved()
    await crew.stage.forward(days=9)  # closed by the clock six days ago
    assert (await walker.ticket()).state is State.CLOSED
    await not_solved(crew, walker)
    for staff in (crew.wang, crew.lead):
        assert "又坏了" in (await staff.last()).text
    ticket = await walker.ticket()
    assert (ticket.state, ticket.handler, ticket.result) == (State.ACCEPTED, crew.wang.id, "")


async def test_not_solved_goes_on_to_another_when_who_had_it_has_left(crew: Crew):
    walker = await crew.resolved()
    await crew.lead.say("/roster")
    await crew.lead.press(f"g:remove:{crew.wang.id}:yes")
    assert (await walker.ticket()).handler == crew.wang.id
    await not_solved(crew, walker)
    ticket = await walker.ticket()
    assert ticket.state is State.DISPATCHED and ticket.offered_to not in {None, crew.wang.id}
    assert "又坏了" in "".join(await crew.lead.all())
    taker = next(c for c in (crew.li, crew.zhao) if c.id == ticket.offered_to)
    assert "请接单" in (await taker.last()).text


async def test_not_solved_reaches_the_stand_in_of_who_is_away(crew: Crew):
    walker = await crew.resolved()
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        wang = await tx.person(crew.wang.id)
        assert wang
        away = crew.stage.now + timedelta(days=9)
        tx.put_person(replace(wang, away_until=away, stand_in=crew.li.id))
    await not_solved(crew, walker)
    for staff in (crew.li, crew.lead):
        assert "又坏了" in (await staff.last()).text


async def test_not_solved_goes_on_from_who_blocked_the_bot_and_the_lead_hears(crew: Crew):
    walker = await crew.resolved()
    await crew.wang.phone.block()
    await not_solved(crew, walker)
    assert "收不到消息了" in (await crew.lead.last()).text
    assert (await walker.ticket()).offered_to == crew.li.id
    assert "又坏了" in (await crew.li.last()).text

"""A gift from the shelf into somebody's hands, and back, over the wire."""

import pytest
from bank import OIL, RICE, Bank, buttons, live_together
from msgspec.structs import replace

from workflows.passbook.words import State


async def test_a_gift_is_chosen_by_two_taps_and_handed_out_by_its_code(bank: Bank):
    await bank.rich()
    gift = await bank.chosen()
    assert gift.state is State.WAITING and gift.code in (await bank.chen.last()).text
    assert (await bank.balance(), await bank.balance("held")) == (10, 10)
    assert gift.code not in "".join(await bank.keeper.all())
    await bank.keeper.say(f"兑换 {gift.code[:3]} {gift.code[3:]}")
    assert (await bank.gift()).done_by == bank.keeper.id
    assert "领走了" in (await bank.chen.last()).text
    assert (await bank.balance(), await bank.balance("held")) == (10, 0)
    await bank.adds_up()


async def test_a_second_tap_takes_no_second_one(bank: Bank):
    await bank.rich()
    await bank.shelf()
    sure = await bank.chen.tap("大米")
    await bank.chen.tap("就换这个")
    await bank.chen.press_late("就换这个", sure)
    assert "没有多扣" in await bank.chen.toast()
    assert len(await bank.gifts()) == 1 and await bank.balance() == 10


async def test_the_price_he_was_told_is_the_price(bank: Bank):
    await bank.rich()
    await bank.shelf()
    await bank.chen.tap("大米")
    bank.settle_on(gifts=(replace(RICE, points=11),))
    await bank.chen.tap("就换这个")
    assert await bank.gifts() == [] and await bank.balance() == 20


async def test_a_price_that_changes_later_changes_nothing_of_what_is_held(bank: Bank):
    await bank.rich()
    gift = await bank.chosen()
    bank.settle_on(gifts=(replace(RICE, points=20),))
    await bank.keeper.say(f"兑换{gift.code}")
    assert await bank.balance() == 10


async def test_who_has_too_little_is_told_how_much_is_missing(bank: Bank):
    await bank.served(minutes=30, verifier=bank.lead.id)
    said = await bank.shelf()
    assert "还差 5 分" in said.text and not any("大米" in one for one in buttons(said))


async def test_of_the_last_one_nobody_gets_a_second(bank: Bank):
    await bank.rich()
    await bank.served(by=bank.zhou, minutes=120, verifier=bank.lead.id)
    bank.settle_on(gifts=(replace(RICE, bought=2, keep=1),))
    for chat in (bank.chen, bank.zhou):
        await chat.say("存折")
        await chat.tap("换东西")
        await chat.tap("大米")
    await bank.chen.tap("就换这个")
    await bank.zhou.tap("就换这个")
    assert "刚刚没有了" in await bank.zhou.toast()
    assert len(await bank.gifts()) == 1 and await bank.balance(of=bank.zhou) == 20


@pytest.mark.parametrize("limit", ["most", "household_most"])
async def test_a_year_has_its_limit_for_one_and_for_his_household(bank: Bank, limit: str):
    await live_together(bank, bank.chen, bank.zhou)
    bank.settle_on(gifts=(replace(RICE, bought=9, **{limit: 1}),))
    await bank.rich()
    await bank.served(by=bank.zhou, minutes=120, verifier=bank.lead.id)
    await bank.chosen()
    await bank.chosen(by=bank.zhou)
    assert len(await bank.gifts()) == (2 if limit == "most" else 1)
    await bank.chosen()
    assert "最多换 1 件" in await bank.chen.toast() and await bank.balance() == 10


async def test_he_is_reminded_and_what_nobody_fetched_is_released_by_itself(bank: Bank):
    await bank.rich()
    await bank.chosen()
    for days, times in ((8, 1), (5, 2)):
        await bank.stage.forward(days=days)
        assert sum("来领礼品" in said for said in await bank.chen.all()) == times
    await bank.stage.forward(days=2)
    assert (await bank.gift()).state is State.DROPPED and await bank.balance() == 20
    assert "积分还给您了" in (await bank.chen.last()).text
    assert "大米 · 10 分 · 还有 2 件" in (await bank.shelf()).text


async def test_he_calls_it_off_himself(bank: Bank):
    await bank.rich()
    await bank.chosen()
    await bank.chen.tap("不换了")
    assert (await bank.gift()).state is State.DROPPED and await bank.balance() == 20


async def test_what_is_not_there_at_the_counter_is_let_go_or_changed_for_less(bank: Bank):
    await bank.rich()
    await bank.chosen()
    await bank.chen.tap("换成别的")
    await bank.chen.tap("食用油")
    gift = await bank.gift()
    assert (gift.what, gift.points, await bank.balance()) == (OIL.name, 8, 12)
    await bank.chen.tap("换成别的")
    await bank.chen.tap("大米")
    assert "比原来的贵" in "".join(await bank.chen.all()) and (await bank.gift()).what == OIL.name
    await bank.adds_up()


async def test_a_wrong_code_is_told_kindly_and_a_used_one_hands_out_nothing(bank: Bank):
    await bank.rich()
    gift = await bank.chosen()
    await bank.keeper.say(f"/t {gift.id}")
    wrong = f"{(int(gift.code) + 1) % 10**6:06}"
    await bank.keeper.press(f"gift:{gift.id}:confirm")
    await bank.keeper.say(wrong)
    assert "领取码不对" in "".join(await bank.keeper.all())
    assert (await bank.gift()).state is State.WAITING
    await bank.keeper.say(f"兑换{gift.code}")
    await bank.keeper.say(f"兑换{gift.code}")
    assert "现在做不了" in (await bank.keeper.last()).text
    assert await bank.balance("held") == 0


async def test_a_code_is_taken_by_nobody_but_the_counter(bank: Bank):
    await bank.rich()
    gift = await bank.chosen()
    await bank.zhou.say(f"兑换 {gift.code}")
    await bank.chen.say(f"兑换 {gift.code}")
    assert (await bank.gift()).state is State.WAITING


async def test_what_is_faulty_is_taken_back_by_two(bank: Bank):
    await bank.rich()
    gift = await bank.chosen()
    await bank.keeper.say(f"兑换{gift.code}")
    await bank.keeper.tap("要退")
    await bank.keeper.say("米里有虫")
    assert "请您定" in (await bank.committee.last()).text and await bank.balance() == 10
    await bank.committee.tap("同意退")
    assert (await bank.gift()).state is State.UNDONE and await bank.balance() == 20
    assert "积分还给您了" in (await bank.chen.last()).text
    await bank.adds_up()


async def test_he_says_himself_that_it_is_faulty_and_it_may_stay_as_it_is(bank: Bank):
    await bank.rich()
    gift = await bank.chosen()
    await bank.keeper.say(f"兑换{gift.code}")
    await bank.chen.tap("东西有问题")
    await bank.chen.say("袋子破了")
    assert "邻居说礼品有问题" in (await bank.lead.last()).text
    await bank.lead.tap("不退")
    assert (await bank.gift()).state is State.DONE and await bank.balance() == 10


async def test_the_shelf_says_what_is_set_aside_for_it_and_stands_around(bank: Bank):
    await bank.rich()
    assert "换东西" in "".join(buttons(await bank.chen.say("/around")))
    said = (await bank.shelf()).text
    assert "一共 90 元，由爱心基金出，里面留了 1000 元" in said and "服务中心一楼" in said

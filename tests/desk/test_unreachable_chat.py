"""Who blocked the bot or deleted the account is offered nothing, and what was his goes on."""

import pytest
from chatting import Chat, Crew, number

from workflows.petition.words import Action, State


async def block(crew: Crew, chat: Chat) -> None:
    await chat.phone.block()
    await crew.stage.settle()


async def test_nothing_is_offered_to_who_is_known_to_be_gone(crew: Crew):
    await block(crew, crew.wang)
    walker = await crew.file()
    assert (await walker.ticket()).offered_to == crew.li.id


async def test_who_comes_back_is_asked_again(crew: Crew):
    await block(crew, crew.wang)
    await crew.wang.phone.unblock()
    await crew.wang.start()
    assert (await (await crew.file()).ticket()).offered_to == crew.wang.id


async def test_what_is_on_offer_goes_to_the_next_at_once(crew: Crew):
    walker = await crew.file()
    await block(crew, crew.wang)
    assert (await walker.ticket()).offered_to == crew.li.id
    assert number(walker) in (await crew.li.last()).text


async def test_of_a_deleted_account_the_bot_learns_by_writing_and_asks_the_next(crew: Crew):
    await crew.wang.phone.deactivate()
    walker = await crew.file()
    assert (await walker.ticket()).offered_to == crew.li.id
    assert "王琴 收不到消息了" in "".join(await crew.lead.all())


async def test_what_is_in_hand_goes_on_and_the_lead_hears(crew: Crew):
    walker = await crew.accepted()
    await block(crew, crew.wang)
    ticket = await walker.ticket()
    assert (ticket.handler, ticket.offered_to) == (None, crew.li.id)
    last = await crew.lead.last()
    assert "王琴 收不到消息了" in last.text and number(walker) in last.text


async def test_what_waits_for_the_resident_stays_until_work_goes_on(crew: Crew):
    walker = await crew.waiting()
    await block(crew, crew.wang)
    assert (await walker.ticket()).state is State.WAITING
    await crew.chen.say("门口那个")
    assert (await walker.ticket()).offered_to == crew.li.id
    assert "门口那个" in (await crew.li.last()).text


async def test_a_helper_out_of_reach_helps_no_more_and_the_handler_hears(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.press(f"t:{walker.id}:{Action.ASSIST}")
    await crew.wang.tap("李明")
    await crew.wang.say("请一起去看看")
    await block(crew, crew.li)
    assert (await walker.ticket()).helpers == ()
    assert "李明" in (await crew.wang.last()).text


async def test_the_list_to_dispatch_from_leaves_him_out(crew: Crew):
    await block(crew, crew.li)
    walker = await crew.file()
    await crew.lead.press(f"t:{walker.id}:{Action.DISPATCH}")
    labels = "".join((await crew.lead.last()).labels)
    assert "赵兰" in labels and "李明" not in labels


async def test_one_who_left_while_the_list_was_open_is_refused(crew: Crew):
    walker = await crew.file()
    await crew.lead.press(f"t:{walker.id}:{Action.DISPATCH}")
    await block(crew, crew.li)
    await crew.lead.tap("李明")
    assert (await walker.ticket()).offered_to == crew.wang.id
    assert "收不到消息" in await crew.lead.toast()


async def test_the_roster_and_his_card_mark_him(crew: Crew):
    await block(crew, crew.wang)
    roster = await crew.lead.say("/roster")
    [line] = [line for line in roster.text.split("\n") if "王琴" in line]
    assert line.startswith("📵")
    card = await crew.lead.tap("👤 王琴")
    assert "📵 收不到消息" in card.text


async def test_a_nudge_reaches_whoever_it_went_on_to(crew: Crew):
    walker = await crew.accepted()
    await block(crew, crew.wang)
    await crew.chen.press(f"t:{walker.id}:{Action.NUDGE}")
    assert "在催这一件" in (await crew.li.last()).text


@pytest.mark.parametrize("above", ["lead", "committee"])
async def test_what_a_superior_cannot_hear_goes_one_higher(crew: Crew, above: str):
    await crew.all_rest()
    for chat in (crew.lead, crew.committee)[: 1 + (above == "committee")]:
        await block(crew, chat)
    higher = crew.committee if above == "lead" else crew.street
    walker = await crew.file("3号楼路灯不亮")
    assert any(number(walker) in text for text in await higher.all())


async def test_no_stand_in_is_named_who_cannot_be_reached(crew: Crew):
    await block(crew, crew.li)
    await crew.wang.say("/duty")
    await crew.wang.tap("🏖 请假")
    await crew.wang.tap("3天后")
    labels = "".join((await crew.wang.last()).labels)
    assert "赵兰" in labels and "李明" not in labels

"""Who cannot be reached: somebody who blocked the bot or is gone, a group that shut or moved."""

import pytest
from casting import CHARGER, GRID, Cast
from post import deliver_for, heard, owe, owe_card, sends, states
from walking import Walker

from playground.phones.phone import Phone
from playground.phones.phone_client import Group
from playground.stage.stage import Stage
from workflows.core.numbers import format_number
from workflows.petition.words import State

# people


async def test_a_resident_who_blocked_is_told_when_he_writes_again(cast: Cast):
    """# F3"""
    walker = await Walker.file(cast, CHARGER)
    await walker.reach(State.PROPOSED)
    await cast.committee.tap("同意")
    await cast.stage.service.poller.step(0)
    await cast.chen.block()
    await cast.stage.service.deliverer.drain()
    ticket = await walker.ticket()
    assert ticket.untold and ticket.told_at is None
    await cast.stage.forward(minutes=30)
    assert len(await sends(cast.stage, cast.chen.user_id, 403)) == 1
    assert any("屏蔽" in text or "告知" in text for text in await heard(cast.wang))
    back_at = cast.stage.now
    await cast.chen.start()
    await cast.stage.settle()
    ticket = await walker.ticket()
    assert ticket.told_at and ticket.told_at >= back_at
    assert sum("说明" in text for text in await heard(cast.chen)) == 1


async def test_a_chat_known_to_be_blocked_is_not_even_tried(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F3"""
    a, _ = two
    await a.block()
    await on_stage.settle()
    await owe(on_stage, a.user_id, "1")
    await on_stage.settle()
    assert await sends(on_stage, a.user_id, 403) == []
    assert (await states(on_stage))["parked"] == 1


async def test_a_deleted_account_is_parked_after_one_attempt(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F3"""
    a, b = two
    await a.deactivate()
    await owe(on_stage, a.user_id, "1")
    await owe(on_stage, a.user_id, "2")
    await owe(on_stage, b.user_id, "3")
    await on_stage.settle()
    assert len(await sends(on_stage, a.user_id, 403)) == 1
    assert (await states(on_stage))["parked"] == 2 and await heard(b) == ["3"]


# groups


@pytest.fixture
async def bound(cast: Cast) -> Group:
    """The grid's group, bound by its lead."""
    group = await cast.stage.phones.add_group("1网格", [cast.lead, cast.wang])
    await cast.lead.send("/bind", chat=group)
    await cast.stage.settle()
    return group


async def in_group(cast: Cast, phone: Phone, group: Group | int) -> list[str]:
    chat = group.chat_id if isinstance(group, Group) else group
    return [m.text for m in await phone.inbox(chat=chat) if "📍" in m.text and not m.deleted]


async def group_of_grid(cast: Cast) -> int | None:
    async with cast.stage.service.store.read(cast.stage.now) as tx:
        return await tx.group_of(GRID)


async def test_a_group_that_shut_us_out_falls_back_to_its_lead(cast: Cast, bound: Group):
    """# F4"""
    walker = await Walker.file(cast, CHARGER)
    await cast.stage.phones.set_bot_status(bound, "kicked")
    await owe_card(cast.stage, bound.chat_id, walker.id)
    await cast.stage.settle()
    told = [text for text in await heard(cast.lead) if "发不进去" in text]
    assert len(told) == 1 and format_number(walker.id) in told[0]
    assert await group_of_grid(cast) is None


async def test_a_group_that_let_us_in_again_is_written_to_again(cast: Cast, bound: Group):
    """# F4"""
    walker = await Walker.file(cast, CHARGER)
    for status in ("kicked", "member"):
        await cast.stage.phones.set_bot_status(bound, status)
        await owe_card(cast.stage, bound.chat_id, walker.id)
        if status == "member":
            await cast.lead.send("/bind", chat=bound)
        await cast.stage.settle()
    assert await group_of_grid(cast) == bound.chat_id
    assert len(await in_group(cast, cast.wang, bound)) == 1


async def test_a_group_that_moved_is_found_by_the_refusal_and_written_to_once(
    cast: Cast, bound: Group
):
    """# F5: before its own update has come in."""
    new = await cast.stage.phones.upgrade(bound)
    await owe(cast.stage, bound.chat_id, "大家好")
    await cast.stage.service.deliverer.drain()
    await deliver_for(cast.stage, seconds=61)
    await cast.stage.settle()
    assert await group_of_grid(cast) == new.chat_id
    assert [t for t in await heard(cast.wang, new) if t == "大家好"] == ["大家好"]


async def test_a_card_in_a_group_that_moved_is_edited_at_its_new_id(cast: Cast, bound: Group):
    """# F5"""
    walker = await Walker.file(cast, CHARGER)
    await owe_card(cast.stage, bound.chat_id, walker.id)
    await cast.stage.settle()
    new = await cast.stage.phones.upgrade(bound)
    await cast.stage.settle()
    calls = (await cast.stage.phones.calls())[-1]["n"]
    await cast.wang.tap("接单")
    await cast.stage.settle()
    later = await cast.stage.phones.calls(after=calls)
    to = {int(c["params"]["chat_id"]) for c in later if int(c["params"].get("chat_id", 1)) < 0}
    assert to == {new.chat_id}
    assert await group_of_grid(cast) == new.chat_id

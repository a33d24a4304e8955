"""From the outbox to Telegram: whatever it answers, everything owed ends somewhere, in order."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from casting import Cast
from jinja2 import ChoiceLoader, DictLoader
from post import all_under_way, deliver_for, delivering, heard, listener, owe, owe_card, rows, sends
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError
from telegram.error import InvalidToken
from walking import Walker

from bot.config import Settings
from bot.deliver import Deliverer
from playground.limits import Limits
from playground.line import Group
from playground.phone import Phone
from playground.stage import Stage, stage
from workflows.model import Priority, Role, State
from workflows.number import say
from workflows.store import tables as t

CHARGER = "3号楼下充电桩坏了"
GRID = "友新街道/南环一/1网格"


@pytest.fixture
async def two(on_stage: Stage) -> tuple[Phone, Phone]:
    return await listener(on_stage, "甲", 1001), await listener(on_stage, "乙", 1002)


async def states(on_stage: Stage) -> Counter[str]:
    return Counter(row["state"] for row in await rows(on_stage))


# 429, 5xx, the network


async def test_a_429_halts_only_its_chat_and_for_its_own_time(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F1"""
    a, b = two
    await on_stage.phones.fault("429", "sendMessage", chat_id=a.user_id, retry_after=30)
    await owe(on_stage, a.user_id, "a1")
    await owe(on_stage, b.user_id, "b1", "b2")
    refused_at = on_stage.now
    await deliver_for(on_stage, seconds=29)
    assert (await heard(a), await heard(b)) == ([], ["b1", "b2"])
    await deliver_for(on_stage, seconds=1)
    assert await heard(a) == ["a1"]
    again = datetime.fromisoformat((await sends(on_stage, a.user_id))[-1]["at"])
    assert again - refused_at == timedelta(seconds=30)


async def test_a_halted_chat_is_looked_at_again_when_its_time_is_up_and_not_before(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F1: a second message behind the halted one must not make the loop spin."""
    await on_stage.phones.fault("429", "sendMessage", retry_after=30)
    await owe(on_stage, two[0].user_id, "a1", "a2")
    await on_stage.service.deliverer.drain()
    store = on_stage.service.store
    assert await store.next_owed() == on_stage.now + timedelta(seconds=30)
    assert await store.next_owed(after=on_stage.now + timedelta(seconds=30)) is None


async def test_order_survives_a_refusal_of_the_first(on_stage: Stage, two: tuple[Phone, Phone]):
    """# F1, F35"""
    a, _ = two
    await on_stage.phones.fault("429", "sendMessage", retry_after=5)
    await owe(on_stage, a.user_id, "1", "2", "3")
    await deliver_for(on_stage, seconds=10)
    assert await heard(a) == ["1", "2", "3"]


@pytest.mark.parametrize("kind", ["502", "html", "json", "stop"])
async def test_half_an_hour_of_outage_delays_and_loses_nothing(
    kind: str, on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F2"""
    a, b = two
    await on_stage.phones.fault(kind, "sendMessage", count=0)
    for n in ("1", "2", "3"):
        await owe(on_stage, a.user_id, f"a{n}")
        await owe(on_stage, b.user_id, f"b{n}")
    await deliver_for(on_stage, minutes=30)
    assert await heard(a) == await heard(b) == []
    assert 30 <= len(await sends(on_stage, a.user_id)) - 1 <= 70  # it slows down, to a minute
    await on_stage.phones.clear_faults()
    await deliver_for(on_stage, minutes=2)
    assert (await heard(a), await heard(b)) == (["a1", "a2", "a3"], ["b1", "b2", "b3"])


async def test_retries_of_many_chats_do_not_march_in_step(on_stage: Stage):
    """# F2: jitter."""
    crowd = [await listener(on_stage, f"人{n}", 2000 + n) for n in range(6)]
    await on_stage.phones.fault("502", "sendMessage", count=6)
    for phone in crowd:
        await owe(on_stage, phone.user_id, "x")
    await on_stage.service.deliverer.drain()
    again = {row["not_before"] for row in await rows(on_stage) if row["state"] == "queued"}
    assert len(again) == 6


async def test_a_lost_reply_doubles_at_most_one_message_and_it_carries_the_number(cast: Cast):
    """# F15"""
    await cast.chen.start("st_nanhuan-east")
    await cast.chen.send(CHARGER)
    await cast.stage.settle()
    await cast.chen.tap("提交")
    await cast.stage.phones.fault("drop", "sendMessage", chat_id=cast.chen.user_id)
    await cast.stage.settle()
    async with cast.stage.service.store.read(cast.stage.now) as tx:
        [ticket] = await tx.brought_by(cast.chen.user_id, 9)
    told = [text for text in await heard(cast.chen) if say(ticket.id) in text]
    assert len(told) == 2 and told[0] == told[1]


# who cannot be reached


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
    assert len(told) == 1 and say(walker.id) in told[0]
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


# 400


async def test_not_modified_is_success(cast: Cast):
    """# F6"""
    walker = await Walker.file(cast, CHARGER)
    for _ in range(2):
        await owe_card(cast.stage, cast.wang.user_id, walker.id, "edit")
        await cast.stage.settle()
    edits = [c for c in await cast.stage.phones.calls() if c["method"] == "editMessageText"]
    assert [c["status"] for c in edits] == [400, 400]  # each was tried once
    assert all("not modified" in c["answer"]["description"] for c in edits)
    assert set(await states(cast.stage)) == {"sent"}


async def test_a_tap_too_old_to_be_answered_still_counts(
    cast: Cast, caplog: pytest.LogCaptureFixture
):
    """# F7: what Telegram says of the answer holds up nothing, and is nobody's error."""
    walker = await Walker.file(cast, CHARGER)
    await cast.wang.tap("接单")
    cast.stage.clock.advance(20 * 60)
    await cast.stage.settle()
    answers = [c for c in await cast.stage.phones.calls() if c["method"] == "answerCallbackQuery"]
    assert "query is too old" in answers[-1]["answer"]["description"]
    assert (await walker.ticket()).state is State.ACCEPTED
    assert not [record for record in caplog.records if record.name == "asyncio"]


def spoil(on_stage: Stage, template: str) -> None:
    """Let the template of plain texts have a mistake."""
    renderer = on_stage.service.renderer
    for environment in (renderer.environment, renderer.builtin):
        assert environment.loader
        environment.loader = ChoiceLoader([DictLoader({"text.html": template}), environment.loader])


async def test_what_telegram_cannot_parse_goes_out_once_as_plain_text(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F8"""
    spoil(on_stage, "<b>{{ text }}<i>")
    await owe(on_stage, two[0].user_id, "3 < 4 & 5")
    await on_stage.settle()
    assert await heard(two[0]) == ["3 < 4 & 5"]
    [refused] = await sends(on_stage, two[0].user_id, 400)
    assert "can't parse entities" in refused["answer"]["description"]


async def test_what_is_refused_as_plain_text_too_is_dead_and_the_admins_hear_of_it(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F8"""
    admin = await on_stage.hire("管理员", Role.ADMIN, "", 9001)
    await owe(on_stage, two[0].user_id, "", "next")
    await on_stage.settle()
    assert len(await sends(on_stage, two[0].user_id, 400)) == 2
    assert await heard(two[0]) == ["next"]
    assert [t for t in await heard(admin) if "text is empty" in t]
    assert (await states(on_stage))["dead"] == 1


async def test_a_template_that_cannot_be_drawn_is_dead_and_holds_up_nobody(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F8"""
    spoil(on_stage, "{{ nothing_like_that }}")
    await owe(on_stage, two[0].user_id, "1")
    await on_stage.settle()
    assert (await states(on_stage))["dead"] == 1 and await sends(on_stage, 1001, 400) == []


async def test_a_card_that_was_deleted_is_sent_anew(cast: Cast):
    """# F9"""
    walker = await Walker.file(cast, CHARGER)
    card = await cast.wang.last()
    await cast.stage.service.bot.delete_message(cast.wang.user_id, card.id)
    await owe_card(cast.stage, cast.wang.user_id, walker.id, "edit")
    await cast.stage.settle()
    anew = await cast.wang.last()
    assert anew.id > card.id and say(walker.id) in anew.text and "接单" in anew.labels
    known = {r["chat_id"]: r["message_id"] for r in await rows(cast.stage, t.cards)}
    assert known[cast.wang.user_id] == anew.id


async def test_only_the_newest_card_keeps_its_buttons(cast: Cast):
    walker = await Walker.file(cast, CHARGER)
    old = await cast.wang.last()
    await owe_card(cast.stage, cast.wang.user_id, walker.id)
    await cast.stage.settle()
    now = {m.id: m.labels for m in await cast.wang.inbox()}
    assert now[old.id] == [] and "接单" in (await cast.wang.last()).labels


# order and pace


async def test_a_reply_goes_before_a_push_and_a_push_before_a_broadcast(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F35"""
    a, _ = two
    for priority in (Priority.BROADCAST, Priority.PUSH, Priority.REPLY):
        await owe(on_stage, a.user_id, f"{priority.name}1", f"{priority.name}2", priority=priority)
    await on_stage.settle()
    assert await heard(a) == [f"{p}{n}" for p in ("REPLY", "PUSH", "BROADCAST") for n in (1, 2)]


async def test_a_hundred_chats_in_a_burst_and_a_busy_group_are_never_refused(settings: Settings):
    """# F1, F35: Telegram's own three limits are on."""
    async with stage(settings, limits=Limits()) as made:
        crowd = [await made.phones.add_user(f"人{n}", 2000 + n) for n in range(60)]
        group = await made.phones.add_group("群", crowd[:1])
        for phone in crowd:
            await phone.start()
        await made.settle()
        began = made.now
        for phone in crowd:
            await owe(made, phone.user_id, "1", "2", "3")
        await owe(made, group.chat_id, *(f"g{n:02}" for n in range(45)))
        await deliver_for(made, minutes=3)
        assert await sends(made, status=429) == []
        assert [await heard(p) for p in crowd] == [["1", "2", "3"]] * 60
        assert await heard(crowd[0], group) == [f"g{n:02}" for n in range(45)]
        last = datetime.fromisoformat((await sends(made, 2059))[-1]["at"])
        assert timedelta(seconds=6) <= last - began <= timedelta(seconds=9)  # no slower either


async def test_a_send_that_hangs_holds_up_only_its_own_chat(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F35: also what becomes due meanwhile, without anybody waking the loop."""
    a, b = two
    await on_stage.phones.fault("hang", "sendMessage", chat_id=a.user_id)
    await owe(on_stage, a.user_id, "a1", "a2")
    await owe(on_stage, b.user_id, "b1", due=on_stage.now + timedelta(milliseconds=30))
    before = (await b.last()).id
    async with delivering(on_stage):
        assert [m.text for m in await b.inbox(after=before, wait=3)] == ["b1"]
        assert await heard(a) == []
        await on_stage.phones.clear_faults()
        assert await a.inbox(after=(await a.last()).id, wait=3)


async def test_an_answer_is_written_down_at_once(on_stage: Stage, two: tuple[Phone, Phone]):
    """# F20: also when something that owes nothing came in while it was on its way."""
    a, _ = two
    await on_stage.phones.fault("hang", "sendMessage")
    await owe(on_stage, a.user_id, "a1")
    async with delivering(on_stage):
        await all_under_way(on_stage)
        on_stage.service.deliverer.wake.set()
        await asyncio.sleep(0.05)
        await on_stage.phones.clear_faults()
        async with asyncio.timeout(3):
            while (await states(on_stage))["queued"]:
                await asyncio.sleep(0.005)


# the database and the end


async def test_what_cannot_be_written_down_is_remembered_and_not_sent_again(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F24, F20: the disk is full just after Telegram took the message."""
    a, _ = two
    await owe(on_stage, a.user_id, "a1")
    full = "CREATE TRIGGER full BEFORE UPDATE ON outbox WHEN NEW.state = 'sent' BEGIN "
    async with on_stage.service.store.begin(on_stage.now) as tx:
        await tx.conn.execute(sql(full + "SELECT RAISE(ABORT, 'disk full'); END"))
    with pytest.raises(DatabaseError):
        await on_stage.service.deliverer.drain()
    async with on_stage.service.store.begin(on_stage.now) as tx:
        await tx.conn.execute(sql("DROP TRIGGER full"))
    await deliver_for(on_stage, minutes=5)
    assert await heard(a) == ["a1"] and not (await states(on_stage))["queued"]


async def test_a_graceful_stop_writes_down_what_was_on_its_way(
    on_stage: Stage, two: tuple[Phone, Phone]
):
    """# F22"""
    a, _ = two
    await on_stage.phones.fault("hang", "sendMessage")
    await owe(on_stage, a.user_id, "a1")
    async with delivering(on_stage):
        await all_under_way(on_stage)
    stopping = asyncio.create_task(on_stage.restart())
    await asyncio.sleep(0.01)
    await on_stage.phones.clear_faults()
    await stopping
    assert not (await states(on_stage))["queued"]
    await deliver_for(on_stage, minutes=5)
    assert await heard(a) == ["a1"]


@pytest.mark.parametrize("way", [Deliverer.run, Deliverer.drain])
async def test_a_token_that_was_revoked_ends_it_and_loses_nothing(
    on_stage: Stage, two: tuple[Phone, Phone], way: Callable[[Deliverer], Awaitable[object]]
):
    """# F13"""
    await owe(on_stage, two[0].user_id, "a1")
    await on_stage.phones.revoke()
    with pytest.raises(InvalidToken):
        async with asyncio.timeout(5):
            await way(on_stage.service.deliverer)
    assert (await states(on_stage))["queued"] == 1


async def test_the_menu_follows_somebodys_roles(on_stage: Stage):
    lead = await on_stage.hire("钱进", Role.LEAD, GRID, 3001)
    commands = (await on_stage.phones.bot())["commands"]
    names = {c["command"] for c in commands[f"chat/{lead.user_id}//"]}
    assert {"roster", "invite", "duty", "t"} <= names
    assert "roster" not in {c["command"] for c in commands["default///"]}


async def test_pictures_go_out_as_one_album_and_the_rest_as_it_came(cast: Cast):
    await cast.chen.start("st_nanhuan-east")
    await cast.chen.send(CHARGER)
    await cast.chen.send_album(2)
    await cast.chen.send_voice()
    await cast.stage.settle()
    await cast.chen.tap("提交")
    await cast.stage.settle()
    before = (await cast.wang.last()).id
    await cast.wang.tap("附件")
    await cast.stage.settle()
    shown = await cast.wang.inbox(after=before)
    assert [m.media for m in shown if m.media] == ["photo", "photo", "voice"]
    assert shown[0].media_group_id == shown[1].media_group_id is not None


async def test_a_message_tried_for_days_is_tried_on(on_stage: Stage):
    """# F2: also after more tries than a power of two can count."""
    chen = await listener(on_stage, "陈师傅", 1001)
    await owe(on_stage, 1001, "好了")
    async with on_stage.service.store.begin(on_stage.now) as tx:
        await tx.conn.execute(t.outbox.update().values(attempts=5000))
    await on_stage.phones.fault("502", "sendMessage")
    await deliver_for(on_stage, minutes=2)
    assert await heard(chen) == ["好了"]

"""The rarer ways in which a message goes out, or does not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from casting import CHARGER, Cast
from jinja2 import ChoiceLoader, DictLoader
from msgspec.structs import replace
from post import deliver_for, heard, listener, owe, owe_card, refusing, rows
from walking import Walker

from bot.telegram import sending
from playground.phones.phone import Phone
from playground.phones.phone_client import Group
from playground.stage.stage import Stage
from workflows.core.talk.messages import Attachment, Notice


@pytest.fixture
async def chen(on_stage: Stage) -> Phone:
    return await listener(on_stage, "陈师傅", 1001)


async def owe_kind(stage: Stage, kind: str, chat_id: int, **more: object) -> None:
    """Owe something of another kind than a text or a card."""
    notice = replace(Notice(to=chat_id, template="text", values={"text": "好"}), **more)
    async with stage.service.store.begin(stage.now) as tx:
        tx.owe(notice, chat_id, kind, uuid4().hex, stage.now)


async def test_a_list_is_drawn_again_where_it_stands(on_stage: Stage, chen: Phone):
    await owe(on_stage, 1001, "旧")
    await on_stage.settle()
    shown = await chen.last()
    values = {"text": "新", "message_id": shown.id}
    await owe_kind(on_stage, "redraw", 1001, values=values)
    await on_stage.settle()
    assert [(m.id, m.text) for m in await chen.inbox(after=shown.id - 1)] == [(shown.id, "新")]


async def test_a_message_is_taken_back(on_stage: Stage, chen: Phone):
    await owe(on_stage, 1001, "旧")
    await on_stage.settle()
    shown = await chen.last()
    await owe_kind(on_stage, "delete", 1001, values={"message_id": shown.id})
    await on_stage.settle()
    assert [m.deleted for m in await chen.inbox(after=shown.id - 1)] == [True]


async def test_what_is_too_old_to_be_taken_back_loses_its_buttons_instead(
    on_stage: Stage, chen: Phone
):
    """# F9"""
    await owe(on_stage, 1001, "旧")
    await on_stage.settle()
    shown = await chen.last()
    on_stage.clock.advance(timedelta(hours=49).total_seconds())
    await owe_kind(on_stage, "delete", 1001, values={"message_id": shown.id})
    await on_stage.settle()
    assert not (await chen.last()).deleted
    assert [(r["kind"], r["state"]) for r in await rows(on_stage)][-1] == ("fade", "sent")


async def test_without_a_card_there_is_nothing_to_draw_again(cast: Cast):
    walker = await Walker.file(cast, CHARGER)
    before = await heard(cast.zhao)
    await owe_card(cast.stage, cast.zhao.user_id, walker.id, "edit")
    await cast.stage.settle()
    assert await heard(cast.zhao) == before
    assert (await rows(cast.stage))[-1]["state"] == "sent"


async def test_who_may_not_see_a_ticket_gets_none_of_its_files(cast: Cast):
    """# F52"""
    walker = await Walker.file(cast, CHARGER)
    await cast.zhou.start()
    await cast.stage.settle()
    before = (await cast.zhou.last()).id
    files = (Attachment(kind="photo", file_id="secret"),)
    await owe_kind(cast.stage, "media", cast.zhou.user_id, ticket_id=walker.id, attachments=files)
    await cast.stage.settle()
    assert [m.media for m in await cast.zhou.inbox(after=before)] == [None]


async def test_a_send_that_outlasts_its_time_is_given_up_before_its_lease_and_tried_again(
    on_stage: Stage, chen: Phone, monkeypatch: pytest.MonkeyPatch
):
    """# F34: what is leased anew was never still on its way."""
    assert sending.LEASE.total_seconds() > sending._LONGEST_SENDING
    monkeypatch.setattr(sending, "_LONGEST_SENDING", 0.05)
    await on_stage.phones.fault("hang", "sendMessage")
    await owe(on_stage, 1001, "好了")
    await on_stage.service.deliverer.drain()
    [row] = [r for r in await rows(on_stage) if r["template"] == "text"]
    assert (row["state"], row["leased_until"]) == ("queued", None)
    await on_stage.phones.clear_faults()
    monkeypatch.undo()
    await deliver_for(on_stage, minutes=2)
    assert await heard(chen) == ["好了"]


async def test_a_stop_does_not_wait_for_a_send_that_hangs(on_stage: Stage, chen: Phone):
    """# F22, F19: it stays leased, and is sent by the next run."""
    await on_stage.phones.fault("hang", "sendMessage")
    await owe(on_stage, 1001, "好了")
    turns = on_stage.service.exchange
    await turns.take([])
    await turns.finish(0.01)
    [row] = [r for r in await rows(on_stage) if r["template"] == "text"]
    assert row["state"] == "queued" and row["leased_until"]
    await on_stage.phones.clear_faults()
    await on_stage.service.deliverer.drain()
    assert await heard(chen) == ["好了"]


async def test_a_group_that_moved_while_the_database_refuses_is_found_a_little_later(cast: Cast):
    """# F5, F24"""
    stage = cast.stage
    group: Group = await stage.phones.add_group("1网格", [cast.lead, cast.wang])
    await cast.lead.send("/bind", chat=group)
    await stage.settle()
    new = await stage.phones.upgrade(group)
    await owe(stage, group.chat_id, "大家好")
    async with refusing(stage, "UPDATE OF chat_id ON outbox"):
        await stage.service.deliverer.drain()
    assert [t for t in await heard(cast.wang, new) if t == "大家好"] == []
    await deliver_for(stage, minutes=2)
    await stage.settle()
    assert [t for t in await heard(cast.wang, new) if t == "大家好"] == ["大家好"]


async def test_admins_hear_of_a_template_of_their_own_that_breaks_while_it_is_sent(
    on_stage: Stage, chen: Phone
):
    """# F60: the built-in text goes out in its place."""
    admin = await listener(on_stage, "管理员", 9001)
    on_stage.service.desk.admins = (9001,)
    await on_stage.service.desk.appoint_admins(on_stage.now)
    environment = on_stage.service.renderer.environment
    environment.cache.clear()
    own = DictLoader({"text.html": "{{ nobody.knows }}"})
    environment.loader = ChoiceLoader([own, environment.loader])
    await owe(on_stage, 1001, "好了")
    await on_stage.settle()
    assert await heard(chen) == ["好了"]
    assert any("text.html" in said for said in await heard(admin))

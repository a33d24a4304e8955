"""Messages owed: in order, each by one sender, none lost."""

import asyncio
from datetime import timedelta

import pytest
from folk import GRID, HOUR, NOW, filed, story
from msgspec.structs import replace
from shelf import BROADCAST, PUSH, REPLY, keep, lease, owe, rows, send, settle, show_card
from sqlalchemy import text

from workflows.core.talk.messages import Attachment, Button, Notice
from workflows.core.talk.tap import Tap
from workflows.petition.lifecycle import A
from workflows.petition.store.kept import TICKETS
from workflows.store import Owed, Sent, Store
from workflows.store import tables as t
from workflows.store.outbox import LEASE, Outcome

SECOND = timedelta(seconds=1)


def names(owed: list[Owed]) -> list[str]:
    return [o.template for o in owed]


async def queued(store: Store) -> list[str]:
    return [r["template"] for r in await rows(store, t.outbox) if r["state"] == "queued"]


async def test_a_message_comes_back_as_it_was_owed(store: Store):
    buttons = (
        (
            Button(
                tap=Tap(kind="petition", subject=1, verb="accept"),
                label="action.accept",
                values={"n": 1},
            ),
        ),
    )
    files = (Attachment(kind="photo", file_id="f"),)
    await owe(
        store, 5, "k", kind="media", template="x", values={"text": "<b>😀", "due": None},
        ticket_id=1001, buttons=buttons, attachments=files, answers=True, priority=REPLY,
    )  # fmt: skip
    (owed,) = await lease(store)
    assert (owed.values, owed.buttons, owed.attachments) == (
        {"text": "<b>😀", "due": None},
        buttons,
        files,
    )
    assert (owed.chat_id, owed.ticket_id, owed.kind, owed.template) == (5, 1001, "media", "x")
    assert (owed.answers, owed.priority, owed.attempts, owed.card) == (True, REPLY, 1, None)


# order


async def test_replies_before_pushes_before_broadcasts_then_in_order(store: Store):  # F35
    for key, priority in (
        ("b", BROADCAST), ("p1", PUSH), ("r1", REPLY), ("p2", PUSH), ("r2", REPLY),
    ):  # fmt: skip
        await owe(store, 1, key, priority=priority)
    sent = [names(await send(store))[0] for _ in range(5)]
    assert sent == ["r1", "r2", "p1", "p2", "b"]


async def test_only_the_head_of_a_chat_is_leased_and_replies_go_first(store: Store):  # F35
    await owe(store, 1, "one", priority=PUSH)
    await owe(store, 1, "two", priority=PUSH)
    await owe(store, 2, "other", priority=REPLY)
    assert names(await lease(store)) == ["other", "one"]


async def test_nothing_more_of_a_chat_goes_out_while_one_is_in_flight(store: Store):  # F35
    await owe(store, 1, "one", priority=PUSH)
    (one,) = await lease(store)
    await owe(store, 1, "urgent", priority=REPLY)
    assert await lease(store) == []
    await settle(store, Sent(owed=one, outcome=Outcome.SENT, message_id=9))
    assert names(await lease(store)) == ["urgent"]


async def test_what_is_not_due_waits_and_holds_nothing_up(store: Store):
    await owe(store, 1, "morning", not_before=NOW + HOUR)
    await owe(store, 1, "now")
    assert names(await send(store)) == ["now"]
    assert await lease(store) == []
    assert names(await lease(store, NOW + HOUR)) == ["morning"]


async def test_the_pace_can_hold_a_chat_back(store: Store):
    await owe(store, 1, "one")
    await owe(store, 2, "two")
    assert names(await lease(store, NOW, lambda chat_id: chat_id == 2)) == ["two"]
    assert names(await lease(store)) == ["one"]


async def test_a_big_id_and_a_negative_chat_keep_their_order(store: Store):
    chat = -1_002_000_000_000
    await owe(store, chat, "first")
    async with store.engine.begin() as conn:
        await conn.execute(text(f"UPDATE outbox SET id = {2**31 + 7}"))
    await owe(store, chat, "reply", priority=REPLY)
    assert names(await send(store)) == ["reply"]
    assert names(await lease(store)) == ["first"]


# once


async def test_the_same_key_is_owed_once_for_ever(store: Store):  # F14
    await owe(store, 1, "k")
    await owe(store, 1, "k", template="again")
    assert names(await send(store)) == ["k"]
    await owe(store, 1, "k")
    assert await lease(store) == []


async def test_a_newer_preview_replaces_an_unsent_one(store: Store):
    await owe(store, 1, "old", replaces="draft:d")
    await owe(store, 2, "his", replaces="draft:d")
    await owe(store, 1, "new", replaces="draft:d")
    assert sorted(await queued(store)) == ["his", "new"]


async def test_within_a_unit_of_work_only_the_last_preview_is_owed(store: Store):
    async with store.begin(NOW) as tx:
        for key in ("a", "b", "c"):
            tx.owe(Notice(to=1, template=key, replaces="form"), 1, "text", key, NOW)
        tx.owe(Notice(to=1, template="other"), 1, "text", "other", NOW)
    assert await queued(store) == ["c", "other"]


async def test_a_preview_in_flight_is_not_replaced(store: Store):
    await owe(store, 1, "old", replaces="draft:d")
    (old,) = await lease(store)
    await owe(store, 1, "new", replaces="draft:d")
    assert await queued(store) == ["old", "new"]
    assert len(await settle(store, Sent(owed=old, outcome=Outcome.SENT, message_id=1))) == 1


# leases


async def test_two_senders_never_take_the_same_row(store: Store, twin: Store):  # F34
    for chat in range(20):
        await owe(store, chat, f"k{chat}")
    taken = await asyncio.gather(*(lease(s) for s in (store, twin, store, twin)))
    ids = [o.id for some in taken for o in some]
    assert len(ids) == len(set(ids)) == 20


async def test_a_lease_that_ran_out_is_taken_by_another_and_the_late_holder_writes_nothing(
    store: Store, twin: Store
):  # F34 F20
    await owe(store, 1, "k")
    (late,) = await lease(store, NOW)
    assert await lease(twin, NOW + LEASE - SECOND) == []
    (now_his,) = await lease(twin, NOW + LEASE)
    assert now_his.id == late.id and now_his.attempts == 2
    for outcome in (Outcome.SENT, Outcome.DEAD, Outcome.RETRY, Outcome.PARKED):
        assert await settle(store, Sent(owed=late, outcome=outcome, message_id=1)) == []
    assert await rows(store, t.chats) == []
    mine = Sent(owed=now_his, outcome=Outcome.SENT, message_id=2)
    assert await settle(twin, mine) == [mine]
    (row,) = await rows(store, t.outbox)
    assert (row["state"], row["message_id"]) == ("sent", 2)


async def test_a_kill_before_sending_loses_nothing(store: Store):  # F19
    await owe(store, 1, "k")
    await lease(store)
    assert names(await lease(store, NOW + LEASE)) == ["k"]


async def test_settling_twice_counts_once(store: Store):
    await owe(store, 1, "k")
    (owed,) = await lease(store)
    sent = Sent(owed=owed, outcome=Outcome.SENT, message_id=1)
    assert (await settle(store, sent), await settle(store, sent)) == ([sent], [])


# how a sending can end


async def end(store: Store, outcome: Outcome, *, kind: str = "text", **more: object) -> None:
    await owe(store, 1, "k", kind=kind)
    (owed,) = await lease(store)
    await settle(store, Sent(owed=owed, outcome=outcome, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.DEAD, Outcome.DROPPED, Outcome.PARKED])
async def test_what_ended_is_not_sent_again(store: Store, outcome: Outcome):
    await end(store, outcome, error="why")
    assert await lease(store, NOW + 100 * HOUR) == []
    (row,) = await rows(store, t.outbox)
    assert (row["state"], row["error"], row["sent_at"]) == (outcome.value, "why", NOW)


async def test_a_429_halts_that_chat_alone_for_its_own_time(store: Store):  # F1
    await owe(store, 1, "k")
    await owe(store, 1, "k2", priority=REPLY)
    (owed,) = await lease(store)
    again = NOW + 30 * SECOND
    await settle(store, Sent(owed=owed, outcome=Outcome.RETRY, again_at=again))
    await owe(store, 2, "other")
    assert names(await lease(store, again - SECOND)) == ["other"]
    assert names(await lease(store, again)) == ["k2"]


async def test_a_retry_does_not_lose_its_place(store: Store):  # F2 F35
    await owe(store, 1, "one")
    await owe(store, 1, "two")
    (one,) = await lease(store)
    again = NOW + 5 * SECOND
    await settle(store, Sent(owed=one, outcome=Outcome.RETRY, again_at=again))
    assert await lease(store, NOW + SECOND) == []
    assert names(await lease(store, again)) == ["one"]


async def test_a_halt_leaves_a_groups_binding_alone(store: Store):
    async with store.begin(NOW) as tx:
        await tx.bind_group(1, GRID)
    await end(store, Outcome.RETRY, again_at=NOW + HOUR)
    (chat,) = await rows(store, t.chats)
    assert (chat["place"], chat["halted_until"]) == (GRID, NOW + HOUR)


async def test_a_message_telegram_cannot_read_goes_once_more_as_plain_text(store: Store):  # F8
    await end(store, Outcome.PLAIN)
    (owed,) = await lease(store)
    assert owed.is_plain and owed.attempts == 2


async def test_an_edit_whose_card_is_gone_becomes_a_new_card(store: Store):  # F9
    await end(store, Outcome.GONE, kind="edit")
    (owed,) = await lease(store)
    assert owed.kind == "card"


async def test_whoever_blocked_us_is_owed_everything_until_he_is_back(store: Store):  # F3
    await end(store, Outcome.PARKED)
    await owe(store, 1, "later")
    (later,) = await lease(store)
    assert later.is_blocked
    await settle(store, Sent(owed=later, outcome=Outcome.PARKED))
    assert await lease(store) == []
    async with store.begin(NOW + HOUR) as tx:
        await tx.prefetch([], [1], [])
        await tx.unblock(1)
    first = await send(store, now=NOW + HOUR)
    assert names(first) == ["k"] and not first[0].is_blocked
    assert names(await send(store, now=NOW + HOUR)) == ["later"]


async def test_who_leaves_and_comes_back_in_one_batch_is_not_left_blocked(store: Store):  # F3
    async with store.begin(NOW) as tx:
        await tx.prefetch([], [1], [])
        await tx.block(1)
        await tx.unblock(1)
    (chat,) = await rows(store, t.chats)
    assert chat["blocked_at"] is None


# cards


async def test_a_sent_card_is_remembered_and_the_next_one_knows_it(store: Store):
    await keep(store, filed())
    await show_card(store, filed(), 5, 100)
    await owe(store, 5, "next", kind="card", ticket_id=1001)
    (owed,) = await send(store, first_id=200)
    assert owed.card == 100
    assert [r["message_id"] for r in await rows(store, t.cards)] == [200]


async def test_every_card_of_a_changed_ticket_is_drawn_again(store: Store):
    await keep(store, filed(1001), filed(1002))
    for chat in (5, 6):
        await show_card(store, filed(1001), chat)
    await show_card(store, filed(1002), 5)
    await keep(store, story(A.NUDGE))
    owed = await lease(store)
    assert [(o.kind, o.chat_id, o.ticket_id, o.card) for o in owed] == [
        ("edit", 5, 1001, 100),
        ("edit", 6, 1001, 100),
    ]


async def test_a_chat_that_gets_a_new_card_needs_no_edit(store: Store):
    await keep(store, filed())
    await show_card(store, filed(), 5)
    async with store.begin(NOW) as tx:
        await tx.get(TICKETS, 1001)
        tx.put(story(A.NUDGE), ())
        tx.owe(Notice(to=5, template="new", ticket_id=1001), 5, "card", "new", NOW)
    assert [o.kind for o in await lease(store)] == ["card"]


async def test_several_changes_draw_an_unsent_card_once(store: Store):
    await keep(store, filed())
    await show_card(store, filed(), 5)
    for version in (2, 3, 4):
        await keep(store, replace(filed(), version=version))
    assert await queued(store) == ["card"]


async def test_nothing_is_drawn_again_when_nothing_changed(store: Store):
    await keep(store, filed())
    await show_card(store, filed(), 5)
    async with store.begin(NOW) as tx:
        assert await tx.get(TICKETS, 1001)
    assert await lease(store) == []


# a group that became a supergroup


async def move(store: Store) -> None:
    async with store.begin(NOW) as tx:
        await tx.rekey_chat(-1, -100)


async def test_a_migrated_group_keeps_its_grid_its_cards_and_its_messages(store: Store):  # F5
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        await tx.bind_group(-1, GRID)
    await show_card(store, filed(), -1)
    await owe(store, -1, "waiting")
    await move(store)
    assert [r["chat_id"] for r in await rows(store, t.cards)] == [-100]
    assert [o.chat_id for o in await lease(store)] == [-100]
    async with store.read(NOW) as tx:
        assert await tx.group_of(GRID) == -100


async def test_hearing_of_the_move_twice_changes_nothing(store: Store):  # F5
    """Telegram says it in an update and in the refusal of the message in flight."""
    async with store.begin(NOW) as tx:
        await tx.bind_group(-1, GRID)
    await owe(store, -1, "flying")
    (flying,) = await lease(store)
    await move(store)
    await settle(store, Sent(owed=flying, outcome=Outcome.RETRY, again_at=NOW))
    await move(store)
    async with store.read(NOW) as tx:
        assert await tx.group_of(GRID) == -100
    assert [(o.chat_id, o.template) for o in await lease(store)] == [(-100, "flying")]


async def test_a_card_that_both_ids_have_is_the_newer_chats(store: Store):  # F5
    await keep(store, filed())
    await show_card(store, filed(), -1, 100)
    await show_card(store, filed(), -100, 200)
    await move(store)
    (card,) = await rows(store, t.cards)
    assert (card["chat_id"], card["message_id"]) == (-100, 200)


# when to look again


async def test_the_next_message_is_the_earliest_that_can_go(store: Store):
    assert await store.next_owed() is None
    await owe(store, 1, "later", not_before=NOW + HOUR)
    await owe(store, 2, "soon", not_before=NOW + SECOND)
    assert await store.next_owed() == NOW + SECOND
    await lease(store, NOW + SECOND)
    assert await store.next_owed() == NOW + SECOND + LEASE
    await send(store, now=NOW + 2 * HOUR)


async def test_a_halted_chats_next_message_waits_for_the_end_of_the_halt(store: Store):
    await end(store, Outcome.RETRY, again_at=NOW + HOUR)
    await owe(store, 1, "reply")
    assert await store.next_owed() == NOW + HOUR
    assert await store.next_owed(NOW + HOUR) is None


async def test_the_backlog_counts_what_should_have_happened(store: Store):
    await keep(store, filed())
    await owe(store, 1, "now")
    await owe(store, 1, "later", not_before=NOW + 5 * HOUR)
    found = await store.backlog(NOW + HOUR)
    assert (found.owed, found.timers) == (1, 1)

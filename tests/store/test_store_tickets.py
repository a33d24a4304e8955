"""Tickets, their events and timers, in the store."""

import asyncio
from datetime import UTC, datetime

import pytest
from folk import (
    BUILDING,
    CHEN,
    DAY,
    GRID,
    HOUR,
    LI,
    NOW,
    OTHER_GRID,
    RULES,
    SHANGHAI,
    STREET,
    SUN,
    TO_ACCEPTED,
    TO_PLANNED,
    WANG,
    ZHOU,
    A,
    did,
    filed,
    person,
    story,
)
from msgspec.structs import replace
from shelf import keep, look_up, rows, show_card
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from workflows import lifecycle, sla
from workflows.attempt import Given
from workflows.draft import Part
from workflows.model import Attachment, Clock, ClockName, Extension, Refusal, Role, State, Ticket
from workflows.routing import Load
from workflows.store import ConflictError, Store, queries, said
from workflows.store import tables as t

FULL = replace(
    story(*TO_PLANNED, A.ASK),
    on_behalf="张阿婆",
    text="3号楼\n😀 {{7*7}} <b>'; DROP TABLE tickets; --",
    urgent=True,
    offers=(11, 12),
    extension=Extension(reason="零件", due=NOW + DAY),
    told_at=NOW,
    untold=True,
    breached_at=NOW + HOUR,
    result="好了",
    rating=2,
    nudged_at=NOW,
    ended_at=NOW,
    merged_into=1002,
)


@pytest.mark.parametrize(
    "ticket", [filed(), FULL, story(A.DISPATCH)], ids=["new", "full", "offered"]
)
async def test_a_ticket_comes_back_as_it_was(store: Store, ticket: Ticket):
    await keep(store, ticket)
    assert await look_up(store, ticket.id) == ticket


async def test_every_step_of_a_story_comes_back_as_it_was(store: Store):
    ticket = filed()
    await keep(store, ticket)
    for action in (*TO_PLANNED, A.EXTEND, A.ASK, A.ANSWER, A.RESOLVE, A.CONFIRM, A.REOPEN):
        ticket = did(ticket, action).ticket
        await keep(store, ticket)
        assert await look_up(store, ticket.id) == ticket


async def test_an_unknown_ticket_is_none(store: Store):
    assert await look_up(store, 7) is None


async def test_moments_come_back_in_utc(store: Store):
    shanghai = NOW.astimezone(SHANGHAI)
    await keep(store, filed(told_at=shanghai))
    found = await look_up(store, 1001)
    assert found and found.told_at == shanghai and found.told_at.tzinfo is UTC
    assert found.clocks[ClockName.RESPONSE].due.utcoffset() == NOW.utcoffset()


async def test_microseconds_survive_so_a_timer_still_matches(store: Store):
    clock = Clock(started=NOW.replace(microsecond=123457), due=NOW + DAY)
    ticket = filed(clocks={ClockName.RESPONSE: clock})
    ticket = replace(ticket, clocks={ClockName.RESPONSE: clock})
    await keep(store, ticket)
    async with store.read(NOW + 40 * DAY) as tx:
        due = await tx.due_timers(50)
    found = await look_up(store, ticket.id)
    assert found and tuple(due) == sla.timers(found, RULES) and len(due) > 3


async def test_a_naive_moment_is_refused(store: Store):
    with pytest.raises(StatementError, match="a moment without a zone"):
        await keep(store, filed(told_at=datetime(2026, 3, 2)))
    assert await look_up(store, 1001) is None


async def test_one_draft_becomes_at_most_one_ticket(store: Store):  # F32
    await keep(store, filed(1001, draft_id="d"))
    with pytest.raises(ConflictError):  # to be begun anew: then it is found
        await keep(store, filed(1002, draft_id="d"))
    async with store.read(NOW) as tx:
        found = await tx.ticket_of_draft("d")
        assert found and found.id == 1001
        assert await tx.ticket_of_draft("other") is None


async def test_a_draft_filed_in_this_unit_of_work_is_found_at_once(store: Store):  # F32
    async with store.begin(NOW) as tx:
        tx.put_ticket(filed(draft_id="d"), ())
        assert await tx.ticket_of_draft("d") == filed(draft_id="d")


async def test_ticket_ids_are_counted_from_1001(store: Store):
    async with store.begin(NOW) as tx:
        assert [await tx.next_ticket_id(), await tx.next_ticket_id()] == [1001, 1002]
    async with store.begin(NOW) as tx:
        assert await tx.next_ticket_id() == 1003


# compare and set


async def test_a_changed_version_is_a_conflict_and_nothing_is_written(store: Store):  # F33
    await keep(store, filed())
    with pytest.raises(ConflictError):
        async with store.begin(NOW) as tx:
            ticket = await tx.ticket(1001)
            assert ticket
            await tx.conn.execute(text("UPDATE tickets SET version = version + 1"))
            tx.mark_seen(5)
            tx.put_person(CHEN)
            decision = did(ticket, A.NUDGE)
            tx.put_ticket(decision.ticket, decision.timers)
            tx.add_event(decision.event)
    assert await look_up(store, 1001) == filed()
    assert [await rows(store, x) for x in (t.events, t.seen_updates, t.people)] == [[], [], []]


async def test_a_ticket_only_read_never_conflicts(store: Store):
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        assert await tx.ticket(1001)
        await tx.conn.execute(text("UPDATE tickets SET version = version + 1"))
    found = await look_up(store, 1001)
    assert found and found.version == 2


async def accept(store: Store, who: int) -> str:
    """Take the ticket as the desk does: again after a conflict, until it is clear who has it."""
    handler = person(who, f"甲{who}", (Role.PIONEER, GRID))
    while True:
        try:
            async with store.begin(NOW) as tx:
                ticket = await tx.ticket(1001)
                assert ticket
                decision = lifecycle.decide(ticket, A.ACCEPT, handler, NOW, RULES)
                tx.put_ticket(decision.ticket, decision.timers)
                tx.add_event(decision.event)
        except ConflictError:
            continue
        except Refusal as refusal:
            return f"{refusal.template} {refusal.values['handler']}"
        return "taken"


async def test_of_many_who_take_one_ticket_one_wins_and_the_rest_hear_who(
    store: Store, twin: Store
):  # F31 F34
    await keep(store, did(filed(), A.DISPATCH, given=Given(to_group=True)).ticket)
    found = await asyncio.gather(*(accept((store, twin)[n % 2], 100 + n) for n in range(10)))
    ticket = await look_up(store, 1001)
    assert ticket and ticket.state is State.ACCEPTED and ticket.version == 3
    winner = found.index("taken")
    assert ticket.handler == 100 + winner
    assert sorted(found) == ["refused_taken " + str(ticket.handler)] * 9 + ["taken"]
    assert len(await rows(store, t.events)) == 1


# events


async def tell(store: Store, *actions: A) -> Ticket:
    """File a ticket and do these actions, each in its own unit of work."""
    decision = lifecycle.file(filed(), NOW, RULES)
    async with store.begin(NOW) as tx:
        tx.put_ticket(decision.ticket, decision.timers)
        tx.add_event(decision.event)
    for action in actions:
        async with store.begin(NOW) as tx:
            ticket = await tx.ticket(1001)
            assert ticket
            decision = did(ticket, action)
            tx.put_ticket(decision.ticket, decision.timers)
            tx.add_event(decision.event)
    return decision.ticket


async def is_sound(store: Store) -> bool:
    """Whether the ticket's chain verifies."""
    async with store.read(NOW) as tx:
        return await queries.is_chained(tx.conn, 1001)


async def test_the_events_of_a_ticket_are_a_chain(store: Store):
    await tell(store, *TO_PLANNED)
    async with store.read(NOW) as tx:
        timeline = await queries.timeline(tx.conn, 1001)
    assert [e.action for e in timeline] == [A.FILE, *TO_PLANNED]
    assert timeline[3].data == {"text": "看过了"}
    assert timeline[1].at == NOW and timeline[2].actor == WANG.id
    assert await is_sound(store)


async def test_several_events_of_one_unit_of_work_are_chained_too(store: Store):
    first = lifecycle.file(filed(), NOW, RULES)
    second = did(first.ticket, A.DISPATCH)
    async with store.begin(NOW) as tx:
        tx.put_ticket(second.ticket, second.timers)
        tx.add_event(first.event)
        tx.add_event(second.event)
    assert await is_sound(store) and len(await rows(store, t.events)) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET actor = 99",
        "UPDATE events SET hash = previous, data = NULL",
        "UPDATE events SET target = 'closed', data = NULL WHERE seq = 2",
        "UPDATE events SET data = '{}' WHERE seq = 2",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = 3",
    ],
)
async def test_events_can_be_neither_changed_nor_deleted(store: Store, change: str):
    await tell(store, A.DISPATCH, A.ACCEPT)
    with pytest.raises(DBAPIError, match="events are append-only"):
        async with store.engine.begin() as conn:
            await conn.execute(text(change))
    assert await is_sound(store) and len(await rows(store, t.events)) == 3


async def test_words_can_be_erased_and_the_chain_still_verifies(store: Store):
    await tell(store, *TO_ACCEPTED, A.INSPECT)
    async with store.engine.begin() as conn:
        await conn.execute(text("UPDATE events SET data = NULL WHERE seq = 4"))
    async with store.read(NOW) as tx:
        assert [dict(e.data) for e in await queries.timeline(tx.conn, 1001)][3] == {}
    assert await is_sound(store)


async def test_an_event_needs_its_ticket(store: Store):
    event = lifecycle.file(filed(), NOW, RULES).event
    with pytest.raises(IntegrityError):
        async with store.begin(NOW) as tx:
            tx.add_event(event)


# timers


async def pending(store: Store, now: datetime) -> list[str]:
    async with store.read(now) as tx:
        return [timer.kind for timer in await tx.due_timers(100)]


async def test_timers_are_due_in_order_when_their_moment_comes(store: Store):
    await keep(store, filed())
    assert await pending(store, NOW) == []
    assert await pending(store, NOW + 2 * HOUR) == ["assign.50", "assign.due"]
    assert await store.next_timer() == NOW + HOUR


async def test_a_changed_ticket_has_exactly_its_new_timers(store: Store):
    await keep(store, filed())
    accepted = story(*TO_ACCEPTED)
    await keep(store, accepted)
    expected = [timer.kind for timer in sla.timers(accepted, RULES)]
    assert await pending(store, NOW + 30 * DAY) == expected
    await keep(store, story(*TO_ACCEPTED, A.WITHDRAW))
    assert await pending(store, NOW + 30 * DAY) == []
    assert await store.next_timer() is None


async def test_a_timer_fires_once(store: Store):  # F28
    await keep(store, filed())
    async with store.begin(NOW + HOUR) as tx:
        (timer,) = await tx.due_timers(10)
        tx.fire(timer)
    assert await pending(store, NOW + HOUR) == []
    fired = [row["mark"] for row in await rows(store, t.timers) if row["fired_at"]]
    assert fired == ["50"]


async def test_what_rang_stays_on_record_when_the_ticket_changes(store: Store):
    await keep(store, filed())
    async with store.begin(NOW + HOUR) as tx:
        (timer,) = await tx.due_timers(10)
        tx.fire(timer)
        ticket = await tx.ticket(1001)
        assert ticket
        rung = replace(sla.ring(ticket, timer, NOW + HOUR, RULES), version=2)
        tx.put_ticket(rung, sla.timers(rung, RULES))
    found = await rows(store, t.timers)
    assert [(r["mark"], r["fired_at"]) for r in found if r["fired_at"]] == [("50", NOW + HOUR)]
    assert "assign.50" not in await pending(store, NOW + 30 * DAY)


async def test_timers_can_be_taken_some_at_a_time(store: Store):
    await keep(store, filed(1001), filed(1002))
    async with store.read(NOW + 30 * DAY) as tx:
        assert len(await tx.due_timers(3)) == 3


# what belongs to whom


async def test_files_keep_their_order(store: Store):
    photos = [Attachment(kind="photo", file_id=f"f{n}") for n in range(5)]
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        tx.add_files(1001, photos, A.FILE, CHEN.id)
    async with store.read(NOW) as tx:
        assert await tx.files(1001) == tuple(photos)
        assert await tx.files(1002) == ()
        assert await tx.files(1001, [A.INSPECT]) == ()


async def _follow(store: Store, *people: int) -> None:
    async with store.begin(NOW) as tx:
        ticket = await tx.ticket(1001)
        assert ticket
        changed = replace(ticket, followers=people, helpers=people[:1], version=ticket.version + 1)
        tx.put_ticket(changed, ())


async def test_followers_and_helpers_come_with_their_ticket(store: Store):
    await keep(store, filed())
    for _ in range(2):
        await _follow(store, ZHOU.id, SUN.id)
    found = await look_up(store, 1001)
    assert found and (found.followers, found.helpers) == ((ZHOU.id, SUN.id), (ZHOU.id,))


async def test_who_stops_following_is_gone_and_can_come_back(store: Store):
    await keep(store, filed())
    for people in ((ZHOU.id, SUN.id), (), (SUN.id,)):
        await _follow(store, *people)
        found = await look_up(store, 1001)
        assert found and found.followers == people


async def test_the_newest_version_of_each_message_is_the_petition(store: Store):  # F42
    await keep(store, filed())
    first = Part(message_id=7, text="灯坏了", at=NOW)
    second = replace(first, message_id=8, text="请快来")
    async with store.begin(NOW) as tx:
        tx.add_texts(1001, CHEN.id, [first, second])
    later = replace(first, text="电梯坏了")
    async with store.begin(NOW + HOUR) as tx:
        tx.add_texts(1001, CHEN.id, [later])
        assert await tx.texts(1001) == (later, second)
    async with store.read(NOW) as tx:
        assert await tx.texts(1001) == (later, second)
        assert [t.id for t in [await tx.ticket_of_text(CHEN.id, 7)] if t] == [1001]
        assert await tx.ticket_of_text(ZHOU.id, 7) is None


async def test_a_message_of_ours_leads_to_its_ticket_in_its_own_chat(store: Store):
    await keep(store, filed())
    await show_card(store, filed(), CHEN.id, message_id=77)
    async with store.read(NOW) as tx:
        found = await tx.ticket_of_message(CHEN.id, 77)
        assert found and found.id == 1001
        assert await tx.ticket_of_message(ZHOU.id, 77) is None
        assert await tx.ticket_of_message(CHEN.id, 78) is None


async def test_open_tickets_at_just_these_places_come_newest_first(store: Store):  # F50
    places = (BUILDING, GRID, OTHER_GRID, BUILDING, f"{GRID}/4幢")
    await keep(store, *(filed(1001 + i, place=place) for i, place in enumerate(places)))
    await keep(store, story(A.WITHDRAW, ticket=filed(1009)), filed(1010, followers=(7, 8)))
    async with store.read(NOW) as tx:
        found = await said.newest_at(tx.conn, [BUILDING, GRID, OTHER_GRID, STREET], 2)
    assert [one.id for one in found[BUILDING]] == [1010, 1004]
    assert [one.followers for one in found[BUILDING]] == [2, 0]
    assert found[GRID][0].place == GRID and found[GRID][0].text == filed().text
    assert [len(found[place]) for place in (GRID, OTHER_GRID, STREET)] == [1, 1, 0]


async def test_more_places_than_a_statement_has_room_for_are_all_looked_at(store: Store):  # F50
    places = [f"{GRID}/{i}幢" for i in range(40)]
    await keep(store, *(filed(1001 + i, place=place) for i, place in enumerate(places)))
    async with store.read(NOW) as tx:
        found = await said.newest_at(tx.conn, places, 1)
    assert [found[place][0].id for place in places] == [1001 + i for i in range(40)]


def ids(tickets: list[Ticket]) -> list[int]:
    return [ticket.id for ticket in tickets]


async def test_a_handler_holds_what_is_open_in_hand_or_on_offer(store: Store):
    await keep(
        store,
        story(*TO_ACCEPTED, ticket=filed(1001)),
        story(A.DISPATCH, ticket=filed(1002)),
        story(*TO_ACCEPTED, A.WITHDRAW, ticket=filed(1003)),
        filed(1004),
    )
    async with store.read(NOW) as tx:
        assert ids(await tx.held_by(WANG.id)) == [1001, 1002]
        assert await tx.held_by(LI.id) == []


async def test_a_resident_brought_what_he_filed_and_what_he_follows(store: Store):  # F50
    await keep(
        store, filed(1001), filed(1002, resident=ZHOU.id, followers=(CHEN.id,)), filed(1003),
        filed(1004, resident=9),
    )  # fmt: skip
    async with store.read(NOW) as tx:
        assert ids(await tx.brought_by(CHEN.id, 10)) == [1003, 1002, 1001]
        assert ids(await tx.brought_by(CHEN.id, 2)) == [1003, 1002]


async def test_open_tickets_of_a_place_are_those_inside_it(store: Store):  # F50
    await keep(
        store,
        filed(1001),
        filed(1002, place=GRID),
        filed(1003, place=f"{OTHER_GRID}/5幢"),
        filed(1004, place=f"{GRID}东/1幢"),  # a name that only begins alike
        story(A.WITHDRAW, ticket=filed(1005)),
    )
    async with store.read(NOW) as tx:
        assert ids(await tx.open_at(GRID, 10)) == [1001, 1002]
        assert ids(await tx.open_at(GRID, 1)) == [1001]


@pytest.mark.parametrize("place", ["a_c", "a%", "a\\"])
async def test_a_places_name_is_no_pattern(store: Store, place: str):  # F50
    await keep(store, filed(1001, place="abc/x"), filed(1002, place=f"{place}/x"))
    async with store.read(NOW) as tx:
        assert ids(await tx.open_at(place, 10)) == [1002]


async def test_loads_count_what_is_in_hand_and_when_it_last_moved(store: Store):
    await keep(store, story(*TO_ACCEPTED, ticket=filed(1001)), now=NOW)
    await keep(store, story(A.DISPATCH, ticket=filed(1002)), now=NOW + HOUR)
    resolved = story(*TO_ACCEPTED, A.RESOLVE, ticket=filed(1003))
    await keep(store, resolved, now=NOW + 2 * HOUR)
    async with store.read(NOW) as tx:
        found = await tx.loads([WANG.id, LI.id])
    assert found == {WANG.id: Load(open=2, last_at=NOW + HOUR), LI.id: Load()}


async def test_loads_count_this_unit_of_work_in(store: Store):
    await keep(store, story(A.DISPATCH, ticket=filed(1001)))
    async with store.begin(NOW + HOUR) as tx:
        ticket = await tx.ticket(1001)
        assert ticket
        tx.put_ticket(did(ticket, A.DISPATCH, given=Given(to=LI)).ticket, ())
        tx.put_ticket(story(A.DISPATCH, ticket=filed(1002)), ())
        found = await tx.loads([WANG.id, LI.id])
    assert (found[WANG.id].open, found[LI.id].open) == (1, 1)
    assert found[LI.id].last_at == NOW + HOUR

"""Tickets, in the store: each comes back as it was; of two who change one, the second is told."""

import asyncio
from datetime import UTC, datetime

import pytest
from answering import answered
from folk import (
    CHEN,
    DAY,
    GRID,
    HOUR,
    NOW,
    RULES,
    SHANGHAI,
    TO_PLANNED,
    A,
    did,
    filed,
    person,
    story,
)
from msgspec.structs import replace
from shelf import keep, look_up, rows
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.clocks import Clock
from workflows.core.errors import Refusal
from workflows.core.people import Role
from workflows.petition import engine
from workflows.petition.model import Extension, Ticket
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.store import lookups
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import ClockName, State
from workflows.store import ConflictError, Store
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
        ticket = did(ticket, action).subject
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
    assert found and tuple(due) == CLOCKWORK.timers(found, RULES) and len(due) > 3


async def test_a_naive_moment_is_refused(store: Store):
    with pytest.raises(StatementError, match="a moment without a zone"):
        await keep(store, filed(told_at=datetime(2026, 3, 2)))
    assert await look_up(store, 1001) is None


async def test_one_draft_becomes_at_most_one_ticket(store: Store):  # F32
    await keep(store, filed(1001, draft_id="d"))
    with pytest.raises(ConflictError):  # to be begun anew: then it is found
        await keep(store, filed(1002, draft_id="d"))
    async with store.read(NOW) as tx:
        found = await lookups.of_draft(tx, "d")
        assert found and found.id == 1001
        assert await lookups.of_draft(tx, "other") is None


async def test_a_draft_filed_in_this_unit_of_work_is_found_at_once(store: Store):  # F32
    async with store.begin(NOW) as tx:
        tx.put(filed(draft_id="d"), ())
        assert await lookups.of_draft(tx, "d") == filed(draft_id="d")


async def test_ticket_ids_are_counted_from_1001(store: Store):
    async with store.begin(NOW) as tx:
        assert [await tx.next_id(), await tx.next_id()] == [1001, 1002]
    async with store.begin(NOW) as tx:
        assert await tx.next_id() == 1003


# compare and set


async def test_a_changed_version_is_a_conflict_and_nothing_is_written(store: Store):  # F33
    await keep(store, filed())
    with pytest.raises(ConflictError):
        async with store.begin(NOW) as tx:
            ticket = await tx.get(TICKETS, 1001)
            assert ticket
            await tx.ask(AsyncConnection.execute, text("UPDATE tickets SET version = version + 1"))
            tx.mark_seen(5)
            tx.put_person(CHEN)
            decision = did(ticket, A.NUDGE)
            tx.put(decision.subject, decision.timers)
            tx.add_event(decision.event)
    assert await look_up(store, 1001) == filed()
    assert [await rows(store, x) for x in (t.events, t.seen_updates, t.people)] == [[], [], []]


async def test_a_ticket_only_read_never_conflicts(store: Store):
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        assert await tx.get(TICKETS, 1001)
        await tx.ask(AsyncConnection.execute, text("UPDATE tickets SET version = version + 1"))
    found = await look_up(store, 1001)
    assert found and found.version == 2


async def accept(store: Store, who: int) -> str:
    """Take the ticket as the desk does: again after a conflict, until it is clear who has it."""
    handler = person(who, f"甲{who}", (Role.PIONEER, GRID))
    while True:
        try:
            async with store.begin(NOW) as tx:
                ticket = await tx.get(TICKETS, 1001)
                assert ticket
                decision = engine.decide(ticket, A.ACCEPT, handler, NOW, RULES)
                tx.put(decision.subject, decision.timers)
                tx.add_event(decision.event)
        except ConflictError:
            continue
        except Refusal as refusal:
            return f"{refusal.template} {refusal.values['handler']}"
        return "taken"


async def test_of_many_who_take_one_ticket_one_wins_and_the_rest_hear_who(
    store: Store, twin: Store
):  # F31 F34
    await keep(store, did(filed(), A.DISPATCH, answers=answered(to_group=True)).subject)
    found = await asyncio.gather(*(accept((store, twin)[n % 2], 100 + n) for n in range(10)))
    ticket = await look_up(store, 1001)
    assert ticket and ticket.state is State.ACCEPTED and ticket.version == 3
    winner = found.index("taken")
    assert ticket.handler == 100 + winner
    assert sorted(found) == ["refused_taken " + str(ticket.handler)] * 9 + ["taken"]
    assert len(await rows(store, t.events)) == 1

"""Timers, in the store: due in order, each fired once, and those that rang stay on record."""

from datetime import datetime

import pytest
from folk import CHEN, DAY, HOUR, NOW, OTHER_GRID, RULES, TO_ACCEPTED, WANG, A, filed, story
from msgspec.structs import replace
from shelf import hire, keep, role, rows
from sqlalchemy import Connection, event, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Timer
from workflows.core.people import Role
from workflows.desk import Desk, bells
from workflows.desk.context import Context
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import ClockName
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import ConflictError, Store, timers
from workflows.store import tables as t


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
    expected = [timer.kind for timer in CLOCKWORK.timers(accepted, RULES)]
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
        ticket = await tx.get(TICKETS, 1001)
        assert ticket
        rung = replace(CLOCKWORK.ring(ticket, timer, NOW + HOUR, RULES), version=2)
        tx.put(rung, CLOCKWORK.timers(rung, RULES))
    found = await rows(store, t.timers)
    assert [(r["mark"], r["fired_at"]) for r in found if r["fired_at"]] == [("50", NOW + HOUR)]
    assert "assign.50" not in await pending(store, NOW + 30 * DAY)


async def test_timers_can_be_taken_some_at_a_time(store: Store):
    await keep(store, filed(1001), filed(1002))
    async with store.read(NOW + 30 * DAY) as tx:
        assert len(await tx.due_timers(3)) == 3


async def test_a_timer_that_stays_the_same_is_not_written_again(store: Store):
    await keep(store, filed())
    before = await rows(store, t.timers)
    changed = replace(filed(), version=2, category="别的")
    await keep(store, changed)
    assert await rows(store, t.timers) == before


async def test_one_moment_that_moves_takes_only_its_own_row_along(store: Store):
    await keep(store, filed())
    first, *others = await rows(store, t.timers)
    soonest, *same = sorted(CLOCKWORK.timers(filed(), RULES), key=lambda timer: timer.due_at)
    moved = replace(soonest, due_at=soonest.due_at + HOUR)
    async with store.begin(NOW) as tx:
        ticket = await tx.get(TICKETS, 1001)
        assert ticket
        tx.put(replace(ticket, version=2), (moved, *same))
    *kept, last = await rows(store, t.timers)
    assert kept == others
    assert first["due_at"] == soonest.due_at
    assert last == dict(first) | {"id": last["id"], "due_at": moved.due_at}


async def test_a_timer_that_rings_while_its_ticket_changes_stays_on_record(store: Store):
    """Another process marks it after we saw it pending, and before we take it away."""
    await keep(store, filed())

    def ring(conn: Connection, _: object, statement: str, *__: object) -> None:
        if statement.startswith("DELETE FROM timers"):
            conn.execute(update(t.timers).values(fired_at=NOW))

    event.listen(store.engine.sync_engine, "before_cursor_execute", ring)
    await keep(store, story(A.WITHDRAW))
    event.remove(store.engine.sync_engine, "before_cursor_execute", ring)
    found = await rows(store, t.timers)
    assert found and {row["fired_at"] for row in found} == {NOW}


async def test_a_timer_of_a_clock_that_only_another_version_knows_is_put_away(store: Store):
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        first = select(func.min(t.timers.c.id)).scalar_subquery()
        await tx.ask(
            AsyncConnection.execute,
            update(t.timers).where(t.timers.c.id == first).values(clock="tea"),
        )
    await keep(store, replace(filed(), version=2))
    assert [r["clock"] for r in await rows(store, t.timers) if r["clock"] == "tea"] == []
    expected = [timer.kind for timer in CLOCKWORK.timers(filed(), RULES)]
    assert sorted(await pending(store, NOW + 30 * DAY)) == sorted(expected)


async def test_a_due_timer_of_a_clock_that_nobody_knows_stops_no_other(store: Store):  # F28
    """The database was with another version meanwhile: it never rings, and the admins hear so."""
    await hire(store, replace(WANG, memberships=(role(Role.ADMIN, ""),)))
    await keep(store, filed(1001), filed(1002, draft_id="d2"))
    async with store.begin(NOW) as tx:
        first = select(func.min(t.timers.c.id)).scalar_subquery()
        await tx.ask(
            AsyncConnection.execute,
            update(t.timers).where(t.timers.c.id == first).values(clock="tea"),
        )
    desk = Desk(store, RULES, WORKFLOWS)
    assert await desk.tick(NOW + HOUR) == 1
    assert [row["action"] for row in await rows(store, t.events)] == ["remind"]
    told = [row["body"]["values"]["error"] for row in await rows(store, t.outbox)
            if row["template"] == "alert_timer"]  # fmt: skip
    assert told == ["1 timers of unknown clocks"]
    assert await desk.tick(NOW + HOUR) == 0


async def test_a_due_timer_of_a_kind_that_is_no_more_is_put_away(store: Store):  # F28
    await keep(store, filed(1001), filed(1002, draft_id="d2"))
    async with store.begin(NOW) as tx:
        gone = update(t.subjects).where(t.subjects.c.id == 1001).values(kind="lottery")
        await tx.ask(AsyncConnection.execute, gone)
        last = select(func.max(t.timers.c.id)).scalar_subquery()
        other = update(t.timers).where(t.timers.c.id == last)
        topics = other.values(clock="support", due_at=NOW)  # a clock, but not of a petition
        await tx.ask(AsyncConnection.execute, topics)
    async with store.begin(NOW + HOUR) as tx:
        assert [timer.ticket_id for timer in await tx.due_timers(9)] == [1002]
        assert await tx.do(timers.put_away_strange, KINDS, tx.now) == 2


async def test_a_person_whom_nobody_can_read_stops_no_timer(store: Store):  # F28
    await hire(store, replace(CHEN, memberships=(role(Role.WORKER, OTHER_GRID),)))
    await keep(store, filed(1001), filed(1002, draft_id="d2"))
    async with store.begin(NOW) as tx:
        await tx.ask(AsyncConnection.execute, update(t.memberships).values(categories=5))
    assert await Desk(store, RULES, WORKFLOWS).tick(NOW + HOUR) == 2
    assert [row["action"] for row in await rows(store, t.events)] == ["remind", "remind"]


async def past(store: Store) -> Desk:
    """A ticket whose first reminder, due an hour later, is one that the rules know no more."""
    await keep(store, filed())
    clocks = dict(RULES.clocks["petition"])
    clocks[ClockName.ASSIGN] = replace(clocks[ClockName.ASSIGN], remind=(75,))
    return Desk(store, replace(RULES, clocks={"petition": clocks}), WORKFLOWS)


async def test_a_timer_that_no_longer_fits_moves_the_others_and_not_the_ticket(store: Store):  # F28
    desk = await past(store)
    before = await rows(store, own.tickets)
    assert await desk.tick(NOW + HOUR) == 1
    expected = [timer.kind for timer in CLOCKWORK.timers(filed(), desk.rules)]
    assert "assign.75" in expected
    assert await pending(store, NOW + 30 * DAY) == expected
    assert await rows(store, own.tickets) == before
    assert await rows(store, t.events) == []


async def test_timers_made_from_a_ticket_that_has_moved_on_are_a_conflict(store: Store):  # F33
    await keep(store, filed())
    before = await rows(store, t.timers)
    with pytest.raises(ConflictError):
        async with store.begin(NOW) as tx:
            assert await tx.get(TICKETS, 1001)
            tx.put_timers(1001, ())
            await tx.ask(AsyncConnection.execute, update(own.tickets).values(version=2))
    assert await rows(store, t.timers) == before


async def test_a_conflict_met_by_a_timer_is_no_fault_of_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch
):  # F33
    """The whole turn is dropped and tried again, and the timer rings as if nothing had been."""
    ring, met = bells._ring, []

    async def contested(context: Context, timer: Timer) -> None:
        await ring(context, timer)
        if not met:
            met.append(timer)
            raise ConflictError

    monkeypatch.setattr(bells, "_ring", contested)
    await keep(store, filed())
    assert await Desk(store, RULES, WORKFLOWS).tick(NOW + HOUR) == 1
    assert [row["action"] for row in await rows(store, t.events)] == ["remind"]
    assert len(met) == 1

"""Occurrences in the store: each day of a rule once, and each ends once."""

from datetime import date, time

import pytest
from folk import ADMIN, DAY, HOUR, NOW, RULES, filed
from msgspec.structs import replace
from shelf import hire, keep, rows

from workflows.core.kernels import schedule
from workflows.core.kernels.schedule import Change, Fate, Occurrence, OnHoliday, Plan
from workflows.desk.context import Context
from workflows.desk.planning import HORIZON, plan_ahead
from workflows.registry import WORKFLOWS
from workflows.store import Store
from workflows.store import tables as shared
from workflows.store.kernels import occurrences
from workflows.store.tables import kernels as t

PLAN = Plan(
    rule="FREQ=DAILY", first=date(2026, 3, 1), opens=time(14), lasts=3 * HOUR,
    on_holiday=OnHoliday.SKIP,
)  # fmt: skip
DAYS = RULES.working


async def refresh(store: Store, plan: Plan = PLAN, now: object = NOW) -> Change:
    async with store.begin(now) as tx:
        return await tx.do(occurrences.refresh, 1001, plan, DAYS, now, now + HORIZON)


async def kept(store: Store) -> list[Occurrence]:
    async with store.read(NOW) as tx:
        return await tx.ask(occurrences.of_plan, 1001)


@pytest.fixture
async def planned(store: Store) -> Store:
    """A store with two weeks of a plan."""
    await keep(store, filed())
    await refresh(store)
    return store


async def test_they_come_back_as_they_were_and_no_restart_doubles_them(planned: Store):
    wanted = schedule.expand(PLAN, 1001, DAYS, NOW, NOW + HORIZON)
    assert await kept(planned) == wanted
    assert await refresh(planned) == Change()
    later = await refresh(planned, now=NOW + DAY)
    assert len(later.new) == 1 and len(await rows(planned, t.occurrences)) == len(wanted) + 1


async def test_each_ends_once(planned: Store):
    [first, *_] = await kept(planned)
    async with planned.begin(NOW) as tx:
        assert await tx.do(occurrences.settle, first, Fate.DONE, 11, NOW)
        assert not await tx.do(occurrences.settle, first, Fate.MISSED, 0, NOW)
    assert (await kept(planned))[0] == schedule.settled(first, Fate.DONE, 11, NOW)


async def test_what_is_open_and_what_is_overdue_is_found(planned: Store):
    first, second, *_ = await kept(planned)
    async with planned.read(NOW) as tx:
        assert await tx.ask(occurrences.opened, NOW) == []
        assert await tx.ask(occurrences.opened, first.opens) == [first]
        assert await tx.ask(occurrences.overdue, first.opens) == []
        assert await tx.ask(occurrences.overdue, second.opens) == [first]


async def test_another_plan_leaves_what_has_opened_and_what_has_ended(planned: Store):
    first, *_ = await kept(planned)
    change = await refresh(planned, replace(PLAN, opens=time(9)), first.opens)
    assert first not in change.dropped
    assert [one for one in await kept(planned) if one.slot.endswith("14:00")] == [first]


async def test_with_its_end_a_plan_keeps_what_was(planned: Store):
    first, *_ = await kept(planned)
    async with planned.begin(first.opens) as tx:
        await tx.do(occurrences.end, 1001, first.opens)
    assert await kept(planned) == [first]


async def test_taken_up_again_it_owes_nothing_from_between(planned: Store):
    first, *_ = await kept(planned)
    async with planned.begin(first.opens) as tx:
        await tx.do(occurrences.end, 1001, first.opens)
    again = NOW + 30 * DAY
    await refresh(planned, now=again)
    assert all(one.opens > again for one in (await kept(planned))[1:])


async def test_what_fell_into_a_downtime_is_missed_and_not_lost(planned: Store):
    back = NOW + 30 * DAY
    await refresh(planned, now=back)
    slots = [one.slot[:10] for one in await kept(planned)]
    assert slots == [(date(2026, 3, 2) + n * DAY).isoformat() for n in range(44)]
    async with planned.begin(back) as tx:
        for one in await tx.ask(occurrences.overdue, back):
            await tx.do(occurrences.settle, one, Fate.MISSED, 0, back)
        assert await tx.ask(occurrences.counted, 1001, NOW, back) == {Fate.MISSED: 30}
        assert await tx.ask(occurrences.overdue, back) == []


async def test_a_rule_that_had_nothing_for_weeks_loses_nothing_either(store: Store):
    seldom = replace(PLAN, rule="FREQ=MONTHLY;BYMONTHDAY=25")
    await keep(store, filed())
    assert (await refresh(store, seldom)).new == ()
    await refresh(store, seldom, NOW + 41 * DAY)
    assert [one.slot[:10] for one in await kept(store)] == ["2026-03-25", "2026-04-25"]


async def test_of_a_year_that_is_not_announced_the_admins_hear_once(store: Store):
    await hire(store, ADMIN)
    await keep(store, filed())
    eve = NOW.replace(month=12, day=30)
    for _ in range(2):
        async with store.begin(eve) as tx:
            context = Context(tx=tx, rules=RULES, workflows=WORKFLOWS, now=eve, key="t")
            await plan_ahead(context, 1001, PLAN)
    owed = [row for row in await rows(store, shared.outbox) if row["chat_id"] == ADMIN.id]
    assert [row["body"]["values"]["years"] for row in owed] == [[2027]]
    assert {one.unannounced for one in await kept(store)} == {0, 2027}

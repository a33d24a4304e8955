"""A tick asks once what is due, and begins a transaction only for that."""

import pytest
from folk import DAY, HOUR, NOW, RULES, TO_ACCEPTED, WANG, A, did, filed, story
from shelf import hire, keep, rows

from workflows.desk import Desk, bells
from workflows.registry import WORKFLOWS
from workflows.store import Store, Work, schedule
from workflows.store import tables as t


@pytest.fixture
def written(store: Store) -> list[Work]:
    """Every transaction that was begun to write, as it is committed."""
    found: list[Work] = []
    store.on_commit = lambda work, _: found.append(work)
    return found


async def plan(store: Store, *names: str) -> None:
    """These chores in an hour, all others a day later."""
    async with store.begin(NOW) as tx:
        for name in ("morning", "upkeep", "weekly"):
            moment = NOW + (HOUR if name in names else DAY)
            await tx.do(schedule.plan, name, moment, NOW)


async def test_where_nothing_is_due_nothing_is_begun(store: Store, written: list[Work]):
    await keep(store, filed())
    await plan(store)
    written.clear()
    assert await Desk(store, RULES, WORKFLOWS).tick(NOW + HOUR / 2) == 0
    assert written == []


async def test_a_timer_that_rings_is_one_transaction(store: Store, written: list[Work]):
    await keep(store, filed())
    await plan(store)
    written.clear()
    assert await Desk(store, RULES, WORKFLOWS).tick(NOW + HOUR) == 1
    assert len(written) == 1


@pytest.mark.parametrize("name", ["morning", "upkeep", "weekly"])
async def test_a_chore_that_is_due_has_its_own_and_the_others_none(
    store: Store, written: list[Work], name: str
):
    await plan(store, name)
    written.clear()
    assert await Desk(store, RULES, WORKFLOWS).tick(NOW + HOUR) == 1
    assert len(written) == 1


async def test_a_timer_and_two_chores_are_three(store: Store, written: list[Work]):
    await keep(store, filed())
    await plan(store, "upkeep", "weekly")
    written.clear()
    assert await Desk(store, RULES, WORKFLOWS).tick(NOW + HOUR) == 3
    assert len(written) == 3


@pytest.mark.parametrize(("count", "transactions"), [(2, 1), (3, 2)])
async def test_only_what_does_not_fit_into_one_has_another(
    store: Store, written: list[Work], monkeypatch: pytest.MonkeyPatch, count: int,
    transactions: int,
):  # fmt: skip
    monkeypatch.setattr(bells, "_AT_ONCE", 2)
    await keep(store, *(filed(1001 + n) for n in range(count)))
    written.clear()
    assert await Desk(store, RULES, WORKFLOWS).tick(NOW + HOUR) == count
    assert len(written) == transactions


async def test_what_becomes_due_by_ringing_rings_in_the_same_tick(
    store: Store, written: list[Work]
):
    """The promise was over when the handler asked: it runs on, and is overdue, once the system
    answers for a silent resident.
    """
    await hire(store, WANG)
    asked_at = NOW + 25 * HOUR
    await keep(store, did(story(*TO_ACCEPTED), A.ASK, at=asked_at).subject)
    written.clear()
    await Desk(store, RULES, WORKFLOWS).tick(asked_at + 3 * DAY)
    done = [row["action"] for row in await rows(store, t.events)]
    assert done.index("answer") < done.index("escalate")
    assert len(written) == 2

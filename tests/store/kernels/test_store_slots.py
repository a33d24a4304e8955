"""Places that are few, in the store: who is faster has it, and the line moves with the release."""

import asyncio

import pytest
from folk import NOW, filed
from shelf import keep, rows
from sqlalchemy.exc import DBAPIError

from workflows.core.kernels import slots as pure
from workflows.core.kernels.slots import Slot, Standing
from workflows.store import ConflictError, Store
from workflows.store.kernels import slots
from workflows.store.tables import kernels as t

FRESH = Slot(subject=1001, capacity=2)


@pytest.fixture
async def few(store: Store) -> Store:
    """A store with two places."""
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        await tx.do(slots.begin, FRESH)
    return store


async def claim(store: Store, person: int, size: int = 1) -> Slot:
    async def work() -> Slot:
        async with store.begin(NOW) as tx:
            slot = await tx.ask(slots.load, 1001)
            assert slot
            return await tx.do(slots.put, slot, pure.claim(slot, person, NOW, size=size))

    return await store.retried(work)


async def load(store: Store) -> Slot:
    async with store.read(NOW) as tx:
        found = await tx.ask(slots.load, 1001)
        assert found
        return found


async def test_it_comes_back_as_it_was(few: Store):
    kept = [await claim(few, person, size) for person, size in ((7, 2), (5, 1), (6, 2))][-1]
    assert await load(few) == kept
    async with few.read(NOW) as tx:
        assert await tx.ask(slots.of_person, 5) == [(1001, "", kept.of(5))]
        assert await tx.ask(slots.load, 1001, "helpers") is None


async def test_the_line_moves_in_the_transaction_of_the_release(few: Store):
    for person in (7, 5, 6):
        await claim(few, person)
    async with few.begin(NOW) as tx:
        slot = await tx.ask(slots.load, 1001)
        assert slot
        await tx.do(slots.put, slot, pure.release(slot, 7, NOW))
    assert {row["person"]: row["standing"] for row in await rows(few, t.slot_claims)} == {
        5: "in", 6: "in",
    }  # fmt: skip


async def test_who_read_it_before_another_wrote_begins_anew(few: Store):
    slot = await load(few)
    await claim(few, 5)
    with pytest.raises(ConflictError):
        async with few.begin(NOW) as tx:
            await tx.do(slots.put, slot, pure.claim(slot, 6, NOW))
    assert [one.person for one in (await load(few)).claims] == [5]


async def test_of_two_at_once_only_one_has_the_last_place(few: Store, twin: Store):
    await claim(few, 9)
    await asyncio.gather(claim(few, 5), claim(twin, 6))
    found = await load(few)
    assert [one.standing for one in found.claims] == [Standing.IN, Standing.IN, Standing.WAITING]
    assert {one.rank for one in found.claims} == {1, 2, 3}


async def test_a_slot_can_begin_in_the_turn_in_which_its_subject_does(few: Store):
    async with few.begin(NOW) as tx:
        await tx.do(slots.begin, Slot(subject=1002, name="helpers", capacity=1))
        tx.put(filed(1002), ())
    async with few.read(NOW) as tx:
        assert await tx.ask(slots.load, 1002, "helpers")


async def test_none_is_of_a_subject_that_there_is_not(few: Store):
    with pytest.raises((DBAPIError, ConflictError)):
        async with few.begin(NOW) as tx:
            await tx.do(slots.begin, Slot(subject=404, capacity=1))
    assert len(await rows(few, t.slots)) == 1


async def test_those_of_a_subject_are_written_by_what_has_changed_and_read_at_once(few: Store):
    helpers = Slot(subject=1001, name="help", capacity=1)
    guests = pure.claim(FRESH, 7, NOW)
    after = pure.settled((guests, helpers), (FRESH,), NOW)
    async with few.begin(NOW) as tx:
        await tx.do(slots.write, (FRESH,), after)
    async with few.read(NOW) as tx:
        found = await tx.ask(slots.of_subjects, [1001, 1002])
    assert found[1001] == after and 1002 not in found
    async with few.begin(NOW) as tx:
        with pytest.raises(ConflictError):
            await tx.do(slots.write, (FRESH,), after)

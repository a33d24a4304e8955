"""Households in the store: one behind a door, one residence a person, forgotten with him."""

import asyncio

import pytest
from folk import CHEN, HOUR, NOW, WANG, ZHOU
from shelf import rows

from workflows.core.kernels import households as pure
from workflows.core.kernels.households import Household, Residence, Tie
from workflows.store import ConflictError, Store
from workflows.store.kernels import households
from workflows.store.tables import kernels as t

PLACE = "友新街道/南环一/1网格/3幢"


async def behind(store: Store, door: str, place: str = PLACE) -> Household:
    async with store.begin(NOW) as tx:
        return await tx.do(households.behind, place, door)


async def claim(store: Store, household: int, person: int = CHEN.id) -> Residence:
    async def work() -> Residence:
        async with store.begin(NOW) as tx:
            known = await tx.ask(households.members, household)
            said = pure.claim(known, household, person, Tie.OWNER, person, NOW)
            return await tx.do(households.add, said)

    return await store.retried(work)


async def verify(store: Store, one: Residence) -> Residence:
    async with store.begin(NOW) as tx:
        known = await tx.ask(households.members, one.household)
        verified = pure.verify(known, one, WANG.id, NOW)
        await tx.do(households.put, one, verified)
        return verified


async def test_behind_a_door_is_one_household_in_each_building(store: Store):
    first = await behind(store, "301")
    assert await behind(store, "301") == first
    assert (await behind(store, "301", f"{PLACE[:-2]}4幢")).id != first.id
    named = await behind(store, "2-301")  # the staircase was left out before
    assert (named.id, named.door) == (first.id, "2-301")
    with pytest.raises(pure.UnclearDoorError):
        await behind(store, "301")
    async with store.read(NOW) as tx:
        assert await tx.ask(households.at, PLACE) == [named]
        assert await tx.ask(households.load, first.id) == named


async def test_residences_come_back_as_they_were(store: Store):
    home = await behind(store, "301")
    verified = await verify(store, await claim(store, home.id))
    said = await claim(store, home.id, ZHOU.id)
    async with store.read(NOW) as tx:
        assert await tx.ask(households.members, home.id) == [verified, said]
        assert await tx.ask(households.of_place, PLACE) == [verified, said]
        assert await tx.ask(households.of_person, ZHOU.id) == [said]
        assert await tx.ask(households.are_together, CHEN.id, ZHOU.id)
        assert not await tx.ask(households.are_together, CHEN.id, WANG.id)


async def test_who_read_it_before_another_wrote_begins_anew(store: Store):
    said = await claim(store, (await behind(store, "301")).id)
    await verify(store, said)
    with pytest.raises(ConflictError):
        async with store.begin(NOW) as tx:
            await tx.do(households.put, said, pure.end(said, WANG.id, NOW + HOUR))


async def test_of_two_who_say_it_at_once_one_is_told_that_it_is_known(store: Store, twin: Store):
    home = await behind(store, "301")
    found = await asyncio.gather(
        claim(store, home.id), claim(twin, home.id), return_exceptions=True
    )  # fmt: skip
    assert [type(x) for x in found if isinstance(x, Exception)] == [pure.LivesThereError]
    assert len(await rows(store, t.residences)) == 1


async def test_who_moved_out_can_come_back_and_what_was_stays(store: Store):
    home = await behind(store, "301")
    said = await claim(store, home.id)
    async with store.begin(NOW) as tx:
        await tx.do(households.put, said, pure.end(said, CHEN.id, NOW))
        assert await tx.ask(households.of_place, PLACE) == []
    await claim(store, home.id)
    assert len(await rows(store, t.residences)) == 2


async def test_where_somebody_lived_can_be_forgotten(store: Store):
    home = await behind(store, "301")
    for person in (CHEN.id, ZHOU.id):
        await claim(store, home.id, person)
    async with store.begin(NOW) as tx:
        await tx.do(households.forget, CHEN.id)
        assert [x.person for x in await tx.ask(households.members, home.id)] == [ZHOU.id]
        assert await tx.ask(households.at, PLACE) == [home]

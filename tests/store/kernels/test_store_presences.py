"""Who was there, in the store: once, by a code once, and forgotten with him."""

import asyncio

import pytest
from folk import CHEN, NOW, WANG, ZHOU, filed
from shelf import keep, rows

from workflows.core.kernels import presence
from workflows.core.kernels.presence import Presence
from workflows.store import Store
from workflows.store.kernels import presences
from workflows.store.tables import kernels as t


def seen(person: int = CHEN.id, name: str = "", subject: int = 1001) -> Presence:
    return presence.by_witness(
        subject=subject, name=name, person=person, witness=WANG.id, at=NOW
    )  # fmt: skip


async def scan(store: Store, person: int = CHEN.id, name: str = "") -> Presence:
    async def work() -> Presence:
        async with store.begin(NOW) as tx:
            key = await tx.do(presences.key_of, 1001)
            said = presence.code(key, presence.counter_at(NOW))
            found = presence.by_code(
                key, said, subject=1001, name=name, person=person, at=NOW
            )  # fmt: skip
            await tx.do(presences.take_down, found)
            return found

    return await store.retried(work)


@pytest.fixture
async def held(store: Store) -> Store:
    await keep(store, filed(), filed(1002))
    return store


async def test_they_come_back_as_they_were(held: Store):
    taken = [await scan(held), await scan(held, ZHOU.id)]
    async with held.read(NOW) as tx:
        assert await tx.ask(presences.of_subject, 1001) == taken
        assert await tx.ask(presences.of_person, ZHOU.id) == taken[1:]


async def test_a_subject_has_one_key_whoever_asks_first(held: Store):
    async with held.begin(NOW) as tx:
        first = await tx.do(presences.key_of, 1001)
        assert await tx.do(presences.key_of, 1001) == first != await tx.do(presences.key_of, 1002)
    assert len(first) == 32


async def test_once_there_and_a_code_once(held: Store):
    await scan(held)
    for name, error in (("", presence.ThereAlreadyError), ("out", presence.UsedCodeError)):
        with pytest.raises(error):
            await scan(held, name=name)
    assert len(await rows(held, t.presences)) == 1


async def test_of_two_scans_at_once_one_counts(held: Store, twin: Store):
    await scan(held, ZHOU.id)  # so that there is a key
    found = await asyncio.gather(
        scan(held), scan(twin, name="out"), return_exceptions=True
    )  # fmt: skip
    assert [type(one) for one in found if isinstance(one, Exception)] == [presence.UsedCodeError]


async def test_a_mistake_is_undone_and_he_can_come_again(held: Store):
    await scan(held)
    async with held.begin(NOW) as tx:
        assert await tx.do(presences.undo, 1001, "", CHEN.id)
        assert not await tx.do(presences.undo, 1001, "", CHEN.id)
        await tx.do(presences.take_down, seen())


async def test_where_somebody_was_can_be_forgotten(held: Store):
    async with held.begin(NOW) as tx:
        for one in (seen(), seen(subject=1002), seen(ZHOU.id)):
            await tx.do(presences.take_down, one)
        await tx.do(presences.forget, CHEN.id)
        assert await tx.ask(presences.of_person, CHEN.id) == []
        assert await tx.ask(presences.of_subject, 1001) == [seen(ZHOU.id)]


async def test_the_list_of_a_subject_is_written_by_what_has_changed(held: Store):
    first, second, third = seen(), seen(ZHOU.id), seen(7)
    async with held.begin(NOW) as tx:
        await tx.do(presences.write, (), (first, second))
        await tx.do(presences.write, (first, second), (second, third))
    async with held.read(NOW) as tx:
        found = await tx.ask(presences.of_subjects, [1001, 1002])
    assert {one.person for one in found[1001]} == {ZHOU.id, 7} and 1002 not in found

"""What came of what, in the store: read from both ends, refused where the pure rule says so."""

import pytest
from folk import HOUR, NOW, filed
from shelf import keep

from workflows.core.kernels.causes import ChainError, Link
from workflows.store import Store
from workflows.store.kernels import causes


def link(cause: int, effect: int) -> Link:
    return Link(cause=cause, effect=effect, at=NOW, by=11)


@pytest.fixture
async def chain(store: Store) -> Store:
    """1001 to 1006, each the cause of the next."""
    await keep(store, *(filed(number) for number in range(1001, 1009)))
    async with store.begin(NOW) as tx:
        for number in range(1001, 1006):
            await tx.do(causes.link, link(number, number + 1))
    return store


async def test_a_link_is_read_from_both_ends_and_stays_as_it_was(chain: Store):
    again = Link(cause=1001, effect=1002, at=NOW + HOUR, by=12)
    async with chain.begin(NOW) as tx:
        await tx.do(causes.link, again)
    async with chain.read(NOW) as tx:
        assert await tx.ask(causes.effects_of, 1001) == [link(1001, 1002)]
        assert await tx.ask(causes.causes_of, 1002) == [link(1001, 1002)]
        assert await tx.ask(causes.causes_of, 1001) == []


@pytest.mark.parametrize("pair", [(1006, 1007), (1007, 1001), (1006, 1001), (1007, 1007)])
async def test_too_long_a_chain_or_a_way_back_is_refused(chain: Store, pair: tuple[int, int]):
    async with chain.begin(NOW) as tx:
        with pytest.raises(ChainError):
            await tx.do(causes.link, link(*pair))
        assert await tx.ask(causes.effects_of, pair[0]) == []


async def test_one_more_may_come_of_what_is_not_the_fifth(chain: Store):
    async with chain.read(NOW) as tx:
        await tx.ask(causes.check, 1005)
        with pytest.raises(ChainError):
            await tx.ask(causes.check, 1006)

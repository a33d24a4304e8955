"""A unit of work that hangs is given up, its connection thrown away, and the next one is well."""

from collections.abc import AsyncIterator
from time import monotonic

import pytest
from folk import NOW
from silence import Line, line
from sqlalchemy import text

from workflows.store import Store
from workflows.store import tables as t

SECONDS = 0.3
on_postgres = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
async def hasty(url: str) -> AsyncIterator[Store]:
    """A store that waits for a moment only."""
    store = Store.open(url, SECONDS)
    yield store
    await store.close()


@pytest.fixture
async def wire(url: str, postgres) -> AsyncIterator[Line]:
    async with line(postgres.folder) as made:
        yield made


@pytest.fixture
async def afar(url: str, wire: Line) -> AsyncIterator[Store]:
    store = Store.open(wire.url(url), SECONDS)
    yield store
    await store.close()


async def write(store: Store, number: int) -> None:
    async with store.begin(NOW) as tx:
        await tx.prefetch([number], [], [])
        tx.mark_seen(number)


async def seen(store: Store) -> list[int]:
    async with store.read(NOW) as tx:
        return sorted(await tx.conn.scalars(t.seen_updates.select()))


@on_postgres
async def test_a_line_that_goes_silent(afar: Store, wire: Line):  # F64
    async with afar.read(NOW), afar.read(NOW), afar.read(NOW):
        pass
    async with afar.begin(NOW) as tx, afar.read(NOW), afar.read(NOW):
        await tx.prefetch([0], [], [])
    t0 = monotonic()
    wire.go_silent()
    with pytest.raises(TimeoutError):
        await write(afar, 1)
    print("gave up after", monotonic() - t0)
    t0 = monotonic()
    await write(afar, 1)
    print("healed after", monotonic() - t0)
    async with afar.begin(NOW), afar.read(NOW), afar.read(NOW), afar.read(NOW):
        pass
    print("others after", monotonic() - t0)


@on_postgres
async def test_mid(afar: Store, wire: Line):  # F64
    t0 = monotonic()
    with pytest.raises(TimeoutError):
        async with afar.begin(NOW) as tx:
            await tx.prefetch([1], [], [])
            wire.go_silent()
            await tx.conn.execute(text("SELECT 1"))
    print("gave up after", monotonic() - t0)
    t0 = monotonic()
    try:
        await write(afar, 1)
    except TimeoutError:
        print("again", monotonic() - t0)
        await write(afar, 1)
    print("healed after", monotonic() - t0)
    t0 = monotonic()
    wire.is_dead = True
    with pytest.raises(TimeoutError):
        async with afar.read(NOW), afar.read(NOW):
            pass
    print("dead line", monotonic() - t0)
    wire.is_dead = False
    await write(afar, 2)
    print("healed", monotonic() - t0)

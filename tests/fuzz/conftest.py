"""One house for all examples of a test: what came before must not matter to it."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from casting import RESIDENTS, STAFF, Cast
from house import House
from recorded import Json, record

from bot.config.settings import Settings
from playground.phones.phone import Phone
from playground.stage.stage import stage
from playground.world import keeping


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="module")
def house(
    runner: asyncio.Runner, hired: Path, example: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(hired / "haitang.db", folder / "haitang.db")
    url = f"sqlite+aiosqlite:///{folder}/haitang.db"
    database = example.database.model_copy(update={"url": url})
    world = keeping.load(hired)
    assert world
    world.limits.enabled = False
    standing = stage(example.model_copy(update={"database": database}), world=world)
    made = runner.run(standing.__aenter__())
    people = [*STAFF.items(), *RESIDENTS.items()]
    phones = {who: Phone(made.phones, known[-1], known[0]) for who, known in people}
    yield House(Cast(stage=made, **phones))
    runner.run(standing.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def known(runner: asyncio.Runner, house: House) -> list[Json]:
    """What was recorded; a petition that 王 has in hand is there since."""
    return runner.run(record(house.cast))

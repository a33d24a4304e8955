"""What the tests share: the example's settings on a fresh database, and a stage."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from casting import Cast

from bot.config import Settings, load
from playground.limits import Limits
from playground.phone import Phone
from playground.stage import TOKEN, Stage, stage
from workflows.model import Membership, Role
from workflows.store import Store

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the schema, to be copied: migrating takes longer than a test."""
    path = tmp_path_factory.mktemp("migrated") / "haitang.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


async def _migrate(url: str) -> None:
    store = Store.open(url)
    await store.migrate()
    await store.close()


@pytest.fixture
def settings(tmp_path: Path, migrated: Path) -> Settings:
    """The example config with a database of its own."""
    shutil.copy(migrated, tmp_path / "haitang.db")
    url = f"sqlite+aiosqlite:///{tmp_path}/haitang.db"
    return load(EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": TOKEN, "HAITANG_DATABASE__URL": url})


@pytest.fixture
async def on_stage(settings: Settings) -> AsyncIterator[Stage]:
    """The bot and a playground without Telegram's limits, at nine in the morning."""
    async with stage(settings, limits=Limits(enabled=False)) as made:
        yield made


GRID = "友新街道/南环一/1网格"
STAFF = {
    "wang": ("王琴", Role.PIONEER, f"{GRID}/3幢", 2001),
    "li": ("李明", Role.PIONEER, GRID, 2002),
    "zhao": ("赵兰", Role.PIONEER, GRID, 2003),
    "worker": ("孙工", Role.WORKER, GRID, 2004),
    "lead": ("钱进", Role.LEAD, GRID, 3001),
    "committee": ("吴书记", Role.COMMITTEE, "友新街道/南环一", 4001),
    "street": ("街道办", Role.STREET, "友新街道", 5001),
}


@pytest.fixture
async def cast(on_stage: Stage) -> Cast:
    """Everybody hired by links at one moment; 王 is the pioneer of 3幢, 李 and 赵 of the grid."""
    phones: dict[str, Phone] = {}
    for who, (name, role, place, user_id) in STAFF.items():
        membership = Membership(role=role, place=place)
        payload = await on_stage.service.desk.invite(membership, on_stage.now)
        phones[who] = await on_stage.phones.add_user(name, user_id)
        await phones[who].start(payload)
    await on_stage.settle()
    chen = await on_stage.phones.add_user("陈师傅", 1001)
    zhou = await on_stage.phones.add_user("周阿姨", 1002)
    return Cast(stage=on_stage, chen=chen, zhou=zhou, **phones)

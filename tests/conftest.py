"""What the tests share: the example's settings on a fresh database, and a stage."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from casting import Cast

from bot.config import Settings, load
from playground.limits import Limits
from playground.stage import TOKEN, Stage, stage
from workflows.model import Role

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The example config with a database of its own."""
    url = f"sqlite+aiosqlite:///{tmp_path}/haitang.db"
    return load(EXAMPLE, {"HAITANG_TELEGRAM__TOKEN": TOKEN, "HAITANG_DATABASE__URL": url})


@pytest.fixture
async def on_stage(settings: Settings) -> AsyncIterator[Stage]:
    """The bot and a playground without Telegram's limits, at nine in the morning."""
    async with stage(settings, limits=Limits(enabled=False)) as made:
        yield made


@pytest.fixture
async def cast(on_stage: Stage) -> Cast:
    """Everybody hired: 王 is the pioneer of 3幢, 李 and 赵 of the grid."""
    hire = on_stage.hire
    return Cast(
        stage=on_stage,
        chen=await on_stage.phones.add_user("陈师傅", 1001),
        zhou=await on_stage.phones.add_user("周阿姨", 1002),
        wang=await hire("王琴", Role.PIONEER, "南环一/1网格/3幢", 2001),
        li=await hire("李明", Role.PIONEER, "南环一/1网格", 2002),
        zhao=await hire("赵兰", Role.PIONEER, "南环一/1网格", 2003),
        worker=await hire("孙工", Role.WORKER, "南环一/1网格", 2004),
        lead=await hire("钱进", Role.LEAD, "南环一/1网格", 3001),
        committee=await hire("吴书记", Role.COMMITTEE, "友新街道/南环一", 4001),
        street=await hire("街道办", Role.STREET, "友新街道", 5001),
    )

"""What a running bot has in memory: nothing of other commands or databases."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from folk import EXAMPLE

from workflows.store.migrations import known, steps

ROOT = Path(__file__).parents[2]
STARTED = """
import asyncio, sys
import bot.__main__, bot.service
from workflows.registry import KINDS
from workflows.store import Store

async def start():
    store = Store.open(sys.argv[1], KINDS)
    await store.check()
    await store.migrate()
    await store.close()

asyncio.run(start())
print(*sys.modules, sep="\\n")
"""


def loaded(database: Path) -> set[str]:
    """The modules in a process of its own that has opened its database as a bot does."""
    line = [sys.executable, "-c", STARTED, f"sqlite+aiosqlite:///{database}"]
    told = subprocess.run(line, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    return set(told.split())


@pytest.mark.parametrize(
    "name",
    ["alembic", "mako", "playground", "asyncpg", "pytest", "sqlalchemy.dialects.postgresql"],
)
def test_a_bot_whose_schema_is_the_newest_has_not_loaded(name: str, started: set[str]):
    assert name not in started


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a second start loads; the first one, which makes the schema, loads Alembic."""
    database = tmp_path_factory.mktemp("loaded") / "haitang.db"
    assert "alembic" in loaded(database)
    return loaded(database)


def test_the_newest_revision_is_the_one_that_alembic_takes_for_it():
    scripts = ScriptDirectory.from_config(steps.config())
    assert scripts.get_current_head() == known()[-1]
    assert {script.revision for script in scripts.walk_revisions()} == set(known())


COLLECTED = """
import gc, json, sys
import bot.__main__, bot.service

class Probe(bot.service.Service):
    async def run(self):
        runs = []
        gc.callbacks.append(lambda phase, _: runs.append(phase))
        kept = [[n] for n in range(10_000)]
        gc.callbacks.clear()
        print(json.dumps([len(runs), gc.get_freeze_count(), len(gc.get_objects()) - len(kept)]))

bot.service.Service = Probe
sys.exit(bot.__main__.main(["run", "--config", sys.argv[1]]))
"""


def test_a_running_bots_collector_looks_rarely_and_never_through_what_was_loaded(tmp_path: Path):
    """It holds up everybody: a tenth of a second, for the little that only a collection finds."""
    around = {**os.environ, "HAITANG_TELEGRAM__TOKEN": f"1:{'x' * 35}",
              "HAITANG_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/haitang.db"}  # fmt: skip
    line = [sys.executable, "-c", COLLECTED, str(EXAMPLE)]
    told = subprocess.run(
        line, check=True, cwd=ROOT, env=around, capture_output=True, text=True
    ).stdout
    collections, kept, looked_through = json.loads(told)
    assert collections == 0
    assert looked_through < kept / 10

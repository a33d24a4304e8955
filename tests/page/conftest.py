"""A browser, and the demo's house with its page open."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright
from visiting import Visitor, visit

from playground.demo.show import House, Options, house, open_page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield running
        await running.close()


@pytest.fixture(scope="session")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo whose cast has just come together."""
    folder = tmp_path_factory.mktemp("gathered") / "state"

    async def gather() -> None:
        async with house(folder, Options(port=0)) as made:
            await made.play.gather()

    folder.mkdir()
    asyncio.run(gather())
    return folder


@pytest.fixture
async def demo(gathered: Path, tmp_path: Path) -> AsyncIterator[House]:
    """The demo with its cast and its page open, before any story."""
    folder = shutil.copytree(gathered, tmp_path / "state")
    async with house(folder, Options(port=0)) as made:
        await made.play.gather()
        open_page(made)
        yield made


@pytest.fixture
async def visitor(browser: Browser, demo: House) -> AsyncIterator[Visitor]:
    made = await visit(browser, demo.play.stage.server.root)
    yield made
    assert made.complaints == []

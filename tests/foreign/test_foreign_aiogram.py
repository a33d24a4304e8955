"""Bots of other frameworks, in an interpreter of their own, work unchanged."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from playground import Phone, Phones, World, serve

TOKEN = "42:any"
ROOT = Path(__file__).parents[2]
ECHO = Path(__file__).with_name("aiogram_echo.py")
# aiogram holds back pydantic, so it has an environment of its own: see the Makefile's `peers`.
PEERS = ROOT / ".venv/peers/bin/python"


def _has_aiogram() -> bool:
    asked = [PEERS, "-c", "import aiogram"]
    return PEERS.exists() and subprocess.run(asked, check=False).returncode == 0


needs_aiogram = pytest.mark.skipif(not _has_aiogram(), reason="no aiogram here: run make peers")


@asynccontextmanager
async def phone_to(*command: object, cwd: Path = ROOT) -> AsyncIterator[Phone]:
    """A phone, and the bot that this command starts at the other end; its last argument gets
    the playground's address."""
    async with serve(World()) as server, Phones(server.root, TOKEN) as phones:
        *line, text = map(str, command)
        text = text.replace("http://127.0.0.1:8081", server.root)
        around = os.environ | {"NO_PROXY": "127.0.0.1"}
        bot = await asyncio.create_subprocess_exec(*line, text, env=around, cwd=cwd)
        try:
            yield await phones.add_user("陈师傅")
        finally:
            bot.kill()
            await bot.wait()


@needs_aiogram
async def test_an_echo_bot_with_buttons_and_a_photo():
    async with phone_to(PEERS, ECHO, TOKEN, "http://127.0.0.1:8081") as chen:
        await chen.start()
        [greeting] = await chen.inbox(after=1, wait=30)
        assert greeting.html == "<b>您好</b>"
        await chen.send("充电桩坏了")
        [_, echo] = await chen.inbox(after=2, wait=30)
        assert (echo.text, echo.labels) == ("充电桩坏了", ["再说一遍"])
        await chen.tap("再说一遍")
        while not await chen.toasts():
            await asyncio.sleep(0.02)
        assert [toast.text for toast in await chen.toasts()] == ["说了"]
        assert (await chen.last()).text == "充电桩坏了！"
        await chen.send_photo("三号桩")
        [_, picture] = await chen.inbox(after=4, wait=30)
        assert (picture.media, picture.text) == ("photo", "三号桩")


def _examples() -> list[str]:
    """The programs that docs/playground.md shows."""
    page = (ROOT / "docs/playground.md").read_text("utf-8")
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize("example", _examples(), ids=["ptb", "aiogram"])
async def test_the_examples_of_the_docs_run(example: str):
    is_aiogram = "aiogram" in example
    if is_aiogram and not _has_aiogram():
        pytest.skip("no aiogram here: run make peers")
    interpreter = PEERS if is_aiogram else sys.executable
    async with phone_to(interpreter, "-c", example) as chen:
        await chen.send("你好")
        [_, echo] = await chen.inbox(wait=30)
        assert echo.text == "你好"

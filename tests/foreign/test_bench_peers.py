"""The bots of the benchmarks hold the conversation that they are measured by."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from benchmarks.peers import PEERS, Peer
from playground import Message, Phone, Phones, World, serve
from playground.world.limits import Limits

TOKEN = "42:any"
NUMBER = re.compile(r"已登记，编号 \d{8}-(\d{4})")
here = [
    pytest.param(peer, id=name, marks=pytest.mark.skipif(bool(why), reason=str(why)))
    for name, peer in PEERS.items()
    for why in [peer.missing()]
]


@asynccontextmanager
async def phones_to(command: list[str], folder: Path) -> AsyncIterator[Phones]:
    """Phones, and the bot that this command starts at the other end."""
    world = World(limits=Limits(enabled=False))
    async with serve(world) as server, Phones(server.root, TOKEN) as phones:
        given = {"BENCH_BASE_URL": server.root, "BENCH_TOKEN": TOKEN, "BENCH_DATA": str(folder)}
        around = os.environ | given | {"NO_PROXY": "127.0.0.1"}
        bot = await asyncio.create_subprocess_exec(*command, env=around)
        try:
            yield phones
        finally:
            with suppress(ProcessLookupError):  # It ended by itself: its own words say why.
                bot.terminate()
            await bot.wait()


async def answer(phone: Phone, text: str) -> Message:
    """The newest message of the bot's, once it says this."""
    async with asyncio.timeout(30):
        while True:
            messages = [m for m in await phone.inbox() if m.sender != phone.user_id]
            if messages and text in messages[-1].text:
                return messages[-1]
            await asyncio.sleep(0.02)


async def file_petition(phone: Phone) -> str:
    """Six steps, six answers; the number."""
    await phone.start()
    assert not (await answer(phone, "您好")).labels
    await phone.send("充电桩<坏了> & 冒烟")
    preview = await answer(phone, "充电桩<坏了> & 冒烟")
    assert "其他" in preview.text and preview.labels == ["提交", "类别", "地点"]
    await phone.tap("类别")
    assert len((await answer(phone, "请选一个类别")).labels) == 12
    await phone.tap("消防安全")
    again = await answer(phone, "消防安全")
    assert (again.id, again.labels) == (preview.id, preview.labels)
    await phone.send("3号桩")
    grown = await answer(phone, "冒烟\n3号桩")
    assert "消防安全" in grown.text
    await phone.tap("提交")
    return NUMBER.search((await answer(phone, "已登记")).text)[1]


@pytest.mark.parametrize("peer", here)
async def test_a_peer_files_petitions_and_counts_them(peer: Peer, tmp_path: Path):
    async with phones_to(peer.command(), tmp_path) as phones:
        chen, wu = await phones.add_user("陈师傅"), await phones.add_user("吴阿姨")
        assert await file_petition(chen) == "0001"
        assert await file_petition(wu) == "0002"
        assert await file_petition(chen) == "0003"
        assert len(await chen.toasts()) == 6

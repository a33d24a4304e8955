"""The demo where nobody watches a terminal: it tells the stories and ends by itself."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground import Server, World, serve
from playground.demo.narrator import Narrator
from playground.stage.stage import MORNING
from playground.world.clock import Clock

TOKEN = "123456:playground"
ROOT = Path(__file__).parents[2]
TOLD = re.compile(r"\n(\d\d-\d\d \d\d:\d\d)   (.*?)(?=\n\n\d\d-\d\d \d\d:\d\d   |\n\n\n)", re.S)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The demo into a pipe, told to its end."""
    folder = tmp_path_factory.mktemp("piped")
    line = [sys.executable, "-m", "bot", "demo", "--state", str(folder / "state")]
    told = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert list(folder.iterdir()) == []
    return told


def test_into_a_pipe_it_tells_the_stories_and_ends(ended: subprocess.CompletedProcess[str]):
    """Every promise kept is a ✓ and the exit code 0; nothing is left behind."""
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("✓") == 16
    assert "✗" not in ended.stdout


def test_everything_is_told_as_it_was_at_its_moment(ended: subprocess.CompletedProcess[str]):
    """In order of time, nothing late before it was, every card with the buttons it had."""
    told = TOLD.findall(ended.stdout.partition("\n── ")[0] + "\n\n\n")
    late_from = next(at for at, words in told if "对不起，我们晚了" in words)
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert not [words for at, words in told if at < late_from and "已逾期" in words]
    offers = [words for _, words in told if "📥 有一件诉求派给您" in words]
    assert len(offers) >= 5
    assert all("[接单]" in words for words in offers)


class Teller:
    """A world with one bot and 小明, and what the narrator prints of it."""

    def __init__(self, server: Server, http: httpx.AsyncClient) -> None:
        self.server, self._http = server, http
        self.narrator = Narrator(server.world)

    async def bot(self, method: str, **params: Any) -> Any:
        address = f"{self.server.root}/bot{TOKEN}/{method}"
        read = (await self._http.post(address, json={"chat_id": 1001} | params)).json()
        assert read["ok"], read
        return read["result"]

    def later(self, hours: float) -> None:
        self.server.world.clock.advance(hours * 3600)


@pytest.fixture
async def teller() -> AsyncIterator[Teller]:
    world = World(clock=Clock.manual(MORNING))
    world.private_chat(world.add_bot(TOKEN), world.add_user("小明"))
    async with serve(world) as server, httpx.AsyncClient(trust_env=False) as http:
        yield Teller(server, http)


async def test_a_card_is_told_as_sent_and_then_what_is_new_on_it(
    teller: Teller, capsys: pytest.CaptureFixture[str]
):
    keys = {"inline_keyboard": [[{"text": "接单", "callback_data": "a"}]]}
    async with teller.narrator.telling():
        sent = await teller.bot("sendMessage", text="诉求 1\n还早", reply_markup=keys)
        teller.later(2)
        await teller.bot("editMessageText", message_id=sent["message_id"], text="诉求 1\n晚了")
    first, second = TOLD.findall(capsys.readouterr().out + "\n\n\n")
    assert first[1].split() == ["海棠", "→", "小明：诉求", "1", "还早", "[接单]"]
    assert int(second[0][6:8]) == int(first[0][6:8]) + 2
    assert "诉求 1」那一条改了" in second[1]
    assert second[1].split()[-1] == "晚了"


async def test_buttons_that_only_go_are_no_news_and_what_is_taken_away_is(
    teller: Teller, capsys: pytest.CaptureFixture[str]
):
    keys = {"inline_keyboard": [[{"text": "接单", "callback_data": "a"}]]}
    sent = {}
    async with teller.narrator.telling():
        sent = await teller.bot("sendMessage", text="诉求 1", reply_markup=keys)
    capsys.readouterr()
    async with teller.narrator.telling():
        await teller.bot("editMessageReplyMarkup", message_id=sent["message_id"])
    assert capsys.readouterr().out == ""
    async with teller.narrator.telling():
        await teller.bot("deleteMessage", message_id=sent["message_id"])
    assert "「诉求 1」那一条撤下了" in capsys.readouterr().out


async def test_what_happens_between_two_steps_is_not_the_storys(
    teller: Teller, capsys: pytest.CaptureFixture[str]
):
    await teller.bot("sendMessage", text="旁的事")
    async with teller.narrator.telling():
        await teller.bot("sendMessage", text="故事里的")
    assert "旁的事" not in capsys.readouterr().out

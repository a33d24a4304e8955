"""Backstage over HTTP, without a browser: the bot's process, time, stories, a second start."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.demo.show import House, Options, house, open_page


class Backstage:
    """Calls of the page's endpoints."""

    def __init__(self, made: House) -> None:
        root = made.play.stage.server.root
        self.http = httpx.AsyncClient(base_url=f"{root}/backstage/", trust_env=False, timeout=60)

    async def look(self) -> dict[str, Any]:
        return (await self.http.get("look")).json()

    async def turn(self, what: str, **body: Any) -> dict[str, Any]:
        answer = await self.http.post(what, json=body)
        return answer.json() if answer.is_success else {"refused": answer.json()["error"]}


@pytest.fixture
async def backstage(demo: House) -> Any:
    made = Backstage(demo)
    yield made
    await made.http.aclose()


async def file(made: House) -> None:
    chen = made.play.phones["chen"]
    await chen.start("st_nanhuan-east")
    await chen.send("3号楼下充电桩坏了")
    await made.play.stage.settle()
    await chen.tap("提交")
    await made.play.stage.settle()


async def test_it_tells_the_ticket_its_clocks_and_what_comes_next(
    demo: House, backstage: Backstage
):
    await file(demo)
    seen = await backstage.look()
    assert seen["ticket"]["state"] == "dispatched"
    assert [clock["promise"] for clock in seen["ticket"]["clocks"]].count(True) == 1
    assert seen["timers"][0]["mark"] == "50%"
    assert seen["owed"] == []
    assert seen["roles"][str(demo.play.phones["wang"].user_id)].startswith("海棠先锋")


async def test_the_diagram_is_the_machines_own(backstage: Backstage):
    drawn = (await backstage.http.get("diagram")).json()
    ways = {(a["from"], a["to"]): a["actions"] for a in drawn["arrows"]}
    assert ways["proposed", "planned"] == ["同意"]
    assert len({tuple(state["spot"]) for state in drawn["states"]}) == len(drawn["states"]) == 14
    assert len(drawn["places"]) == 12


async def test_time_goes_on_even_while_the_bot_is_dead(demo: House, backstage: Backstage):
    """What was due meanwhile happens late, once it is back."""
    await file(demo)
    await backstage.turn("bot", do="kill")
    before = demo.play.stage.now
    await backstage.turn("time", seconds=6 * 3600)
    assert (demo.play.stage.now - before).total_seconds() >= 6 * 3600
    assert (await backstage.look())["bot"] == {"running": False, "waiting": 0}
    await backstage.turn("bot", do="start")
    await backstage.turn("time", seconds=1)
    steps = [step["what"] for step in (await backstage.look())["ticket"]["steps"]]
    assert steps.count("派单") > 1


async def interrupted(made: House) -> list[str]:
    """Who was told, by the bot, that it had been away."""
    told = [(phone.name, await phone.inbox()) for phone in made.play.phones.values()]
    return [name for name, inbox in told if any("断线" in message.text for message in inbox)]


async def flies(made: House, seconds: float) -> None:
    """Time runs, six hundred times as fast, without a jump."""
    stage = made.play.stage
    until = stage.now + timedelta(seconds=seconds)
    stage.clock.run(600)
    while stage.now < until:
        await asyncio.sleep(0.02)
    stage.clock.run(0)
    await stage.settle()


@pytest.mark.parametrize("jump", [600, 5 * 3600, 30 * 3600])
async def test_a_kill_after_a_jump_of_time_tells_nobody_of_a_lost_press(
    demo: House, backstage: Backstage, jump: int
):
    """The bot was there all the time: what the clock skipped is nobody's absence."""
    await file(demo)
    await flies(demo, 120)
    await backstage.turn("time", seconds=jump)
    await backstage.turn("bot", do="kill")
    await backstage.turn("bot", do="start")
    await backstage.turn("time", seconds=1)
    assert await interrupted(demo) == []


async def test_a_kill_while_time_flies_tells_nobody_of_a_lost_press(
    demo: House, backstage: Backstage
):
    await file(demo)
    await flies(demo, 1800)
    await backstage.turn("bot", do="kill")
    await backstage.turn("bot", do="start")
    await backstage.turn("time", seconds=1)
    assert await interrupted(demo) == []


async def test_time_that_goes_on_without_the_bot_is_an_absence(demo: House, backstage: Backstage):
    """Who has to press is shown it again: what he pressed meanwhile may be lost."""
    await file(demo)
    await flies(demo, 120)
    await backstage.turn("bot", do="kill")
    await backstage.turn("time", seconds=600)
    await backstage.turn("bot", do="start")
    await backstage.turn("time", seconds=1)
    assert await interrupted(demo) == ["王琴"]


async def test_what_cannot_be_is_refused_in_words(backstage: Backstage):
    assert await backstage.turn("time", seconds=-1) == {
        "refused": "time moves on, at most 60 days at once"
    }
    assert await backstage.turn("bot", do="start") == {"refused": "the bot runs already"}
    assert "can be" in (await backstage.turn("bot", do="dance"))["refused"]
    assert "no story" in (await backstage.turn("story", name="x"))["refused"]


async def test_one_thing_at_a_time_moves_time(demo: House, backstage: Backstage):
    """And it can be halted; afterwards time passes as it did."""
    await file(demo)
    await backstage.turn("time", rate=60)
    moving = asyncio.create_task(backstage.turn("time", seconds=20 * 86400))
    while not (await backstage.look())["busy"]:
        await asyncio.sleep(0.01)
    assert await backstage.turn("time", seconds=60) == {"refused": "time is moving already"}
    await backstage.turn("time", halt=True)
    assert await moving == {"refused": "time was halted"}
    assert demo.play.stage.clock.rate == 60


async def test_a_step_that_cannot_be_played_stops_the_story(demo: House, backstage: Backstage):
    await backstage.turn("bot", do="stop")
    story = await backstage.turn("story", do="step")
    assert "did not settle" in story["refused"]
    assert (await backstage.look())["story"]["at"] == 0


async def test_a_second_start_goes_on(gathered: Path, tmp_path: Path):
    """The chat, the ticket and the clock are as they were; nobody joins twice."""
    options, folder = Options(port=0), shutil.copytree(gathered, tmp_path / "state")
    async with house(folder, options) as first:
        await first.play.gather()
        await file(first)
        ended = first.play.stage.now
        people = set(first.play.stage.server.world.users)
    async with house(folder, options) as second:
        await second.play.gather()
        open_page(second)
        chen = second.play.phones["chen"]
        assert set(second.play.stage.server.world.users) == people
        assert second.play.stage.now >= ended
        await second.play.phones["wang"].tap("接单")
        await second.play.stage.settle()
        assert "接手" in "".join(message.text for message in await chen.inbox())

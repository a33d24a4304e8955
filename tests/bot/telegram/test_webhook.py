"""The webhook's door: the secret first, 200 only after the commit, many in one transaction."""

import ast
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hooking import SECRET, hearing, hook_stage, opened, post, update
from post import full_disk, heard, rows
from sqlalchemy import event

from bot.config.settings import Settings
from bot.telegram import hook as hook_module
from playground.api.webhook import SECRET_HEADER
from playground.stage.stage import Stage
from workflows.store import tables as t


@pytest.fixture
async def on_hook(settings: Settings) -> AsyncIterator[Stage]:
    async with hook_stage(settings) as made:
        yield made


@pytest.fixture
async def door(on_hook: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """The door served for real."""
    async with opened(on_hook) as (hook, _):
        yield hook


@pytest.fixture
async def running(on_hook: Stage) -> AsyncIterator[None]:
    async with hearing(on_hook):
        yield


async def seen(on_hook: Stage) -> list[int]:
    return [row["update_id"] for row in await rows(on_hook, t.seen_updates)]


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "密"])
async def test_without_the_secret_nothing_is_handled(
    secret: str | None, on_hook: Stage, door: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
):
    """# F54: and what it said is in no log."""
    headers = {} if secret is None else {SECRET_HEADER: secret.encode()}
    answer = await door.post("/telegram", json=update(1), headers=headers)
    assert answer.status_code == 403 and answer.content == b""
    assert await seen(on_hook) == [] and await rows(on_hook) == []
    printed = capfd.readouterr()
    assert "充电桩" not in printed.out + printed.err


def test_the_secret_is_compared_in_constant_time():
    """# F54: by nothing that ends at the first wrong letter."""
    tree = ast.parse(Path(hook_module.__file__).read_text("utf-8"))
    compared = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    assert not [found for found in compared if "_secret" in found]


@pytest.mark.usefixtures("running")
async def test_what_is_no_json_is_refused(door: httpx.AsyncClient):
    headers = {SECRET_HEADER: SECRET}
    for body in (b"", b"{", b"\xff\xfe"):
        answer = await door.post("/telegram", content=body, headers=headers)
        assert answer.status_code == 400


async def test_only_calls_by_post_reach_it(door: httpx.AsyncClient):
    assert (await door.get("/telegram", headers={SECRET_HEADER: SECRET})).status_code == 405


@pytest.mark.usefixtures("running", "door")
async def test_a_person_is_heard_and_answered_through_the_hook(on_hook: Stage):
    chen = await on_hook.phones.add_user("陈师傅", 1001)
    await chen.start()
    [sent] = await chen.send_sticker()
    async with asyncio.timeout(5):
        while await on_hook.phones.pending():
            await asyncio.sleep(0.002)
    on_hook.clock.advance(1)
    await on_hook.service.deliverer.drain()
    on_hook.clock.advance(1)
    await on_hook.service.deliverer.drain()
    assert (await chen.inbox(after=sent))[-1].text.startswith("这种消息")


async def test_200_comes_after_the_commit_and_not_before(on_hook: Stage, door: httpx.AsyncClient):
    """# F17"""
    call = asyncio.create_task(post(door, update(1)))
    done, _ = await asyncio.wait({call}, timeout=0.05)
    assert not done and await seen(on_hook) == []
    loop = asyncio.create_task(on_hook.service.hook.run())
    assert await call == 200
    assert await seen(on_hook) == [1]
    loop.cancel()


async def test_many_at_once_share_one_transaction(on_hook: Stage, door: httpx.AsyncClient):
    commits: list[int] = []
    calls = [asyncio.create_task(post(door, update(n, 2000 + n))) for n in range(1, 41)]
    while len(on_hook.service.hook._waiting) < 40:
        await asyncio.sleep(0.001)
    event.listen(on_hook.service.store.engine.sync_engine, "commit", commits.append)
    loop = asyncio.create_task(on_hook.service.hook.run())
    assert await asyncio.gather(*calls) == [200] * 40
    assert len(commits) == 1 and len(await seen(on_hook)) == 40
    loop.cancel()


async def test_more_than_a_batch_leaves_nobody_waiting(on_hook: Stage, door: httpx.AsyncClient):
    calls = [asyncio.create_task(post(door, update(n, 2000 + n))) for n in range(1, 131)]
    while len(on_hook.service.hook._waiting) < 130:
        await asyncio.sleep(0.001)
    loop = asyncio.create_task(on_hook.service.hook.run())
    assert await asyncio.wait_for(asyncio.gather(*calls), 10) == [200] * 130
    assert len(await seen(on_hook)) == 130
    loop.cancel()


async def test_a_caller_who_has_hung_up_holds_up_no_other(on_hook: Stage):
    """What he brought is committed all the same; he brings it again, to no effect."""
    gone, there = (asyncio.get_running_loop().create_future() for _ in range(2))
    gone.cancel()
    await on_hook.service.hook._take([(update(1), gone), (update(2), there)])
    assert there.done() and await seen(on_hook) == [1, 2]


@pytest.mark.usefixtures("running")
async def test_the_same_update_at_the_same_time_has_one_effect(
    on_hook: Stage, door: httpx.AsyncClient
):
    """# F14"""
    said = update(1, text="/start")
    assert await asyncio.gather(*(post(door, said) for _ in range(5))) == [200] * 5
    assert await post(door, said) == 200
    assert await seen(on_hook) == [1] and len(await rows(on_hook)) == 1


@pytest.mark.usefixtures("running")
async def test_a_commit_that_failed_is_500_and_nothing_is_kept(
    on_hook: Stage, door: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
):
    """# F17, F24, F58"""
    async with full_disk(on_hook):
        assert await post(door, update(1)) == 500
    assert await rows(on_hook) == []
    assert await post(door, update(1)) == 200
    printed = capfd.readouterr()
    assert "hook_failed" in printed.out and "充电桩" not in printed.out + printed.err


@pytest.mark.usefixtures("running", "door")
async def test_telegram_brings_again_what_failed_and_it_is_handled_once(on_hook: Stage):
    """# F18"""
    chen = await on_hook.phones.add_user("陈师傅", 1001)
    async with full_disk(on_hook):
        await chen.send_sticker()
        await asyncio.sleep(0.03)
        assert await on_hook.phones.pending() == 1
    async with asyncio.timeout(5):
        while await on_hook.phones.pending():
            await asyncio.sleep(0.002)
    await on_hook.service.deliverer.drain()
    assert len(await heard(chen)) == 1


@pytest.mark.usefixtures("running")
async def test_an_update_that_cannot_be_read_is_accepted_and_kept(
    on_hook: Stage, door: httpx.AsyncClient
):
    """# F37: a refusal would bring it again for ever."""
    assert await post(door, {"update_id": 5, "message": {"what": 2**70}}) == 200
    assert await post(door, ["nonsense"]) == 200
    kept = await rows(on_hook, t.dead_letters)
    assert kept[0]["raw"]["message"] == {"what": 2**70} and kept[1]["raw"] == ["nonsense"]

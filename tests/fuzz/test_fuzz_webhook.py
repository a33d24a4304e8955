"""Whatever is posted to the webhook's door: it is answered, and the next good call is too."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import httpx
import pytest
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from post import rows
from recorded import JUNK

from bot.config.settings import Settings
from playground.api.webhook import SECRET_HEADER
from playground.http.server import serve
from playground.phones.client import Phones
from playground.stage.process import _free_port
from playground.stage.stage import MORNING, TOKEN, Stage, at_playground
from playground.world.clock import Clock
from playground.world.limits import Limits
from playground.world.world import World
from workflows.store import tables as t

SECRET = "hook-secret_1"
_ANSWERS = {200, 400}


class Door:
    """A bot whose door stands open, over real HTTP."""

    def __init__(self, stage: Stage, client: httpx.AsyncClient) -> None:
        self.stage = stage
        self.client = client
        self._last = 0

    async def post(self, body: bytes, **headers: str) -> int:
        told = {SECRET_HEADER: SECRET, **headers}
        answer = await self.client.post("/telegram", content=body, headers=told)
        return answer.status_code

    async def hears(self) -> bool:
        """Whether a good update is still committed."""
        self._last += 1
        who = {"id": 1001, "is_bot": False, "first_name": "陈"}
        chat = {"id": 1001, "type": "private", "first_name": "陈"}
        said = {"message_id": 1, "date": 1_795_000_000, "chat": chat, "from": who, "text": "好"}
        update = {"update_id": 10**9 + self._last, "message": said}
        status = await self.post(json.dumps(update).encode())
        seen = [row["update_id"] for row in await rows(self.stage, t.seen_updates)]
        return status == 200 and update["update_id"] in seen


def _hooked(settings: Settings, folder: Path, migrated: Path) -> Settings:
    shutil.copy(migrated, folder / "haitang.db")
    port = _free_port()
    hook = {"url": f"http://127.0.0.1:{port}/telegram", "secret": SECRET, "host": "127.0.0.1",
            "port": port, "path": "/telegram"}  # fmt: skip
    told = settings.telegram.model_dump() | {"mode": "webhook", "webhook": hook}
    url = f"sqlite+aiosqlite:///{folder}/haitang.db"
    return settings.model_copy(
        update={
            "telegram": type(settings.telegram).model_validate(told),
            "database": settings.database.model_copy(update={"url": url}),
        }
    )


async def _open(exits: AsyncExitStack, settings: Settings) -> Door:
    world = World(clock=Clock.manual(MORNING), limits=Limits(enabled=False))
    server = await exits.enter_async_context(serve(world))
    phones = await exits.enter_async_context(Phones(server.root, TOKEN))
    stage = Stage(server, phones, at_playground(settings, server.base_url))
    await stage.service.start()
    exits.push_async_callback(stage.service.close)
    await exits.enter_async_context(stage.service._doors())
    loop = asyncio.create_task(stage.service.hook.run())
    exits.callback(loop.cancel)
    base = f"http://127.0.0.1:{stage.settings.telegram.webhook.port}"
    client = httpx.AsyncClient(base_url=base, trust_env=False, timeout=20)
    await exits.enter_async_context(client)
    while True:
        with suppress(httpx.ConnectError):
            await client.post("/telegram")
            return Door(stage, client)
        await asyncio.sleep(0.005)


@pytest.fixture(scope="module")
def door(
    runner: asyncio.Runner, example: Settings, migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Door]:  # fmt: skip
    exits = AsyncExitStack()
    settings = _hooked(example, tmp_path_factory.mktemp("door"), migrated)
    yield runner.run(_open(exits, settings))
    runner.run(exits.aclose())


BODIES = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda junk: json.dumps(junk).encode(), JUNK),
    st.builds(lambda n: b"[" * n + b"]" * n, st.sampled_from([1, 30, 500])),
    st.builds(lambda n: b'{"a":' * n + b"1" + b"}" * n, st.sampled_from([1, 30, 500])),
    st.builds(lambda n: b'{"update_id":' + b"9" * n + b"}", st.sampled_from([1, 19, 30, 5000])),
    st.builds(lambda n: json.dumps("坏" * n).encode(), st.sampled_from([1, 3_000])),
    st.builds(lambda junk: json.dumps({"update_id": 7, "message": junk}).encode(), JUNK),
)


@examples(change=30, night=5_000)
@given(body=BODIES)
def test_any_body_is_answered_and_so_is_the_next_one(
    body: bytes, door: Door, runner: asyncio.Runner
):  # F37
    assert runner.run(door.post(body)) in _ANSWERS
    assert runner.run(door.hears())


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"9" * 5000,
        b"NaN",
        json.dumps("坏" * 160_000).encode(),
    ],
    ids=["open lists", "open objects", "nested", "a long number", "not a number", "huge"],
)
def test_what_is_too_deep_or_too_long_is_refused_quietly(
    body: bytes, door: Door, runner: asyncio.Runner, capfd: pytest.CaptureFixture[str]
):  # F37, F54
    assert runner.run(door.post(body)) in _ANSWERS
    assert runner.run(door.hears())
    printed = capfd.readouterr()
    assert "Traceback" not in printed.out + printed.err


@examples(change=15, night=1_000)
@given(body=BODIES, secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40))
def test_without_the_secret_any_body_is_refused(
    body: bytes, secret: str, door: Door, runner: asyncio.Runner
):  # F54
    if secret != SECRET:
        before = runner.run(rows(door.stage, t.dead_letters))
        assert runner.run(door.post(body, **{SECRET_HEADER: secret})) == 403
        assert runner.run(rows(door.stage, t.dead_letters)) == before

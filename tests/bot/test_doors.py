"""What half callers, slow ones and large ones can do to the doors: nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from configuring import good, loaded, mistakes
from hooking import SECRET, caller, hearing, hook_stage, hooked, opened, post, update
from post import rows

from bot import service
from bot.config.settings import Settings
from bot.running.doors import Limits
from playground.api.webhook import SECRET_HEADER
from playground.stage.stage import Stage
from workflows.store import tables as t

SECRETLY = f"{SECRET_HEADER}: {SECRET}\r\n"
HALF_HEADER = "POST /telegram HTTP/1.1\r\nHost: x\r\n"
HALF_BODY = f"{HALF_HEADER}{SECRETLY}Content-Length: 9000\r\n\r\n{{"
CHUNKED = f"{HALF_HEADER}{SECRETLY}Transfer-Encoding: chunked\r\n\r\n"
MEGABYTE = 1_000_000
Doors = tuple[httpx.AsyncClient, httpx.AsyncClient]


@pytest.fixture
async def on_hook(settings: Settings) -> AsyncIterator[Stage]:
    async with hook_stage(settings) as made, hearing(made):
        yield made


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment, where a caller has seconds."""
    for door in ("_CALLED", "_WATCHED"):
        monkeypatch.setattr(service, door, Limits(connections=64, seconds=0.2))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is sent away for being slow."""
    for door in ("_CALLED", "_WATCHED"):
        monkeypatch.setattr(service, door, Limits(connections=64, seconds=600))


@pytest.fixture
async def doors(on_hook: Stage) -> AsyncIterator[Doors]:
    async with opened(on_hook) as made:
        yield made


def port_of(door: httpx.AsyncClient) -> int:
    assert door.base_url.port
    return door.base_url.port


@asynccontextmanager
async def calling(port: int, said: str) -> AsyncIterator[asyncio.StreamReader]:
    """Somebody who says so much and waits."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said.encode())
    try:
        yield reader
    finally:
        writer.transport.abort()


async def ends(reader: asyncio.StreamReader) -> bytes:
    """What is heard until the other end hangs up."""
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


# each at its own address


async def test_telegrams_address_answers_telegram_alone(doors: Doors):  # F65
    hook, watch = doors
    for path in ("/healthz", "/metrics", "/"):
        assert (await hook.get(path)).status_code == 404
    for path in ("/healthz", "/metrics"):
        assert (await watch.get(path)).status_code == 200
    assert (await watch.post("/telegram", json=update(1))).status_code == 404
    assert await post(hook, update(1)) == 200


async def test_without_a_port_nobody_is_told_how_it_is(on_hook: Stage):  # F65
    unwatched = on_hook.settings.health.model_copy(update={"port": 0})
    on_hook.service.settings = on_hook.settings.model_copy(update={"health": unwatched})
    hook = on_hook.settings.telegram.webhook.port
    async with on_hook.service._doors(), caller(hook) as door:
        while not await answers(hook):
            await asyncio.sleep(0.002)
        assert (await door.get("/healthz")).status_code == 404
        assert not await answers(on_hook.settings.health.port)


async def answers(port: int) -> bool:
    try:
        async with calling(port, ""):
            return True
    except ConnectionRefusedError:
        return False


def test_one_port_for_both_is_a_mistake_that_is_told():  # F65
    hook = {"url": "https://x.cn/t", "secret": "s", "port": 8081}
    told = {"telegram": {"mode": "webhook", "webhook": hook}, "health": {"port": 8081}}
    assert "telegram.webhook" in mistakes(good(**told))["health.port"]
    assert loaded(**told | {"health": {"port": 8082}}).health.port == 8082
    assert loaded(**told | {"telegram": {"webhook": hook}}).health.port == 8081


# who does not come to an end


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("said", ["", "P", HALF_HEADER, HALF_BODY, f"{CHUNKED}1\r\n{{\r\n"])
async def test_half_a_request_is_not_waited_for(doors: Doors, said: str):  # F65
    for door in doors:
        async with calling(port_of(door), said) as reader:
            await ends(reader)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("said", [HALF_HEADER, HALF_BODY])
async def test_a_letter_now_and_then_buys_no_time(doors: Doors, said: str):  # F65
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(doors[0]))
    writer.write(said.encode())
    dripping = asyncio.create_task(drip(writer))
    await ends(reader)
    dripping.cancel()
    writer.transport.abort()


async def drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.02)


@pytest.mark.usefixtures("hasty")
async def test_the_second_request_of_a_connection_must_be_whole_in_time_too(
    doors: Doors,
):  # F65
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(doors[0]))
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 404")
    dripping = asyncio.create_task(drip(writer))  # uvicorn waits for a next one, not for its end
    await ends(reader)
    dripping.cancel()
    writer.transport.abort()


async def test_an_answer_may_take_longer_than_a_request(
    on_hook: Stage, doors: Doors, monkeypatch: pytest.MonkeyPatch
):
    """The commit is waited for, though nothing more is to be said."""
    monkeypatch.setattr(service, "_CALLED", Limits(connections=4, seconds=0.05))
    taken, go = on_hook.service.receiver.take, asyncio.Event()

    async def slowly(batch: list[object]) -> None:
        await asyncio.sleep(0.2)
        await taken(batch)
        go.set()

    monkeypatch.setattr(on_hook.service.receiver, "take", slowly)
    async with opened(restarted(on_hook)) as (hook, _):
        assert await post(hook, update(1)) == 200 and go.is_set()


def restarted(stage: Stage) -> Stage:
    """The same at other addresses."""
    stage.settings = stage.service.settings = hooked(stage.settings)
    return stage


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("said", [HALF_HEADER, HALF_BODY])
async def test_who_knows_what_he_wants_gets_past_a_crowd(
    on_hook: Stage, doors: Doors, said: str
):  # F65
    """At both doors, with far more half callers than they have places, none of whom ends."""
    hook, watch = doors
    crowd = [await asyncio.open_connection("127.0.0.1", port_of(d)) for d in doors * 200]
    for _, writer in crowd:
        writer.write(said.encode())
    for number in range(1, 6):
        assert await post(hook, update(number)) == 200
        assert (await watch.get("/healthz")).status_code == 200
    assert len(await rows(on_hook, t.seen_updates)) == 5
    for _, writer in crowd:
        writer.transport.abort()


@pytest.mark.usefixtures("patient")
async def test_who_came_last_is_let_in_and_who_hesitates_longest_goes(doors: Doors):  # F65
    port = port_of(doors[0])
    crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(65)]
    await ends(crowd[0][0])
    crowd[64][1].write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await crowd[64][0].readline()).startswith(b"HTTP/1.1 404")
    for _, writer in crowd:
        writer.transport.abort()


# how much may be said


async def test_an_update_of_a_megabyte_is_read_and_no_more(doors: Doors):  # F65
    fits = update(1, text="坏" * (MEGABYTE // 7))
    assert await post(doors[0], fits) == 200


@pytest.mark.parametrize(
    "said",
    [
        f"{HALF_HEADER}{SECRETLY}Content-Length: {MEGABYTE + 1}\r\n\r\n{{",
        f"{CHUNKED}{MEGABYTE + 1:x}\r\n{'9' * (MEGABYTE + 1)}\r\n",
    ],
    ids=["announced", "in parts"],
)
@pytest.mark.usefixtures("patient")
async def test_more_than_that_is_refused_before_its_end(
    on_hook: Stage, doors: Doors, said: str
):  # F65
    async with calling(port_of(doors[0]), said) as reader:
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
    assert await rows(on_hook, t.dead_letters) == []


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("path", ["/telegram", "/nowhere"])
async def test_what_nobody_reads_is_not_taken_in(doors: Doors, path: str):  # F65
    """Without the secret the answer does not wait for the body, and the rest is cut off."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(doors[0]))
    writer.write(head.encode())
    assert (await reader.readline()).split()[1] in {b"403", b"404"}
    with pytest.raises(ConnectionError):
        async with asyncio.timeout(10):
            for _ in range(500):
                writer.write(b"9" * 100_000)
                await writer.drain()
    writer.transport.abort()


async def test_who_hangs_up_in_the_middle_leaves_no_trace(
    on_hook: Stage, doors: Doors, capfd: pytest.CaptureFixture[str]
):  # F65
    async with calling(port_of(doors[0]), HALF_BODY):
        await asyncio.sleep(0.02)
    assert await post(doors[0], update(1)) == 200
    assert await rows(on_hook, t.dead_letters) == []
    printed = capfd.readouterr()
    assert "Traceback" not in printed.out + printed.err


@pytest.mark.usefixtures("patient")
async def test_who_does_not_listen_keeps_no_place(doors: Doors):  # F65
    """He asks and never reads; his place is given to the next."""
    deaf = socket.create_connection(("127.0.0.1", port_of(doors[1])))
    deaf.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
    crowd = [await asyncio.open_connection("127.0.0.1", port_of(doors[1])) for _ in range(70)]
    assert (await doors[1].get("/healthz")).status_code == 200
    for _, writer in crowd:
        writer.transport.abort()
    deaf.close()

"""HTTP's limit: 64 connections that post a prepared message as soon as they are answered.

Over bare sockets nothing is encoded and no answer is read; over aiohttp likewise. The benchmarks'
own server answers, on the other core; if it is busy all the time, it is what is measured.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import re
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlencode

import aiohttp

from benchmarks.limits.measured import Measured
from benchmarks.load import fast, process
from benchmarks.load.botapi.api import BotApi

CALLS_PER_UPDATE = 1.5  # of the conversation: nine calls for six updates
CONNECTIONS = 64

_KEYS = [
    [{"text": label, "callback_data": f"intake:{label}"} for label in ("提交", "类别", "地点")]
]
_FORM = urlencode(
    {
        "chat_id": 10_000_000,
        "text": "请您看一看，对了就点「提交」\n\n" + "3幢楼下充电桩坏了，插上去没有反应" * 4,
        "parse_mode": "HTML",
        "reply_markup": json.dumps({"inline_keyboard": _KEYS}, ensure_ascii=False),
    }
).encode()
_KIND = "application/x-www-form-urlencoded"
_PATH = "/bot42:bench/sendMessage"
_REQUEST = (
    f"POST {_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    f"Content-Type: {_KIND}\r\nContent-Length: {len(_FORM)}\r\n\r\n"
).encode() + _FORM
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Asker(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self) -> None:
        self.answers = 0
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(_REQUEST)

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is whole."""
        self._unread += data
        head, _, body = self._unread.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length and len(body) == int(length[1]):
            self.answers += 1
            self._unread = b""
            self._transport.write(_REQUEST)

    def close(self) -> None:
        """Ask no more."""
        self._transport.close()


async def ask_over_sockets(port: int, seconds: float) -> int:
    """How many answers came."""
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Asker, "127.0.0.1", port) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds)
    for _, asker in made:
        asker.close()
    return sum(asker.answers for _, asker in made)


async def ask_over_aiohttp(port: int, seconds: float) -> int:
    """How many answers came."""
    url, until = f"http://127.0.0.1:{port}{_PATH}", time.perf_counter() + seconds
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask() -> int:
            answers = 0
            while time.perf_counter() < until:
                async with session.post(url, data=_FORM, headers={"Content-Type": _KIND}) as answer:
                    await answer.read()
                answers += 1
            return answers

        return sum(await asyncio.gather(*(ask() for _ in range(CONNECTIONS))))


def ask(how: Callable[[int, float], Coroutine[Any, Any, int]], seconds: float) -> Measured:
    """Ask the benchmarks' server, in a process of its own, in one of the two ways."""
    with _server() as (port, pid):
        busy = process.cpu_seconds(pid)
        rate = asyncio.run(how(port, seconds)) / seconds
        busy = (process.cpu_seconds(pid) - busy) / seconds
    return Measured(per_second=rate, updates_per_second=rate / CALLS_PER_UPDATE, server_busy=busy)


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """Its port and its process id."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        assert server.pid
        yield here.recv(), server.pid
    finally:
        server.terminate()
        server.join()


def _serve(told: Connection) -> None:
    os.sched_setaffinity(0, range(os.cpu_count() or 1))  # not the core it was started from
    process.pin_load()
    fast.run(_serving(told))


async def _serving(told: Connection) -> None:
    api = BotApi()
    server = await asyncio.get_running_loop().create_server(api.connection, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()

"""What goes over the wire, and what is made of what comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

import bot.telegram.client  # noqa: F401 - sets how the library tells a 429's seconds
from bot.telegram import transport
from bot.telegram.transport import AiohttpRequest

read = AiohttpRequest.parse_json_payload
OK = b'{"ok":true,"result":{"message_id":7}}'
_HEAD = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b"


@asynccontextmanager
async def telegram(*answers: bytes) -> AsyncIterator[tuple[AiohttpRequest, str, list[bytes]]]:
    """A transport, the address of one method, and what was asked there.

    Each request gets the next of the answers as it is; b"" ends the connection instead.
    """
    asked, left = list[bytes](), [*answers]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while left:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            asked.append(head + await reader.readexactly(length))
            if not (answer := left.pop(0)):
                break
            writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with AiohttpRequest(url, 2) as request:
            yield request, f"{url}/bot1:x/sendMessage", asked


def answer(status: int, body: bytes) -> bytes:
    return _HEAD % (status, len(body), body)


async def raised(asking: Callable[..., Awaitable[Any]], *told: Any) -> tuple[type, str, object]:
    """What came of it: the error's class, its words, and what else it says."""
    with pytest.raises(TelegramError) as caught:
        await asking(*told)
    error: Any = caught.value
    return type(error), str(error), getattr(error, "new_chat_id", getattr(error, "retry_after", 0))


async def test_a_call_is_one_document_of_what_was_given():
    given = {"chat_id": -(10**12), "text": "坏了😀\n\x7f\"\\", "parse_mode": ParseMode.HTML,
             "reply_markup": {"inline_keyboard": [[{"text": "✅", "callback_data": "t:1:accept"}]]},
             "hold": 1.5, "quiet": True}  # fmt: skip
    async with telegram(answer(200, OK)) as (request, url, asked):
        assert await request.call(url, given) == {"message_id": 7}
    head, _, document = asked[0].partition(b"\r\n\r\n")
    assert json.loads(document) == given
    assert head.startswith(b"POST /bot1:x/sendMessage HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/json\r\n" in head + b"\r\n"


REFUSALS = [
    (429, b'{"ok":false,"description":"x","parameters":{"retry_after":7}}', RetryAfter),
    (400, b'{"ok":false,"parameters":{"migrate_to_chat_id":-1007}}', ChatMigrated),
    (400, b'{"ok":false,"description":"Bad Request: chat not found"}', BadRequest),
    (400, b'{"ok":false,"description":"x","parameters":{"new":1}}', BadRequest),
    (401, b'{"ok":false,"description":"Unauthorized"}', InvalidToken),
    (403, b'{"ok":false,"description":"Forbidden: bot was blocked by the user"}', Forbidden),
    (404, b'{"ok":false,"description":"Not Found"}', InvalidToken),
    (409, b'{"ok":false,"description":"Conflict: terminated"}', Conflict),
    (500, b'{"ok":false}', NetworkError),
    (502, b"<html>Bad Gateway</html>", NetworkError),
    (599, b"", NetworkError),
    (200, b'{"ok":true,"resu', TelegramError),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "error"), REFUSALS)
async def test_a_call_refused_is_the_librarys_own_error(
    status: int, body: bytes, error: type[TelegramError]
):
    """To the word the one that the library's slower way raises, from the same answer."""
    refusal = answer(status, body)
    async with telegram(refusal, refusal) as (request, url, _):
        called = await raised(request.call, url, {"chat_id": 1})
        assert called[0] is error and called == await raised(request.post, url)


async def test_a_call_that_nobody_answers_has_timed_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transport, "_USUAL", aiohttp.ClientTimeout(sock_read=1e-9))
    async with telegram(b"HTTP/1.1 200 OK\r\n", OK) as (request, url, _):
        assert (await raised(request.call, url, {}))[0] is TimedOut


async def test_a_call_whose_line_breaks_is_a_network_error_without_the_address():
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
    async with telegram(b"", cut) as (request, url, _):
        assert await raised(request.call, url, {}) == (NetworkError, "ServerDisconnectedError", 0)
        assert await raised(request.call, url, {}) == (NetworkError, "ClientPayloadError", 0)


async def test_a_call_before_the_pool_is_open_is_an_error_of_the_librarys():
    request = AiohttpRequest("http://127.0.0.1:9", 1)
    called = await raised(request.call, "http://127.0.0.1:9/bot1:x/getMe", {})
    assert called == await raised(request.post, "http://127.0.0.1:9/bot1:x/getMe")
    assert called[0] is NetworkError and "not initialized" in called[1]


async def test_calls_one_after_the_other_share_a_connection():
    """Also past a refusal: each answer is read to its end."""
    async with telegram(answer(200, OK), answer(400, b"{}"), answer(200, OK)) as (request, url, _):
        await request.call(url, {})
        await raised(request.call, url, {})
        await request.call(url, {})
        assert request._session and request._session.connector
        assert [len(idle) for idle in request._session.connector._conns.values()] == [1]


def test_an_answer_is_read():
    assert (
        read(b'{"ok":true,"result":{"text":"\\u574f\\ud83d\\ude00"}}')["result"]["text"] == "坏😀"
    )


@pytest.mark.parametrize("text", [b'"\\ud83d"', b'"\xf0\x9f"', b"NaN", b"9" * 40, b"1e999"])
def test_one_odd_text_does_not_take_its_batch_down(text: bytes):
    """Half a surrogate pair, broken UTF-8 and the like: the updates beside it are read."""
    answer = read(b'{"ok":true,"result":[{"update_id":1,"odd":' + text + b'},{"update_id":2}]}')
    assert [update["update_id"] for update in answer["result"]] == [1, 2]


@pytest.mark.parametrize("payload", [b"", b"<html>", b'{"ok":true', b"9" * 5000, b"\xff\xfe"])
def test_no_json_is_an_error_of_telegrams(payload: bytes):
    with pytest.raises(TelegramError, match="Invalid server response"):
        read(payload)

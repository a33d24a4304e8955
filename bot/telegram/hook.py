"""The webhook: the secret first, then the body, and 200 only after the commit."""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.telegram.receive import BATCH, Receiver
from workflows.core.faultpoints import point

_MOST_BYTES = 1_000_000  # of an update; Telegram's are a hundredth of that
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name
_log = structlog.get_logger()


class Hook:
    """The webhook's door: concurrent calls are folded into one transaction."""

    def __init__(self, receiver: Receiver, secret: str) -> None:
        self.receiver = receiver
        self._secret = secret.encode()
        self._waiting: list[tuple[Any, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()

    async def answer(self, request: Request) -> Response:
        """200 after the commit; 403 without the secret, its body not read; 413 for more than an
        update can be; 500 when it is not known to be committed.
        """
        given = request.headers.get(_SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        try:
            raw = json.loads(await _body(request))
        except OverflowError:
            return Response(status_code=413)
        except (ValueError, RecursionError, ClientDisconnect):  # no JSON, nested without end, half
            return Response(status_code=400)
        return Response(status_code=200 if await self._is_committed(raw) else 500)

    async def _is_committed(self, raw: Any) -> bool:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((raw, done))
        self._wake.set()
        try:
            async with asyncio.timeout(self.receiver.patience * 2):  # of a batch before it, its own
                await done
        except Exception:
            return False
        return True

    async def run(self) -> None:
        """Commit what has come in, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            waiting, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if self._waiting:
                self._wake.set()
            await self._take(waiting)

    async def _take(self, waiting: list[tuple[Any, asyncio.Future[None]]]) -> None:
        error: Exception | None = None
        try:
            await self.receiver.take([raw for raw, _ in waiting])
        except Exception as caught:
            ids = [raw.get("update_id") for raw, _ in waiting if isinstance(raw, dict)]
            _log.warning("hook_failed", error=type(caught).__name__, updates=ids)
            error = caught
        point("confirm.before")
        for _, done in waiting:
            if not done.done():
                done.set_exception(error) if error else done.set_result(None)


async def _body(request: Request) -> bytes:
    """Raises OverflowError at the first byte too many, or at an announcement of that."""
    length = request.headers.get("content-length", "0")
    if int(length) > _MOST_BYTES:
        raise OverflowError
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise OverflowError
    return bytes(body)

"""python-telegram-bot over aiohttp: its official extension point for the HTTP transport.

The stock transport dominates the library's cost (httpcore scans its pool at every request); over
aiohttp the same bot handles about three times the updates. Everything above the wire, the
error classes and what an answer means, stays the library's. docs/performance.md has figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_JSON = "application/json"
_READ_SECONDS = 10.0
_CONNECT_SECONDS = 5.0
_USUAL = aiohttp.ClientTimeout(sock_read=_READ_SECONDS, sock_connect=_CONNECT_SECONDS)
_Heard = tuple[int, bytes]  # the status and the body
_Body = aiohttp.FormData | aiohttp.BytesPayload | dict[str, str] | None


class AiohttpRequest(BaseRequest):
    """A pool of at most `connections` to the Bot API at `base_url`; usable from `initialize` to
    `shutdown`.

    A proxy that the environment names for that address is used.
    """

    def __init__(self, base_url: str, connections: int) -> None:
        self._base_url = base_url
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where a call names no other."""
        return _READ_SECONDS

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """An answer. Raises TelegramError for what is no JSON.

        The library's own, slower reading also takes what is not quite JSON, as half a surrogate
        pair: one such text must not hold up a whole batch of updates.
        """
        try:
            return cast(JSONDict, msgspec.json.decode(payload))
        except ValueError:
            return BaseRequest.parse_json_payload(payload)

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": self.USER_AGENT},
                proxy=_proxy_of(self._base_url),
            )  # fmt: skip

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session:
            await self._session.close()
            self._session = None

    async def call(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """What Telegram answers to one JSON document, which it reads like a form.

        Raises what `post` would, without what that costs where nothing went wrong.
        """
        document = aiohttp.BytesPayload(msgspec.json.encode(parameters), content_type=_JSON)
        try:
            heard = await self._exchange("POST", url, document, _USUAL)
        except Exception as error:
            return await _Outcome(error).post(url)
        if heard[0] == HTTPStatus.OK:
            return self.parse_json_payload(heard[1])["result"]
        return await _Outcome(heard).post(url)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> _Heard:
        """One HTTP request. Raises TimedOut (it may have arrived) or NetworkError."""
        limits = aiohttp.ClientTimeout(
            sock_read=_seconds(read_timeout, _READ_SECONDS),
            sock_connect=_seconds(connect_timeout, _CONNECT_SECONDS),
        )
        return await self._exchange(method, url, _body(request_data), limits)

    async def _exchange(
        self, verb: str, url: str, body: _Body, limits: aiohttp.ClientTimeout
    ) -> _Heard:
        if self._session is None:
            raise RuntimeError("the transport was not initialized")
        try:
            # Once it is read to its end, or broken, the answer has let go of its connection.
            answer = await self._session.request(verb, url, data=body, timeout=limits)
            return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            # The class alone: the message can hold the address, and with it the token.
            raise NetworkError(type(error).__name__) from None


class _Outcome(AiohttpRequest):
    """What a request came to already, for the library to say what it means."""

    def __init__(self, came: _Heard | Exception) -> None:
        self._came = came

    async def do_request(self, *_: Any, **__: Any) -> _Heard:
        if isinstance(self._came, Exception):
            raise self._came
        return self._came


def _seconds(given: ODVInput[float], default: float) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _proxy_of(url: str) -> str | None:
    """The environment's proxy for an address, asked for once: it does not change while we run."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)


def _body(request_data: RequestData | None) -> _Body:
    """A form, or with files among it a form in parts."""
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form

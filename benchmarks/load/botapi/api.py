"""The methods of the Bot API that the conversation needs, answered `latency` seconds after."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.load.botapi.feed import Feed
from benchmarks.load.botapi.params import markup_of, method_of, params_of
from benchmarks.load.botapi.wire import Connection, Request
from benchmarks.load.fast import dumps
from playground.world.limits import Limits, Throttle

_BOT = b'{"id":42,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'
_ME = (
    b'{"ok":true,"result":' + _BOT[:-1] + b',"can_join_groups":true,'
    b'"can_read_all_group_messages":false,"supports_inline_queries":false}}'
)
_TRUE = b'{"ok":true,"result":true}'
_WEBHOOK = (
    b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
)
_COMMANDS = b'{"ok":true,"result":[]}'
_UNKNOWN = b'{"ok":false,"error_code":404,"description":"Not Found"}'
_TOO_MANY = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
    b'"parameters":{"retry_after":%d}}'
)

# What a bot may call besides; what it says makes no difference to the conversation.
_YES = {"deletewebhook", "setwebhook", "setmycommands", "deletemycommands", "setchatmenubutton",
        "sendchataction", "deletemessage", "answercallbackquery", "logout", "close"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a chat shows it: the text the bot sent, its keyboard, and all of it as JSON."""

    chat_id: int
    text: str
    keyboard: list[list[dict[str, Any]]]
    written: bytes


class BotApi:
    """Serves one bot; `on_shown` hears of every message sent or edited, when its call came in."""

    def __init__(self, latency: float = 0.0, limits: Limits | None = None) -> None:
        self.feed = Feed(latency)
        self.calls: Counter[str] = Counter()
        self.refused = 0
        self.on_shown: Callable[[Shown], None] = lambda _: None
        self.longest_silence = 0.0
        self._latency = latency
        self._throttle = Throttle(limits) if limits else None
        self._last_message = 0
        self._heard_at = 0.0

    def connection(self) -> Connection:
        """A protocol for one client, as `create_server` wants it."""
        return Connection(self._handle)

    def reset(self) -> None:
        """Count from here on."""
        self.calls.clear()
        self.refused, self.longest_silence, self._heard_at = 0, 0.0, 0.0

    def _handle(self, request: Request) -> None:
        method = method_of(request)
        self.calls[method] += 1
        self._listen()
        if method == "getupdates":
            p = params_of(request)
            self.feed.poll(request, int(p.get("offset") or 0), int(p.get("limit") or 100),
                           float(p.get("timeout") or 0))  # fmt: skip
            return
        status, body = self._answer(method, request)
        if self._latency:
            loop = asyncio.get_running_loop()
            loop.call_later(self._latency, request.answer, body, status)
        else:
            request.answer(body, status)

    def _listen(self) -> None:
        """How long the bot said nothing at all: a stalled loop, seen from outside."""
        now = time.perf_counter()
        if self._heard_at:
            self.longest_silence = max(self.longest_silence, now - self._heard_at)
        self._heard_at = now

    def _answer(self, method: str, request: Request) -> tuple[int, bytes]:
        if method in {"sendmessage", "editmessagetext"}:
            return self._show(params_of(request), is_new=method == "sendmessage")
        if method in {"editmessagereplymarkup", "editmessagecaption"} or method in _YES:
            return 200, _TRUE
        return _FIXED.get(method, (404, _UNKNOWN))

    def _show(self, p: dict[str, Any], *, is_new: bool) -> tuple[int, bytes]:
        chat_id = int(p["chat_id"])
        if is_new and self._throttle:
            wait = self._throttle.admit(chat_id, chat_id > 0, time.monotonic())
            if wait:
                self.refused += 1
                return 429, _TOO_MANY % (wait, wait)
        shown = self._shown(chat_id, p, None if is_new else int(p["message_id"]))
        self.on_shown(shown)
        return 200, b'{"ok":true,"result":%b}' % shown.written

    def _shown(self, chat_id: int, p: dict[str, Any], message_id: int | None) -> Shown:
        if message_id is None:
            message_id = self._last_message = self._last_message + 1
        markup, text = markup_of(p), str(p.get("text", ""))
        keyboard = (markup or {}).get("inline_keyboard", [])
        tail = b',"reply_markup":%b' % dumps({"inline_keyboard": keyboard}) if keyboard else b""
        written = (
            b'{"message_id":%d,"from":%b,"chat":{"id":%d,"first_name":"Resident",'
            b'"type":"private"},"date":%d,"text":%b%b}'
            % (message_id, _BOT, chat_id, int(time.time()), dumps(text), tail)
        )
        return Shown(chat_id, text, keyboard, written)


_FIXED = {
    "getme": (200, _ME),
    "getwebhookinfo": (200, _WEBHOOK),
    "getmycommands": (200, _COMMANDS),
}

"""The Bot API over HTTP: reads a call, lets a fault strike, answers and keeps a record."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from playground.api.account import ACCOUNT
from playground.api.call import Call
from playground.api.editing import EDITING
from playground.api.fetching import Couriers
from playground.api.params import Params, Upload
from playground.api.sending import SENDING
from playground.text.refusals import Json, Refusal, bad_request, too_many
from playground.world.faults import Fault
from playground.world.world import World

_BAD_GATEWAY = Refusal(502, "Bad Gateway")
_HTML_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


class Dropped(Response):
    """An answer that never comes: the connection closes before it is whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a body and send none; the server then closes the connection."""
        headers = [(b"content-length", b"1000"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def answer(body: Json, status: int = 200) -> Response:
    """Write an answer as real servers do: ASCII-only JSON."""
    text = json.dumps(body, separators=(",", ":"))
    return Response(text, status, media_type="application/json")


def _refused(refusal: Refusal) -> Response:
    return answer(refusal.as_json(), refusal.code)


@dataclass
class _Outcome:
    """How a call went: its result or refusal, and the fault that met it."""

    status: int
    body: Json
    fault: str | None = None


class BotApi:
    """The endpoint `/bot<token>/<method>` and the file download beside it."""

    def __init__(self, world: World, couriers: Couriers) -> None:
        self.world = world
        methods = {**SENDING, **EDITING, **ACCOUNT, **couriers.methods()}
        self._methods = {name.lower(): (name, method) for name, method in methods.items()}

    async def call(self, request: Request) -> Response:
        """Answer one call. Method names ignore case, as on real servers."""
        try:
            bot = self.world.bot_by_token(request.path_params["token"])
            asked = request.path_params["method"].lower()
            if asked not in self._methods:
                raise Refusal(404, "Not Found: method not found")
            params = await read_params(request)
        except Refusal as refusal:
            return _refused(refusal)
        return await self._meet(request, Call(self.world, bot, self._methods[asked][0], params))

    async def _meet(self, request: Request, call: Call) -> Response:
        """Let the call meet its fault, if one waits for it."""
        chat_id = call.params.integer("chat_id") or None
        fault = self.world.faults.take(call.method, chat_id)
        if fault is None:
            return self._told(call, await self._execute(call))
        if fault.kind == "duplicate":
            call.bot.mailbox.repeat(1)
            return self._told(call, await self._execute(call))
        return await self._strike(request, call, fault)

    async def _strike(self, request: Request, call: Call, fault: Fault) -> Response:
        match fault.kind:
            case "drop":
                outcome = await self._execute(call)
                self._record(call, _Outcome(outcome.status, outcome.body, fault.kind))
                return Dropped()
            case "hang":
                await self.world.faults.hang(fault.seconds)
                if await request.is_disconnected():
                    return Dropped()
                return self._told(call, await self._execute(call))
        outcome, response = _instead(fault)
        self._record(call, outcome)
        return response

    async def _execute(self, call: Call) -> _Outcome:
        _, method = self._methods[call.method.lower()]
        try:
            return _Outcome(200, {"ok": True, "result": await method(call)})
        except Refusal as refusal:
            return _Outcome(refusal.code, refusal.as_json())
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Objects of the wrong shape; real servers say at length what is wrong with each.
            misshapen = bad_request(f"can't parse the parameters: {error!r}")
            return _Outcome(misshapen.code, misshapen.as_json())

    def _told(self, call: Call, outcome: _Outcome) -> Response:
        self._record(call, outcome)
        return answer(outcome.body, outcome.status)

    def _record(self, call: Call, outcome: _Outcome) -> None:
        """Log the call; a poll that brought nothing is not worth a line."""
        if call.method == "getUpdates" and outcome.body.get("result") == []:
            return
        entry = self.world.calls.add(
            {
                "at": self.world.clock.now().isoformat(),
                "method": call.method,
                "params": call.params.loggable(),
                "status": outcome.status,
                "answer": outcome.body,
                "fault": outcome.fault,
            }
        )
        self.world.feed.emit("call", call=entry)

    async def download(self, request: Request) -> Response:
        """Serve a file by the path that getFile gave."""
        try:
            self.world.bot_by_token(request.path_params["token"])
        except Refusal as refusal:
            return _refused(refusal)
        stored = self.world.files.by_path.get(request.path_params["path"])
        if stored is None:
            return _refused(Refusal(404, "Not Found"))
        return Response(stored.data, media_type="application/octet-stream")


def _instead(fault: Fault) -> tuple[_Outcome, Response]:
    """What a fault answers in place of the call, which is not executed."""
    refusals = {"429": too_many(fault.retry_after), "502": _BAD_GATEWAY}
    if refusal := refusals.get(fault.kind):
        outcome = _Outcome(refusal.code, refusal.as_json(), fault.kind)
        return outcome, _refused(refusal)
    responses = {
        "html": Response(_HTML_PAGE, 502, media_type="text/html"),
        "json": Response('{"ok":true,"resu', media_type="application/json"),
        "stop": Dropped(),
    }
    response = responses[fault.kind]
    return _Outcome(response.status_code, {}, fault.kind), response


# -- reading parameters -----------------------------------------------------------------


async def read_params(request: Request) -> Params:
    """Read the query string and a body of JSON, form or multipart form."""
    values: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _read_multipart(request, values)
    body = await request.body()
    if kind == "application/json" and body:
        return Params(values | _read_json(body))
    return Params(values | _read_form(body))


def _read_json(body: bytes) -> Json:
    try:
        read = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(read, dict):
        raise bad_request("object expected as a request body")
    return read


def _read_form(body: bytes) -> Json:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


async def _read_multipart(request: Request, values: Json) -> Params:
    params = Params(values)
    async with request.form(max_part_size=2**20) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read()
                mime = value.content_type or "application/octet-stream"
                params.uploads[name] = Upload(value.filename or "file", mime, data)
            else:
                params.values[name] = value
    return params

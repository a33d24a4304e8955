"""What a call says: its method, and of its parameters only those the load must understand."""

from __future__ import annotations

import re
from binascii import a2b_qp
from typing import Any

from benchmarks.load.botapi.wire import Request
from benchmarks.load.fast import loads

_WANTED = {
    b"chat_id", b"text", b"reply_markup", b"message_id", b"offset", b"timeout", b"limit",
}  # fmt: skip
_PART_NAME = re.compile(rb'name="?([^";\r]+)"?')


def method_of(request: Request) -> str:
    """ "sendMessage" of "/bot42:token/sendMessage?…"; lower case, as Telegram does not mind."""
    return request.target.partition(b"?")[0].rpartition(b"/")[2].decode("ascii", "replace").lower()


def params_of(request: Request) -> dict[str, Any]:
    """The wanted parameters, of the address and the body; JSON values as they are, others text."""
    found: dict[str, Any] = {}
    query = request.target.partition(b"?")[2]
    if query:
        found |= _form(query)
    if not request.body:
        return found
    if request.content_type.startswith(b"application/json"):
        return {**found, **loads(request.body)}
    if request.content_type.startswith(b"multipart/"):
        return found | _parts(request.body, request.content_type)
    return found | _form(request.body)


def _form(data: bytes) -> dict[str, str]:
    """A form's fields. Quoted-printable is the same code with another sign, and decoded in C."""
    found = {}
    for pair in data.split(b"&"):
        name, _, value = pair.partition(b"=")
        if name in _WANTED:
            plain = a2b_qp(value.replace(b"+", b" ").replace(b"%", b"="))
            found[name.decode()] = plain.decode("utf-8", "replace")
    return found


def _parts(data: bytes, content_type: bytes) -> dict[str, str]:
    boundary = b"--" + content_type.rpartition(b"boundary=")[2].strip(b'"')
    found = {}
    for part in data.split(boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = _PART_NAME.search(head)
        if name and name[1] in _WANTED:
            found[name[1].decode()] = value[:-2].decode("utf-8", "replace")
    return found


def markup_of(params: dict[str, Any]) -> Any:
    """The keyboard as JSON, whether it came as a value or as text; None without one."""
    given = params.get("reply_markup")
    return loads(given) if isinstance(given, str) and given else given

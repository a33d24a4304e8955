"""What only one program may have: a SQLite database to serve, a port to listen at.

Two bots on one SQLite database would each send what the other sends, and poll each other away. The
lock is the kernel's, on a file beside the database: a kill lets go of it. On PostgreSQL several may
serve one database.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from workflows.core.errors import HaitangError
from workflows.store.engine.owner import PRIVATE_FILE, lock_of, make_folder
from workflows.store.engine.snapshot import file_of

_LONGEST = 200  # bytes of what a holder says of itself


class HeldError(HaitangError):
    """Another program has what this one needs; its message says which, and what to do."""


@contextmanager
def held(url: str) -> Iterator[None]:
    """Have a database to oneself while inside. Raises HeldError; nothing is done for PostgreSQL."""
    file = file_of(url)
    lock = _open(lock_of(file)) if file else None
    if file is None or lock is None:
        yield
        return
    try:
        _take(lock, file)
        yield
    finally:
        os.close(lock)


def _open(path: Path) -> int | None:
    """None where nothing can be written: the bot itself says so."""
    try:
        make_folder(path.parent)
        return os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    except OSError:
        return None


def _take(lock: int, file: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, _LONGEST, 0).decode(errors="replace").strip()
        raise HeldError(_told(file, holder)) from None
    except OSError:  # not every disk can lock
        return
    os.ftruncate(lock, 0)
    os.pwrite(lock, _myself().encode()[:_LONGEST], 0)


def _told(file: Path, holder: str) -> str:
    who = f"another haitang serves {file}: {holder or 'it does not say which'}"
    return f"{who}. Stop that one first, or give this one a database and a token of its own"


def _myself() -> str:
    return f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%F %T}Z"


def listener(host: str, port: int) -> socket.socket:
    """A socket to serve at. Raises HeldError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only for sockets that name TCP does asyncio send an answer at once, without Nagle's 40 ms.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        advice = "choose another port under [health] or [telegram.webhook], or stop what has it"
        raise HeldError(f"{host}:{port}: {error.strerror}: {advice}") from None
    return made

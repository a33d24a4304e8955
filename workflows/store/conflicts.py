"""Two processes at the same rows: what the database says of it, and doing the work again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from workflows.model import HaitangError

_TRIES = 5
_PAUSE = 0.05  # seconds, at most, so that the other one gets through
_AGAIN = {"40001", "40P01", "55P03"}  # serialization, deadlock, a lock not to be had
_UNIQUE = "23505"
_T = TypeVar("_T")


class ConflictError(HaitangError):
    """Another process changed the same rows meanwhile; nothing of this work was written."""


async def retried(work: Callable[[], Awaitable[_T]]) -> _T:
    """What `work` returns, begun anew after a conflict. Raises ConflictError after five."""
    for _ in range(_TRIES - 1):
        try:
            return await work()
        except ConflictError:
            await asyncio.sleep(random.uniform(0, _PAUSE))  # noqa: S311 - not a secret
    return await work()


def is_unwritable(error: Exception) -> bool:
    """Whether the fault lies in what was to be written, or in a row that was read for it, so that
    the same again is of no use. A disk that is full, a database that is locked or away, is not.
    """
    if isinstance(error, ConflictError):
        return isinstance(error.__cause__, IntegrityError)
    if isinstance(error, DBAPIError):
        return isinstance(error, IntegrityError | DataError)
    return not isinstance(error, OSError | PoolTimeout)


def is_race(error: DBAPIError) -> bool:
    """Whether somebody else wrote the row first that this work found missing."""
    code = getattr(error.orig, "sqlstate", None)
    is_sqlite = code is None and isinstance(error, IntegrityError)
    return code == _UNIQUE or (is_sqlite and "UNIQUE" in str(error.orig))


def is_busy(error: DBAPIError) -> bool:
    """Whether the database asks to come again: a deadlock it broke, a lock held for too long."""
    is_again = getattr(error.orig, "sqlstate", None) in _AGAIN
    return is_again or "database is locked" in str(error.orig)

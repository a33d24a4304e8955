"""Two processes at the same rows: what the database says of it, and doing the work again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)

from workflows.core.errors import HaitangError

_TRIES = 5
_PAUSE = 0.05  # seconds, at most, so that the other one gets through
_AGAIN = {"40001", "40P01", "55P03"}  # serialization, deadlock, a lock not to be had
_UNIQUE = "23505"
_REFUSED = {"22", "23"}  # classes: a value does not fit, a constraint is broken
_RAISED = {"P0001", "54000"}  # by a trigger; too much at once
_T = TypeVar("_T")


class ConflictError(HaitangError):
    """Another process changed the same rows meanwhile; nothing of this work was written."""


async def retried(work: Callable[[], Awaitable[_T]], seconds: float) -> _T:
    """What `work` returns, begun anew after a conflict. Raises ConflictError after five, or
    TimeoutError when the first ones took half of so many seconds: a lock that is held.
    """
    until = monotonic() + seconds / 2
    for _ in range(_TRIES - 1):
        try:
            return await work()
        except ConflictError as error:
            if monotonic() > until:
                raise TimeoutError from error
            await asyncio.sleep(random.uniform(0, _PAUSE))  # noqa: S311 - not a secret
    return await work()


def is_unwritable(error: Exception) -> bool:
    """Whether the fault lies in what was to be written, or in a row that was read for it, so that
    the same again is of no use. A disk that is full, a database that is locked or away, is not.
    """
    if isinstance(error, ConflictError):
        return isinstance(error.__cause__, IntegrityError)
    if isinstance(error, DBAPIError):
        code = str(getattr(error.orig, "sqlstate", None) or "")
        is_refused = code[:2] in _REFUSED or code in _RAISED
        is_misfit = isinstance(getattr(error.orig, "__cause__", None), ValueError)  # to asyncpg
        return is_refused or is_misfit or isinstance(error, IntegrityError | DataError)
    is_data = isinstance(error, StatementError) or not isinstance(error, SQLAlchemyError)
    return is_data and not isinstance(error, OSError)


def is_of_database(error: BaseException) -> bool:
    """Whether it is the database's own: its words can repeat a whole row."""
    return isinstance(error, DBAPIError)


def is_race(error: DBAPIError) -> bool:
    """Whether somebody else wrote the row first that this work found missing."""
    code = getattr(error.orig, "sqlstate", None)
    is_sqlite = code is None and isinstance(error, IntegrityError)
    return code == _UNIQUE or (is_sqlite and "UNIQUE" in str(error.orig))


def is_busy(error: DBAPIError) -> bool:
    """Whether the database asks to come again: a deadlock it broke, a lock held for too long."""
    is_again = getattr(error.orig, "sqlstate", None) in _AGAIN
    return is_again or "database is locked" in str(error.orig)

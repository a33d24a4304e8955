"""Rows that this version cannot read, of a newer one or mended by hand: each stands alone.

Whoever reads many goes on without them; whoever needs that very one hears UnreadableError. Which
were met is kept with the connection, until the unit of work tells of them. As long as every row can
be read, nothing of this costs anything.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import MsgspecError
from sqlalchemy import Column, Row, Select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.errors import HaitangError
from workflows.store.engine.bound_arrays import among

T = TypeVar("T")
_Met = dict[tuple[str, int], "UnreadableError"]
_LENGTH = 80  # characters of a reason


class UnreadableError(HaitangError):
    """A row that this version cannot read: what it is of, its number, and why not."""

    def __init__(self, what: str, number: int, why: str) -> None:
        super().__init__(f"{what} {number}: {why}")
        self.what = what
        self.number = number
        self.why = why


def is_unreadable(error: Exception) -> bool:
    """Whether an error is what reading a row raises that is not as this version writes it."""
    is_text = isinstance(error, OperationalError) and "decode to UTF-8" in str(error.orig)
    return is_text or isinstance(error, ValueError | TypeError | LookupError | AttributeError)


async def at_once(first: Callable[[], Awaitable[T]], singly: Callable[[], Awaitable[T]]) -> T:
    """What `first` gives; where it meets a row that it cannot read, what `singly` gives."""
    try:
        return await first()
    except Exception as error:
        if not is_unreadable(error):
            raise
    return await singly()


async def by_key(
    conn: AsyncConnection, what: str, keys: Sequence[int],
    read: Callable[[Sequence[int]], Awaitable[Mapping[int, T]]],
) -> Mapping[int, T]:  # fmt: skip
    """What `read` gives for these keys, without those whose rows it cannot read.

    Where it fails it is asked for each half, until such a row is alone.
    """
    try:
        return await read(keys)
    except Exception as error:
        if not is_unreadable(error) or not keys:
            raise
        if len(keys) == 1:
            note(conn, UnreadableError(what, keys[0], _reason(error)))
            return {}
    middle = len(keys) // 2
    halves = [await by_key(conn, what, some, read) for some in (keys[:middle], keys[middle:])]
    return {**halves[0], **halves[1]}


async def readable(
    conn: AsyncConnection, what: str, statement: Select[Any], key: Column[Any],
    make: Callable[[Row[Any]], T], values: Mapping[str, Any] | None = None,
) -> list[T]:  # fmt: skip
    """What `make` makes of each row, in order, without those that cannot be read; `key` is the
    column by which a row is named.
    """
    given = values or {}

    async def together() -> list[T]:
        return [make(row) for row in await conn.execute(statement, given)]

    async def each() -> list[T]:
        found = await conn.scalars(statement.with_only_columns(key), given)
        return await _each(conn, what, statement, key, make, given, list(found.all()))

    return await at_once(together, each)


async def _each(
    conn: AsyncConnection, what: str, statement: Select[Any], key: Column[Any],
    make: Callable[[Row[Any]], T], values: Mapping[str, Any], keys: list[int],
) -> list[T]:  # fmt: skip
    named = statement.add_columns(key.label("its_key")).where(among(key, "its_keys"))

    async def read(some: Sequence[int]) -> dict[int, T]:
        found = await conn.execute(named, {**values, "its_keys": some})
        return {row.its_key: make(row) for row in found}

    known = await by_key(conn, what, keys, read)
    return [known[one] for one in keys if one in known]


def note(conn: AsyncConnection, error: UnreadableError) -> None:
    """This row was met."""
    _met(conn)[error.what, error.number] = error


def met(conn: AsyncConnection, what: str, number: int) -> UnreadableError | None:
    """Why such a row could not be read, if this unit of work has met it."""
    return _met(conn).get((what, number))


def taken(conn: AsyncConnection) -> Sequence[UnreadableError]:
    """All that were met, to be told of; they are forgotten here."""
    found: _Met = conn.info.pop("unreadable", {})
    return list(found.values())


def _met(conn: AsyncConnection) -> _Met:
    found: _Met = conn.info.setdefault("unreadable", {})
    return found


def _reason(error: Exception) -> str:
    """Of which kind, and what this project's own types say; a driver may repeat what was said."""
    if isinstance(error, MsgspecError):
        return str(error)[:_LENGTH]
    return type(error).__name__

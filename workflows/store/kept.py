"""How the subjects of each workflow are kept: what the store has to be told, and nothing more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from msgspec import Struct, convert, field
from msgspec.structs import asdict
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Subject
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.reading import by_key
from workflows.store.tables.indexes import Over

S = TypeVar("S", bound=Subject)
_KINDS = select(t.subjects.c.id, t.subjects.c.kind).where(among(t.subjects.c.id))
Beside = Mapping[str, Callable[..., Awaitable[Mapping[int, Any]]]]
_AT_ONCE = 5000  # a statement has room for some thirty thousand values


class Kept(Struct, Generic[S], frozen=True, kw_only=True, eq=False):
    """How a workflow's subjects are kept, each in a row of its `table`.

    That has the columns id, version, state, changed_at and ended_at, and whatever else `row` gives
    of a subject; but for changed_at, which is the store's. `read` makes subjects of such rows by
    their ids. The people of a field in `links` are in a table of their own: ticket_id, person_id,
    and if it likes, since. `what` is the word for one that cannot be read.
    """

    kind: str
    what: str
    table: Table
    row: Callable[[S], Mapping[str, Any]]
    read: Callable[[AsyncConnection, Sequence[int]], Awaitable[Mapping[int, S]]]
    links: Mapping[str, Table] = field(default_factory=dict)
    states: type[StrEnum]
    actions: type[StrEnum]
    clocks: type[StrEnum]
    indexes: tuple[Over, ...] = ()


def keeping(
    made: type[Any], table: Table, what: str = "", beside: Beside = MappingProxyType({}),
    **more: Any,
) -> Kept[Any]:  # fmt: skip
    """How subjects of this Struct are kept, in columns that are called as its fields; what has no
    column stands in the column `body`. Fields that lie in tables of their own are `beside` it, each
    with the question that has them by the subject; who writes them is the workflow.
    """
    asked = select(table).where(among(table.c.id))

    def row(subject: Any) -> Mapping[str, Any]:
        told = {name: value for name, value in asdict(subject).items() if name not in beside}
        if "body" not in table.c:
            return told
        body = {name: told.pop(name) for name in [*told] if name not in table.c}
        return {**told, "body": body}

    async def read(conn: AsyncConnection, ids: Sequence[int]) -> Mapping[int, Any]:
        others = {name: await of(conn, ids) for name, of in beside.items()}
        rows = (await conn.execute(asked, {"ids": ids})).mappings()
        known = [{str(name): value for name, value in one.items()} for one in rows]
        whole = (one | one.pop("body", {}) | {n: of[one["id"]] for n, of in others.items()}
                 for one in known)  # fmt: skip
        return {one["id"]: convert(one, made) for one in whole}

    name = what or made.kind
    return Kept(kind=made.kind, what=name, table=table, row=row, read=read, **more)


class Kinds(Struct, frozen=True, eq=False):
    """The kinds of subjects that there are; what is asked for by its number alone is looked for
    among those of the first.
    """

    all: tuple[Kept[Any], ...]

    @property
    def indexes(self) -> tuple[Over, ...]:
        """The indexes of their tables."""
        return tuple(one for kept in self.all for one in kept.indexes)

    @property
    def first(self) -> Kept[Any]:
        """The kind that most are of."""
        return self.all[0]

    def of(self, subject: Subject) -> Kept[Any]:
        """How this one is kept."""
        return self.named(subject.kind)

    def named(self, kind: str) -> Kept[Any]:
        """How those of a kind are kept."""
        return next(kept for kept in self.all if kept.kind == kind)

    def others(self, than: Kept[Any]) -> dict[str, Kept[Any]]:
        """All but this one, by their names."""
        return {kept.kind: kept for kept in self.all if kept is not than}


async def load(conn: AsyncConnection, kept: Kept[S], ids: Iterable[int]) -> dict[int, S]:
    """Those of a kind with these ids; the unknown and the unreadable are left out."""
    wanted, found = list(ids), dict[int, S]()
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first:][:_AT_ONCE]
        found |= await by_key(conn, kept.what, some, partial(kept.read, conn))
    return found


async def load_others(
    conn: AsyncConnection, kinds: Mapping[str, Kept[Any]], ids: Iterable[int]
) -> dict[int, Subject]:
    """What of these numbers is of one of these kinds, which the thin row of each says."""
    rows = await conn.execute(_KINDS, {"ids": list(ids)})
    found, of = dict[int, Subject](), defaultdict[str, list[int]](list)
    for number, kind in rows:
        of[kind].append(number)
    for kind in of.keys() & kinds.keys():
        found |= await load(conn, kinds[kind], of[kind])
    return found

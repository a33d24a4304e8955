"""Writing the subjects of a unit of work, each kind into its own tables, by compare-and-set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, Update, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Subject
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.engine.upsert import insert_new
from workflows.store.kept import Kept, Kinds
from workflows.store.unit.codec import subject_row
from workflows.store.unit.pending import Work

_Loaded = Mapping[int, Subject]


async def write(
    conn: AsyncConnection, kinds: Kinds, work: Work, loaded: _Loaded, now: datetime
) -> bool:
    """Insert new subjects; change others if they still are what was read. False when one is not."""
    changed = [subject for i in sorted(work.changed) if (subject := work.subjects[i])]
    await _add(conn, kinds, [x for x in changed if x.id not in loaded], now)
    for subject in (x for x in changed if x.id in loaded):
        kept = kinds.of(subject)
        if not await _compare_and_set(conn, kept, subject, loaded[subject.id], now):
            return False
    if not await _stand_still(conn, kinds, work, loaded):
        return False
    for subject in changed:
        await _link(conn, kinds.of(subject), subject, loaded.get(subject.id), now)
    return True


async def _add(conn: AsyncConnection, kinds: Kinds, new: list[Subject], now: datetime) -> None:
    if not new:
        return
    await conn.execute(_insert(t.subjects), [subject_row(x) for x in new])
    for kept in kinds.all:
        rows = [{**kept.row(x), "changed_at": now} for x in new if x.kind == kept.kind]
        if rows:
            await conn.execute(_insert(kept.table), rows)


@cache
def _insert(table: Table) -> Any:
    return insert(table)


async def _compare_and_set(
    conn: AsyncConnection, kept: Kept[Any], subject: Subject, was: Subject, now: datetime
) -> bool:
    """One statement a subject: a bulk update's row count cannot be trusted on every driver.

    Only what is another is named: a column set anew has its indexes written.
    """
    before = kept.row(was)
    values = {name: value for name, value in kept.row(subject).items() if value != before[name]}
    given = {"changed_at": now, "its_id": subject.id, "its_version": was.version}
    result = await conn.execute(_change(kept.table, tuple(values)), values | given)
    return result.rowcount == 1


@cache
def _change(table: Table, names: tuple[str, ...]) -> Update:
    """Built once for the same columns: that costs as much as sending it."""
    c = table.c
    unchanged = (c.id == bindparam("its_id"), c.version == bindparam("its_version"))
    named = {name: bindparam(name, type_=c[name].type) for name in (*names, "changed_at")}
    return update(table).where(*unchanged).values(named)


async def _stand_still(conn: AsyncConnection, kinds: Kinds, work: Work, loaded: _Loaded) -> bool:
    """Whether the subjects of which only the timers are written are still what those were made
    from, and stay so until the commit: else another process's newer timers would be lost.
    """
    only = [loaded[i] for i in sorted(work.timers.keys() - work.changed)]
    for kept in dict.fromkeys(kinds.of(x) for x in only):
        read = {x.id: x.version for x in only if x.kind == kept.kind}
        found = await conn.execute(_held(kept.table), {"ids": list(read)})
        if {row.id: row.version for row in found} != read:
            return False
    return True


@cache
def _held(table: Table) -> Select[Any]:
    c = table.c
    return select(c.id, c.version).where(among(c.id)).order_by(c.id).with_for_update()


async def _link(
    conn: AsyncConnection, kept: Kept[Any], subject: Subject, was: Subject | None, at: datetime
) -> None:
    """Who stands in its lists, where that is not what it was."""
    for name, table in kept.links.items():
        now: set[int] = set(getattr(subject, name))
        before: set[int] = set(getattr(was, name)) if was else set()
        await _add_links(conn, table, subject.id, now - before, at)
        await _drop_links(conn, table, subject.id, before - now)


async def _add_links(
    conn: AsyncConnection, table: Table, subject_id: int, added: Iterable[int], at: datetime
) -> None:
    since = {"since": at} if "since" in table.c else {}
    rows = [{"ticket_id": subject_id, "person_id": p, **since} for p in sorted(added)]
    await insert_new(conn, table, rows, ["ticket_id", "person_id"])


async def _drop_links(
    conn: AsyncConnection, table: Table, subject_id: int, gone: Iterable[int]
) -> None:
    if gone:
        c = table.c
        unlinked = (c.ticket_id == subject_id, c.person_id.in_(gone))
        await conn.execute(delete(table).where(*unlinked))

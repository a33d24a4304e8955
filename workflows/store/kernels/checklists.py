"""Checklists with every version there was, and sheets with a copy of their own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import checklist as pure
from workflows.core.kernels.checklist import Checklist, Item, Sheet
from workflows.store.engine.bound_arrays import among
from workflows.store.engine.conflicts import ConflictError
from workflows.store.engine.upsert import insert_new
from workflows.store.tables import kernels as t

_C, _S = t.checklists.c, t.sheets.c


async def current(conn: AsyncConnection, place: str, name: str) -> Checklist | None:
    """The newest version of a community's list."""
    return await _newest(conn, _C.place == place, _C.name == name)


async def _newest(conn: AsyncConnection, *those: ColumnElement[bool]) -> Checklist | None:
    versions = select(t.checklists).where(*those).order_by(_C.version.desc()).limit(1)
    row = (await conn.execute(versions)).one_or_none()
    return _checklist(row) if row else None


async def names(conn: AsyncConnection, place: str) -> list[str]:
    """The lists that a community has."""
    found = select(_C.name).where(_C.place == place, _C.version == 1).order_by(_C.name)
    return list((await conn.scalars(found)).all())


def _checklist(row: Row[Any]) -> Checklist:
    items = convert(row.items, tuple[Item, ...])
    return Checklist(place=row.place, name=row.name, version=row.version, items=items)


async def keep(conn: AsyncConnection, checklist: Checklist, by: int, now: datetime) -> None:
    """A new version; kept again it stays. Raises UnclearError, or ConflictError where another one
    has its number: the turn begins anew.
    """
    pure.check(checklist.items)
    row = {
        "place": checklist.place, "name": checklist.name, "version": checklist.version,
        "items": to_builtins(checklist.items), "at": now, "by": by,
    }  # fmt: skip
    await insert_new(conn, t.checklists, [row], ["place", "name", "version"])
    same = (_C[name] == row[name] for name in ("place", "name", "version"))
    if await _newest(conn, *same) != checklist:
        raise ConflictError


async def begin(conn: AsyncConnection, sheet: Sheet) -> None:
    """A sheet with its copy; one that was begun already stays as it is."""
    row = {
        "subject_id": sheet.subject, "name": sheet.name, "version": sheet.version,
        "checklist": to_builtins(sheet.checklist), **_answers(sheet),
    }  # fmt: skip
    await insert_new(conn, t.sheets, [row], ["subject_id", "name"])


async def load(conn: AsyncConnection, subject: int, name: str = "") -> Sheet | None:
    """One sheet."""
    row = (await conn.execute(select(t.sheets).where(*_is(subject, name)))).one_or_none()
    return _sheet(row) if row else None


async def of_subject(conn: AsyncConnection, subject: int) -> list[Sheet]:
    """All of a subject, by name."""
    rows = await conn.execute(select(t.sheets).where(_S.subject_id == subject).order_by(_S.name))
    return [_sheet(row) for row in rows]


async def put(conn: AsyncConnection, before: Sheet, after: Sheet) -> Sheet:
    """What was answered since. Returns it as it is kept. Raises SignedError for what is signed,
    ConflictError where it is not any more as it was `before`.
    """
    if before.is_signed:
        raise pure.SignedError
    kept = replace(after, version=before.version + 1)
    same = (*_is(before.subject, before.name), _S.version == before.version)
    changed = update(t.sheets).where(*same, _S.signed_at.is_(None))
    values = {"version": kept.version, **_answers(kept)}
    if (await conn.execute(changed.values(values))).rowcount != 1:
        raise ConflictError
    return kept


async def erase(conn: AsyncConnection, subjects: Collection[int]) -> None:
    """The notes and pictures of these subjects' sheets, for good; what was found stays."""
    rows = await conn.execute(select(t.sheets).where(among(_S.subject_id)), {"ids": list(subjects)})
    for sheet in [_sheet(row) for row in rows]:
        bare = to_builtins(pure.without_words(sheet).marks)
        its = _is(sheet.subject, sheet.name)
        await conn.execute(update(t.sheets).where(*its).values(marks=bare))


def _answers(sheet: Sheet) -> dict[str, Any]:
    return {
        "marks": to_builtins(sheet.marks), "signed_at": sheet.signed_at,
        "signed_by": sheet.signed_by,
    }  # fmt: skip


def _sheet(row: Row[Any]) -> Sheet:
    return Sheet(
        subject=row.subject_id, name=row.name, version=row.version,
        checklist=convert(row.checklist, Checklist),
        marks=convert(row.marks, dict[str, pure.Mark]),
        signed_at=row.signed_at, signed_by=row.signed_by,
    )  # fmt: skip


def _is(subject: int, name: str) -> tuple[ColumnElement[bool], ...]:
    return (_S.subject_id == subject, _S.name == name)

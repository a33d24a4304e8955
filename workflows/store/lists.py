"""The questions behind lists: what stands where, what is due, what has a word in it.

Each reads an index of what is open or due, not all there ever was; `scope` are places, "" is all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.duties import Matter
from workflows.model import State
from workflows.store import tables as t
from workflows.store.scope import within

_NOTHING = literal("", literal_execute=True)  # only so does a partial index fit for certain
_RECENT = timedelta(days=90)  # how long an ended ticket can still be found by a word


class Section(StrEnum):
    """What a board lists: nobody has it, a promise is over, something waits for a yes or no."""

    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    PROPOSED = "proposed"


async def count(
    conn: AsyncConnection, section: Section, scope: Iterable[str], now: datetime,
    settled: Collection[int] = (),
) -> int:  # fmt: skip
    """How many tickets of a section lie in the scope; those decided just now are left out."""
    here = (within(t.tickets.c.place, scope), _is_left(section, settled))
    return await conn.scalar(select(func.count()).where(_is_in(section, now), *here)) or 0


async def page(
    conn: AsyncConnection, section: Section, scope: Iterable[str], now: datetime,
    offset: int, limit: int, settled: Collection[int] = (), *, ahead: Matter | None = None,
) -> list[int]:  # fmt: skip
    """The ids of a section's tickets in the scope: what is `ahead`, then what is most pressing."""
    c = t.tickets.c
    first = c.promise_due if section is Section.OVERDUE else c.id
    here = (within(c.place, scope), _is_left(section, settled))
    rows = select(c.id).where(_is_in(section, now), *here)
    if ahead:
        rows = rows.order_by(case((c.undecided == ahead.value, 0), else_=1))
    rows = rows.order_by(first, c.id)
    return list((await conn.scalars(rows.offset(offset).limit(limit))).all())


def _is_left(section: Section, settled: Collection[int]) -> ColumnElement[bool]:
    is_queue = section is Section.PROPOSED and settled
    return t.tickets.c.id.not_in(settled) if is_queue else true()


async def promised_before(conn: AsyncConnection, moment: datetime) -> list[int]:
    """The ids of tickets with a promise due before `moment`, late ones first."""
    c = t.tickets.c
    rows = select(c.id).where(c.promise_due < moment).order_by(c.promise_due, c.id)
    return list((await conn.scalars(rows)).all())


async def in_states(conn: AsyncConnection, states: Iterable[State]) -> list[int]:
    """The ids of tickets in these states, oldest first."""
    c = t.tickets.c
    rows = select(c.id).where(c.state.in_([state.value for state in states])).order_by(c.id)
    return list((await conn.scalars(rows)).all())


async def alike(conn: AsyncConnection, place: str, category: str, limit: int) -> list[int]:
    """The ids of a place's open tickets of one category, newest first; what is done is not."""
    c = t.tickets.c
    undone = (c.ended_at.is_(None), c.state != State.RESOLVED.value, c.category == category)
    rows = select(c.id).where(*undone, within(c.place, [place])).order_by(c.id.desc())
    return list((await conn.scalars(rows.limit(limit))).all())


async def changed_since(conn: AsyncConnection, moment: datetime) -> list[int]:
    """The ids of open tickets that have changed since that moment (aware UTC), oldest first."""
    c = t.tickets.c
    rows = select(c.id).where(c.ended_at.is_(None), c.changed_at >= moment).order_by(c.id)
    return list((await conn.scalars(rows)).all())


async def unchecked(conn: AsyncConnection, since: datetime, until: datetime) -> list[int]:
    """The ids of tickets that ended in this time and whose neutral follow-up is to be done yet."""
    c = t.tickets.c
    drawn = (c.checker.is_not(None), c.checked == _NOTHING)
    rows = select(c.id).where(*drawn, c.ended_at > since, c.ended_at <= until)
    return list((await conn.scalars(rows.order_by(c.ended_at, c.id))).all())


async def find(
    conn: AsyncConnection, words: Iterable[tuple[str, ...]], scope: Iterable[str], now: datetime,
    limit: int,
) -> list[int]:  # fmt: skip
    """The ids of open or recent tickets in the scope that have every word, newest first.

    A word is given with its other spellings; it may stand in the place, the category or the text.
    """
    c = t.tickets.c
    has_words = and_(true(), *(_has(word) for word in words))
    here = within(c.place, scope)
    still_open = select(c.id).where(c.ended_at.is_(None), here)
    recent = select(c.id).where(c.ended_at >= now - _RECENT, here)
    rows = select(c.id).where(c.id.in_(union_all(still_open, recent)), has_words)
    return list((await conn.scalars(rows.order_by(c.id.desc()).limit(limit))).all())


def _has(spellings: tuple[str, ...]) -> ColumnElement[bool]:
    c = t.tickets.c
    columns = (c.place, c.category, c.text)
    return or_(*(column.icontains(s, autoescape=True) for column in columns for s in spellings))


def _is_in(section: Section, now: datetime) -> ColumnElement[bool]:
    if section is Section.OVERDUE:
        return t.tickets.c.promise_due <= now
    if section is Section.PROPOSED:
        return t.tickets.c.undecided.is_not(None)
    return t.tickets.c.state == State.UNASSIGNED.value


async def filed_since(
    conn: AsyncConnection, scope: Iterable[str], since: datetime, limit: int
) -> list[int]:
    """Tickets of these places filed since a moment, oldest first: one stretch of ids, then."""
    c = t.tickets.c
    rows = select(c.id).where(within(c.place, scope), c.filed_at >= since)
    return list((await conn.scalars(rows.order_by(c.id).limit(limit))).all())

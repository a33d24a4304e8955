"""The questions behind lists: what stands where, what is due, what has a word in it.

Each reads an index of what is open or due, not all there ever was; `scope` are places, "" is all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.model import State
from workflows.store import tables as t
from workflows.store.scope import within

_RECENT = timedelta(days=90)  # how long an ended ticket can still be found by a word


class Section(StrEnum):
    """What a board lists: nobody has it, a promise is over, a plan waits for a decision."""

    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    PROPOSED = "proposed"


async def count(
    conn: AsyncConnection, section: Section, scope: Iterable[str], now: datetime
) -> int:
    """How many tickets of a section lie in the scope."""
    rows = select(func.count()).where(_is_in(section, now), within(t.tickets.c.place, scope))
    return await conn.scalar(rows) or 0


async def page(
    conn: AsyncConnection, section: Section, scope: Iterable[str], now: datetime,
    offset: int, limit: int,
) -> list[int]:  # fmt: skip
    """The ids of a section's tickets in the scope, what is most pressing first."""
    c = t.tickets.c
    first = c.promise_due if section is Section.OVERDUE else c.id
    rows = select(c.id).where(_is_in(section, now), within(c.place, scope)).order_by(first, c.id)
    return list((await conn.scalars(rows.offset(offset).limit(limit))).all())


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
    state = State.UNASSIGNED if section is Section.UNASSIGNED else State.PROPOSED
    return t.tickets.c.state == state.value

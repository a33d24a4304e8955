"""The questions behind lists: what stands where, what is due, what has a word in it.

Each reads an index of what is open or due, not all there ever was; `scope` are places, "" is all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.rules.agenda import PendingDecision
from workflows.petition.stages import STAGES
from workflows.petition.store import tables as own
from workflows.petition.store.streets import in_streets, lies_in
from workflows.petition.words import State
from workflows.store.place_ranges import apart, within

# Few at any time, and first in every list; spelled as their index is.
_URGENT = text("tickets.urgent AND tickets.ended_at IS NULL")
_CALLED = own.tickets.c.state == State.DISPATCHED.value  # everybody is called, nobody has it
AT_MOST = 1000  # tickets that a section counts and shows
LOOKED_AT = 5000  # of a place's tickets, the newest, when a word is looked for
# Written out, not bound: only so does a partial index fit for certain.
_NOTHING, _UNASSIGNED = (literal(x, literal_execute=True) for x in ("", State.UNASSIGNED.value))
_RECENT = timedelta(days=90)  # how long an ended ticket can still be found by a word


class Section(StrEnum):
    """What a board lists: nobody has it, something is over, something waits for a yes or no."""

    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    PROPOSED = "proposed"


async def count(
    conn: AsyncConnection, section: Section, scope: Iterable[str], now: datetime,
    settled: Collection[int] = (),
) -> int:  # fmt: skip
    """How many tickets of a section lie in the scope, counted to one above AT_MOST.

    Those decided just now are left out.
    """
    most, left = AT_MOST + 1, _is_left(section, settled)
    arms = [
        select(literal(1).label("one")).where(part, left)
        for place in apart(scope)
        for _, part in _parts(section, now, None, place)
    ]
    if not arms:
        return 0
    found = _united(arm.limit(most) for arm in arms).limit(most).subquery()
    return await conn.scalar(select(func.count()).select_from(found)) or 0


async def page(
    conn: AsyncConnection, section: Section, scope: Iterable[str], now: datetime,
    offset: int, limit: int, settled: Collection[int] = (), *, ahead: PendingDecision | None = None,
) -> list[int]:  # fmt: skip
    """The ids of a section's tickets in the scope: danger, what is `ahead`, what is most pressing.

    Each place, and each matter, is read in its index's order, no further than to the page's end.
    """
    c = own.tickets.c
    first, left = c.overdue_at if section is Section.OVERDUE else c.id, _is_left(section, settled)
    arms = [
        select(literal(rank).label("rank"), first.label("first"), c.id.label("id"))
        .where(part, left)
        .order_by(first, c.id)
        .limit(offset + limit)
        for place in apart(scope)
        for rank, part in _parts(section, now, ahead, place)
    ]
    if not arms:
        return []
    found = _united(arms).subquery().c
    rows = select(found.id).order_by(found.rank, found.first, found.id)
    return list((await conn.scalars(rows.offset(offset).limit(limit))).all())


def _united(arms: Iterable[Select[Any]]) -> CompoundSelect[Any]:
    """All of these; each keeps its own limit only inside a query of its own."""
    return union_all(*(select(arm.subquery()) for arm in arms))


def _parts(
    section: Section, now: datetime, ahead: PendingDecision | None, place: str
) -> list[tuple[int, ColumnElement[bool]]]:
    """What of a section lies in a place, in parts that an index has in order, each with its rank;
    danger comes first.
    """
    c, part = own.tickets.c, _is_in(section, now)
    urgent = or_(part, _CALLED) if section is Section.UNASSIGNED else part
    calm = [(0, part)]
    if section is Section.PROPOSED:
        calm = [(int(ahead not in {None, m}), c.undecided == m.value) for m in PendingDecision]
    others = or_(c.urgent == false(), c.ended_at.is_not(None))
    # Danger by its own index in a street, too: that of what is open there is long.
    first = (-1, and_(_URGENT, urgent, within(c.place, [place])))
    return [first, *((rank, and_(one, others, lies_in(place))) for rank, one in calm)]


def _is_left(section: Section, settled: Collection[int]) -> ColumnElement[bool]:
    is_queue = section is Section.PROPOSED and settled
    return own.tickets.c.id.not_in(settled) if is_queue else true()


async def broken(
    conn: AsyncConnection, scope: Iterable[str], now: datetime, limit: int
) -> list[int]:
    """The ids of a scope's tickets with a promise that is over, danger first, then the oldest."""
    due = own.tickets.c.promise_due
    return await _first(conn, scope, due, limit, due <= now)


async def due_between(
    conn: AsyncConnection, scope: Iterable[str], now: datetime, end: datetime, limit: int
) -> list[int]:
    """The ids of a scope's tickets with a promise due after `now` and before `end`, next first."""
    due = own.tickets.c.promise_due
    return await _first(conn, scope, due, limit, due > now, due < end)


async def plans(conn: AsyncConnection, scope: Iterable[str], limit: int) -> list[int]:
    """The ids of a scope's tickets whose plan waits for a yes or no, oldest first."""
    c = own.tickets.c
    # The same twice: one is in the index of a street, the other in that of everywhere else.
    is_plan = (c.undecided == PendingDecision.PLAN.value, c.state == State.PROPOSED.value)
    return await _first(conn, scope, c.id, limit, *is_plan)


async def objections(conn: AsyncConnection, scope: Iterable[str], limit: int) -> list[int]:
    """The ids of a scope's tickets to whose end the resident objects, the longest ago first."""
    c = own.tickets.c
    is_objected = c.undecided == PendingDecision.OBJECTION.value
    return await _first(conn, scope, c.objected_at, limit, is_objected)


async def _first(
    conn: AsyncConnection, scope: Iterable[str], first: Column[Any], limit: int,
    *conditions: ColumnElement[bool],
) -> list[int]:  # fmt: skip
    """The ids of a scope's tickets in this order, danger first, each place read no further than to
    the limit.
    """
    c = own.tickets.c
    arms = [
        select(c.urgent.label("urgent"), first.label("first"), c.id.label("id"))
        .where(*conditions, lies_in(place))
        .order_by(first, c.id)
        .limit(limit)
        for place in apart(scope)
    ]
    if not arms:
        return []
    found = _united(arms).subquery().c
    rows = select(found.id).order_by(found.urgent.desc(), found.first, found.id).limit(limit)
    return list((await conn.scalars(rows)).all())


async def alike(conn: AsyncConnection, place: str, category: str, limit: int) -> list[int]:
    """The ids of a place's open tickets of one category, newest first; what is done is not."""
    c = own.tickets.c
    undone = (c.state != state.value for state, stage in STAGES.items() if stage.done)
    like = (c.ended_at.is_(None), *undone, c.category == category)
    rows = select(c.id).where(*like, within(c.place, [place])).order_by(c.id.desc())
    return list((await conn.scalars(rows.limit(limit))).all())


async def changed_since(conn: AsyncConnection, moment: datetime) -> list[int]:
    """The ids of open tickets that have changed since that moment (aware UTC), oldest first."""
    c = own.tickets.c
    rows = select(c.id).where(c.ended_at.is_(None), c.changed_at >= moment).order_by(c.id)
    return list((await conn.scalars(rows)).all())


async def unchecked(
    conn: AsyncConnection, checkers: Collection[int], since: datetime, until: datetime
) -> list[int]:
    """The ids of tickets that ended in this time and whose neutral follow-up these people are to
    do yet.
    """
    c = own.tickets.c
    drawn = (c.checker.is_not(None), c.checker.in_(checkers), c.checked == _NOTHING)
    rows = select(c.id).where(*drawn, c.ended_at > since, c.ended_at <= until)
    return list((await conn.scalars(rows.order_by(c.ended_at, c.id))).all())


async def find(
    conn: AsyncConnection, words: Iterable[tuple[str, ...]], scope: Iterable[str], now: datetime,
    limit: int,
) -> list[int]:  # fmt: skip
    """The ids of open or recent tickets in the scope that have every word, newest first.

    A word is given with its other spellings; it may stand in the place, the category or the text.
    Of each place the LOOKED_AT newest are read: words are in no index.
    """
    c = own.tickets.c
    arms = [arm.limit(LOOKED_AT) for place in apart(scope) for arm in _readable(place, now)]
    if not arms:
        return []
    has_words = and_(true(), *(_has(word) for word in words))
    rows = select(c.id).where(c.id.in_(_united(arms)), has_words)
    return list((await conn.scalars(rows.order_by(c.id.desc()).limit(limit))).all())


async def is_beyond(conn: AsyncConnection, scope: Iterable[str]) -> bool:
    """Whether some place of the scope has more open tickets than `find` looks at."""
    c = own.tickets.c
    for place in apart(scope):
        further = select(c.id).where(c.ended_at.is_(None), lies_in(place)).order_by(c.id)
        if await conn.scalar(further.offset(LOOKED_AT).limit(1)):
            return True
    return False


def _readable(place: str, now: datetime) -> tuple[Select[Any], Select[Any]]:
    """A place's open tickets, and those that ended not long ago; the newest first."""
    c, here = own.tickets.c, lies_in(place)
    still_open = select(c.id).where(c.ended_at.is_(None), here).order_by(c.id.desc())
    recent = select(c.id).where(c.ended_at >= now - _RECENT, here).order_by(c.ended_at.desc())
    return still_open, recent


def _has(spellings: tuple[str, ...]) -> ColumnElement[bool]:
    c = own.tickets.c
    columns = (c.place, c.category, c.text)
    return or_(*(column.icontains(s, autoescape=True) for column in columns for s in spellings))


def _is_in(section: Section, now: datetime) -> ColumnElement[bool]:
    if section is Section.OVERDUE:
        return own.tickets.c.overdue_at <= now
    if section is Section.PROPOSED:
        return own.tickets.c.undecided.is_not(None)
    return own.tickets.c.state == _UNASSIGNED


async def filed_since(
    conn: AsyncConnection, scope: Collection[str], since: datetime, limit: int
) -> list[int]:
    """Tickets of these places filed since a moment, oldest first: one stretch of ids, then."""
    c = own.tickets.c
    here = (in_streets(scope), within(c.place, scope))
    rows = select(c.id).where(*here, c.filed_at >= since)
    return list((await conn.scalars(rows.order_by(c.id).limit(limit))).all())

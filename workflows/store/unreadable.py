"""Looking for rows that this version cannot read: a glance at the start, all that counts for the
doctor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.people import Role
from workflows.store import people
from workflows.store import tables as t
from workflows.store.kept import Kept, Kinds, load
from workflows.store.reading import UnreadableError, note, taken

_NAMED = 20  # of each kind
_GLANCED = 500  # open subjects of each kind, the last to be changed
_READ = 20_000  # open subjects, and dialogs, the newest, that the doctor reads
_AT_ONCE = 500


async def glance(conn: AsyncConnection, kinds: Kinds) -> None:
    """Note what shows at once: states and roles that are not known, by their indexes, and what of
    the open subjects was changed last. It costs the same whatever there is.
    """
    await _note_roles(conn)
    for kept in kinds.all:
        await _note_states(conn, kept)
        c = kept.table.c
        newest = select(c.id).where(c.ended_at.is_(None)).order_by(c.changed_at.desc())
        await load(conn, kept, (await conn.scalars(newest.limit(_GLANCED))).all())


async def look(conn: AsyncConnection, kinds: Kinds) -> Sequence[UnreadableError]:
    """What the glance finds, and what reading the newest open subjects and dialogs does, unknown
    actions and clocks; in the order of their numbers.
    """
    taken(conn)
    await glance(conn, kinds)
    await _note_words(conn, kinds)
    for kept in kinds.all:
        c = kept.table.c
        still_open = select(c.id).where(c.ended_at.is_(None)).order_by(c.id.desc()).limit(_READ)
        for some in _in_parts([*(await conn.scalars(still_open)).all()]):
            await load(conn, kept, some)
    d = t.dialogs.c
    talking = select(d.person_id).order_by(d.at.desc()).limit(_READ)
    for some in _in_parts([*(await conn.scalars(talking)).all()]):
        await people.peek(conn, some)
    return sorted(taken(conn), key=lambda one: (one.what, one.number))


def _in_parts(ids: list[int]) -> list[list[int]]:
    return [ids[first:][:_AT_ONCE] for first in range(0, len(ids), _AT_ONCE)]


async def _note_states(conn: AsyncConnection, kept: Kept[Any]) -> None:
    """Which states there are is a seek each in the index; which subjects, of the unknown ones."""
    c, known = kept.table.c, {None, *(state.value for state in kept.states)}
    there: Sequence[str | None] = (await conn.scalars(_states(kept.table))).all()
    for state in [one for one in there if one not in known][:_NAMED]:
        await _note(conn, kept.what, c.id, c.state, c.state == state)


def _states(table: Table) -> Select[Any]:
    c, other = table.c, table.alias().c
    first = select(func.min(c.state).label("state")).cte("there", recursive=True)
    following = select(func.min(other.state)).where(other.state > first.c.state).scalar_subquery()
    there = first.union_all(select(following).where(first.c.state.is_not(None)))
    return select(there.c.state)


async def _note_roles(conn: AsyncConnection) -> None:
    """The roster is small."""
    m = t.memberships.c
    strange = m.role.not_in([role.value for role in Role])
    await _note(conn, "person", m.person_id, m.role, strange & m.until.is_(None))


async def _note_words(conn: AsyncConnection, kinds: Kinds) -> None:
    """Steps and clocks are in no index by what they are: all of them are looked through."""
    e, r = t.events.c, t.timers.c
    actions = [one.value for kept in kinds.all for one in kept.actions]
    await _note(conn, "step", e.id, e.action, e.action.not_in(actions))
    strange = r.clock.not_in([one.value for kept in kinds.all for one in kept.clocks])
    await _note(conn, "timer", r.id, r.clock, strange & r.fired_at.is_(None))


async def _note(
    conn: AsyncConnection, what: str, key: ColumnElement[int], word: ColumnElement[str],
    is_strange: ColumnElement[bool],
) -> None:  # fmt: skip
    for number, said in await conn.execute(select(key, word).where(is_strange).limit(_NAMED)):
        note(conn, UnreadableError(what, number, f"{str(said)[:16]!r} is not known"))

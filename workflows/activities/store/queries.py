"""Questions about activities. Each costs what it returns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.activities.model import CAME, HELP
from workflows.activities.store import tables as own
from workflows.activities.words import Action, State
from workflows.core.kernels.slots import Standing
from workflows.store import tables as t
from workflows.store.erasure import erase_words, unsay
from workflows.store.place_ranges import within
from workflows.store.tables import kernels as k

_C, _CLAIM, _SEEN = own.activities.c, k.slot_claims.c, k.presences.c
_HAPPENED = (State.ENDED.value, State.SUMMED.value)


async def ids_signed(conn: AsyncConnection, person: int, limit: int) -> list[int]:
    """Where somebody is in or in line, what is open first, then the newest."""
    his = select(_CLAIM.subject_id).where(_CLAIM.person == person)
    listed = select(_C.id).where(_C.id.in_(his))
    ordered = listed.order_by(_C.ended_at.is_not(None), _C.id.desc())
    return list((await conn.scalars(ordered.limit(limit))).all())


async def ids_led(conn: AsyncConnection, person: int) -> list[int]:
    """What somebody leads and is not over."""
    his = select(_C.id).where(_C.leader == person, _C.ended_at.is_(None))
    return list((await conn.scalars(his.order_by(_C.starts_at, _C.id))).all())


async def ids_near(
    conn: AsyncConnection, places: Collection[str], now: datetime, limit: int
) -> list[int]:
    """What one may still come to in these places, the next first."""
    is_on = and_(_C.state == State.ANNOUNCED.value, _C.starts_at > now)
    near = or_(is_on, _C.state == State.RUNNING.value) & within(_C.place, places)
    listed = select(_C.id).where(near).order_by(_C.starts_at, _C.id)
    return list((await conn.scalars(listed.limit(limit))).all())


async def ids_running(conn: AsyncConnection) -> list[int]:
    """What is on just now, anywhere."""
    return list((await conn.scalars(select(_C.id).where(_C.state == State.RUNNING.value))).all())


def _to_review(scope: Collection[str]) -> ColumnElement[bool]:
    return (_C.state == State.REVIEW.value) & within(_C.place, scope)


async def count_to_review(conn: AsyncConnection, scope: Collection[str]) -> int:
    """How many wait for the committee."""
    return int(await conn.scalar(select(func.count()).where(_to_review(scope))) or 0)


async def ids_to_review(
    conn: AsyncConnection, scope: Collection[str], first: int, limit: int
) -> list[int]:
    """A page of them, the one that begins first in front."""
    page = select(_C.id).where(_to_review(scope)).order_by(_C.starts_at, _C.id)
    return list((await conn.scalars(page.offset(first).limit(limit))).all())


async def ids_since(
    conn: AsyncConnection, scope: Collection[str], since: datetime, until: datetime
) -> list[int]:
    """What was or is planned from one moment to another."""
    its = (within(_C.place, scope), _C.starts_at >= since, _C.starts_at < until)
    return list((await conn.scalars(select(_C.id).where(*its).order_by(_C.starts_at))).all())


async def ids_of_words(
    conn: AsyncConnection, scope: Collection[str], words: Collection[str], limit: int
) -> list[int]:
    """What has all these words in its title or where it is, the newest first."""
    said = (or_(_C.title.contains(w, autoescape=True), _C.venue.contains(w, autoescape=True))
            for w in words)  # fmt: skip
    found = select(_C.id).where(within(_C.place, scope), *said).order_by(_C.id.desc())
    return list((await conn.scalars(found.limit(limit))).all())


async def no_shows(conn: AsyncConnection, person: int, since: datetime) -> int:
    """How often somebody was in and did not come."""
    there = select(_SEEN.subject_id).where(_SEEN.person == person, _SEEN.name == CAME)
    missed = select(func.count()).select_from(own.activities.join(
        k.slot_claims, _CLAIM.subject_id == _C.id
    )).where(
        _CLAIM.person == person, _CLAIM.name != HELP, _CLAIM.standing == Standing.IN.value,
        _C.state.in_(_HAPPENED), _C.starts_at >= since, _C.id.not_in(there),
    )  # fmt: skip
    return int(await conn.scalar(missed) or 0)


# taking words out


async def ids_to_erase(conn: AsyncConnection, before: datetime, limit: int) -> list[int]:
    """What ended before that moment (aware UTC) and still has its words."""
    worded = select(_C.id).where(_C.erased_at.is_(None), _C.ended_at < before)
    return list((await conn.scalars(worded.order_by(_C.ended_at).limit(limit))).all())


async def erase(conn: AsyncConnection, ids: Collection[int], now: datetime) -> None:
    """Who signed up, who was there and what was said, for good, also of what no step can reach."""
    await erase_words(conn, ids, Action.ERASE, now)
    bare = update(own.activities).where(_C.id.in_(ids)).values(paper=[], unsure=[], rated=[])
    await conn.execute(bare.values(photos=[], reason="", erased_at=now))


async def erase_of(
    conn: AsyncConnection, person: int, ids: Collection[int], now: datetime
) -> None:  # fmt: skip
    """What one person said and gave there, beyond its row."""
    e, files = t.events.c, t.attachments.c
    his = (e.ticket_id.in_(ids), e.actor == person, e.data.is_not(None))
    await conn.execute(update(t.events).where(*his).values(data=None))
    await conn.execute(delete(t.attachments).where(files.ticket_id.in_(ids), files.person_id == person))
    await unsay(conn, ids, now, person)

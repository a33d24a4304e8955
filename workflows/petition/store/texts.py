"""What was said about which ticket: the words of a petition, and of those near it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from functools import cache, partial
from typing import Any

from msgspec import convert
from sqlalchemy import (
    CompoundSelect,
    String,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition.intake.draft import Part
from workflows.petition.intake.similarity import Said
from workflows.petition.model import Glimpse
from workflows.petition.store import tables as own
from workflows.petition.store.kept import linked
from workflows.store import Tx
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.engine.memory import remembered
from workflows.store.reading import by_key

_PLACES = 24  # that one statement has room for
_KEPT = 128  # places of which a connection remembers what was said
# Written out, so that there is nothing to bind two dozen times.
_COLON: Any = literal_column("':'")
_COMMA: Any = literal_column("','")
_Known = MutableMapping[str, Mapping[str, Said]]  # by place, then by id and version: "1001:3"


async def newest_at(
    conn: AsyncConnection, places: list[str], limit: int
) -> dict[str, list[Said]]:  # fmt: skip
    """What open tickets at exactly these places are about, so many of each, newest first.

    What the connection has read once is read again only when its ticket's version is another;
    a rollback makes it forget (see engine/memory.py).
    """
    known: _Known = remembered(conn, "said")
    versions = await _versions_at(conn, places, limit)
    before = {place: known.pop(place, {}) for place in versions}
    new = [v for place, those in versions.items() for v in those if v not in before[place]]
    read = await _said(conn, new) if new else {}
    for place, those in versions.items():  # the last asked about is the last to be forgotten
        found_here = ((v, before[place].get(v) or read.get(v)) for v in those)
        known[place] = {v: said for v, said in found_here if said}
    found = {place: sorted(known[place].values(), reverse=True) for place in versions}
    for place in list(known)[:-_KEPT]:
        del known[place]
    return found


async def _versions_at(
    conn: AsyncConnection, places: list[str], limit: int
) -> dict[str, list[str]]:  # fmt: skip
    """The newest open tickets at each place, each as "id:version"."""
    found: dict[str, list[str]] = {}
    for first in range(0, len(places), _PLACES):
        asked = {f"place{i}": place for i, place in enumerate(places[first:][:_PLACES])}
        room = {f"place{i}": None for i in range(_PLACES)} | asked
        rows = await conn.execute(_newest_at(), {**room, "most": limit})
        for place, versions in rows.all():
            if place is not None:
                found[place] = versions.split(",") if versions else []
    return found


def _id(version: str) -> int:
    return int(version.partition(":")[0])


@cache
def _newest_at() -> CompoundSelect[Any]:
    """Each place's stretch of an index is read from its end, no further than to the limit."""
    c = own.tickets.c
    arms = []
    for i in range(_PLACES):
        place = bindparam(f"place{i}", type_=Text)
        newest = select(c.id, c.version).where(c.ended_at.is_(None), c.place == place)
        n = newest.order_by(c.id.desc()).limit(bindparam("most")).subquery().c
        version = cast(n.id, String).concat(_COLON).concat(cast(n.version, String))
        arms.append(select(place.label("place"), func.aggregate_strings(version, _COMMA)))
    return union_all(*arms)


async def _said(conn: AsyncConnection, versions: Iterable[str]) -> dict[str, Said]:
    """What these tickets are about; what has changed meanwhile is told as it is now."""
    asked = {_id(version): version for version in versions}
    found = await by_key(conn, "ticket", list(asked), partial(_about, conn))
    return {asked[ticket_id]: said for ticket_id, said in found.items()}


async def _about(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Said]:
    return {row.id: Said._make(row) for row in (await conn.execute(_SAID, {"ids": ids})).all()}


_C, _F, _A = own.tickets.c, own.followers.c, t.attachments.c
_FOLLOWERS = select(func.count()).where(_F.ticket_id == _C.id).scalar_subquery()
_SAID = select(_C.id, _C.place, _C.category, _C.text, _FOLLOWERS).where(among(_C.id))
_PHOTOS = select(func.count()).where(_A.ticket_id == _C.id).scalar_subquery()
_GLIMPSES = select(
    _C.id, _C.state, _C.resident, _C.place, _C.category, _C.text, _C.filed_at, _C.checker,
    _C.referred_to, _PHOTOS.label("photos"),
).where(among(_C.id))  # fmt: skip
_GLIMPSED = [str(name) for name in _GLIMPSES.selected_columns.keys()]  # noqa: SIM118 - no mapping


async def glimpses(conn: AsyncConnection, ids: list[int]) -> Mapping[int, Glimpse]:
    """As much of these tickets as others may read, by id; without what cannot be read."""
    return await by_key(conn, "ticket", ids, partial(_glimpses, conn))


async def _glimpses(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Glimpse]:
    found = (await conn.execute(_GLIMPSES, {"ids": ids})).all()
    followers, helpers = await linked(conn, ids)
    known = (dict(zip(_GLIMPSED, row, strict=True)) for row in found)
    return {x["id"]: _glimpse_from(x, followers[x["id"]], helpers[x["id"]]) for x in known}


def _glimpse_from(
    row: Mapping[str, Any], followers: Iterable[int], helpers: Iterable[int]
) -> Glimpse:  # fmt: skip
    """What others may read of the ticket of a row."""
    return convert({**row, "followers": followers, "helpers": helpers}, Glimpse)


async def id_of_text(conn: AsyncConnection, person_id: int, message_id: int) -> int | None:
    """The ticket that this message of a resident became part of, or None."""
    c = own.ticket_texts.c
    is_it = (c.person_id == person_id, c.message_id == message_id)
    found = await conn.scalar(select(c.ticket_id).where(*is_it).limit(1))
    return int(found) if found else None


async def versions(conn: AsyncConnection, ticket_id: int) -> list[Mapping[str, Any]]:
    """Every version of a petition's messages, in the order they came."""
    c = own.ticket_texts.c
    rows = await conn.execute(
        select(own.ticket_texts).where(c.ticket_id == ticket_id).order_by(c.id)
    )
    return [dict(row) for row in rows.mappings()]


def add(tx: Tx, ticket_id: int, person_id: int, parts: Iterable[Part]) -> None:
    """Keep these messages of a petition, or new versions of them."""
    for part in parts:
        tx.add(own.ticket_texts, {
            "ticket_id": ticket_id, "person_id": person_id, "message_id": part.message_id,
            "text": part.text, "said_at": part.at, "at": tx.now,
        })  # fmt: skip


async def of(tx: Tx, ticket_id: int) -> tuple[Part, ...]:
    """The messages of a petition as they read now."""
    added = [row for row in tx.added(own.ticket_texts) if row["ticket_id"] == ticket_id]
    return _current([*await tx.ask(versions, ticket_id), *added])


def _current(rows: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The newest version of each message, in the order they were first said."""
    return tuple(
        {
            r["message_id"]: Part(message_id=r["message_id"], text=r["text"], at=r["said_at"])
            for r in rows
        }.values()
    )

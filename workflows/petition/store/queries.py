"""Questions about tickets and chats. Each costs what it returns, not what exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from msgspec.structs import replace
from sqlalchemy import (
    CompoundSelect,
    Row,
    Select,
    bindparam,
    delete,
    func,
    literal,
    null,
    select,
    true,
    union,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.messages import Attachment
from workflows.core.subject import Event
from workflows.petition.model import Ticket
from workflows.petition.routing import Load
from workflows.petition.stages import ENDED, STAGES
from workflows.petition.words import Action, State
from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among, ids_of, paths_of
from workflows.store.engine.upsert import insert_for, upsert
from workflows.store.place_ranges import within
from workflows.store.reading import by_key, readable
from workflows.store.unit.codec import event_from, is_chain, ticket_from

_AT_ONCE = 5000  # a statement has room for some thirty thousand values
_OPEN = [state.value for state in State if state not in ENDED]
_UNDONE = [state.value for state, stage in STAGES.items() if stage.is_work]


# Asked by every batch, so built once.
_BLOCKED = select(t.chats.c.chat_id).where(
    among(t.chats.c.chat_id), t.chats.c.blocked_at.is_not(None)
)
_A = t.attachments.c
_FILES = (
    select(_A.ticket_id, _A.action, _A.kind, _A.file_id).where(among(_A.ticket_id)).order_by(_A.id)
)
_TICKET_COLUMNS = [str(name) for name in t.tickets.c.keys()]  # noqa: SIM118 - no mapping
_TICKETS = select(t.tickets).where(among(t.tickets.c.id))
_E = t.events.c
_SHARED = select(_E.seq).where(
    among(_E.ticket_id),
    _E.action.in_([literal(action.value) for action in (Action.SHARE, Action.CORRECT)]),
).limit(1)  # fmt: skip
_LAST = select(t.counters.c.value).where(t.counters.c.name == "ticket").with_for_update()


async def claim(conn: AsyncConnection, update_ids: Iterable[int], now: datetime) -> set[int]:
    """Write down that these updates are handled. Returns those that nobody had handled before.

    Whoever claims the same meanwhile waits until this is committed, and then has them not.
    """
    ids = sorted(set(update_ids))
    if not ids:
        return set()
    claimed = await conn.scalars(_claim(conn.dialect.name), {"ids": ids, "now": now})
    return set(claimed.all())


@cache
def _claim(dialect: str) -> Any:
    given, moment = ids_of("ids").c.value, bindparam("now", type_=t.Moment())
    rows = select(given, moment).where(true())  # SQLite takes ON for a join's otherwise
    stmt = insert_for(dialect, t.seen_updates).from_select(["update_id", "at"], rows)
    return stmt.on_conflict_do_nothing().returning(t.seen_updates.c.update_id)


async def blocked(conn: AsyncConnection, chat_ids: Iterable[int]) -> set[int]:
    """Which of these chats refused us and have not been heard from since."""
    return set((await conn.scalars(_BLOCKED, {"ids": list(chat_ids)})).all())


async def tickets(conn: AsyncConnection, ids: list[int]) -> dict[int, Ticket | None]:
    """Tickets by id with their followers and helpers; None for the unknown and the unreadable."""
    found: dict[int, Ticket | None] = dict.fromkeys(ids)
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first:][:_AT_ONCE]
        found |= await by_key(conn, "ticket", some, partial(_some_tickets, conn))
    return found


async def _some_tickets(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Ticket]:
    found = await conn.execute(_TICKETS, {"ids": ids})
    followers, helpers = await linked(conn, ids)
    known = (dict(zip(_TICKET_COLUMNS, row, strict=True)) for row in found)
    return {x["id"]: ticket_from(x, followers[x["id"]], helpers[x["id"]]) for x in known}


@cache
def _links() -> CompoundSelect[Any]:
    """Who follows and who helps, the first first where that is known."""
    f, h = t.followers.c, t.helpers.c
    followers = select(literal("f").label("link"), f.ticket_id, f.person_id, f.since)
    helpers = select(literal("h"), h.ticket_id, h.person_id, null().label("since"))
    both = union_all(followers.where(among(f.ticket_id)), helpers.where(among(h.ticket_id)))
    found = both.selected_columns
    return both.order_by(found.since.nulls_first(), found.person_id)


async def linked(
    conn: AsyncConnection, ids: Sequence[int]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """The followers and the helpers of tickets."""
    people: dict[str, dict[int, list[int]]] = {"f": defaultdict(list), "h": defaultdict(list)}
    for link, ticket_id, person_id, _ in await conn.execute(_links(), {"ids": ids}):
        people[link][ticket_id].append(person_id)
    return people["f"], people["h"]


async def id_of_draft(conn: AsyncConnection, draft_id: str) -> int | None:
    """The id of the ticket a draft became."""
    found = await conn.scalar(select(t.tickets.c.id).where(t.tickets.c.draft_id == draft_id))
    return int(found) if found else None


async def ids_held_by(conn: AsyncConnection, person_ids: Collection[int]) -> dict[int, list[int]]:
    """Open tickets in each handler's hand, on offer to him, or in which he helps, oldest first."""
    held: dict[int, list[int]] = {i: [] for i in person_ids}
    for person_id, ticket_id in await conn.execute(_held_by(), {"ids": list(held)}):
        held[person_id].append(ticket_id)
    return held


@cache
def _held_by() -> Select[Any]:
    """Each way of having a ticket by its own index, past all that they had and that is over."""
    c, h, still_open = t.tickets.c, t.helpers.c, t.tickets.c.state.in_(_OPEN)
    own = (select(who.label("person"), c.id).where(among(who), still_open)
           for who in (c.handler, c.offered_to))  # fmt: skip
    # No join: that would be read from the side of all that is open.
    is_open = select(c.id).where(c.id == h.ticket_id, still_open).exists()
    helped = select(h.person_id, h.ticket_id).where(among(h.person_id), is_open)
    found = union(*own, helped).subquery().c
    return select(found.person, found.id).order_by(found.id)


async def ids_brought_by(conn: AsyncConnection, person_id: int, limit: int) -> list[int]:
    """Tickets a resident filed or follows, newest first."""
    own = select(t.tickets.c.id).where(t.tickets.c.resident == person_id)
    followed = select(t.followers.c.ticket_id).where(t.followers.c.person_id == person_id)
    ids = {*(await conn.scalars(own.order_by(t.tickets.c.id.desc()).limit(limit))).all()}
    ids |= {*(await conn.scalars(followed)).all()}
    return sorted(ids, reverse=True)[:limit]


async def ids_open_at(conn: AsyncConnection, place: str, limit: int) -> list[int]:
    """Open tickets at a place and inside it, oldest first."""
    c = t.tickets.c
    stmt = select(c.id).where(c.ended_at.is_(None), within(c.place, [place]))
    return list((await conn.scalars(stmt.order_by(c.id).limit(limit))).all())


async def was_shared(conn: AsyncConnection, ids: list[int]) -> bool:
    """Whether a number was ever left with one of these tickets, though it may be gone again."""
    return await conn.scalar(_SHARED, {"ids": ids}) is not None


async def children_of(conn: AsyncConnection, ids: Iterable[int]) -> dict[int, list[int]]:
    """The ids of what was split off from each of these tickets: a seek a ticket."""
    found = defaultdict[int, list[int]](list)
    for parent, child in await conn.execute(_children(), {"ids": ids}):
        found[parent].append(child)
    return found


@cache
def _children() -> Select[Any]:
    c = t.tickets.c
    return select(c.parent, c.id).where(among(c.parent)).order_by(c.id)


async def loads(conn: AsyncConnection, ids: Collection[int]) -> dict[int, Load]:
    """What handlers have in hand or on offer."""
    found = dict.fromkeys(ids, Load())
    for person_id, count, last_at in await conn.execute(_loads(), {"ids": ids}):
        load = found[person_id]
        latest = max(filter(None, (load.last_at, last_at)), default=None)
        found[person_id] = Load(open=load.open + count, last_at=latest)
    return found


@cache
def _loads() -> CompoundSelect[Any]:
    """In hand and on offer, each by its own index."""
    c = t.tickets.c
    is_undone = c.state.in_([literal(state) for state in _UNDONE])
    return union_all(
        *(
            select(holder, func.count(), func.max(c.changed_at))
            .where(among(holder), is_undone)
            .group_by(holder)
            for holder in (c.handler, c.offered_to)
        )
    )


def with_changes(
    stored: Mapping[int, Load],
    before: Iterable[Ticket | None],
    after: Iterable[Ticket | None],
    now: datetime,
) -> dict[int, Load]:
    """The loads when a unit of work has made tickets from what they were into what they are."""
    found = dict(stored)
    for holder in _holders(before, stored):
        found[holder] = replace(found[holder], open=found[holder].open - 1)
    for holder in _holders(after, stored):
        found[holder] = Load(open=found[holder].open + 1, last_at=now)
    return found


def _holders(tickets: Iterable[Ticket | None], of: Collection[int]) -> list[int]:
    busy = [x.holder for x in tickets if x and x.state.value in _UNDONE]
    return [holder for holder in busy if holder is not None and holder in of]


async def last_ticket_id(conn: AsyncConnection) -> int:
    """The newest ticket's id; the counter's row is locked until the commit."""
    return int((await conn.execute(_LAST)).scalar_one())


async def files(
    conn: AsyncConnection, ticket_ids: Iterable[int]
) -> dict[int, list[tuple[Action, Attachment]]]:
    """The files of tickets, each with the action it came with, in order."""
    wanted = list(ticket_ids)
    found: dict[int, list[tuple[Action, Attachment]]] = {i: [] for i in wanted}
    sent = await readable(conn, "file", _FILES, _A.id, _file, {"ids": wanted})
    for ticket_id, action, attached in sent:
        found[ticket_id].append((action, attached))
    return found


def _file(row: Row[Any]) -> tuple[int, Action, Attachment]:
    attached = Attachment(kind=row.kind, file_id=row.file_id)
    return row.ticket_id, Action(row.action), attached


async def timeline(conn: AsyncConnection, ticket_id: int) -> list[Event]:
    """A ticket's events in order; `data` is empty where it was erased."""
    stmt = select(t.events).where(t.events.c.ticket_id == ticket_id).order_by(t.events.c.seq)
    return await readable(conn, "step", stmt, t.events.c.id, event_from)


async def is_chained(conn: AsyncConnection, ticket_id: int) -> bool:
    """Whether a ticket's chain of events verifies."""
    stmt = select(t.events).where(t.events.c.ticket_id == ticket_id).order_by(t.events.c.seq)
    return is_chain(dict(row) for row in (await conn.execute(stmt)).mappings())


async def groups_of(conn: AsyncConnection, places: Collection[str]) -> dict[str, int | None]:
    """The staff's group that is bound to exactly each of these grids, or None."""
    rows = await conn.execute(_groups(), {"places": list(places)})
    return dict.fromkeys(places) | {row.place: row.chat_id for row in rows}


@cache
def _groups() -> Select[Any]:
    c, wanted = t.chats.c, paths_of("places").c.value
    return select(c.place, c.chat_id).where(c.place == wanted, c.audience == "grid")


async def place_of(conn: AsyncConnection, chat_id: int) -> str:
    """The grid (or a residents' group's community) that a group is bound to, or ""."""
    return await conn.scalar(select(t.chats.c.place).where(t.chats.c.chat_id == chat_id)) or ""


async def bind_group(
    conn: AsyncConnection, chat_id: int, place: str, audience: str = "grid"
) -> None:
    """One place a group; one group of each audience ("grid", "residents") a place."""
    c = t.chats.c
    if place:
        same = (c.place == place, c.audience == audience)
        await conn.execute(update(t.chats).where(*same).values(place=""))
    heard = {"blocked_at": None} if place else {}  # somebody let us in again
    row = {"chat_id": chat_id, "place": place, "audience": audience} | heard
    await upsert(conn, t.chats, [row], ["chat_id"])


async def unblock(conn: AsyncConnection, chat_id: int, now: datetime) -> int:
    """What was parked for a chat is owed again from now."""
    await conn.execute(update(t.chats).where(t.chats.c.chat_id == chat_id).values(blocked_at=None))
    parked = (t.outbox.c.chat_id == chat_id, t.outbox.c.state == "parked")
    again = update(t.outbox).where(*parked).values(state="queued", not_before=now, token=None)
    return (await conn.execute(again)).rowcount


async def block(conn: AsyncConnection, chat_id: int, now: datetime) -> None:
    """The person left: what is owed waits for him."""
    row = {"chat_id": chat_id, "blocked_at": now, "place": ""}
    await upsert(conn, t.chats, [row], ["chat_id"])


async def rekey_chat(conn: AsyncConnection, old: int, new: int) -> None:
    """Move a chat's binding, cards and owed messages to its new id; a second time, what is left."""
    c = t.chats.c
    bound = select(c.place, c.audience).where(c.chat_id == old, c.place != "")
    row = (await conn.execute(bound)).mappings().first()
    await conn.execute(delete(t.chats).where(c.chat_id == old))
    if row:
        await upsert(conn, t.chats, [{"chat_id": new, **row}], ["chat_id"])
    newer = select(t.cards.c.ticket_id).where(t.cards.c.chat_id == new)
    stale = (t.cards.c.chat_id == old, t.cards.c.ticket_id.in_(newer))
    await conn.execute(delete(t.cards).where(*stale))
    for table in (t.cards, t.outbox):
        await conn.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))

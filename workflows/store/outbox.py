"""Messages owed: who gets the next one, leased so that two processes never send the same row.

Within a chat only the head is in flight: the lowest (priority, id) that is due. A lease carries a
token; a holder that slept past its lease writes nothing (fencing).

A row is `held` until its moment, then `queued`; whoever blocked us has his `parked`. So what is
asked again and again, who is next, costs a few seeks for each chat that has something queued,
however much is held, parked, or queued behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    CTE,
    Executable,
    RowMapping,
    ScalarSelect,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t
from workflows.store.engine.bound_arrays import among
from workflows.store.engine.bounded_count import bounded_count
from workflows.store.engine.upsert import upsert
from workflows.store.kept import Kinds
from workflows.store.messages.owed import ASKED, Outcome, Owed, Sent, bare_from, owed_from
from workflows.store.reading import by_key

__all__ = ["Outbox", "Outcome", "Owed", "Sent"]

LEASE = timedelta(seconds=60)
# Written out, not bound: only so does a partial index fit for certain.
QUEUED, HELD = (literal_column(f"'{state}'", String) for state in ("queued", "held"))
UNSENT = ("queued", "held", "parked")
DONE = ("sent", "dropped", "dead")
LEASE_AT_MOST = 500
_DRAWN = {"card", "edit", "redraw", "fade", "strip"}
# What is tried when a message cannot be changed any more.
_INSTEAD = {"edit": "card", "redraw": "text", "delete": "fade"}


class Outbox:
    """The outbox's questions and writes on one connection."""

    def __init__(self, conn: AsyncConnection, now: datetime, kinds: Kinds) -> None:
        self.conn = conn
        self.now = now
        self.kinds = kinds

    async def lease(
        self, is_allowed: Callable[[int], bool], most: int = LEASE_AT_MOST
    ) -> list[Owed]:
        """Take the heads of chats that may be written to now, replies first, so many at `most`."""
        if most <= 0:
            return []
        await self._release()
        allowed = (head.id for head in await self._heads() if is_allowed(head.chat_id))
        token = uuid4().hex
        leased = await self._take(list(islice(allowed, most)), token)
        found = await by_key(self.conn, "message", leased, partial(self._read, token))
        if len(found) < len(leased):
            found = {**found, **await self._bare(token, [i for i in leased if i not in found])}
        return list(found.values())

    async def _release(self) -> None:
        """What was held until now is queued."""
        await self.conn.execute(_release(), {"now": self.now})

    async def _heads(self) -> list[Any]:
        """Each chat's next row: not halted, and nothing of that chat in flight."""
        return list((await self.conn.execute(_heads(), {"now": self.now})).all())

    async def _take(self, ids: list[int], token: str) -> list[int]:
        if not ids:
            return []
        lease = {"ids": ids, "now": self.now, "to": token, "until": self.now + LEASE}
        return list((await self.conn.scalars(_take(), lease)).all())

    async def _rows(self, ids: Sequence[int]) -> list[RowMapping]:
        if not ids:
            return []
        return list((await self.conn.execute(_rows(self.kinds), {"ids": ids})).mappings().all())

    async def _read(self, token: str, ids: Sequence[int]) -> dict[int, Owed]:
        return {row["id"]: owed_from(row, token) for row in await self._rows(ids)}

    async def _bare(self, token: str, ids: list[int]) -> dict[int, Owed]:
        """What can be read of a row whatever is in it."""
        o = t.outbox.c
        plain = (o.id, o.chat_id, o.ticket_id, o.kind, o.template, o.answers, o.attempts)
        found = await self.conn.execute(select(*plain).where(o.id.in_(ids)).order_by(o.id))
        return {row["id"]: bare_from(row, token) for row in found.mappings()}

    async def settle(self, sent: Iterable[Sent]) -> list[Sent]:
        """Write what came of each; returns those whose lease was still ours."""
        ours = await self._ours(list(sent))
        for columns, rows in self._changes(ours).items():
            await self.conn.execute(_change(columns), rows)
        await self._remember([one for one in ours if one.outcome is Outcome.SENT])
        for one in ours:
            if one.outcome is Outcome.RETRY:
                await self._change_chat(one.owed.chat_id, "halted_until", one.again_at)
            if one.outcome is Outcome.PARKED:
                await self._change_chat(one.owed.chat_id, "blocked_at", self.now)
        return ours

    async def bury(self, outbox_id: int, error: str) -> None:
        """What was sent, or cannot be settled, is dead: it is never sent again of itself."""
        dead = {"state": Outcome.DEAD.value, "sent_at": self.now, "error": error}
        its = update(t.outbox).where(t.outbox.c.id == outbox_id)
        await self.conn.execute(its.values(**dead, token=None, leased_until=None))

    async def _ours(self, sent: list[Sent]) -> list[Sent]:
        """Those whose lease nobody else took meanwhile; their rows are ours until the commit."""
        if not sent:
            return []
        ids = [one.owed.id for one in sent]
        held = {(i, token) for i, token in await self.conn.execute(_leased(), {"ids": ids})}
        return [one for one in sent if (one.owed.id, one.owed.token) in held]

    def _changes(self, ours: list[Sent]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
        """The new values of rows, gathered by which columns they are of."""
        found: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for one in ours:
            values = self._values(one) | {"error": one.error}
            found[tuple(values)].append({"row": one.owed.id} | values)
        return found

    def _values(self, one: Sent) -> dict[str, Any]:
        match one.outcome:
            case Outcome.RETRY:
                return {"not_before": one.again_at or self.now}
            case Outcome.PLAIN:
                return {"is_plain": True}
            case Outcome.GONE:
                return {"kind": _INSTEAD[one.owed.kind]}
            case outcome:
                return {
                    "state": outcome.value, "sent_at": self.now, "message_id": one.message_id
                }  # fmt: skip

    async def _remember(self, sent: list[Sent]) -> None:
        """Which message is about which subject, for who replies to it long after its row is gone,
        and where the card of each is.
        """
        known = [one for one in sent if one.owed.ticket_id and one.message_id]
        messages = [_names(one) for one in known]
        cards = [
            _names(one) | {"state": one.owed.state, "template": one.owed.template,
                           "values": dict(one.owed.values)}
            for one in known if one.owed.kind == "card"
        ]  # fmt: skip
        await upsert(self.conn, t.messages, messages, ["chat_id", "message_id"])
        await self._keep_faces([one for one in sent if one.message_id])
        await upsert(self.conn, t.cards, cards, ["ticket_id", "chat_id"])

    async def _keep_faces(self, sent: list[Sent]) -> None:
        """What each message that can change shows from now on, and of what it speaks if its words
        are others.
        """
        asked = [one for one in sent if one.is_pressable and one.owed.kind in ASKED]
        new = [self._face(one) | {"topic": one.owed.replaces} for one in asked]
        await upsert(self.conn, t.shown, new, ["chat_id", "message_id"])
        drawn = [self._face(one) for one in sent if one.owed.kind in _DRAWN]
        await upsert(self.conn, t.shown, drawn, ["chat_id", "message_id"])

    def _face(self, one: Sent) -> dict[str, Any]:
        return {
            "chat_id": one.owed.chat_id, "message_id": one.message_id, "face": one.face,
            "has_buttons": one.is_pressable, "at": self.now,
        }  # fmt: skip

    async def _change_chat(self, chat_id: int, name: str, moment: datetime | None) -> None:
        """Set one column of a chat's row without touching a group's binding."""
        changed = update(t.chats).where(t.chats.c.chat_id == chat_id).values({name: moment})
        if not (await self.conn.execute(changed)).rowcount:
            row = {"chat_id": chat_id, "place": "", name: moment}
            await upsert(self.conn, t.chats, [row], ["chat_id"])


def _names(one: Sent) -> dict[str, Any]:
    owed = one.owed
    return {"ticket_id": owed.ticket_id, "chat_id": owed.chat_id, "message_id": one.message_id}


# What every exchange asks, built once.


@cache
def _release() -> Update:
    o = t.outbox.c
    due = (o.state == HELD, o.not_before <= bindparam("now"))
    return update(t.outbox).where(*due).values(state="queued")


@cache
def _heads() -> Select[Any]:
    o, c, now = t.outbox.c, t.chats.c, bindparam("now", type_=t.Moment())
    chats = _waiting_chats()
    flying, halted = _in_flight_until(chats), c.halted_until
    source = chats.join(t.outbox, o.id == _head_of(chats))
    source = source.outerjoin(t.chats, c.chat_id == chats.c.chat_id)
    free = [or_(until.is_(None), until <= now) for until in (flying, halted)]
    heads = select(o.chat_id, o.id).select_from(source).where(*free)
    return heads.order_by(o.priority, o.id)


@cache
def _take() -> Executable:
    o = t.outbox.c
    free = or_(o.leased_until.is_(None), o.leased_until <= bindparam("now"))
    leased: dict[str, Any] = {"token": bindparam("to"), "leased_until": bindparam("until")}
    taken = update(t.outbox).where(among(o.id), o.state == QUEUED, free)
    return taken.values(**leased, attempts=o.attempts + 1).returning(o.id)


@cache
def _rows(kinds: Kinds) -> Select[Any]:
    o, k, c = t.outbox.c, t.cards.c, t.chats.c
    same = and_(k.ticket_id == o.ticket_id, k.chat_id == o.chat_id)
    source = t.outbox.outerjoin(t.cards, same).outerjoin(t.chats, c.chat_id == o.chat_id)
    tables = [kept.table for kept in kinds.all]
    for table in tables:
        source = source.outerjoin(table, table.c.id == o.ticket_id)
    card = (k.message_id.label("card"), k.template.label("card_template"),
            k["values"].label("card_values"), k.state.label("card_state"))  # fmt: skip
    first, *others = (table.c.state for table in tables)
    state = (func.coalesce(first, *others) if others else first).label("subject_state")
    row = (o.id, o.chat_id, o.ticket_id, o.kind, o.template, o.body, o.priority, o.answers,
           o.attempts, o.is_plain, o.replaces)  # fmt: skip
    s = t.shown.c
    its = and_(s.chat_id == o.chat_id, s.message_id == func.coalesce(o.message_id, k.message_id))
    source = source.outerjoin(t.shown, its)
    seen = (s.face, s.has_buttons)
    rows = select(*row, *card, *seen, state, c.blocked_at, c.topic).select_from(source)
    return rows.where(among(o.id)).order_by(o.priority, o.id)


@cache
def _leased() -> Select[Any]:
    o = t.outbox.c
    return select(o.id, o.token).where(among(o.id), o.state == QUEUED).with_for_update()


@cache
def _change(columns: tuple[str, ...]) -> Update:
    """New values, and the lease is given back."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    values |= {"token": null(), "leased_until": null()}
    return update(t.outbox).where(t.outbox.c.id == bindparam("row")).values(values)


async def next_moment(conn: AsyncConnection, after: datetime) -> datetime | None:
    """When a chat's next message may go: the earliest such moment later than `after`."""
    found = [await conn.scalar(stmt, {"after": after}) for stmt in _next_moments()]
    return min((moment for moment in found if moment), default=None)


@cache
def _next_moments() -> tuple[Select[Any], Select[Any]]:
    """The next moment of what is queued, and of what is held; built once, asked all the time."""
    o, c, after = t.outbox.c, t.chats.c, bindparam("after", type_=t.Moment())
    chats = _waiting_chats()
    flying, halted = _in_flight_until(chats), c.halted_until
    source = chats.join(t.outbox, o.id == _head_of(chats))
    source = source.outerjoin(t.chats, c.chat_id == chats.c.chat_id)
    lease = case((flying > o.not_before, flying), else_=o.not_before)
    moment = case((halted > lease, halted), else_=lease).label("moment")
    moments = select(moment).select_from(source).subquery().c.moment
    queued = select(func.min(moments)).where(moments > after)
    held = select(func.min(o.not_before)).where(o.state == HELD, o.not_before > after)
    return queued, held


async def count_due(conn: AsyncConnection, now: datetime) -> int:
    """How many messages should be on their way by now; of each kind counted to AT_MOST."""
    o = t.outbox.c
    due = [(o.state == state, o.not_before <= now) for state in (QUEUED, HELD)]
    return sum([await bounded_count(conn, t.outbox, *one) for one in due])


def _waiting_chats() -> CTE:
    """The chats with something queued, found by skipping from one to the next in the index."""
    o, other = t.outbox.c, t.outbox.alias()
    first = select(func.min(o.chat_id).label("chat_id")).where(o.state == QUEUED)
    chats = first.cte("waiting", recursive=True)
    later = (other.c.state == QUEUED, other.c.chat_id > chats.c.chat_id)
    following = select(func.min(other.c.chat_id)).where(*later).scalar_subquery()
    return chats.union_all(select(following).where(chats.c.chat_id.is_not(None)))


def _head_of(chats: CTE) -> ScalarSelect[Any]:
    """The first row queued for a chat."""
    row = t.outbox.alias()
    mine = (row.c.state == QUEUED, row.c.chat_id == chats.c.chat_id)
    first = select(row.c.id).where(*mine).order_by(row.c.priority, row.c.id).limit(1)
    return first.correlate(chats).scalar_subquery()


def _in_flight_until(chats: CTE) -> ScalarSelect[Any]:
    """When the last lease on a chat's rows runs out."""
    row = t.outbox.alias()
    mine = (row.c.chat_id == chats.c.chat_id, row.c.leased_until.is_not(None))
    return select(func.max(row.c.leased_until)).where(*mine).correlate(chats).scalar_subquery()

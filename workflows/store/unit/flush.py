"""Writing a unit of work: one bulk statement a table, in the order that references need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.messages import Notice, Priority
from workflows.core.people import Person
from workflows.petition.model import Ticket
from workflows.store import tables as t
from workflows.store import timers
from workflows.store.engine.bound_arrays import among, pairs_of
from workflows.store.engine.upsert import insert_new, upsert
from workflows.store.outbox import HELD, QUEUED
from workflows.store.owed import Owing, owed_row, owing
from workflows.store.unit.codec import (
    GENESIS,
    dialog_body,
    event_row,
    person_row,
    subject_row,
    ticket_row,
)
from workflows.store.unit.pending import Work


async def write(
    conn: AsyncConnection, work: Work, loaded: Mapping[int, Ticket], now: datetime
) -> bool:
    """Write everything; False when a ticket's version is not the one that was read.

    What another process may be writing too comes first, in one order for all: whoever is second
    waits, fails on the key, and begins anew.
    """
    await _write_counter(conn, work)
    await _bulk(conn, t.seen_updates, sorted(work.seen_now, key=lambda row: row["update_id"]))
    await _write_dialogs(conn, work, now)
    await write_persons(conn, (p for i in sorted(work.changed_persons) if (p := work.persons[i])))
    if not await _write_tickets(conn, work, loaded, now):
        return False
    if not await _stand_still(conn, work, loaded):
        return False
    await _write_links(conn, work, loaded, now)
    await _bulk(conn, t.ticket_texts, work.texts)
    await _bulk(conn, t.attachments, work.files)
    await _bulk(conn, t.looks, work.looks)
    known = _known(work.changed_tickets, loaded)
    await _write_events(conn, work, known)
    wanted = [timer for theirs in work.timers.values() for timer in theirs]
    await timers.write(conn, work.fired, wanted, _known(work.timers, loaded))
    await _write_outbox(conn, work, known, now)
    await _bulk(conn, t.dead_letters, work.letters)
    return True


async def _write_counter(conn: AsyncConnection, work: Work) -> None:
    if work.last_ticket_id:
        await conn.execute(_counted(), {"last": work.last_ticket_id})


@cache
def _counted() -> Update:
    counter = update(t.counters).where(t.counters.c.name == "ticket")
    return counter.values(value=bindparam("last"))


async def _bulk(conn: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await conn.execute(_insert(table), rows)


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


def _known(ids: Iterable[int], loaded: Mapping[int, Ticket]) -> list[int]:
    """Those tickets that were there before: a new one has nothing that points to it yet."""
    return [i for i in sorted(ids) if i in loaded]


async def write_persons(conn: AsyncConnection, persons: Iterable[Person]) -> None:
    """Insert or update people's own fields."""
    await upsert(conn, t.people, [person_row(p) for p in persons], ["id"])


async def _write_dialogs(conn: AsyncConnection, work: Work, now: datetime) -> None:
    rows = [
        {"person_id": i, "body": dialog_body(work.dialogs[i]), "at": now,
         "ticket_id": form.ticket_id if (form := work.dialogs[i].form) else None}
        for i in sorted(work.changed_dialogs)
    ]  # fmt: skip
    await _bulk(conn, t.dialogs, [r for r in rows if r["person_id"] in work.new_dialogs])
    known = [r for r in rows if r["person_id"] not in work.new_dialogs]
    await upsert(conn, t.dialogs, known, ["person_id"])


async def _write_tickets(
    conn: AsyncConnection, work: Work, loaded: Mapping[int, Ticket], now: datetime
) -> bool:
    """Insert new tickets; change others by compare-and-set on (id, version)."""
    changed = [ticket for i in sorted(work.changed_tickets) if (ticket := work.tickets[i])]
    new = [x for x in changed if x.id not in loaded]
    await _bulk(conn, t.subjects, [subject_row(x) for x in new])
    await _bulk(conn, t.tickets, [ticket_row(x) | {"changed_at": now} for x in new])
    for ticket in (x for x in changed if x.id in loaded):
        if not await _compare_and_set(conn, ticket, loaded[ticket.id], now):
            return False
    return True


async def _compare_and_set(
    conn: AsyncConnection, ticket: Ticket, was: Ticket, now: datetime
) -> bool:
    """One statement a ticket: a bulk update's row count cannot be trusted on every driver.

    Only what is another is named: a column set anew has its indexes written.
    """
    before = ticket_row(was)
    values = {name: value for name, value in ticket_row(ticket).items() if value != before[name]}
    given = {"changed_at": now, "its_id": ticket.id, "its_version": was.version}
    result = await conn.execute(_change(tuple(values)), values | given)
    return result.rowcount == 1


@cache
def _change(names: tuple[str, ...]) -> Update:
    """Built once for the same columns: that costs as much as sending it."""
    c = t.tickets.c
    unchanged = (c.id == bindparam("its_id"), c.version == bindparam("its_version"))
    named = {name: bindparam(name, type_=c[name].type) for name in (*names, "changed_at")}
    return update(t.tickets).where(*unchanged).values(named)


async def _stand_still(conn: AsyncConnection, work: Work, loaded: Mapping[int, Ticket]) -> bool:
    """Whether the tickets of which only the timers are written are still what those were made
    from, and stay so until the commit: else another process's newer timers would be lost.
    """
    read = {i: loaded[i].version for i in work.timers.keys() - work.changed_tickets}
    if not read:
        return True
    found = await conn.execute(_held(), {"ids": sorted(read)})
    return {row.id: row.version for row in found} == read


@cache
def _held() -> Select[Any]:
    c = t.tickets.c
    return select(c.id, c.version).where(among(c.id)).order_by(c.id).with_for_update()


async def _write_links(
    conn: AsyncConnection, work: Work, loaded: Mapping[int, Ticket], at: datetime
) -> None:
    """Who follows and who helps, where that is not what it was."""
    changed = [ticket for i in sorted(work.changed_tickets) if (ticket := work.tickets[i])]
    for ticket in changed:
        before = loaded.get(ticket.id)
        for table, name in ((t.followers, "followers"), (t.helpers, "helpers")):
            now: set[int] = set(getattr(ticket, name))
            was: set[int] = set(getattr(before, name)) if before else set()
            await _link(conn, table, ticket.id, at, added=now - was, gone=was - now)


async def _link(
    conn: AsyncConnection, table: Table, ticket_id: int, at: datetime, *, added: set[int],
    gone: set[int],
) -> None:  # fmt: skip
    since = {"since": at} if "since" in table.c else {}
    rows = [{"ticket_id": ticket_id, "person_id": p, **since} for p in sorted(added)]
    await insert_new(conn, table, rows, ["ticket_id", "person_id"])
    if gone:
        c = table.c
        unlinked = (c.ticket_id == ticket_id, c.person_id.in_(gone))
        await conn.execute(delete(table).where(*unlinked))


async def _write_events(conn: AsyncConnection, work: Work, known: list[int]) -> None:
    """Append each event to its ticket's hash chain."""
    begun = work.changed_tickets.difference(known)  # just now
    heads = await _chain_heads(conn, {e.ticket_id for e in work.events} - begun)
    rows = []
    for event in work.events:
        seq, previous = heads.get(event.ticket_id, (0, GENESIS))
        row = event_row(event, seq + 1, previous)
        heads[event.ticket_id] = (seq + 1, row["hash"])
        rows.append(row)
    await _bulk(conn, t.events, rows)


async def _chain_heads(conn: AsyncConnection, ids: set[int]) -> dict[int, tuple[int, str]]:
    if not ids:
        return {}
    rows = await conn.execute(_heads(), {"ids": ids})
    return {ticket_id: (seq, digest) for ticket_id, seq, digest in rows}


@cache
def _heads() -> Select[Any]:
    e = t.events.c
    last = select(e.ticket_id, func.max(e.seq).label("seq")).where(among(e.ticket_id))
    rows = last.group_by(e.ticket_id).subquery()
    is_last = (e.ticket_id == rows.c.ticket_id) & (e.seq == rows.c.seq)
    return select(e.ticket_id, e.seq, e.hash).join(rows, is_last)


async def _write_outbox(
    conn: AsyncConnection, work: Work, known: list[int], now: datetime
) -> None:  # fmt: skip
    owed = [*work.owed, *await _card_edits(conn, work, known, now)]
    await _drop_replaced(conn, owed)
    await insert_new(conn, t.outbox, [owed_row(one) for one in owed], ["dedupe_key"])


async def _drop_replaced(conn: AsyncConnection, owed: list[Owing]) -> None:
    """A newer preview makes an older one pointless, as long as that one was not sent.

    One statement for all of them: there is hardly ever anything to be dropped.
    """
    replaced = [(one.chat_id, one.replaces) for one in owed if one.replaces]
    if replaced:
        await conn.execute(_replaced(), {"pairs": replaced})


@cache
def _replaced() -> Delete:
    newer, o = pairs_of("pairs"), t.outbox.alias("older").c
    same = (o.chat_id == newer.c.number, o.replaces == newer.c.text, o.replaces != "")
    waiting = (or_(*(o.state == state for state in (QUEUED, HELD))), o.token.is_(None))
    return delete(t.outbox).where(t.outbox.c.id.in_(select(o.id).where(*same, *waiting)))


async def _card_edits(
    conn: AsyncConnection, work: Work, known: list[int], now: datetime
) -> list[Owing]:
    """Every card of a changed ticket is drawn again where it stands: everybody sees every step."""
    if not known:
        return []
    fresh = {(one.ticket_id, one.chat_id) for one in work.owed if one.kind == "card"}
    shown: dict[int, list[int]] = defaultdict(list)
    for ticket_id, chat_id in await conn.execute(_cards(), {"ids": known}):
        if (ticket_id, chat_id) not in fresh:
            shown[ticket_id].append(chat_id)
    return [_edit(work, ticket_id, chat, now) for ticket_id in shown for chat in shown[ticket_id]]


@cache
def _cards() -> Select[Any]:
    return select(t.cards.c.ticket_id, t.cards.c.chat_id).where(among(t.cards.c.ticket_id))


def _edit(work: Work, ticket_id: int, chat_id: int, now: datetime) -> Owing:
    ticket = work.tickets[ticket_id]
    version = ticket.version if ticket else 0
    notice = Notice(
        to=chat_id, template="card", ticket_id=ticket_id, priority=Priority.PUSH,
        replaces=f"edit:{ticket_id}",
    )  # fmt: skip
    return owing(notice, chat_id, "edit", f"edit:{ticket_id}:{chat_id}:{version}", now, now)

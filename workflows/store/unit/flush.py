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
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.engine.subject import Subject
from workflows.core.people import Person
from workflows.core.talk.messages import Notice, Priority
from workflows.store import tables as t
from workflows.store import timers
from workflows.store.engine.bound_arrays import among, pairs_of
from workflows.store.engine.upsert import insert_new, upsert
from workflows.store.kept import Kinds
from workflows.store.messages import answered
from workflows.store.messages.owed import Owing, owed_row, owing
from workflows.store.outbox import HELD, QUEUED
from workflows.store.unit import numbers, subjects
from workflows.store.unit.codec import (
    GENESIS,
    dialog_body,
    event_row,
    person_row,
)
from workflows.store.unit.pending import Work


async def write(
    conn: AsyncConnection, kinds: Kinds, work: Work, loaded: Mapping[int, Subject], now: datetime
) -> bool:
    """Write everything; False when a subject's version is not the one that was read.

    What another process may be writing too comes first, in one order for all: whoever is second
    waits, fails on the key, and begins anew.
    """
    if work.last_id:
        await numbers.count(conn, work.last_id)
    await _bulk(conn, t.seen_updates, sorted(work.seen_now, key=lambda row: row["update_id"]))
    await _write_dialogs(conn, work, now)
    await write_persons(conn, (p for i in sorted(work.changed_persons) if (p := work.persons[i])))
    if not await subjects.write(conn, kinds, work, loaded, now):
        return False
    for table in dict.fromkeys(table for table, _ in work.rows):
        await _bulk(conn, table, [row for its, row in work.rows if its is table])
    await _bulk(conn, t.attachments, work.files)
    await _bulk(conn, t.looks, work.looks)
    known = _known(work.changed, loaded)
    await _write_events(conn, work, known)
    wanted = [timer for theirs in work.timers.values() for timer in theirs]
    await timers.write(conn, work.fired, wanted, _known(work.timers, loaded))
    await _write_outbox(conn, work, known, now)
    await _bulk(conn, t.dead_letters, work.letters)
    return True


async def _bulk(conn: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await conn.execute(_insert(table), rows)


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


def _known(ids: Iterable[int], loaded: Mapping[int, Subject]) -> list[int]:
    """Those subjects that were there before: a new one has nothing that points to it yet."""
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


async def _write_events(conn: AsyncConnection, work: Work, known: list[int]) -> None:
    """Append each event to its subject's hash chain."""
    begun = work.changed.difference(known)  # just now
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
    edits = await _card_edits(conn, work, known, now)
    owed = [*work.owed, *edits, *await answered.strips(conn, work, now)]
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
    """Every card of a changed subject is drawn again where it stands: everybody sees every step."""
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
    subject = work.subjects[ticket_id]
    version = subject.version if subject else 0
    notice = Notice(
        to=chat_id, template="card", ticket_id=ticket_id, priority=Priority.PUSH,
        replaces=f"edit:{ticket_id}",
    )  # fmt: skip
    return owing(notice, chat_id, "edit", f"edit:{ticket_id}:{chat_id}:{version}", now, now)

"""Fills a house's database: what has happened there row by row, people by the store itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

from msgspec.structs import asdict, replace

from benchmarks.scale.house.house import KEY, NOW, PASSBOOKS, PLANS, House
from benchmarks.scale.house.made import Made, checklist, openings
from benchmarks.scale.seed import FIRST, insert, migrate, version_of
from workflows.activities.model import Activity
from workflows.core.engine.subject import Event
from workflows.core.people import SYSTEM, Membership, Person, Role
from workflows.passbook.model import Account
from workflows.passbook.points import POINTS
from workflows.passbook.store import queries
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store, Tx
from workflows.store.kernels import checklists
from workflows.store.unit.codec import GENESIS, event_row, subject_row

VERSION = 1  # of what is made: a file that says another is made anew
_AT_ONCE = 5000  # rows


def ensure(folder: Path, size: int) -> Path:
    """The file of a house of this size, made if it is not there, migrated if it is older."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"house-{size}.db"
    if path.exists() and version_of(path) != VERSION:
        path.unlink()
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        began = perf_counter()
        asyncio.run(_begin(part, House(size=size)))
        _fill(part, House(size=size))
        part.rename(path)
        print(f"{path.stem}: {path.stat().st_size / 1e6:,.0f} MB in {perf_counter() - began:.0f} s")
    asyncio.run(migrate(path))
    return path


# people


async def _begin(path: Path, house: House) -> None:
    """The schema, the people with their passbooks, the lists of the plans."""
    store = Store.open(f"sqlite+aiosqlite:///{path}", KINDS)
    await store.migrate()
    async with store.begin(NOW) as tx:
        await _staff(tx, house)
        for number in range(1, PASSBOOKS + 1):
            person, home = house.person(number), house.home(number)
            tx.put_person(Person(id=person, name=f"居民{number}", last_place=home))
            book = Account(person=person, place=home, code=f"{number:016x}")
            assert await tx.do(queries.open_book, book) == number
        for plan in range(PLANS):
            await tx.do(checklists.keep, checklist(house, plan), SYSTEM.id, NOW)
    await store.close()


async def _staff(tx: Tx, house: House) -> None:
    roles = [(house.town.committee(0), Role.COMMITTEE, house.community)]
    for grid in range(PLANS):
        place = house.town.grid(grid)
        roles += [(house.town.lead(grid), Role.LEAD, place)]
        roles += [(house.patroller(grid), Role.PIONEER, place)]
    for number, role, place in roles:
        person = Person(id=number, name=role.value, consented_at=NOW, last_place=place)
        await tx.grant(person, Membership(role=role, place=place), None)


# what has happened


def _fill(path: Path, house: House) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "foreign_keys=OFF"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        last = _fill_all(db, house)
        db.execute("UPDATE counters SET value = ?", (last + FIRST,))
        db.execute("COMMIT")
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("PRAGMA journal_mode = WAL")


def _fill_all(db: sqlite3.Connection, house: House) -> int:
    """Everything, with numbers that rise with time. Returns the last one."""
    number, postings = FIRST, []
    for some in _batches(openings(house)):
        made = [one.make(number + i) for i, one in enumerate(some)]
        number += len(made)
        postings += [posting for one in made for posting in one.postings]
        _keep(db, house, made)
    first = "SELECT min(id) FROM patrol_rounds"
    db.execute(f"INSERT INTO presence_keys (subject_id, key) VALUES (({first}), ?)", (KEY,))  # noqa: S608
    _post(db, sorted(postings, key=lambda posting: posting.at))
    return number


def _keep(db: sqlite3.Connection, house: House, made: list[Made]) -> None:
    _put(db, "subjects", (subject_row(one.subject) for one in made))
    for kept in KINDS.all:
        mine = [one.subject for one in made if one.subject.kind == kept.kind]
        rows = ({**kept.row(one), "changed_at": one.ended_at or one.opened_at} for one in mine)
        _put(db, kept.table.name, rows)
    _put(db, "events", chain.from_iterable(map(_events, made)))
    _put(db, "timers", chain.from_iterable(_timers(house, one) for one in made))
    _put(db, "finding_finders", _finders(made))
    _put(db, "presences", (_present(seen) for one in made for seen in one.present))
    seated = [one.subject for one in made if isinstance(one.subject, Activity)]
    slots = [slot for one in seated for slot in one.slots]
    _put(db, "slots", (_slot(slot) for slot in slots))
    _put(db, "slot_claims", (
        {"subject_id": slot.subject, "name": slot.name} | asdict(claim)
        for slot in slots for claim in slot.claims
    ))  # fmt: skip


def _batches(all_of_it: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(all_of_it), _AT_ONCE):
        yield all_of_it[first:][:_AT_ONCE]


def _put(db: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    if some := list(rows):
        insert(db, table, some)


def _events(made: Made) -> Iterator[dict[str, Any]]:
    source, previous = made.steps[0][3], GENESIS
    for seq, (action, actor, moment, target) in enumerate(made.steps, 1):
        event = Event(ticket_id=made.subject.id, action=action, actor=actor, at=moment,
                      source=source, target=target)  # fmt: skip
        row = event_row(event, seq, previous)
        source, previous = target, row["hash"]
        yield row


def _timers(house: House, made: Made) -> Iterator[dict[str, Any]]:
    """Those ahead, as the domain has them."""
    if made.subject.ended_at is None:
        clockwork = WORKFLOWS.of(made.subject).flow.clockwork
        for timer in clockwork.timers(made.subject, house.rules):
            yield {**asdict(timer), "fired_at": None}


def _finders(made: list[Made]) -> Iterator[dict[str, Any]]:
    for one in made:
        for person in getattr(one.subject, "finders", ()):
            yield {"ticket_id": one.subject.id, "person_id": person}


def _present(seen: Any) -> dict[str, Any]:
    row = asdict(seen)
    return row | {"subject_id": row.pop("subject"), "way": seen.way.value}


def _slot(slot: Any) -> dict[str, Any]:
    row = asdict(replace(slot, claims=()))
    row.pop("claims")
    return row | {"subject_id": row.pop("subject")}


def _post(db: sqlite3.Connection, postings: list[Any]) -> None:
    """Into the ledger, in order."""
    db.execute("INSERT INTO ledger_books (name, closed) VALUES (?, '')", (POINTS.name,))
    for some in _batches([*enumerate(postings, 1)]):
        insert(db, "ledger_postings", (
            {"id": number, "book": POINTS.name, "key": one.key, "subject_id": one.cause.subject,
             "event": one.cause.event, "by": one.by, "at": one.at, "month": one.month,
             "reverses": None}
            for number, one in some
        ))  # fmt: skip
        insert(db, "ledger_legs", (
            {"posting_id": number, "book": POINTS.name, "sort": leg.account.sort,
             "number": leg.account.number, "amount": leg.amount}
            for number, one in some for leg in one.legs
        ))  # fmt: skip

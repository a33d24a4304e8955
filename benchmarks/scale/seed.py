"""Fills a town's database: the domain makes one ticket of each kind and age, SQLite the others."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.scale.town import HANDLERS, Town
from workflows.core.engine.subject import Event, Timer
from workflows.core.people import SYSTEM, Membership, Person, Role
from workflows.core.policy import Rules
from workflows.core.talk import needs
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.needs import TEXT, TO, Answers
from workflows.petition import engine
from workflows.petition.engine import Decision
from workflows.petition.model import Ticket
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.store import tables as petitions
from workflows.petition.store.kept import ticket_row
from workflows.petition.words import Action, ClockName
from workflows.registry import KINDS
from workflows.store import Store
from workflows.store.unit.codec import encode

VERSION = 1  # of what is made: a file that says another is made anew
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # a Monday, two in the afternoon in Suzhou
DUE = NOW + timedelta(minutes=30)  # when the timers of the sweep are due, and no others
DUE_TIMERS = 200
QUEUED = 40  # chats with something to be sent now, in every town
FIRST = 1001  # the lowest number of a ticket
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_SLOTS, _SLOT = 120, 12 * HOUR  # how old a ticket can be
_HELD, _PARKED, _SENT = 10, 50, 2  # one of so many tickets has a message in this state
_WAVE = -1  # the kind with a timer due at DUE

_A = Action
_HANDS = (_A.DISPATCH, _A.ACCEPT)
_INSPECTED = (*_HANDS, _A.INSPECT)
_PROPOSED = (*_INSPECTED, _A.PROPOSE)
_PLANNED = (*_PROPOSED, _A.APPROVE, _A.TOLD)
# What of a hundred tickets are: their steps, and in how many days from now their plan is due.
_YOUNG = (((), 6, 5), (_HANDS[:1], 10, 5), (_HANDS, 20, 5), (_INSPECTED, 20, 5),
          (_PROPOSED, 14, 5), (_PLANNED, 30, 5))  # fmt: skip
_OLD = (((), 1, 5), (_INSPECTED, 2, 5), (_PROPOSED, 1, 5), (_PLANNED, 2, -1), (_PLANNED, 32, 9),
        (_PLANNED, 32, 20), ((*_HANDS, _A.ASK), 10, 5), ((*_PLANNED, _A.SUSPEND), 12, 20),
        ((*_PLANNED, _A.RESOLVE), 8, 5))  # fmt: skip
_RECENT = {_A.ASK, _A.SUSPEND, _A.RESOLVE}  # done a day ago, however old the ticket
_TEXTS = {
    "电梯": ("电梯又停了，老人下不了楼，请尽快来修。", "电梯门关不上，一直响，晚上吵得睡不着。"),
    "停车": ("消防通道停满了车，救护车进不来。", "有人装了地锁，占着公共车位不让别人停。"),
    "渗漏水": ("天花板漏水，墙皮掉下来了，已经三天。", "楼上漏水，厨房的灯不敢开，请来看一看。"),
    "噪音": ("工地半夜还在打桩，全家睡不着。", "楼下广场舞的音响太大，孩子没法做作业。"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A ticket as it stands now, how it came to that, and what rang already."""

    ticket: Ticket
    events: tuple[Event, ...]
    fired: tuple[Timer, ...]


def ensure(folder: Path, size: int) -> Path:
    """The file of a town of this size, made if it is not there, migrated if it is older."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"town-{size}.db"
    if path.exists() and version_of(path) != VERSION:
        path.unlink()
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        asyncio.run(migrate(part))
        fill(part, Town(size=size))
        part.rename(path)
    asyncio.run(migrate(path))
    return path


def version_of(path: Path) -> int:
    """Which making of its contents a file has."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


async def migrate(path: Path) -> None:
    """Bring a file's tables up to date."""
    store = Store.open(f"sqlite+aiosqlite:///{path}", KINDS)
    await store.migrate()
    await store.close()


# kinds of tickets


def kinds(rules: Rules) -> Iterator[tuple[int, tuple[int, ...], Kind]]:
    """Each with its age's slot, and which of a hundred tickets of that age it stands for."""
    for slot in range(_SLOTS):
        first = 0
        for steps, share, days in _YOUNG if slot < 2 else _OLD:
            category = list(_TEXTS)[(slot + first) % len(_TEXTS)]
            filed_at = NOW - slot * _SLOT - 250 * timedelta(minutes=1)
            due = NOW + days * DAY + 3 * HOUR
            kind = _kind(category, filed_at, steps, due, rules)
            yield slot, tuple(range(first, first + share)), kind
            first += share


def wave(rules: Rules) -> Kind:
    """A ticket in hand half of whose time for an answer is over at DUE."""
    return _kind("电梯", DUE - 12 * HOUR, _INSPECTED, NOW + DAY, rules)


def _kind(
    category: str, filed_at: datetime, steps: Iterable[Action], due: datetime, rules: Rules
) -> Kind:
    place = next(p.path for p in rules.places.inside("", 4))
    ticket = Ticket(id=1, draft_id="1", resident=2, author=2, place=place, category=category,
                    text="-", filed_at=filed_at)  # fmt: skip
    decision = engine.file(ticket, filed_at, rules)
    events, moment = [decision.event], filed_at
    for step in steps:
        moment = max(moment + timedelta(minutes=1), NOW - DAY if step in _RECENT else moment)
        decision = _step(decision.subject, step, moment, due, rules)
        events.append(decision.event)
    return _rung(decision.subject, tuple(events), rules)


def _step(ticket: Ticket, step: Action, at: datetime, due: datetime, rules: Rules) -> Decision:
    community = ticket.place.rsplit("/", 2)[0]
    worker = _person(3, Role.WORKER, ticket.place.rsplit("/", 1)[0])
    above = _person(4, Role.COMMITTEE, community)
    actor = {_A.DISPATCH: SYSTEM, _A.TOLD: SYSTEM, _A.APPROVE: above, _A.SUSPEND: above}
    hand = worker if step is _A.DISPATCH else None
    answers = Answers({TEXT: "请人来修", needs.DUE: due, TO: hand})
    return engine.decide(ticket, step, actor.get(step, worker), at, rules, answers)


def _person(number: int, role: Role, place: str) -> Person:
    return Person(id=number, name="", memberships=(Membership(role=role, place=place),))


def _rung(ticket: Ticket, events: tuple[Event, ...], rules: Rules) -> Kind:
    """As if every timer had rung at its moment."""
    fired: list[Timer] = []
    while due := [x for x in CLOCKWORK.timers(ticket, rules) if x.due_at <= NOW]:
        fired.append(due[0])
        ticket = CLOCKWORK.ring(ticket, due[0], due[0].due_at, rules)
    answer = ticket.clocks.get(ClockName.RESPONSE)
    late = answer.due if answer and answer.due <= NOW else None
    return Kind(ticket=replace(ticket, breached_at=late), events=events, fired=tuple(fired))


# rows


class Bound(dict[str, Any]):
    """Python's values as SQLAlchemy would bind them for SQLite."""

    def __init__(self, row: dict[str, Any]) -> None:
        super().__init__({name: bound(value) for name, value in row.items()})


def bound(value: Any) -> Any:
    """A moment or a day as text, a mapping, a list or a value of the domain as JSON."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    if isinstance(value, date):
        return value.isoformat()
    return encode(value) if isinstance(value, dict | list | tuple | Struct) else value


def fill(path: Path, town: Town) -> None:
    """Everything of a town into a migrated database; its indexes are made at the end."""
    began = perf_counter()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "cache_size=-400000",
                       "foreign_keys=OFF", "temp_store=MEMORY"):  # fmt: skip
            db.execute(f"PRAGMA {pragma}")
        indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql"
                             " IS NOT NULL").fetchall()  # fmt: skip
        for name, _ in indexes:
            db.execute(f"DROP INDEX {name}")
        db.execute("BEGIN")
        for part in (_lay_out, _fill_people, _fill_tickets, _fill_steps, _fill_outbox, _fill_rest):
            part(db, town)
        for _, statement in indexes:
            db.execute(statement)
        db.execute("COMMIT")
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("PRAGMA journal_mode = WAL")
    print(f"{path.stem}: {path.stat().st_size / 1e6:,.0f} MB in {perf_counter() - began:.0f} s")


def insert(db: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Plain rows, all with the same columns."""
    batch = [Bound(row) for row in rows]
    names = list(batch[0])
    told = ", ".join(f'"{name}"' for name in names)
    holes = ", ".join(f":{name}" for name in names)
    db.executemany(f"INSERT INTO {table} ({told}) VALUES ({holes})", batch)  # noqa: S608


def _select(db: sqlite3.Connection, table: str, rows: str, /, **columns: str) -> None:
    """Rows that SQLite makes of others."""
    told = ", ".join(f'"{name}"' for name in columns)
    made = ", ".join(columns.values())
    db.execute(f"INSERT INTO {table} ({told}) SELECT {made} {rows}")


def _lay_out(db: sqlite3.Connection, town: Town) -> None:
    """The kinds, who and what is where, and which ticket is of which kind and place."""
    names = ", ".join(f'"{c.name}"' for c in petitions.tickets.c if c.name != "id")
    db.execute(f"CREATE TEMP TABLE kind (id INTEGER PRIMARY KEY, {names})")
    db.execute("CREATE TEMP TABLE step (kind, seq, action, source, target, at, data, actor)")
    db.execute("CREATE TEMP TABLE bell (kind, clock, mark, due_at, fired_at)")
    db.execute("CREATE TEMP TABLE pick (slot, h, kind, PRIMARY KEY (slot, h))")
    db.execute("CREATE TEMP TABLE said (category, n, text)")
    db.execute("CREATE TEMP TABLE spot (b INTEGER PRIMARY KEY, path, grid, handler)")
    for number, (slot, shares, kind) in enumerate(kinds(town.rules)):
        _keep(db, number, kind, town.rules)
        db.executemany("INSERT INTO pick VALUES (?, ?, ?)", [(slot, h, number) for h in shares])
    _keep(db, _WAVE, wave(town.rules), town.rules)
    texts = [(c, n, text) for c, both in _TEXTS.items() for n, text in enumerate(both)]
    db.executemany("INSERT INTO said VALUES (?, ?, ?)", texts)
    spots = ((b, town.building(b), town.grid(b // 5), town.handler(b // 5, 0))
             for b in range(town.buildings))  # fmt: skip
    db.executemany("INSERT INTO spot VALUES (?, ?, ?, ?)", spots)
    _pick(db, town)


def _keep(db: sqlite3.Connection, number: int, kind: Kind, rules: Rules) -> None:
    insert(db, "kind", [row_of(kind) | {"id": number}])
    rows = [(number, *bell) for bell in bells(kind, rules)]
    db.executemany("INSERT INTO bell VALUES (?, ?, ?, ?, ?)", rows)
    insert(db, "step", (_step_row(number, seq, e) for seq, e in enumerate(kind.events, 1)))


def _step_row(kind: int, seq: int, event: Event) -> dict[str, Any]:
    return {"kind": kind, "seq": seq, "action": event.action.value, "actor": event.actor,
            "source": event.source.value, "target": event.target.value, "at": event.at,
            "data": dict(event.data)}  # fmt: skip


def row_of(kind: Kind) -> dict[str, Any]:
    """The columns of its ticket."""
    return ticket_row(kind.ticket) | {"changed_at": NOW - HOUR}


def bells(kind: Kind, rules: Rules) -> list[tuple[str, ...]]:
    """Its timers: clock, mark, due_at, fired_at. None but the sweep's are due within the hour."""
    pending = CLOCKWORK.timers(kind.ticket, rules)
    assert pending[0].due_at == DUE or pending[0].due_at > NOW + HOUR, pending
    found = [(timer, None) for timer in pending]
    found += [(timer, timer.due_at) for timer in kind.fired if timer.due_at > NOW - 7 * DAY]
    return [(x.clock.value, x.mark, bound(x.due_at), bound(at)) for x, at in found]


def _pick(db: sqlite3.Connection, town: Town) -> None:
    """Numbers rise with time, and neighbouring numbers are at places far apart."""
    size, every = town.size, town.size // DUE_TIMERS
    db.execute("CREATE TEMP TABLE made (id INTEGER PRIMARY KEY, i, kind, b, n, resident)")
    db.execute(
        f"""WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {size - 1})
        INSERT INTO made SELECT i + {FIRST}, i,
          iif(i % {every} = {every // 2}, {_WAVE}, pick.kind), i % {town.buildings},
          i / {town.buildings} * 5 + i % 5, {town.resident(0)} + i / 3 FROM n
        JOIN pick ON pick.slot = ({size - 1} - i) * {_SLOTS} / {size}
          AND pick.h = ((i * 2654435761) >> 9) % 100"""  # noqa: S608
    )


def _fill_people(db: sqlite3.Connection, town: Town) -> None:
    """Staff and residents, each with a dialog at rest."""
    roles = list(_roles(town))
    plain = {"on_duty": 1, "last_place": "", "is_unlisted": 0}
    insert(db, "people", ({"id": i, "name": role.value, **plain} for i, role, _ in roles))
    insert(db, "memberships", ({"person_id": i, "role": role.value, "place": place,
                                 "categories": [], "since": NOW - 99 * DAY}
                                for i, role, place in roles))  # fmt: skip
    _select(db, "people", "FROM made JOIN spot USING (b) WHERE i % 3 = 0", id="resident",
            name="'居民'", on_duty="1", last_place="path", is_unlisted="0",
            consented_at=f"'{bound(NOW - 70 * DAY)}'")  # fmt: skip
    body = encode(Dialog(person_id=12345))
    _select(db, "dialogs", "FROM people", person_id="id", at=f"'{bound(NOW - 30 * DAY)}'",
            body=f"replace('{body}', '12345', id)")  # fmt: skip


def _roles(town: Town) -> Iterator[tuple[int, Role, str]]:
    for g in range(town.grids):
        for h in range(HANDLERS):
            here = town.building(g * 5 + h) if h < 5 else town.grid(g)
            yield town.handler(g, h), Role.PIONEER if h < 5 else Role.WORKER, here
        yield town.lead(g), Role.LEAD, town.grid(g)
    for c in range(town.communities):
        yield town.committee(c), Role.COMMITTEE, town.community(c)
    for s in range(town.streets):
        yield town.street(s), Role.STREET, town.community(s).split("/")[0]


def _fill_tickets(db: sqlite3.Connection, town: Town) -> None:
    own = {"id": "made.id", "draft_id": "'d' || made.id", "resident": "made.resident",
           "author": "made.resident", "place": "spot.path",
           "street": "substr(spot.path, 1, instr(spot.path, '/') - 1)",
           "text": "(SELECT text FROM said WHERE said.category = kind.category"
                   " AND said.n = (made.i >> 4) % 2) || made.i",
           "handler": f"iif(kind.handler IS NULL, NULL, spot.handler + made.n % {HANDLERS})",
           "offered_to": f"iif(kind.offered_to IS NULL, NULL, spot.handler + made.n % {HANDLERS})",
           }  # fmt: skip
    told = {c.name: f'kind."{c.name}"' for c in petitions.tickets.c}
    _select(db, "tickets", "FROM made JOIN spot USING (b) JOIN kind ON kind.id = made.kind"
                           " ORDER BY made.id", **told | own)  # fmt: skip
    _select(db, "subjects", "FROM tickets", id="id", kind="'petition'", place="place",
            opened_at="filed_at")  # fmt: skip


def _fill_steps(db: sqlite3.Connection, _: Town) -> None:
    """What happened and what is to ring; the hashes are only as long as real ones."""
    filler = "printf('%064x', made.id * 16 + seq)"
    _select(db, "events", "FROM made JOIN step USING (kind) ORDER BY made.id, seq",
            ticket_id="made.id", seq="seq", action="action", actor="actor", at="at",
            source="source", target="target", data="data", digest=filler, previous=filler,
            hash=filler)  # fmt: skip
    _select(db, "timers", "FROM made JOIN bell USING (kind) ORDER BY made.id",
            ticket_id="made.id", clock="clock", mark="mark", due_at="due_at",
            fired_at="fired_at")  # fmt: skip
    _select(db, "ticket_texts", "FROM tickets", ticket_id="id", person_id="resident",
            message_id="id", text="text", said_at="filed_at", at="filed_at")  # fmt: skip
    _select(db, "looks", "FROM tickets WHERE handler IS NOT NULL", ticket_id="id",
            person_id="handler", what="'card'", at="changed_at")  # fmt: skip
    _select(db, "followers", "FROM tickets WHERE id % 5 = 0", ticket_id="id",
            person_id="resident + 7", since="filed_at")  # fmt: skip


def _fill_outbox(db: sqlite3.Connection, _: Town) -> None:
    """Some to send now; many sent, held for the night, or parked where the bot was blocked."""
    body = {"values": {}, "buttons": [], "attachments": []}
    quiet = f"'{bound(NOW + 17 * HOUR)}'"
    for state, every, moment in (("sent", _SENT, "changed_at"), ("held", _HELD, quiet),
                                 ("parked", _PARKED, "changed_at")):  # fmt: skip
        _owe(db, state, f"FROM tickets WHERE id % {every} = 0", moment, body)
    _owe(db, "queued", f"FROM tickets WHERE id < {FIRST + 3 * QUEUED} AND id % 3 = 0",
         f"'{bound(NOW - HOUR / 60)}'", body)  # fmt: skip
    _select(db, "chats", "FROM outbox WHERE state = 'parked' GROUP BY chat_id", chat_id="chat_id",
            place="''", audience="'grid'", blocked_at="max(created_at)")  # fmt: skip


def _owe(
    db: sqlite3.Connection, state: str, source: str, moment: str, body: dict[str, Any]
) -> None:
    is_sent = state == "sent"
    _select(db, "outbox", source, chat_id="resident", ticket_id="id", kind="'card'",
            template="'card'", body=f"'{encode(body)}'", priority="1", answers="0",
            dedupe_key=f"'{state}' || id", replaces="''", created_at="changed_at",
            not_before=moment, state=f"'{state}'", attempts="1" if is_sent else "0",
            is_plain="0", sent_at="changed_at" if state in {"sent", "parked"} else "NULL",
            message_id="id" if is_sent else "NULL")  # fmt: skip


def _fill_rest(db: sqlite3.Connection, town: Town) -> None:
    """Cards and messages of resident and handler, a week of updates, groups, the counter."""
    shown = {"message_id": "id", "state": "state", "template": "'card'", "values": "'{}'"}
    for who in ("resident", "handler"):
        there = f"FROM tickets WHERE {who} IS NOT NULL"
        _select(db, "cards", there, ticket_id="id", chat_id=who, **shown)
        _select(db, "messages", there, chat_id=who, message_id="id", ticket_id="id")
    _select(db, "seen_updates", "FROM tickets", update_id="id", at=f"'{bound(NOW - DAY)}'")
    groups = [(-1000 - g, town.grid(g), "grid") for g in range(town.grids)]
    groups += [(-900_000 - c, town.community(c), "residents") for c in range(town.communities)]
    db.executemany("INSERT INTO chats (chat_id, place, audience) VALUES (?, ?, ?)", groups)
    db.execute("UPDATE counters SET value = ?", (town.size + 100 * FIRST,))
    db.execute("CREATE TABLE seeded (name, last)")
    for name in ("outbox", "looks"):
        db.execute(f"INSERT INTO seeded SELECT '{name}', max(id) FROM {name}")  # noqa: S608

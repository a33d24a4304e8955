"""SQLite's limit: sqlite3 itself, without SQLAlchemy, WAL and synchronous=FULL as haitang's."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.limits.measured import Measured

BATCH = 100  # updates in one answer to getUpdates

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE seen (id INTEGER PRIMARY KEY, at TEXT);
CREATE TABLE dialogs (person_id INTEGER PRIMARY KEY, body TEXT, at TEXT);
CREATE TABLE events (id INTEGER PRIMARY KEY, ticket_id INTEGER, action TEXT, at TEXT, hash TEXT);
CREATE TABLE timers (id INTEGER PRIMARY KEY, ticket_id INTEGER, due_at TEXT);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, chat_id INTEGER, body TEXT, key TEXT UNIQUE,
  state TEXT, token TEXT, message_id INTEGER);
CREATE INDEX events_ticket ON events (ticket_id);
CREATE INDEX timers_due ON timers (due_at);
CREATE INDEX outbox_owed ON outbox (chat_id) WHERE state = 'queued';
"""
_TEXT = "3幢楼下充电桩坏了，插上去没有反应" * 8
_BODY = json.dumps({"text": _TEXT, "category": "公共设施"}, ensure_ascii=False)
_NOW, _HASH = "2026-11-24 01:00:00.000000", "0" * 64

Statement = tuple[str, Callable[[int], tuple[object, ...]]]
_TIMER: Statement = (
    "INSERT INTO timers (ticket_id, due_at) VALUES (?, ?)",
    lambda i: (i // 6, _NOW),
)
# Eight rows an update in five tables; the message is written, taken to be sent, and marked sent.
_A_BATCH: tuple[Statement, ...] = (
    ("INSERT INTO seen VALUES (?, ?)", lambda i: (i, _NOW)),
    (
        "INSERT INTO dialogs VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
        lambda i: (i % 600, _BODY, _NOW),
    ),
    ("INSERT INTO events VALUES (?, ?, 'file', ?, ?)", lambda i: (i, i // 6, _NOW, _HASH)),
    _TIMER,
    _TIMER,
    (
        "INSERT INTO outbox VALUES (?, ?, ?, ?, 'queued', NULL, NULL)",
        lambda i: (i, i % 600, _BODY, f"answer:{i}"),
    ),
    ("UPDATE outbox SET token = ? WHERE id = ?", lambda i: (_HASH[:32], i)),
    ("UPDATE outbox SET state = 'sent', message_id = ? WHERE id = ?", lambda i: (i, i)),
)


def commit_batches(folder: Path | None, seconds: float) -> Measured:
    """Commit what a hundred updates write, again and again."""
    rate = _rate(commit_batch, folder, seconds)
    return Measured(per_second=rate, updates_per_second=rate * BATCH)


def commit_batch(db: sqlite3.Connection, number: int) -> None:
    """Commit what the hundred updates of this batch write."""
    ids = range(number * BATCH, (number + 1) * BATCH)
    db.execute("BEGIN IMMEDIATE")
    for statement, row in _A_BATCH:
        db.executemany(statement, map(row, ids))
    db.execute("COMMIT")


def commit_rows(folder: Path | None, seconds: float) -> Measured:
    """Commit one row, again and again: the least that a bot does which commits each update."""
    rate = _rate(_commit_row, folder, seconds)
    return Measured(per_second=rate, updates_per_second=rate)


def _commit_row(db: sqlite3.Connection, number: int) -> None:
    db.execute("INSERT INTO seen VALUES (?, ?)", (number, _NOW))


def _rate(
    commit: Callable[[sqlite3.Connection, int], None], folder: Path | None, seconds: float
) -> float:
    with database(folder) as db:
        commits = 0
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            commit(db, commits)
            commits += 1
    return commits / seconds


@contextmanager
def database(folder: Path | None) -> Iterator[sqlite3.Connection]:
    """A new one in a folder of its own, as durable as haitang's."""
    with TemporaryDirectory(prefix="limits-", dir=folder) as name:
        path = Path(name) / "limits.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.executescript(_SCHEMA)
            yield db

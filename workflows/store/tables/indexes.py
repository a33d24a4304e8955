"""The indexes that span columns or hold only some rows; the others stand at their column.

The migrations build them, and nothing that runs needs them as objects (PostgreSQL's half of
SQLAlchemy would be loaded for them, on SQLite too): this is for who reads, compares or adds one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Index, MetaData, text

from workflows.store.tables.base import metadata
from workflows.store.tables.messages import DONE, STUCK


class Over(Struct, frozen=True):
    """An index: its name, "table column, column, …", and which rows it holds."""

    name: str
    columns: str
    rows: str
    is_unique: bool = False


_INDEXES = (  # name, "table column, column, …", and which rows
    Over("applications_open", "applications person_id", "decided_at IS NULL", is_unique=True),
    Over("chats_place", "chats place", ""),
    Over("consents_ending", "consents until", "until IS NOT NULL"),
    Over("consents_who", "consents person, name", ""),
    Over("events_actor", "events actor", "data IS NOT NULL"),
    Over("ix_dialogs_ticket_id", "dialogs ticket_id", "ticket_id IS NOT NULL"),
    Over("ledger_legs_account", "ledger_legs book, sort, number, id, amount", ""),
    Over("ix_people_stand_in", "people stand_in", "stand_in IS NOT NULL"),
    Over("memberships_current", "memberships person_id", "until IS NULL"),
    Over("memberships_place", "memberships place", ""),
    Over("occurrences_ahead", "occurrences opens", "fate = 'ahead'"),
    Over("residences_current", "residences household, person", "ended_at IS NULL", is_unique=True),
    Over("timers_due", "timers due_at", "fired_at IS NULL"),
    Over("timers_fired", "timers fired_at", "fired_at IS NOT NULL"),
    Over("timers_once", "timers ticket_id, clock, mark", "fired_at IS NULL", is_unique=True),
    Over("shown_pressable", "shown chat_id, topic", "has_buttons"),
    Over("outbox_chat", "outbox chat_id, replaces", ""),
    Over("outbox_done", "outbox sent_at", DONE.text),
    Over("outbox_due", "outbox not_before", "state = 'queued'"),
    Over("outbox_flying", "outbox chat_id, leased_until", "leased_until IS NOT NULL"),
    Over("outbox_held", "outbox not_before", "state = 'held'"),
    Over("outbox_owed", "outbox chat_id, priority, id", "state = 'queued'"),
    # Few at any time, so that who says something new need not look through what he was sent.
    Over("outbox_replaceable", "outbox chat_id, replaces",
     "(state = 'queued' OR state = 'held') AND replaces <> ''"),
    Over("outbox_stuck", "outbox state", STUCK.text),
    Over("outbox_ticket", "outbox ticket_id", "ticket_id IS NOT NULL"),
)  # fmt: skip


def complete(others: Iterable[Over]) -> MetaData:
    """All tables there are with their indexes, these of workflows among them."""
    for one in (*_INDEXES, *others):
        name, columns = one.columns.split(" ", 1)
        table = metadata.tables[name]
        if one.name not in {index.name for index in table.indexes}:
            _make(one, [table.c[column] for column in columns.split(", ")])
    return metadata


def _make(one: Over, columns: list[Column[Any]]) -> None:
    only = text(one.rows) if one.rows else None
    Index(one.name, *columns, unique=one.is_unique, sqlite_where=only, postgresql_where=only)

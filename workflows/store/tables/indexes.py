"""The indexes that span columns or hold only some rows; the others stand at their column.

The migrations build them, and nothing that runs needs them as objects (PostgreSQL's half of
SQLAlchemy would be loaded for them, on SQLite too): this is for who reads, compares or adds one.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from workflows.store.tables.base import metadata
from workflows.store.tables.messages import DONE, STUCK

__all__ = ["metadata"]

_INDEXES = (  # name, "table column, column, …", and which rows
    ("applications_open", "applications person_id", "decided_at IS NULL"),
    ("chats_place", "chats place", ""),
    ("events_actor", "events actor", "data IS NOT NULL"),
    ("ix_dialogs_ticket_id", "dialogs ticket_id", "ticket_id IS NOT NULL"),
    ("ix_people_stand_in", "people stand_in", "stand_in IS NOT NULL"),
    ("memberships_current", "memberships person_id", "until IS NULL"),
    ("memberships_place", "memberships place", ""),
    ("ticket_texts_message", "ticket_texts person_id, message_id", ""),
    ("timers_due", "timers due_at", "fired_at IS NULL"),
    ("timers_fired", "timers fired_at", "fired_at IS NOT NULL"),
    ("timers_once", "timers ticket_id, clock, mark", "fired_at IS NULL"),
    ("outbox_chat", "outbox chat_id, replaces", ""),
    ("outbox_done", "outbox sent_at", DONE.text),
    ("outbox_due", "outbox not_before", "state = 'queued'"),
    ("outbox_flying", "outbox chat_id, leased_until", "leased_until IS NOT NULL"),
    ("outbox_held", "outbox not_before", "state = 'held'"),
    ("outbox_owed", "outbox chat_id, priority, id", "state = 'queued'"),
    # Few at any time, so that who says something new need not look through what he was sent.
    ("outbox_replaceable", "outbox chat_id, replaces",
     "(state = 'queued' OR state = 'held') AND replaces <> ''"),
    ("outbox_stuck", "outbox state", STUCK.text),
    ("outbox_ticket", "outbox ticket_id", "ticket_id IS NOT NULL"),
    ("ix_tickets_parent", "tickets parent", "parent IS NOT NULL"),
    ("tickets_author", "tickets author", ""),
    ("tickets_changed", "tickets changed_at", "ended_at IS NULL"),
    ("tickets_ended", "tickets ended_at, place, id", ""),
    ("tickets_filed", "tickets street, filed_at, place", ""),
    # With what a load counts and a list shows, so that no ticket is read for them.
    ("tickets_handler", "tickets handler, state, changed_at, id", "handler IS NOT NULL"),
    ("tickets_offered", "tickets offered_to, state, changed_at", "offered_to IS NOT NULL"),
    ("tickets_promise", "tickets promise_due", ""),
    ("tickets_promised", "tickets place, promise_due", "promise_due IS NOT NULL"),
    ("tickets_resident", "tickets resident, id", ""),
    ("tickets_state", "tickets state, place", ""),
    ("tickets_street_open", "tickets street, id", "ended_at IS NULL"),
    ("tickets_street_over", "tickets street, ended_at, place", "ended_at IS NOT NULL"),
    ("tickets_street_promised", "tickets street, promise_due, id", "promise_due IS NOT NULL"),
    ("tickets_street_unassigned", "tickets street, id", "state = 'unassigned'"),
    ("tickets_street_undecided", "tickets street, undecided, id", "undecided IS NOT NULL"),
    ("tickets_unchecked", "tickets ended_at", "checker IS NOT NULL AND checked = ''"),
    ("tickets_undecided", "tickets place", "undecided IS NOT NULL"),
    ("tickets_urgent", "tickets ended_at, place, id", "urgent"),
    ("tickets_worded", "tickets ended_at", "erased_at IS NULL"),
)  # fmt: skip
_UNIQUE = {"applications_open", "timers_once"}

for _name, _over, _which in _INDEXES:
    _table, _columns = _over.split(" ", 1)
    _on = [metadata.tables[_table].c[column] for column in _columns.split(", ")]
    _only = text(_which) if _which else None
    Index(_name, *_on, unique=_name in _UNIQUE, sqlite_where=_only, postgresql_where=_only)

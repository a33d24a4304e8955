"""The tables, the same on SQLite and PostgreSQL."""

from workflows.store.tables import kernels
from workflows.store.tables.base import Moment, metadata
from workflows.store.tables.messages import (
    DONE,
    STUCK,
    cards,
    dead_letters,
    messages,
    outbox,
    seen_updates,
    shown,
)
from workflows.store.tables.people import (
    applications,
    chats,
    dialogs,
    invitations,
    memberships,
    people,
)
from workflows.store.tables.subjects import (
    attachments,
    events,
    looks,
    subjects,
    timers,
)
from workflows.store.tables.upkeep import (
    chores,
    counters,
    heartbeats,
)

__all__ = [
    "DONE",
    "STUCK",
    "Moment",
    "applications",
    "attachments",
    "cards",
    "chats",
    "chores",
    "counters",
    "dead_letters",
    "dialogs",
    "events",
    "heartbeats",
    "invitations",
    "kernels",
    "looks",
    "memberships",
    "messages",
    "metadata",
    "outbox",
    "people",
    "seen_updates",
    "shown",
    "subjects",
    "timers",
]

"""/export: the month's petitions of one's places as a table, without anything to find people by."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.messages import Incoming, Notice, Priority
from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.permissions import EXPORTERS
from workflows.core.policy import Rules
from workflows.desk.context import Context
from workflows.desk.privacy import audit
from workflows.masking import masking
from workflows.masking.words import PrivateWords
from workflows.petition.model import Ticket
from workflows.petition.store import lists
from workflows.store import Tx

DAYS = 31
_EXCERPT = 200
_AT_ONCE = 50
_MOST = 5000  # rows, so that the file stays one that people open


async def export(context: Context, _: Incoming, person: Person) -> None:
    """Owe the table; it is made when it is sent, by the roster as it is then."""
    if not _places(person):
        raise Refusal("refused_staff_only")
    notice = Notice(to=person.id, template="export", priority=Priority.REPLY)
    context.tx.owe(notice, person.id, "document", f"{context.key}:export", context.now)


def _places(person: Person) -> list[str]:
    return [m.place for m in person.memberships if m.role in EXPORTERS]


async def gather(tx: Tx, person: Person, rules: Rules) -> Mapping[str, Any]:
    """The rows, oldest first; that this person had them is written down for the audit."""
    since = tx.now - timedelta(days=DAYS)
    ids = await lists.filed_since(tx.conn, _places(person), since, _MOST)
    tickets = await tx.tickets(ids)
    tx.work.looks += [audit.row(ticket, person, "export", tx.now) for ticket in tickets]
    rows: list[dict[str, Any]] = []
    for start in range(0, len(tickets), _AT_ONCE):
        rows += [_row(ticket, rules.private) for ticket in tickets[start : start + _AT_ONCE]]
        await asyncio.sleep(0)  # masking takes a second for all of them; others go on meanwhile
    return {"rows": rows}


def _row(ticket: Ticket, words: PrivateWords) -> dict[str, Any]:
    """One petition; its words are masked and cut, contact and names are not in it."""
    excluded = ticket.exclusion is not None and ticket.exclusion.approved_by is not None
    return {
        "number": format_number(ticket.id), "filed_at": ticket.filed_at, "place": ticket.place,
        "category": ticket.category, "state": ticket.state.value, "urgent": ticket.urgent,
        "told_at": ticket.told_at, "breached": ticket.breached_at is not None,
        "plan_due": ticket.plan_due, "ended_at": ticket.ended_at, "rating": ticket.rating,
        "solved": ticket.solved, "excluded": excluded, "followers": len(ticket.followers),
        "text": masking.excerpt(ticket.text, _EXCERPT, words),
    }  # fmt: skip

"""The month's petitions of somebody's places as rows, without anything to find people by."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.desk.lists.export import places_of
from workflows.desk.privacy import audit
from workflows.masking import masking
from workflows.masking.words import PrivateWords
from workflows.petition.model import Ticket
from workflows.petition.store import lists
from workflows.petition.store.kept import TICKETS
from workflows.store import Tx

DAYS = 31
_EXCERPT = 200
_AT_ONCE = 50
_MOST = 5000  # rows, so that the file stays one that people open


async def rows(tx: Tx, person: Person, rules: Rules) -> list[Values]:
    """Oldest first; that this person had them is written down for the audit."""
    since = tx.now - timedelta(days=DAYS)
    ids = await tx.ask(lists.filed_since, places_of(person), since, _MOST)
    tickets = await tx.get_all(TICKETS, ids)
    tx.work.looks += [audit.row(ticket, person, "export", tx.now) for ticket in tickets]
    found: list[Values] = []
    for start in range(0, len(tickets), _AT_ONCE):
        found += [_row(ticket, rules.private) for ticket in tickets[start : start + _AT_ONCE]]
        await asyncio.sleep(0)  # masking takes a second for all of them; others go on meanwhile
    return found


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

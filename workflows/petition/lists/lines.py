"""A petition in a list: a line, and what it asks of people today."""

from __future__ import annotations

from datetime import datetime

from workflows.core.policy import Rules
from workflows.desk.parts import Standing
from workflows.petition.model import Ticket
from workflows.petition.rules import agenda
from workflows.petition.rules.timing import CLOCKWORK


def line(ticket: Ticket) -> dict[str, object]:
    """What a list's line says of a ticket: nothing that a person wrote."""
    due = CLOCKWORK.promise_due(ticket)
    return {
        "ticket": ticket.id, "state": ticket.state.value, "place": ticket.place,
        "category": ticket.category, "filed_at": ticket.filed_at.isoformat(),
        "urgent": ticket.urgent, "due": due and due.isoformat(),
    }  # fmt: skip


def standing(ticket: Ticket, now: datetime, rules: Rules) -> Standing:
    """What it asks of people today."""
    return Standing(
        is_urgent=ticket.urgent, is_late=agenda.is_late(ticket, now),
        is_today=agenda.is_due_today(ticket, now, rules), waits_for=agenda.waits_for(ticket),
        due=CLOCKWORK.promise_due(ticket),
    )  # fmt: skip

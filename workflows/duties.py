"""What a ticket asks of people today: late, due today, or waiting for somebody."""

from __future__ import annotations

from datetime import datetime

from workflows import sla
from workflows.model import Ticket, To
from workflows.rules import Rules
from workflows.ticket import STAGES


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Whether a promise that still runs is over."""
    due = sla.promise_due(ticket)
    return due is not None and due <= now


def is_due_today(ticket: Ticket, now: datetime, rules: Rules) -> bool:
    """Whether the next promise is due later on the same day of the community's calendar."""
    due = sla.promise_due(ticket)
    return due is not None and now < due < sla.end_of_day(now, rules)


def waits_for(ticket: Ticket) -> To | None:
    """Who but its handler must act: the resident, the committee, the lead; None for its handler."""
    if ticket.extension:
        return To.COMMITTEE
    holder = STAGES[ticket.state].holder
    return None if holder in {To.HANDLER, To.OFFERED} else holder

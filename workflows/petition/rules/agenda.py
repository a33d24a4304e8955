"""What a ticket asks of people today: late, due today, waiting for somebody, or for a yes or no."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from workflows.core.policy import Rules
from workflows.core.timing import calendar
from workflows.petition.model import Ticket
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.stages import STAGES
from workflows.petition.words import Action, State, To

CHECK_WITHIN = timedelta(days=3)  # then who was drawn for a neutral follow-up is reminded, once


class PendingDecision(StrEnum):
    """What of a ticket can wait for somebody's yes or no."""

    PLAN = "plan"
    EXTENSION = "extension"
    EXCLUSION = "exclusion"


DECISIONS = (Action.APPROVE, Action.REJECT, Action.ENDORSE, Action.OVERRULE)


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Whether a promise that still runs is over."""
    due = CLOCKWORK.promise_due(ticket)
    return due is not None and due <= now


def is_due_today(ticket: Ticket, now: datetime, rules: Rules) -> bool:
    """Whether the next promise is due later on the same day of the community's calendar."""
    due = CLOCKWORK.promise_due(ticket)
    return due is not None and now < due < calendar.end_of_day(now, rules)


def waits_for(ticket: Ticket) -> To | None:
    """Who but its handler must act: the resident, the committee, the lead; None for its handler."""
    if ticket.extension:
        return To.COMMITTEE
    holder = STAGES[ticket.state].holder
    return None if holder in {To.HANDLER, To.OFFERED} else holder


def matters(ticket: Ticket) -> tuple[PendingDecision, ...]:
    """What of a ticket waits for a yes or no, in the order in which it is asked."""
    return tuple(_matters(ticket))


def _matters(ticket: Ticket) -> Iterator[PendingDecision]:
    if ticket.state is State.PROPOSED:
        yield PendingDecision.PLAN
    if ticket.state is State.PLANNED and ticket.extension:
        yield PendingDecision.EXTENSION
    if ticket.exclusion and ticket.exclusion.approved_by is None:
        yield PendingDecision.EXCLUSION


def seal(ticket: Ticket) -> str:
    """Names exactly what waits for a yes or no: a tap with another seal was meant for less, or
    for something else.
    """
    plan, later, asked = ticket.proposal, ticket.extension, ticket.exclusion
    words = [
        *((plan.text, plan.due.isoformat()) if plan else ()),
        *((later.reason, later.due.isoformat()) if later else ()),
        *((asked.reason, str(asked.by)) if asked else ()),
    ]
    named = "\n".join([*matters(ticket), *words])
    return hashlib.sha256(named.encode()).hexdigest()[:8]

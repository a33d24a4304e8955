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
from workflows.petition.stages import LASTING, STAGES
from workflows.petition.words import Action, ClockName, State, To

CHECK_WITHIN = timedelta(days=3)  # then who was drawn for a neutral follow-up is reminded, once


class PendingDecision(StrEnum):
    """What of a ticket can wait for somebody's yes or no."""

    PLAN = "plan"
    EXTENSION = "extension"
    EXCLUSION = "exclusion"
    OBJECTION = "objection"


# Clocks that do nothing of their own when they are due: of these it is said that they are over.
_OWED = frozenset(ClockName) - {name for name, clock in LASTING.items() if clock.on_time}
_OWED -= {stage.clock for stage in STAGES.values() if stage.clock and stage.on_time}
_ON_PLAN = (Action.APPROVE, Action.REJECT)
_YES_OR_NO: dict[PendingDecision, tuple[Action, Action]] = {
    PendingDecision.PLAN: _ON_PLAN,
    PendingDecision.EXTENSION: _ON_PLAN,
    PendingDecision.EXCLUSION: (Action.ENDORSE, Action.OVERRULE),
    PendingDecision.OBJECTION: (Action.REVIVE, Action.UPHOLD),
}
DECISIONS = tuple(dict.fromkeys(action for pair in _YES_OR_NO.values() for action in pair))


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Whether a promise that still runs is over."""
    due = CLOCKWORK.promise_due(ticket)
    return due is not None and due <= now


def overdue_at(ticket: Ticket) -> datetime | None:
    """When the first of what staff owe is over (aware UTC): the answer, the plan's date, or any
    clock of which those above are told that it is; None where nothing runs.
    """
    return min((ticket.clocks[name].due for name in _owed(ticket)), default=None)


def over(ticket: Ticket, now: datetime) -> list[ClockName]:
    """The clocks of which it is said that they are over, in the order in which they were."""
    late = [name for name in _owed(ticket) if ticket.clocks[name].due <= now]
    return sorted(late, key=lambda name: (ticket.clocks[name].due, name))


def _owed(ticket: Ticket) -> list[ClockName]:
    return [name for name in _OWED & ticket.clocks.keys() if not ticket.clocks[name].paused]


def is_due_today(ticket: Ticket, now: datetime, rules: Rules) -> bool:
    """Whether the next promise is due later on the same day of the community's calendar."""
    due = CLOCKWORK.promise_due(ticket)
    return due is not None and now < due < calendar.end_of_day(now, rules)


def waits_for(ticket: Ticket) -> To | None:
    """Who but its handler must act: the resident, the committee, the lead; None for its handler."""
    if ClockName.OBJECTION in ticket.clocks:
        return To.LEAD
    if ticket.extension:
        return To.COMMITTEE
    holder = STAGES[ticket.state].holder
    return None if holder in {To.HANDLER, To.OFFERED} else holder


def matters(ticket: Ticket) -> tuple[PendingDecision, ...]:
    """What of a ticket waits for a yes or no, in the order in which it is asked."""
    return tuple(_matters(ticket))


def decisions(ticket: Ticket) -> tuple[Action, ...]:
    """The yes and no to all that waits for them."""
    pairs = (_YES_OR_NO[matter] for matter in matters(ticket))
    return tuple(dict.fromkeys(action for pair in pairs for action in pair))


def deciders(ticket: Ticket) -> tuple[To, ...]:
    """Who says yes or no: the committee; to an objection the lead, too."""
    found = matters(ticket)
    lead = (To.LEAD,) if PendingDecision.OBJECTION in found else ()
    return (To.COMMITTEE, *lead) if found else ()


def _matters(ticket: Ticket) -> Iterator[PendingDecision]:
    if ClockName.OBJECTION in ticket.clocks:
        yield PendingDecision.OBJECTION
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
        *((ticket.objected_at.isoformat(),) if ticket.objected_at else ()),
    ]
    named = "\n".join([*matters(ticket), *words])
    return hashlib.sha256(named.encode()).hexdigest()[:8]

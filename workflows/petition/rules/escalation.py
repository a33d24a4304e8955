"""Whom a clock tells when it rings: the holder before the due moment, the ladder after it."""

from __future__ import annotations

from enum import StrEnum

from workflows.core.engine.subject import Timer
from workflows.core.timing import clocks
from workflows.petition.command import Command
from workflows.petition.model import Ticket
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.stages import LASTING, PROMISES, STAGES
from workflows.petition.words import Action, ClockName, State, To

# These run beside the others, in any state; promises are the staff's to keep, never the resident's.
# An objection is nobody's work, but for those above to answer.
_BESIDE = LASTING.keys() - PROMISES - {ClockName.OBJECTION}
# Only the committee can act when these are up.
_OF_COMMITTEE = {s.clock for s in STAGES.values() if s.holder is To.COMMITTEE}


def notices(a: Command, holder: To | None) -> list[tuple[StrEnum, str]]:
    """Whom a ringing clock tells: the holder before the due moment, the ladder after it."""
    timer = a.timer
    if timer is None:
        return []
    if a.action is Action.REMIND:
        return _reminder(a, timer, holder)
    if clocks.is_late(timer.mark) and CLOCKWORK.is_overtaken(a.ticket, timer, a.now, a.rules):
        return []
    rungs = CLOCKWORK.ladder(timer.clock, a.rules)
    rung = rungs[clocks.climbed(timer.mark, rungs)].to if rungs else To.LEAD
    if timer.clock == ClockName.CALL:  # nobody has taken it: who called hears so, too
        return [(rung, "urgent_above"), (To.RESIDENT, "calling")]
    if timer.clock in _BESIDE:
        is_supervised = timer.clock == ClockName.SUPERVISE
        return [(To.SUPERVISOR if is_supervised else _hands(a.ticket), "overdue")]
    return [(rung, "overdue"), *_beside_the_ladder(timer, holder)]


def _beside_the_ladder(timer: Timer, holder: To | None) -> list[tuple[StrEnum, str]]:
    """Who else hears it: whose turn it was, and at a broken promise whom it was given, once."""
    if timer.clock in _OF_COMMITTEE:
        return [(To.COMMITTEE, "overdue")]
    if timer.mark != clocks.DUE:
        return []
    if timer.clock in PROMISES:
        return [(To.RESIDENT, "overdue_resident"), (To.HANDLER, "overdue")]
    return [(To.HANDLER, "overdue")] if holder is To.HANDLER else []


def _reminder(a: Command, timer: Timer, holder: To | None) -> list[tuple[StrEnum, str]]:
    if timer.clock == ClockName.REFERRAL:  # what is suspended cannot be taken now
        holder = None if a.ticket.state is State.SUSPENDED else To.RECEIVER
    elif timer.clock == ClockName.OBJECTION:
        holder = To.LEAD
    elif timer.clock in _BESIDE:
        holder = _hands(a.ticket)
    if holder is None or CLOCKWORK.is_overtaken(a.ticket, timer, a.now, a.rules):
        return []
    if holder is To.OFFERED and timer.clock in PROMISES:
        holder = _hands(a.ticket)
    if holder is To.RESIDENT and timer.clock not in PROMISES:
        return [(holder, "remind_resident")]
    return [(To.HANDLER if holder is To.RESIDENT else holder, "remind")]


def _hands(ticket: Ticket) -> To:
    """Who works on it now; its lead while nobody does, or all were called and nobody took it."""
    if ticket.handler:
        return To.HANDLER
    is_asked = ticket.offered_to and not (ticket.urgent and ticket.open_to_grid)
    return To.OFFERED if is_asked else To.LEAD

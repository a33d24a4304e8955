"""What a ticket's lifecycle answers: who may do what, and what follows, purely.

`core.flow` decides by the rows of `ticket.STEPS`; here it becomes an event, notices and timers.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from workflows import ringing, sla
from workflows.attempt import NOTHING, Attempt, Given
from workflows.model import (
    Action,
    Event,
    Notice,
    Person,
    Priority,
    Ticket,
    Timer,
    To,
    Values,
)
from workflows.model.stages import STAGES
from workflows.rules import Rules
from workflows.standing import AT_WORK, relations
from workflows.standing import may_see as may_see  # noqa: PLC0414 - asked together with `may`
from workflows.ticket import (
    ASIDE as ASIDE,  # noqa: PLC0414 - asked together with `actions`
)
from workflows.ticket import HIS_OWN, PETITION, SPOKEN_TO_RESIDENTS, A, C, S, Step, Then


class Decision(Struct, frozen=True, kw_only=True):
    """What follows from an action: the ticket as it is now, the event, and who is told what."""

    ticket: Ticket
    event: Event
    notices: tuple[Notice, ...]
    timers: tuple[Timer, ...]
    then: Then | None = None  # what the desk does next


MACHINE = PETITION.machine  # built when this is read, not at the first question


def open_to(person: Person, ticket: Ticket) -> frozenset[Action]:
    """The actions whose words and files this person may have: residents not what staff write for
    themselves, and nobody who only joined what somebody else wrote.
    """
    if not relations(person, ticket) & AT_WORK:
        if person.id == ticket.resident == ticket.author:
            return SPOKEN_TO_RESIDENTS | {A.FILE}
        if person.id in {ticket.resident, *ticket.followers}:
            return SPOKEN_TO_RESIDENTS - HIS_OWN
    return frozenset(Action) if may_see(person, ticket) else frozenset()


def may(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> bool:
    """Whether the machine would accept this action from this person on this ticket now."""
    attempt = Attempt(ticket=ticket, action=action, actor=person, now=now, rules=rules)
    return PETITION.may(attempt)


def actions(person: Person, ticket: Ticket, now: datetime, rules: Rules) -> tuple[Action, ...]:
    """The buttons this person sees on this ticket: exactly what `may` allows, in table order."""
    looking = Attempt(ticket=ticket, action=A.FILE, actor=person, now=now, rules=rules)
    return PETITION.actions(looking)


def needs(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> Step:
    """The row an action would take, to ask for what it needs. Raises Refusal when it may not."""
    attempt = Attempt(ticket=ticket, action=action, actor=person, now=now, rules=rules)
    return PETITION.row_for(attempt)


def file(
    ticket: Ticket, now: datetime, rules: Rules, *, by: int | None = None, told: str = "filed",
    has_consent: bool = False,
) -> Decision:  # fmt: skip
    """The first step: a new ticket with its promise running from `ticket.filed_at`.

    The event holds what was filed, so that the chain covers every word; `by` is who files it
    (the resident, unless said), `told` the template of what the resident reads ("" for none);
    `has_consent` says that the person it is filed for agreed to it. A response clock that runs
    already runs on.
    """
    clocks = {
        C.RESPONSE: ticket.clocks.get(C.RESPONSE)
        or sla.start(C.RESPONSE, ticket, ticket.filed_at, rules),
        C.ASSIGN: sla.start(C.ASSIGN, ticket, now, rules),
    }
    filed = replace(ticket, version=1, clocks=clocks)
    event = Event(
        ticket_id=ticket.id, action=A.FILE, actor=by or ticket.resident, at=now,
        source=S.UNASSIGNED, target=S.UNASSIGNED,
        data=_what_was_filed(ticket, has_consent=has_consent),
    )  # fmt: skip
    notice = Notice(to=To.RESIDENT, template=told, ticket_id=ticket.id, is_card=True,
                    priority=Priority.REPLY)  # fmt: skip
    notices = (notice,) if told else ()
    return Decision(ticket=filed, event=event, notices=notices, timers=sla.timers(filed, rules))


def _what_was_filed(ticket: Ticket, *, has_consent: bool) -> Values:
    found = {
        "text": ticket.text, "place": ticket.place, "category": ticket.category,
        "urgent": ticket.urgent, "on_behalf": ticket.on_behalf, "parent": ticket.parent,
        "consent": has_consent,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def on_time(timer: Timer) -> Action:
    """What the system does when this timer rings."""
    if sla.is_reminder(timer.mark):
        return A.REMIND
    own = PETITION.on_time(timer.clock) if timer.mark == sla.DUE else None
    return own or A.ESCALATE


def decide(
    ticket: Ticket,
    action: Action,
    actor: Person,
    now: datetime,
    rules: Rules,
    given: Given = NOTHING,
) -> Decision:
    """What follows when `actor` does `action` now (aware UTC). Raises Refusal, changes nothing."""
    attempt = Attempt(ticket=ticket, action=action, actor=actor, now=now, rules=rules, given=given)
    taken = PETITION.decide(attempt)
    moved, step = taken.subject, taken.step
    event = Event(
        ticket_id=ticket.id, action=action, actor=actor.id, at=now,
        source=taken.source, target=taken.target, data=given.as_values(),
    )  # fmt: skip
    told = _notices(step, attempt, moved)
    timers = sla.timers(moved, rules)
    return Decision(ticket=moved, event=event, notices=told, timers=timers, then=step.then)


def _notices(step: Step, attempt: Attempt, moved: Ticket) -> tuple[Notice, ...]:
    """The row's messages, and the clock's own for a reminder or a breach."""
    values = attempt.as_values()
    named = attempt.given.to.id if attempt.given.to else None
    rows = [*step.tells, *ringing.notices(attempt, STAGES[moved.state].holder)]
    urgent = moved.urgent or step.action is A.ESCALATE
    return tuple(
        Notice(
            to=named if to is To.NAMED and named else to, template=template, values=values,
            ticket_id=moved.id, is_card=True,
            urgent=urgent, answers=step.answers and to is To.RESIDENT,
        )
        for to, template in rows
    )  # fmt: skip

"""What a ticket's lifecycle answers: who may do what, and what follows, purely.

`core.flow` decides by the rows of `lifecycle.STEPS`; here it becomes an event, notices and timers.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from workflows.core.engine import decision
from workflows.core.engine.subject import Timer
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority, Values
from workflows.core.talk.needs import NOTHING, Answers
from workflows.petition.command import Command
from workflows.petition.lifecycle import HIS_OWN, PETITION, SPOKEN_TO_RESIDENTS, A, C, Step
from workflows.petition.model import Ticket
from workflows.petition.rules.relations import AT_WORK, relations
from workflows.petition.rules.relations import may_see as may_see  # noqa: PLC0414 - asked together with `may`
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.words import Action, To

Decision = decision.Decision[Ticket]
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


def command(
    ticket: Ticket, action: Action, actor: Person, now: datetime, rules: Rules,
    answers: Answers = NOTHING,
) -> Command:  # fmt: skip
    """Somebody about to do something with a ticket."""
    return Command(
        subject=ticket, action=action, actor=actor, now=now, rules=rules, answers=answers
    )


def may(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> bool:
    """Whether the machine would accept this action from this person on this ticket now."""
    return PETITION.may(command(ticket, action, person, now, rules))


def actions(person: Person, ticket: Ticket, now: datetime, rules: Rules) -> tuple[Action, ...]:
    """The buttons this person sees on this ticket: exactly what `may` allows, in table order."""
    return PETITION.actions(command(ticket, A.FILE, person, now, rules))


def needs(person: Person, action: Action, ticket: Ticket, now: datetime, rules: Rules) -> Step:
    """The row an action would take, to ask for what it needs. Raises Refusal when it may not."""
    return PETITION.row_for(command(ticket, action, person, now, rules))


def file(
    ticket: Ticket, now: datetime, rules: Rules, *, by: int | None = None, told: str = "filed",
    has_consent: bool = False, cause: int = 0,
) -> Decision:  # fmt: skip
    """The first step: a new ticket with its promise running from `ticket.filed_at`.

    The event holds what was filed, so that the chain covers every word; `by` is who files it
    (the resident, unless said), `told` the template of what the resident reads ("" for none);
    `has_consent` says that the person it is filed for agreed to it, `cause` which subject made it
    needed. A response clock that runs already runs on.
    """
    promise = ticket.clocks.get(C.RESPONSE) or CLOCKWORK.start(
        C.RESPONSE, ticket, ticket.filed_at, rules
    )
    notice = Notice(to=To.RESIDENT, template=told, ticket_id=ticket.id, is_card=True,
                    priority=Priority.REPLY)  # fmt: skip
    return decision.begin(
        PETITION, replace(ticket, clocks={C.RESPONSE: promise}), by or ticket.resident, now, rules,
        data=_what_was_filed(ticket, has_consent=has_consent, cause=cause),
        notices=(notice,) if told else (),
    )  # fmt: skip


def _what_was_filed(ticket: Ticket, *, has_consent: bool, cause: int) -> Values:
    found = {
        "text": ticket.text, "place": ticket.place, "category": ticket.category,
        "urgent": ticket.urgent, "on_behalf": ticket.on_behalf, "parent": ticket.parent,
        "consent": has_consent, "cause": cause,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def on_time(timer: Timer) -> Action:
    """What the system does when this timer rings."""
    return decision.on_time(PETITION, timer) or A.ESCALATE


def decide(
    ticket: Ticket,
    action: Action,
    actor: Person,
    now: datetime,
    rules: Rules,
    answers: Answers = NOTHING,
) -> Decision:
    """What follows when `actor` does `action` now (aware UTC). Raises Refusal, changes nothing."""
    return decision.decide(PETITION, command(ticket, action, actor, now, rules, answers))

"""Plans and dates: what is promised, what the committee agrees to, and when it is due."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.talk.needs import DUE, TEXT
from workflows.petition.command import Command
from workflows.petition.model import Extension, Proposal, Ticket


def make_plan(a: Command) -> Ticket:
    """Who does what by when; a date in the past is no plan."""
    return replace(a.ticket, plan=a.answers[TEXT], plan_due=ahead(a))


def ahead(a: Command) -> datetime | None:
    """The date given. Raises Refusal for one that is over."""
    due = a.answers[DUE]
    if due and due <= a.now:
        raise Refusal("refused_past")
    return due


def propose_plan(a: Command) -> Ticket:
    """A plan for the committee; one that was agreed before stands until this one is."""
    due = ahead(a)
    if due is None:
        raise Refusal("refused_past")
    return replace(a.ticket, proposal=Proposal(text=a.answers[TEXT], due=due))


def adopt_plan(a: Command) -> Ticket:
    """The committee agreed, while there is still time for it."""
    proposal = a.ticket.proposal
    if proposal is None or proposal.due <= a.now:
        raise Refusal("refused_over")
    return replace(a.ticket, plan=proposal.text, plan_due=proposal.due, proposal=None)


def drop_proposal(a: Command) -> Ticket:
    """The committee did not agree."""
    return replace(a.ticket, proposal=None)


def ask_extension(a: Command) -> Ticket:
    """A later date waits for the committee; the old one stands until then."""
    due, now_due = a.answers[DUE], a.ticket.plan_due
    if due is None or (now_due and due <= now_due):
        raise Refusal("refused_earlier")
    return replace(a.ticket, extension=Extension(reason=a.answers[TEXT], due=due))


def grant_extension(a: Command) -> Ticket:
    """The new date stands."""
    asked = a.ticket.extension
    if asked is None or asked.due <= a.now:
        raise Refusal("refused_over")
    return replace(a.ticket, extension=None, plan_due=asked.due)


def refuse_extension(a: Command) -> Ticket:
    """The old date stands."""
    return replace(a.ticket, extension=None)


def date_given(a: Command) -> datetime | None:
    """The date that somebody promises."""
    return a.answers[DUE]


def date_proposed(a: Command) -> datetime | None:
    """The date of the plan the committee agrees to."""
    return a.ticket.proposal.due if a.ticket.proposal else None


def date_asked(a: Command) -> datetime | None:
    """The later date the committee agrees to."""
    return a.ticket.extension.due if a.ticket.extension else None

"""What the bot is in the middle of with a person: a petition in the making, a form, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from workflows.core.forms import Form
from workflows.core.people import Person
from workflows.petition.intake.draft import Draft
from workflows.petition.lifecycle import HIS_OWN
from workflows.petition.model import Ticket
from workflows.petition.relations import AT_WORK, relations
from workflows.petition.words import Action

WRITING = timedelta(minutes=10)  # since the last question; who answers no longer has gone


class Tail(Struct, frozen=True, kw_only=True):
    """An album whose first picture was an answer: the others belong to the same action."""

    album: str
    ticket_id: int
    action: Action


class Batch(Struct, frozen=True, kw_only=True):
    """What was chosen, of the tickets alike, to be done together with one of them."""

    ticket_id: int
    chosen: tuple[int, ...] = ()


class Leave(Struct, frozen=True, kw_only=True):
    """Until when somebody is away was just asked; the answer may be typed."""

    person_id: int
    asked_at: datetime


class Burst(Struct, frozen=True, kw_only=True):
    """How much somebody has sent since a moment (aware UTC)."""

    since: datetime
    count: int


class Dialog(Struct, frozen=True, kw_only=True):
    """One row a person. A form that is open is answered first; the draft waits for it."""

    person_id: int
    draft: Draft | None = None
    form: Form | None = None
    station: str = ""
    tail: Tail | None = None
    burst: Burst | None = None
    leave: Leave | None = None
    batch: Batch | None = None


def writer(
    dialogs: Iterable[tuple[Person, Dialog]], ticket: Ticket, reader: Person, now: datetime
) -> tuple[Person, Action] | None:
    """Who else of the staff is just writing about a ticket, and what; None for a resident to know.

    Who answers or adds as the ticket's own resident is not at work on it.
    """
    if not relations(reader, ticket) & AT_WORK:
        return None
    for person, dialog in dialogs:
        form = dialog.form
        is_here = form and form.ticket_id == ticket.id and form.action not in HIS_OWN
        is_now = form and form.asked_at and now - form.asked_at <= WRITING
        is_staff = person.id != reader.id and relations(person, ticket) & AT_WORK
        if form and is_here and is_now and is_staff:
            return person, form.action
    return None

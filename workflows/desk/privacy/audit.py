"""Who saw and did what with a petition: written down as staff look, listed for who stands above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from workflows.core.errors import Refusal
from workflows.core.messages import Incoming, Notice, Priority
from workflows.core.numbers import parse_number
from workflows.core.people import SYSTEM, Person, Role
from workflows.core.permissions import AUDITORS
from workflows.core.places import community_of, covers
from workflows.core.subject import Event
from workflows.core.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.petition.model import Ticket
from workflows.petition.relations import AT_WORK, relations
from workflows.petition.store import queries
from workflows.petition.words import Action
from workflows.store import Tx, access_log
from workflows.store.access_log import Term

_RANKS = (*reversed(AUDITORS), Role.LEAD, Role.WORKER, Role.PIONEER)
_RESIDENT, _SYSTEM = "resident", "system"


def note(context: Context, ticket: Ticket, person: Person, what: str) -> None:
    """Write down that somebody read `what` of a ticket, unless he did as its own resident."""
    is_own = person.id in {ticket.resident, *ticket.followers}
    if person.is_staff and (not is_own or relations(person, ticket) & AT_WORK):
        context.tx.work.looks.append(row(ticket, person, what, context.now))


def row(ticket: Ticket, person: Person, what: str, at: datetime) -> dict[str, Any]:
    """One look, as it is stored."""
    return {"ticket_id": ticket.id, "person_id": person.id, "what": what, "at": at}


class Entry(Struct, frozen=True, kw_only=True):
    """Somebody saw ("look") or did ("step") something."""

    person_id: int
    kind: str
    what: str
    at: datetime


# listing it


async def show(context: Context, incoming: Incoming, person: Person) -> None:
    """/audit <number>. Raises Refusal, the same for "none" and "not yours"."""
    if not any(m.role in AUDITORS for m in person.memberships):
        raise Refusal("refused_staff_only")
    await _show(context, incoming, person, parse_number(incoming.text), "0")


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Another page."""
    await _show(context, incoming, person, incoming.tap.number, incoming.tap.at(0))


async def _show(
    context: Context, incoming: Incoming, person: Person, ticket_id: int | None, asked: str
) -> None:
    ticket = await context.tx.ticket(ticket_id) if ticket_id else None
    if ticket is None or not any(person.has_role(role, ticket.place) for role in AUDITORS):
        raise Refusal("refused_unknown")
    entries = await _entries(context.tx, ticket)
    page = paging.page_of(len(entries), asked)
    shown = entries[page * paging.PAGE :][: paging.PAGE]
    values = {
        "lines": await _lines(context.tx, ticket, shown), "total": len(entries),
        "first": page * paging.PAGE + 1, "number": ticket.id,
    }  # fmt: skip
    buttons = paging.turns(Tap(kind="audit", subject=ticket.id), page, len(entries))
    notice = Notice(
        to=person.id, template="audit", values=values, buttons=buttons, priority=Priority.REPLY
    )
    paging.answer(context, incoming, notice)


async def _entries(tx: Tx, ticket: Ticket) -> list[Entry]:
    """What people saw and did, in order, and who had words taken out; all else that the system
    does is in the steps.
    """
    seen = [
        Entry(person_id=x.person_id, kind="look", what=x.what, at=x.at)
        for x in await access_log.at(tx.conn, ticket.id)
    ]
    done = [
        Entry(person_id=_whose(e), kind="step", what=e.action, at=e.at)
        for e in await queries.timeline(tx.conn, ticket.id)
        if e.actor or e.action == Action.ERASE
    ]
    return sorted([*done, *seen], key=lambda entry: entry.at)


def _whose(event: Event) -> int:
    """Whose step it was: words are taken out by the system, for whoever asked for it."""
    return int(event.actor or event.data.get("to", SYSTEM.id))


async def _lines(tx: Tx, ticket: Ticket, entries: list[Entry]) -> list[dict[str, object]]:
    """Each with the name and the role of that moment; residents are not named."""
    ids = {entry.person_id for entry in entries}
    terms = await access_log.terms(tx.conn, ids)
    people = {i: await tx.person(i) for i in ids}
    lines: list[dict[str, object]] = []
    for entry in entries:
        role = _role(terms, entry, ticket)
        person = people[entry.person_id] if role != _RESIDENT else None
        lines.append(
            {"at": entry.at.isoformat(), "name": person.name if person else "", "role": role,
             "kind": entry.kind, "what": entry.what}
        )  # fmt: skip
    return lines


def _role(terms: Iterable[Term], entry: Entry, ticket: Ticket) -> str:
    """In which role somebody saw or did it, by the roster of that moment."""
    if entry.person_id == SYSTEM.id:
        return _SYSTEM
    here = community_of(ticket.place)
    held = {
        term.role
        for term in terms
        if term.person_id == entry.person_id
        and term.since <= entry.at
        and (term.until is None or entry.at <= term.until)
        and (covers(term.place, ticket.place) or covers(here, term.place))
    }
    return next((role.value for role in _RANKS if role in held), _RESIDENT)


async def seen(tx: Tx, ticket: Ticket, person: Person) -> list[dict[str, Any]]:
    """For the resident himself: when staff looked, in which role; no names."""
    entries = [e for e in await _entries(tx, ticket) if e.kind == "look"]
    others = [e for e in entries if e.person_id != person.id]
    return [
        {"at": line["at"], "role": line["role"], "what": line["what"]}
        for line in await _lines(tx, ticket, others)
    ]

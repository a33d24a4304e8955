"""Who saw and did what with a petition: written down as staff look, listed for who stands above."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from msgspec import Struct

from workflows.core.engine.subject import ERASE, Event, Subject
from workflows.core.errors import Refusal
from workflows.core.numbers import parse_number
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import AUDITORS, RANKS
from workflows.core.places import community_of, covers
from workflows.core.talk.messages import Incoming, Notice, Priority
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.store import Tx, access_log
from workflows.store.access_log import Term

_RESIDENT, _SYSTEM = "resident", "system"


def note(context: Context, subject: Subject, person: Person, what: str) -> None:
    """Write down that somebody read `what` of a subject, unless he did as its own resident."""
    readers = context.workflows.of(subject).readers
    is_own = readers.is_own(person, subject) and not readers.is_work(person, subject)
    if person.is_staff and not is_own:
        context.tx.work.looks.append(row(subject, person, what, context.now))


def row(subject: Subject, person: Person, what: str, at: datetime) -> dict[str, Any]:
    """One look, as it is stored."""
    return {"ticket_id": subject.id, "person_id": person.id, "what": what, "at": at}


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
    context: Context, incoming: Incoming, person: Person, number: int | None, asked: str
) -> None:
    subject = await context.tx.subject(number) if number else None
    if subject is None or not any(person.has_role(role, subject.place) for role in AUDITORS):
        raise Refusal("refused_unknown")
    entries = await _entries(context.tx, subject)
    page = paging.page_of(len(entries), asked)
    shown = entries[page * paging.PAGE :][: paging.PAGE]
    own = context.workflows.of(subject).readers.own
    values = {
        "lines": await _lines(context.tx, subject, shown, own), "total": len(entries),
        "first": page * paging.PAGE + 1, "number": subject.id, "kind": subject.kind,
    }  # fmt: skip
    buttons = paging.turns(Tap(kind="audit", subject=subject.id), page, len(entries))
    notice = Notice(
        to=person.id, template="audit", values=values, buttons=buttons, priority=Priority.REPLY
    )
    paging.answer(context, incoming, notice)


async def _entries(tx: Tx, subject: Subject) -> list[Entry]:
    """What people saw and did, in order, and who had words taken out; all else that the system
    does is in the steps.
    """
    seen = [
        Entry(person_id=x.person_id, kind="look", what=x.what, at=x.at)
        for x in await tx.ask(access_log.at, subject.id)
    ]
    done = [
        Entry(person_id=_whose(e), kind="step", what=e.action, at=e.at)
        for e in await tx.timeline(subject)
        if e.actor or e.action == ERASE
    ]
    return sorted([*done, *seen], key=lambda entry: entry.at)


def _whose(event: Event) -> int:
    """Whose step it was: words are taken out by the system, for whoever asked for it."""
    return int(event.actor or event.data.get("to", SYSTEM.id))


async def _lines(
    tx: Tx, subject: Subject, entries: list[Entry], own: AbstractSet[str] = frozenset()
) -> list[dict[str, object]]:  # fmt: skip
    """Each with the name and the role of that moment; residents are not named."""
    ids = {entry.person_id for entry in entries}
    terms = await tx.ask(access_log.terms, ids)
    people = {i: await tx.person(i) for i in ids}
    lines: list[dict[str, object]] = []
    for entry in entries:
        is_own = entry.kind == "step" and entry.what in own
        role = _role(terms, entry, subject.place, is_own=is_own)
        person = people[entry.person_id] if role != _RESIDENT else None
        lines.append(
            {"at": entry.at.isoformat(), "name": person.name if person else "", "role": role,
             "kind": entry.kind, "what": entry.what}
        )  # fmt: skip
    return lines


def _role(terms: Iterable[Term], entry: Entry, place: str, *, is_own: bool) -> str:
    """In which role somebody saw or did it, by the roster of that moment; a step that nobody but
    residents take (`is_own`) he took as one, whatever else he was.
    """
    if entry.person_id == SYSTEM.id:
        return _SYSTEM
    if is_own:
        return _RESIDENT
    here = community_of(place)
    held = {
        term.role
        for term in terms
        if term.person_id == entry.person_id
        and term.since <= entry.at
        and (term.until is None or entry.at <= term.until)
        and (covers(term.place, place) or covers(here, term.place))
    }
    return next((role.value for role in reversed(RANKS) if role in held), _RESIDENT)


async def seen(tx: Tx, subject: Subject, person: Person) -> list[dict[str, Any]]:
    """For the resident himself: when staff looked, in which role; no names."""
    entries = [e for e in await _entries(tx, subject) if e.kind == "look"]
    others = [e for e in entries if e.person_id != person.id]
    return [
        {"at": line["at"], "role": line["role"], "what": line["what"]}
        for line in await _lines(tx, subject, others)
    ]

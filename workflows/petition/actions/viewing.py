"""Showing things: a ticket's card, its steps, its pictures."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.messages import Attachment, Incoming, Notice, Priority
from workflows.core.numbers import parse_number
from workflows.core.people import Person
from workflows.desk.context import Context
from workflows.desk.privacy import audit
from workflows.petition import engine
from workflows.petition.lifecycle import RESIDENTS_ALONE, TOLD_TO_RESIDENTS
from workflows.petition.model import Ticket
from workflows.petition.store import queries
from workflows.petition.words import Action

_LISTED = 10
_ALBUM = 10  # files in one album
_TOGETHER = ({"photo", "video"}, {"document"})
_PART = 800  # characters a message, short enough even if each must be escaped


def show_ticket(context: Context, ticket: Ticket, person: Person, template: str = "shown") -> None:
    """Send a fresh card; "more" has the rarer actions. That staff looked is written down."""
    audit.note(context, ticket, person, "card")
    notice = Notice(
        to=person.id, template=template, ticket_id=ticket.id, is_card=True, priority=Priority.REPLY
    )
    context.reply(notice)


async def show_number(context: Context, person: Person, text: str) -> None:
    """The ticket behind a number; the same answer for "none" and "not yours"."""
    ticket_id = parse_number(text)
    ticket = await context.tx.ticket(ticket_id) if ticket_id else None
    if ticket is None or not engine.may_see(person, ticket):
        raise Refusal("refused_unknown")
    show_ticket(context, ticket, person)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button to look at a ticket: its card, the rarer actions, its steps, files or text."""
    ticket = await context.tx.ticket(incoming.tap.number)
    if ticket is None or not engine.may_see(person, ticket):
        raise Refusal("refused_unknown")
    context.toast(incoming)
    await incoming.tap.meant(_LOOKS)(context, ticket, person)


async def _show_card(context: Context, ticket: Ticket, person: Person) -> None:
    show_ticket(context, ticket, person)


async def _show_more(context: Context, ticket: Ticket, person: Person) -> None:
    show_ticket(context, ticket, person, "more")


async def _show_steps(context: Context, ticket: Ticket, person: Person) -> None:
    """The timeline; a resident does not read the staff's own words among themselves."""
    audit.note(context, ticket, person, "steps")
    spoken = engine.open_to(person, ticket)
    is_staff = spoken == frozenset(Action)
    steps = [
        {"action": e.action, "actor": e.actor,
         "is_resident": bool(e.actor) and e.action in RESIDENTS_ALONE, "at": e.at.isoformat(),
         "text": e.data.get("text", "") if e.action in spoken or e.actor == person.id else "",
         "checked": e.data.get("checked", []) if is_staff else []}
        for e in await queries.timeline(context.tx.conn, ticket.id)
        if is_staff or e.action in TOLD_TO_RESIDENTS
    ]  # fmt: skip
    context.reply(
        Notice(
            to=person.id,
            template="steps",
            values={"steps": steps},
            ticket_id=ticket.id,
            priority=Priority.REPLY,
        )
    )


async def _show_files(context: Context, ticket: Ticket, person: Person) -> None:
    """Every file this person may see; pictures and videos, and documents, in albums."""
    files = await context.tx.files(ticket.id, engine.open_to(person, ticket))
    if not files:
        raise Refusal("refused_no_files")
    audit.note(context, ticket, person, "files")
    for album in _albums(files):
        notice = Notice(
            to=person.id, template="files", ticket_id=ticket.id, priority=Priority.REPLY,
            attachments=album,
        )  # fmt: skip
        context.reply(notice)


def _albums(files: tuple[Attachment, ...]) -> list[tuple[Attachment, ...]]:
    """What can be sent together: Telegram mixes only pictures with videos, ten at the most."""
    together = [[f for f in files if f.kind in kinds] for kinds in _TOGETHER]
    albums = [tuple(some[i : i + _ALBUM]) for some in together for i in range(0, len(some), _ALBUM)]
    alone = [(f,) for f in files if not any(f.kind in kinds for kinds in _TOGETHER)]
    return [*albums, *alone]


async def _show_text(context: Context, ticket: Ticket, person: Person) -> None:
    """The whole petition, in as many messages as it takes; not for those who only follow."""
    if Action.FILE not in engine.open_to(person, ticket):
        raise Refusal("refused_unknown")
    audit.note(context, ticket, person, "text")
    for start in range(0, len(ticket.text), _PART):
        notice = Notice(
            to=person.id, template="text", values={"text": ticket.text[start : start + _PART]},
            ticket_id=ticket.id, priority=Priority.REPLY,
        )  # fmt: skip
        context.reply(notice)


_LOOKS = {
    "card": _show_card,
    "more": _show_more,
    "steps": _show_steps,
    "files": _show_files,
    "text": _show_text,
}

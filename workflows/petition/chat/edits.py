"""What a resident changes in his petition after it was filed: his own message, edited."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.people import Person
from workflows.core.places import community_of, covers, place_key
from workflows.core.placing import finding
from workflows.core.talk.messages import Button, Incoming, Notice, Priority
from workflows.core.talk.needs import TEXT, Answers
from workflows.desk.context import Context
from workflows.petition import engine, service
from workflows.petition.chat.taps import acting
from workflows.petition.intake.draft import Part, join
from workflows.petition.model import Ticket
from workflows.petition.store import lookups, texts
from workflows.petition.words import Action


async def reword(context: Context, incoming: Incoming, person: Person) -> bool:
    """An edited message of a filed petition is its next version; all of them are kept. Returns
    whether it belongs to one of his.

    Raises Refusal when the petition is over.
    """
    ticket = await lookups.of_text(context.tx, person.id, incoming.message_id)
    if ticket is None or ticket.resident != person.id:
        return False
    parts = await texts.of(context.tx, ticket.id)
    changed = tuple(_edited(part, incoming) for part in parts)
    if changed == parts:  # a preview or a reaction came to it, no new words
        return True
    await service.perform(context, ticket, Action.EDIT, person, Answers({TEXT: _joined(changed)}))
    texts.add(context.tx, ticket.id, person.id, set(changed) - set(parts))
    _report(context, ticket, person)
    _ask_place(context, ticket, person, join(changed))
    return True


def _joined(parts: tuple[Part, ...]) -> str:
    """As one text; a picture may have no words."""
    return join(tuple(part for part in parts if part.text))


def _edited(part: Part, incoming: Incoming) -> Part:
    is_it = part.message_id == incoming.message_id
    return replace(part, text=incoming.text) if is_it else part


def _report(context: Context, ticket: Ticket, person: Person) -> None:
    """The resident sees what it is now."""
    notice = Notice(
        to=person.id, template="done", values={"action": Action.EDIT.value},
        ticket_id=ticket.id, is_card=True, priority=Priority.REPLY,
    )  # fmt: skip
    context.reply(notice)


def _ask_place(context: Context, was: Ticket, person: Person, text: str) -> None:
    """Where the words name another place than before, he is asked whether it is there."""
    places = context.rules.places
    meant, before = (finding.find(t, places, was.place).place for t in (text, was.text))
    is_new = meant and meant != before and not covers(meant, was.place)
    is_near = community_of(meant) == community_of(was.place)
    if not (is_new and is_near):
        return
    if engine.may(person, Action.RELOCATE, was, context.now, context.rules):
        tap = acting(was.id, Action.RELOCATE, place_key(meant))
        notice = Notice(
            to=person.id, template="edit_place", values={"place": meant, "before": was.place},
            buttons=((Button(tap=tap, label=f"@{meant}"),),), priority=Priority.REPLY,
        )  # fmt: skip
        context.reply(notice)

"""A petition's own words, whole."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.talk.messages import Notice, Priority
from workflows.desk.context import Context
from workflows.desk.privacy import audit
from workflows.petition import engine
from workflows.petition.model import Ticket
from workflows.petition.words import Action

_PART = 800  # characters a message, short enough even if each must be escaped


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


LOOKS = {"text": _show_text}

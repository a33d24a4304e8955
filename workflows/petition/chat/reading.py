"""A petition's own words, whole."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.petition import engine
from workflows.petition.model import Ticket
from workflows.petition.words import Action


async def _show_text(context: Context, ticket: Ticket, person: Person) -> None:
    """The whole petition; not for those who only follow."""
    if Action.FILE not in engine.open_to(person, ticket):
        raise Refusal("refused_unknown")
    viewing.show_text(context, ticket, person, ticket.text)


LOOKS = {"text": _show_text}

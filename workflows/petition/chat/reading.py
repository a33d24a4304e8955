"""A petition's own words, whole; and its files, with those of what was merged into it."""

from __future__ import annotations

from collections.abc import Collection

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.talk.messages import Attachment
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.petition import engine
from workflows.petition.lifecycle import AS_RESIDENT
from workflows.petition.model import Ticket
from workflows.petition.rules.relations import AT_WORK, relations
from workflows.petition.store import queries
from workflows.petition.words import Action
from workflows.store import Tx


async def _show_text(context: Context, ticket: Ticket, person: Person) -> None:
    """The whole petition; not for those who only follow."""
    if Action.FILE not in engine.open_to(person, ticket):
        raise Refusal("refused_unknown")
    viewing.show_text(context, ticket, person, ticket.text)


async def files(
    tx: Tx, ticket: Ticket, person: Person, merged: Collection[int]
) -> tuple[Attachment, ...]:
    """All that this person may see; what its people sent with the `merged` is for staff alone."""
    own = await tx.files(ticket.id, engine.open_to(person, ticket))
    if not merged or not relations(person, ticket) & AT_WORK:
        return own
    return (*own, *[f for one in merged for f in await tx.files(one, _BROUGHT)])


async def _show_files(context: Context, ticket: Ticket, person: Person) -> None:
    found = (await context.tx.ask(queries.merged_into, [ticket.id])).get(ticket.id, [])
    seen = await files(context.tx, ticket, person, [one.id for one in found])
    viewing.show_files(context, ticket, person, seen)


_BROUGHT = AS_RESIDENT | {Action.FILE}
LOOKS = {"text": _show_text, "files": _show_files}

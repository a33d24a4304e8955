"""A petition filed for somebody else: a link by which that person takes it over."""

from __future__ import annotations

import secrets

from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.tokens import token_hash
from workflows.desk.context import Context
from workflows.petition.model import Ticket
from workflows.petition.store import handovers


async def hand_link(context: Context, ticket: Ticket, person: Person) -> None:
    """Owe the filer a start link, single use and expiring, for the person it was filed for."""
    token = secrets.token_urlsafe(24)
    expires_at = context.now + context.rules.invitation_lasts
    await context.tx.do(handovers.offer, token_hash(token), ticket.id, expires_at)
    context.say(person.id, "entrusted", payload=f"to_{token}", number=format_number(ticket.id))

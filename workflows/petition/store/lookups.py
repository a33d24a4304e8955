"""Tickets by whatever leads to them; each is loaded once in a unit of work."""

from __future__ import annotations

from workflows.petition.model import Ticket
from workflows.petition.store import handovers, queries, texts
from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.store import Tx
from workflows.store.messages import said


async def of_draft(tx: Tx, draft_id: str) -> Ticket | None:
    """The ticket a draft became, or None."""
    found = next((x.id for x in tx.known_of(TICKETS) if x.draft_id == draft_id), None)
    return await _get(tx, found or await tx.ask(queries.id_of_draft, draft_id))


async def of_text(tx: Tx, person_id: int, message_id: int) -> Ticket | None:
    """The ticket that a resident's message became part of, or None."""
    key = (person_id, message_id)
    rows = (r for r in tx.added(own.ticket_texts) if (r["person_id"], r["message_id"]) == key)
    added = next((row["ticket_id"] for row in rows), None)
    return await _get(tx, added or await tx.ask(texts.id_of_text, person_id, message_id))


async def of_message(tx: Tx, chat_id: int, message_id: int) -> Ticket | None:
    """The ticket that a message of ours was about, or None."""
    return await _get(tx, await tx.ask(said.id_of_message, chat_id, message_id))


async def by_handover(tx: Tx, token_hash: str, person_id: int) -> Ticket | None:
    """Use such a link up: its ticket, or None if it is not valid (any more)."""
    return await _get(tx, await tx.do(handovers.redeem, token_hash, person_id, tx.now))


async def held_by(tx: Tx, person_id: int) -> list[Ticket]:
    """Open tickets this handler has in hand or on offer, oldest first."""
    return await tx.get_all(TICKETS, (await tx.ask(queries.ids_held_by, [person_id]))[person_id])


async def brought_by(tx: Tx, person_id: int, limit: int) -> list[Ticket]:
    """A resident's own and followed tickets, newest first."""
    return await tx.get_all(TICKETS, await tx.ask(queries.ids_brought_by, person_id, limit))


async def open_at(tx: Tx, place: str, limit: int) -> list[Ticket]:
    """Open tickets at a place and inside it, oldest first."""
    return await tx.get_all(TICKETS, await tx.ask(queries.ids_open_at, place, limit))


async def _get(tx: Tx, ticket_id: int | None) -> Ticket | None:
    return await tx.get(TICKETS, ticket_id) if ticket_id else None

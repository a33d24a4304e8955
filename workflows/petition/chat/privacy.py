"""What petitions hold about a person: given to him; erased on his wish, or when time is over."""

from __future__ import annotations

from typing import Any

import structlog

from workflows.core.errors import Refusal
from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import TO, Answers
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.privacy import audit
from workflows.petition import engine, service
from workflows.petition.intake.kept import draft_of
from workflows.petition.lifecycle import AS_RESIDENT, TOLD_TO_RESIDENTS
from workflows.petition.model import Ticket
from workflows.petition.store import erasure
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action
from workflows.store import Tx

_AT_ONCE = 50  # petitions that a night's step takes the words out of
_log = structlog.get_logger()


async def check(context: Context, person: Person) -> None:
    """Raises Refusal while something that he filed waits for somebody."""
    await _filed(context, person)


async def forget(context: Context, person: Person) -> int:
    """Take out all that he said; how many petitions were his."""
    filed, left = await _filed(context, person), await _left(context.tx, person)
    tickets = [*filed, *left]
    joined = await _joined(context.tx, person, tickets)
    own = [t.id for t in tickets]
    await context.tx.now_writing()
    others = [t.id for t in joined]
    await context.tx.do(erasure.erase, person.id, own, others, AS_RESIDENT, context.now)
    for ticket in (*tickets, *joined):
        await service.perform(context, ticket, Action.ERASE, SYSTEM, Answers({TO: person}))
    return len(tickets)


async def _whole(tx: Tx, ids: list[int]) -> list[Ticket]:
    """These tickets, every one of them: what is to be erased must be read. Raises
    UnreadableError.
    """
    await tx.get_all(TICKETS, ids)  # at once
    return [ticket for i in ids if (ticket := await tx.get(TICKETS, i))]


async def _left(tx: Tx, person: Person) -> list[Ticket]:
    """What is somebody else's now and still has his words."""
    return await _whole(tx, await tx.ask(erasure.ids_left_by, person.id))


async def _joined(tx: Tx, person: Person, own: list[Ticket]) -> list[Ticket]:
    """What others filed and he added to as a neighbour."""
    found = await tx.get_all(TICKETS, await tx.ask(erasure.ids_joined_by, person.id, AS_RESIDENT))
    return [ticket for ticket in found if ticket not in own]


async def _filed(context: Context, person: Person) -> list[Ticket]:
    """All he filed. Raises Refusal while he is staff, or something of it waits for somebody."""
    if person.is_staff:
        raise Refusal("refused_forget_staff")
    tickets = await _whole(context.tx, await context.tx.ask(erasure.ids_filed_by, person.id))
    still_open = [t for t in tickets if not t.is_settled]
    if still_open:
        raise Refusal("refused_forget_open", count=len(still_open))
    return tickets


async def held(tx: Tx, person: Person) -> dict[str, Any]:
    """What he filed, added and is just writing; of others only the role they acted in."""
    tickets = await tx.get_all(TICKETS, await tx.ask(erasure.ids_filed_by, person.id))
    draft = draft_of(await tx.dialog(person.id))
    joined = await _joined(tx, person, tickets)
    return {
        "in_the_making": {"text": draft.text, "on_behalf": draft.on_behalf} if draft else None,
        "petitions": [await _petition(tx, ticket, person) for ticket in tickets],
        "added": [await _added(tx, ticket, person) for ticket in joined],
    }


async def _petition(tx: Tx, ticket: Ticket, person: Person) -> dict[str, Any]:
    spoken = engine.open_to(person, ticket)
    steps = [
        {"at": e.at, "action": e.action, "by": _by(e.actor, person),
         "text": e.data.get("text", "") if e.action in spoken else ""}
        for e in await tx.timeline(ticket)
        if e.actor == person.id or e.action in TOLD_TO_RESIDENTS
    ]  # fmt: skip
    files = await tx.files(ticket.id, spoken)
    return {
        "number": format_number(ticket.id), "place": ticket.place, "category": ticket.category,
        "text": ticket.text if Action.FILE in spoken else "",
        "on_behalf": ticket.on_behalf, "contact": ticket.contact, "state": ticket.state.value,
        "filed_at": ticket.filed_at, "plan": ticket.plan, "plan_due": ticket.plan_due,
        "result": ticket.result if ticket.stage.is_answer else "",
        "rating": ticket.rating, "solved": ticket.solved,
        "why": ticket.why, "ended_at": ticket.ended_at,
        "files": [{"kind": f.kind, "file_id": f.file_id} for f in files], "steps": steps,
        "seen_by_staff": await audit.seen(tx, ticket, person),
    }  # fmt: skip


async def _added(tx: Tx, ticket: Ticket, person: Person) -> dict[str, Any]:
    """What he said to somebody else's petition."""
    steps = [
        {"at": e.at, "action": e.action, "text": e.data.get("text", "")}
        for e in await tx.timeline(ticket)
        if e.actor == person.id and e.action in AS_RESIDENT
    ]  # fmt: skip
    return {"number": format_number(ticket.id), "steps": steps}


def _by(actor: int, person: Person) -> str:
    return "you" if actor == person.id else "staff" if actor else "system"


async def expire(context: Context) -> bool:
    """Take the words out of some whose time is over. Returns whether there were any."""
    if context.rules.retention is None:
        return False
    before = context.now - context.rules.retention
    ids = await context.tx.ask(erasure.ids_to_erase, before, _AT_ONCE)
    bare = [x.id for x in await context.tx.get_all(TICKETS, ids) if await _is_bare(context, x)]
    if others := set(ids).difference(bare):
        await context.tx.do(erasure.blank, others)
    if ids:
        await context.tx.do(erasure.erase_tickets, ids, context.now)
        _log.info("words_expired", tickets=ids)
    return bool(ids)


async def _is_bare(context: Context, ticket: Ticket) -> bool:
    """Whether its own row has lost its words by a step, as every one that can be read does."""
    error = await guarding.tried(context, service.perform(context, ticket, Action.ERASE, SYSTEM))
    return error is None

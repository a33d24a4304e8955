"""A person's rights over what is held about him: /mydata to have it, /forget to have it erased."""

from __future__ import annotations

from typing import Any

import structlog
from msgspec.structs import replace

from workflows.core.dialogs import Dialog
from workflows.core.errors import Refusal
from workflows.core.messages import Button, Incoming, Notice, Priority
from workflows.core.needs import TO, Answers
from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.core.policy import Rules
from workflows.core.tap import Tap
from workflows.desk.context import Context
from workflows.desk.privacy import audit
from workflows.petition import engine, service
from workflows.petition.intake.kept import draft_of
from workflows.petition.lifecycle import AS_RESIDENT, TOLD_TO_RESIDENTS
from workflows.petition.model import Ticket
from workflows.petition.store import queries
from workflows.petition.words import Action
from workflows.store import Tx, applications, erasure

_FORGET = Tap(kind="privacy", verb="forget")
_log = structlog.get_logger()


async def mydata(context: Context, _: Incoming, person: Person) -> None:
    """Owe the person everything held about him, as a file; it is gathered when it is sent."""
    notice = Notice(to=person.id, template="mydata", priority=Priority.REPLY)
    context.tx.owe(notice, person.id, "document", f"{context.key}:mydata", context.now)


async def forget(context: Context, _: Incoming, person: Person) -> None:
    """Ask first."""
    await _filed(context, person)
    buttons = ((Button(tap=_FORGET, label="rights.forget"),),)
    notice = Notice(to=person.id, template="forget_sure", buttons=buttons, priority=Priority.REPLY)
    context.reply(notice)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """He is sure."""
    incoming.tap.meant({_FORGET.verb: _FORGET})
    filed, left = await _filed(context, person), await _left(context.tx, person)
    tickets = [*filed, *left]
    joined = await _joined(context.tx, person, tickets)
    own = [t.id for t in tickets]
    await context.tx.now_writing()
    others = [t.id for t in joined]
    await erasure.erase(context.tx.conn, person.id, own, others, AS_RESIDENT, context.now)
    for ticket in (*tickets, *joined):
        await service.perform(context, ticket, Action.ERASE, SYSTEM, Answers({TO: person}))
    context.tx.put_dialog(Dialog(person_id=person.id))
    context.tx.put_person(replace(person, name="", last_place="", consented_at=None))
    context.toast(incoming)
    context.say(person.id, "forgotten")
    _log.info("forgotten", person=person.id, tickets=len(tickets))


async def _whole(tx: Tx, ids: list[int]) -> list[Ticket]:
    """These tickets, every one of them: what is to be erased must be read. Raises
    UnreadableError.
    """
    await tx.tickets(ids)  # at once
    return [ticket for i in ids if (ticket := await tx.ticket(i))]


async def _left(tx: Tx, person: Person) -> list[Ticket]:
    """What is somebody else's now and still has his words."""
    return await _whole(tx, await erasure.ids_left_by(tx.conn, person.id))


async def _joined(tx: Tx, person: Person, own: list[Ticket]) -> list[Ticket]:
    """What others filed and he added to as a neighbour."""
    found = await tx.tickets(await erasure.ids_joined_by(tx.conn, person.id, AS_RESIDENT))
    return [ticket for ticket in found if ticket not in own]


async def _filed(context: Context, person: Person) -> list[Ticket]:
    """All he filed. Raises Refusal while he is staff, or something of it is open."""
    if person.is_staff:
        raise Refusal("refused_forget_staff")
    tickets = await _whole(context.tx, await erasure.ids_filed_by(context.tx.conn, person.id))
    still_open = [t for t in tickets if t.is_open]
    if still_open:
        raise Refusal("refused_forget_open", count=len(still_open))
    return tickets


async def gather(tx: Tx, person: Person, _: Rules) -> dict[str, Any]:
    """Everything held about a person, as JSON; of others only the role they acted in."""
    tickets = await tx.tickets(await erasure.ids_filed_by(tx.conn, person.id))
    draft = draft_of(await tx.dialog(person.id))
    return {
        "profile": {
            "id": person.id, "name": person.name, "last_place": person.last_place,
            "consented_at": person.consented_at, "on_duty": person.on_duty,
            "is_unlisted": person.is_unlisted,
        },
        "roles": await erasure.roles_of(tx.conn, person.id),
        "applications": await applications.history(tx, person.id),
        "in_the_making": {"text": draft.text, "on_behalf": draft.on_behalf} if draft else None,
        "petitions": [await _petition(tx, ticket, person) for ticket in tickets],
        "added": [
            await _added(tx, ticket, person) for ticket in await _joined(tx, person, tickets)
        ],
    }  # fmt: skip


async def _petition(tx: Tx, ticket: Ticket, person: Person) -> dict[str, Any]:
    spoken = engine.open_to(person, ticket)
    steps = [
        {"at": e.at, "action": e.action, "by": _by(e.actor, person),
         "text": e.data.get("text", "") if e.action in spoken else ""}
        for e in await queries.timeline(tx.conn, ticket.id)
        if e.actor == person.id or e.action in TOLD_TO_RESIDENTS
    ]  # fmt: skip
    files = await tx.files(ticket.id, spoken)
    return {
        "number": format_number(ticket.id), "place": ticket.place, "category": ticket.category,
        "text": ticket.text if Action.FILE in spoken else "",
        "on_behalf": ticket.on_behalf, "contact": ticket.contact, "state": ticket.state.value,
        "filed_at": ticket.filed_at, "plan": ticket.plan, "plan_due": ticket.plan_due,
        "result": ticket.result, "rating": ticket.rating, "solved": ticket.solved,
        "why": ticket.why, "ended_at": ticket.ended_at,
        "files": [{"kind": f.kind, "file_id": f.file_id} for f in files], "steps": steps,
        "seen_by_staff": await audit.seen(tx, ticket, person),
    }  # fmt: skip


async def _added(tx: Tx, ticket: Ticket, person: Person) -> dict[str, Any]:
    """What he said to somebody else's petition."""
    steps = [
        {"at": e.at, "action": e.action, "text": e.data.get("text", "")}
        for e in await queries.timeline(tx.conn, ticket.id)
        if e.actor == person.id and e.action in AS_RESIDENT
    ]  # fmt: skip
    return {"number": format_number(ticket.id), "steps": steps}


def _by(actor: int, person: Person) -> str:
    return "you" if actor == person.id else "staff" if actor else "system"

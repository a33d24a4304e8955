"""A person's rights over what is held about him: /mydata to have it, /forget to have it erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog

from workflows import sla
from workflows import ticket as lifecycle
from workflows.desk.case import Case
from workflows.dialog import Dialog
from workflows.model import (
    Button,
    HaitangError,
    Incoming,
    Notice,
    Person,
    Priority,
    Refusal,
    Ticket,
)
from workflows.number import say
from workflows.store import Tx, rights

_log = structlog.get_logger()


class ForgedRightError(HaitangError):
    """A button about somebody's data that this bot never made."""


async def mydata(case: Case, _: Incoming, person: Person) -> None:
    """Owe the person everything held about him, as a file; it is gathered when it is sent."""
    notice = Notice(to=person.id, template="mydata", priority=Priority.REPLY)
    case.tx.owe(notice, person.id, "document", f"{case.key}:mydata", case.now)


async def forget(case: Case, _: Incoming, person: Person) -> None:
    """Ask first."""
    await _filed(case, person)
    buttons = ((Button(press="p:forget", label="rights.forget"),),)
    notice = Notice(to=person.id, template="forget_sure", buttons=buttons, priority=Priority.REPLY)
    case.reply(notice)


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """He is sure: "p:forget"."""
    if incoming.press != "p:forget":
        raise ForgedRightError(incoming.press)
    tickets = await _filed(case, person)
    await case.tx.erase(person.id, [t.id for t in tickets])
    for ticket in tickets:
        bare = replace(ticket, text="", on_behalf="", version=ticket.version + 1)
        case.tx.put_ticket(bare, sla.timers(bare, case.rules))
    case.tx.put_dialog(Dialog(person_id=person.id))
    case.tx.put_person(replace(person, name="", last_place="", consented_at=None))
    case.toast(incoming)
    case.say(person.id, "forgotten")
    _log.info("forgotten", person=person.id, tickets=len(tickets))


async def _filed(case: Case, person: Person) -> list[Ticket]:
    """All he filed. Raises Refusal while he is staff, or something of it is open."""
    if person.is_staff:
        raise Refusal("refused_forget_staff")
    tickets = await case.tx.tickets(await rights.ids_filed_by(case.tx.conn, person.id))
    still_open = [t for t in tickets if t.is_open]
    if still_open:
        raise Refusal("refused_forget_open", count=len(still_open))
    return tickets


async def gather(tx: Tx, person: Person) -> dict[str, Any]:
    """Everything held about a person, as JSON; of others only the role they acted in."""
    tickets = await tx.tickets(await rights.ids_filed_by(tx.conn, person.id))
    dialog = await tx.dialog(person.id)
    return {
        "profile": {
            "id": person.id, "name": person.name, "last_place": person.last_place,
            "consented_at": person.consented_at, "on_duty": person.on_duty,
        },
        "roles": await rights.roles_of(tx.conn, person.id),
        "in_the_making": {"text": dialog.draft.text, "on_behalf": dialog.draft.on_behalf}
        if dialog.draft else None,
        "petitions": [await _petition(tx, ticket, person) for ticket in tickets],
    }  # fmt: skip


async def _petition(tx: Tx, ticket: Ticket, person: Person) -> dict[str, Any]:
    spoken = lifecycle.open_to(person, ticket)
    steps = [
        {"at": e.at, "action": e.action.value, "by": _by(e.actor, person),
         "text": e.data.get("text", "") if e.action in spoken else ""}
        for e in await tx.timeline(ticket.id)
        if e.actor == person.id or e.action in lifecycle.TOLD_TO_RESIDENTS
    ]  # fmt: skip
    files = await tx.files(ticket.id, spoken)
    return {
        "number": say(ticket.id), "place": ticket.place, "category": ticket.category,
        "text": ticket.text, "on_behalf": ticket.on_behalf, "state": ticket.state.value,
        "filed_at": ticket.filed_at, "plan": ticket.plan, "plan_due": ticket.plan_due,
        "result": ticket.result, "rating": ticket.rating, "ended_at": ticket.ended_at,
        "files": [{"kind": f.kind, "file_id": f.file_id} for f in files], "steps": steps,
    }  # fmt: skip


def _by(actor: int, person: Person) -> str:
    return "you" if actor == person.id else "staff" if actor else "system"

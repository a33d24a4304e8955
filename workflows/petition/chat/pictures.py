"""Pictures and voice where they matter: what was sent with the offer, what was done with the 办结.

They come silently, just before the card that they belong to.
"""

from __future__ import annotations

from workflows.core.people import Person
from workflows.core.talk.messages import Attachment, Notice
from workflows.core.talk.needs import PHOTOS, TIMER, Answers
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.petition import engine
from workflows.petition.lifecycle import HIS_OWN
from workflows.petition.model import Ticket
from workflows.petition.words import Action, To

_BROUGHT = frozenset(HIS_OWN | {Action.FILE})
_OFFERS = {
    Action.DISPATCH: To.OFFERED, Action.TRANSFER: To.OFFERED, Action.CALL: To.ON_DUTY,
}  # fmt: skip


async def show(
    context: Context, ticket: Ticket, action: Action, actor: Person, answers: Answers
) -> None:
    """Owe the files of a step to whom it is new; a call that is repeated brings them once."""
    to = _OFFERS.get(action)
    if to and not (action is Action.CALL and answers[TIMER]):
        await _send(context, ticket, to, await _brought(context, ticket, _BROUGHT), actor,
                    template="before")  # fmt: skip
    if action is Action.RESOLVE and answers[PHOTOS]:
        resident = await context.tx.person(ticket.resident)
        seen = _BROUGHT & engine.open_to(resident, ticket) if resident else frozenset()
        found = await _brought(context, ticket, seen)
        await _send(context, ticket, ticket.resident, found, actor, template="before")
        await _send(context, ticket, ticket.resident, answers[PHOTOS], actor, template="after")


async def _brought(
    context: Context, ticket: Ticket, actions: frozenset[Action]
) -> tuple[Attachment, ...]:
    """What residents sent with these, also just now; of what is filed now nothing is stored yet."""
    work = context.tx.work
    now = (f for f in work.files if f["ticket_id"] == ticket.id and f["action"] in actions)
    new = (Attachment(kind=f["kind"], file_id=f["file_id"]) for f in now)
    is_new = any(e.ticket_id == ticket.id and e.action == Action.FILE for e in work.events)
    return (*(() if is_new else await context.tx.files(ticket.id, actions)), *new)


async def _send(
    context: Context, ticket: Ticket, to: To | int, files: tuple[Attachment, ...], actor: Person, *,
    template: str,
) -> None:  # fmt: skip
    for album in viewing.albums(files):
        notice = Notice(to=to, template=template, ticket_id=ticket.id, attachments=album,
                        urgent=ticket.urgent)  # fmt: skip
        await context.tell(ticket, notice, actor)

"""After the line to Telegram was down: presses made meanwhile are lost, so what waits for one is
shown again, once; after more than a day words are lost too, and the admins are told.

Telegram keeps an update for a day, but a tap can be answered for some minutes only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from workflows.core.dialogs import Dialog
from workflows.core.messages import Notice, To
from workflows.core.people import SYSTEM, Person
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.petition import agenda
from workflows.petition.intake import view
from workflows.petition.intake.kept import draft_of
from workflows.petition.model import Ticket
from workflows.petition.stages import STAGES
from workflows.petition.store import lists
from workflows.store import people
from workflows.store.reading import UnreadableError

NOTICED = timedelta(minutes=5)
_KEPT_BY_TELEGRAM = timedelta(hours=24)
_FRESH = timedelta(days=1)  # what was touched that long before is still being worked on
_log = structlog.get_logger()


async def recover(context: Context, since: datetime) -> None:
    """Owe what follows from having heard nothing since that moment (aware UTC)."""
    fresh = since - _FRESH
    for person in await _writing(context, fresh):
        await guarding.done(context, _nudge(context, person))
    for ticket in await context.tx.tickets(await lists.changed_since(context.tx.conn, fresh)):
        await guarding.done(context, _show_again(context, ticket))
    gap = context.now - since
    _log.warning("was_away", since=since.isoformat(), seconds=round(gap.total_seconds()))
    if gap > _KEPT_BY_TELEGRAM:
        await context.alert("alert_gap", start=since.isoformat(), end=context.now.isoformat(),
                         seconds=gap.total_seconds())  # fmt: skip


async def _writing(context: Context, fresh: datetime) -> list[Person]:
    """Who is in the middle of a petition that only waits for his tap."""
    ids = await people.talking_since(context.tx.conn, fresh)
    await context.tx.prefetch([], ids, [])
    dialogs = await context.tx.dialogs(ids)
    found = [await context.tx.person(d.person_id) for d in dialogs if _is_complete(d)]
    return [person for person in found if person]


def _is_complete(dialog: Dialog) -> bool:
    try:
        draft = draft_of(dialog)
    except UnreadableError:  # its own person hears so
        return False
    return draft is not None and draft.is_complete


async def _nudge(context: Context, person: Person) -> None:
    draft = draft_of(await context.tx.dialog(person.id))
    if draft:
        context.say(person.id, "press_again")
        context.reply(view.show(draft, person, context.now, context.rules))


async def _show_again(context: Context, ticket: Ticket) -> None:
    """A fresh card to the staff whose turn it is; to a group while it is asked who comes."""
    whose = agenda.waits_for(ticket) or STAGES[ticket.state].holder
    group = [To.GROUP] if ticket.open_to_grid else []
    for to in [to for to in (whose, *group) if to and to is not To.RESIDENT]:
        notice = Notice(to=to, template="shown_again", ticket_id=ticket.id, is_card=True)
        await context.tell(ticket, notice, SYSTEM)

"""After nothing was heard for a while: presses made meanwhile are lost, so what waits for one is
shown again, once.
"""

from __future__ import annotations

from datetime import datetime

from workflows.core.people import SYSTEM, Person
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Notice
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.petition.intake import view
from workflows.petition.intake.kept import draft_of
from workflows.petition.model import Ticket
from workflows.petition.rules import agenda
from workflows.petition.stages import STAGES
from workflows.petition.store import lists
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import To
from workflows.store import people
from workflows.store.reading import UnreadableError


async def recover(context: Context, fresh: datetime) -> None:
    """Show again what was touched since that moment and waits for a tap."""
    for person in await _writing(context, fresh):
        await guarding.done(context, _nudge(context, person))
    for ticket in await context.tx.get_all(
        TICKETS, await context.tx.ask(lists.changed_since, fresh)
    ):
        await guarding.done(context, _show_again(context, ticket))


async def _writing(context: Context, fresh: datetime) -> list[Person]:
    """Who is in the middle of a petition that only waits for his tap."""
    ids = await context.tx.ask(people.talking_since, fresh)
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

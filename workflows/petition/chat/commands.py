"""The petition's own commands and start links."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import Menu
from workflows.core.talk.messages import Incoming
from workflows.core.talk.needs import TO, Answers
from workflows.core.tokens import token_hash
from workflows.desk.context import Context
from workflows.desk.inbound import commands
from workflows.desk.people import whereabouts
from workflows.petition import engine, service
from workflows.petition.intake import drafting
from workflows.petition.lists import figures, weekly
from workflows.petition.model import Ticket
from workflows.petition.rules.relations import AT_WORK, relations
from workflows.petition.store import lookups
from workflows.petition.words import Action


async def _take_over(context: Context, _: Incoming, person: Person, token: str) -> bool:
    """A link from who filed it for him: the petition is his own from now on.

    Refused alike: what is leaked, used or late, the filer's own link, and who works on the ticket.
    """
    ticket = await lookups.by_handover(context.tx, token_hash(token), person.id)
    if ticket is None or not _may_take_over(context, ticket, person):
        raise Refusal("refused_handover")
    await service.perform(context, ticket, Action.TAKE_OVER, SYSTEM, Answers({TO: person}))
    whereabouts.remember(context, person, ticket.place)
    if ticket.resident != ticket.handler:
        context.say(ticket.resident, "handed_over", about=ticket.id)
    return True


def _may_take_over(context: Context, ticket: Ticket, person: Person) -> bool:
    is_stranger = person.id != ticket.resident and not relations(person, ticket) & AT_WORK
    return is_stranger and engine.may(SYSTEM, Action.TAKE_OVER, ticket, context.now, context.rules)


async def _arrive(context: Context, incoming: Incoming, person: Person, code: str) -> bool:
    """A station's link: what he brings next is from there."""
    station = context.rules.stations.get(code)
    if station is None:
        return False
    await commands.welcome(context, person, station=station.name, place=station.place)
    await drafting.arrive(context, incoming, person, station)
    return True


async def cancel(context: Context, person: Person) -> bool:
    """Drop the petition in the making, if there is one."""
    dialog = await context.tx.dialog(person.id)
    if dialog.draft is None:
        return False
    context.tx.put_dialog(replace(dialog, draft=None))
    context.say(person.id, "intake_cancelled")
    return True


MENU = Menu(residents=("private",), above=("figures",))
COMMANDS = {"figures": figures.show, "private": weekly.private}
LINKS = {"to": _take_over, "st": _arrive}

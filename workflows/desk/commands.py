"""The commands of the private chat, and in a group /bind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from workflows.core.command import Answers
from workflows.core.errors import Refusal
from workflows.core.messages import Incoming
from workflows.core.people import SYSTEM, Person
from workflows.core.tokens import token_hash
from workflows.desk import actions, groups
from workflows.desk.context import Context
from workflows.desk.lists import board, export, figures, mine, search, weekly
from workflows.desk.people import absence, joining, roster
from workflows.desk.privacy import audit, my_data
from workflows.petition import engine, service
from workflows.petition.actions import viewing
from workflows.petition.intake import drafting
from workflows.petition.model import Ticket
from workflows.petition.relations import AT_WORK, relations
from workflows.petition.store import lookups
from workflows.petition.words import Action


async def command(context: Context, incoming: Incoming, person: Person) -> None:
    """A command in private; an unknown one is answered with help."""
    await _PRIVATE.get(incoming.command, _help)(context, incoming, person)


async def group_command(context: Context, incoming: Incoming, person: Person) -> None:
    """In a group only its binding; everything else leads to the private chat."""
    handler = _GROUP.get(incoming.command)
    if handler:
        await handler(context, incoming, person)
    else:
        context.say(incoming.chat_id, "group_go_private")


async def _start(context: Context, incoming: Incoming, person: Person) -> None:
    """A link brought this person here: an invitation, a station, or nothing at all."""
    kind, _, code = incoming.text.strip().partition("_")
    if kind == "iv" and code:
        await roster.join(context, person, code)
        return
    if kind == "to" and code:
        await _take_over(context, person, code)
        return
    station = context.rules.stations.get(code) if kind == "st" else None
    dialog = await context.tx.dialog(person.id)
    fresh = replace(dialog, form=None, leave=None)  # what he says next answers nothing older
    context.tx.put_dialog(fresh)
    values = {"station": station.name if station else ""}
    context.say(person.id, "welcome_staff" if person.is_staff else "welcome", **values)
    if person.is_staff:
        context.menu(person)
    if station:
        await drafting.arrive(context, incoming, person, station)


async def _take_over(context: Context, person: Person, token: str) -> None:
    """A link from who filed it for him: the petition is his own from now on.

    Refused alike: what is leaked, used or late, the filer's own link, and who works on the ticket.
    """
    ticket = await lookups.by_handover(context.tx, token_hash(token), person.id)
    if ticket is None or not _may_take_over(context, ticket, person):
        raise Refusal("refused_handover")
    await service.perform(context, ticket, Action.TAKE_OVER, SYSTEM, Answers(to=person))
    context.tx.put_person(replace(person, last_place=ticket.place))
    if ticket.resident != ticket.handler:
        context.say(ticket.resident, "handed_over", about=ticket.id)


def _may_take_over(context: Context, ticket: Ticket, person: Person) -> bool:
    is_stranger = person.id != ticket.resident and not relations(person, ticket) & AT_WORK
    return is_stranger and engine.may(SYSTEM, Action.TAKE_OVER, ticket, context.now, context.rules)


async def _help(context: Context, _: Incoming, person: Person) -> None:
    roles = sorted({m.role.value for m in person.memberships})
    if roles:
        context.say(person.id, "help_staff", roles=roles)
    else:
        roster.ask(context, person, "help", ((joining.WISH,),))


async def _find(context: Context, incoming: Incoming, person: Person) -> None:
    await search.find(context, person, incoming.text)


async def _ticket(context: Context, incoming: Incoming, person: Person) -> None:
    await viewing.show_number(context, person, incoming.text)


async def _cancel(context: Context, _: Incoming, person: Person) -> None:
    if not await absence.cancel(context, person):
        await actions.cancel(context, person)


async def _invite(context: Context, _: Incoming, person: Person) -> None:
    await roster.offer_roles(context, person)


_Handler = Callable[[Context, Incoming, Person], Awaitable[None]]
_PRIVATE: dict[str, _Handler] = {
    "start": _start,
    "help": _help,
    "mine": mine.show,
    "t": _ticket,
    "find": _find,
    "board": board.show,
    "export": export.export,
    "figures": figures.show,
    "cancel": _cancel,
    "mydata": my_data.mydata,
    "forget": my_data.forget,
    "private": weekly.private,
    "duty": absence.show,
    "roster": roster.show,
    "invite": _invite,
    "join": joining.begin,
    "audit": audit.show,
}
_GROUP: dict[str, _Handler] = {"bind": groups.bind, "unbind": groups.unbind}

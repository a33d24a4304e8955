"""The commands of the private chat, and in a group /bind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from workflows import lifecycle
from workflows.attempt import Given
from workflows.desk import (
    absence,
    acting,
    asking,
    audit,
    board,
    drafting,
    exporting,
    figures,
    finding,
    groups,
    joining,
    mine,
    rights,
    roster,
    viewing,
    weekly,
)
from workflows.desk.case import Case
from workflows.model import SYSTEM, Action, Incoming, Person, Refusal, Ticket
from workflows.standing import AT_WORK, relations
from workflows.tokens import token_hash


async def command(case: Case, incoming: Incoming, person: Person) -> None:
    """A command in private; an unknown one is answered with help."""
    await _PRIVATE.get(incoming.command, _help)(case, incoming, person)


async def group_command(case: Case, incoming: Incoming, person: Person) -> None:
    """In a group only its binding; everything else leads to the private chat."""
    handler = _GROUP.get(incoming.command)
    if handler:
        await handler(case, incoming, person)
    else:
        case.say(incoming.chat_id, "group_go_private")


async def _start(case: Case, incoming: Incoming, person: Person) -> None:
    """A link brought this person here: an invitation, a station, or nothing at all."""
    kind, _, code = incoming.text.strip().partition("_")
    if kind == "iv" and code:
        await roster.join(case, person, code)
        return
    if kind == "to" and code:
        await _take_over(case, person, code)
        return
    station = case.rules.stations.get(code) if kind == "st" else None
    dialog = await case.tx.dialog(person.id)
    fresh = replace(dialog, form=None, leave=None)  # what he says next answers nothing older
    case.tx.put_dialog(fresh)
    values = {"station": station.name if station else ""}
    case.say(person.id, "welcome_staff" if person.is_staff else "welcome", **values)
    if person.is_staff:
        case.menu(person)
    if station:
        await drafting.arrive(case, incoming, person, station)


async def _take_over(case: Case, person: Person, token: str) -> None:
    """A link from who filed it for him: the petition is his own from now on.

    Refused alike: what is leaked, used or late, the filer's own link, and who works on the ticket.
    """
    ticket = await case.tx.redeem_handover(token_hash(token), person.id)
    if ticket is None or not _may_take_over(case, ticket, person):
        raise Refusal("refused_handover")
    await acting.perform(case, ticket, Action.TAKE_OVER, SYSTEM, Given(to=person))
    case.tx.put_person(replace(person, last_place=ticket.place))
    if ticket.resident != ticket.handler:
        case.say(ticket.resident, "handed_over", about=ticket.id)


def _may_take_over(case: Case, ticket: Ticket, person: Person) -> bool:
    is_stranger = person.id != ticket.resident and not relations(person, ticket) & AT_WORK
    return is_stranger and lifecycle.may(SYSTEM, Action.TAKE_OVER, ticket, case.now, case.rules)


async def _help(case: Case, _: Incoming, person: Person) -> None:
    roles = sorted({m.role.value for m in person.memberships})
    if roles:
        case.say(person.id, "help_staff", roles=roles)
    else:
        roster.ask(case, person, "help", ((joining.WISH,),))


async def _find(case: Case, incoming: Incoming, person: Person) -> None:
    await finding.find(case, person, incoming.text)


async def _ticket(case: Case, incoming: Incoming, person: Person) -> None:
    await viewing.show_number(case, person, incoming.text)


async def _cancel(case: Case, _: Incoming, person: Person) -> None:
    if not await absence.cancel(case, person):
        await asking.cancel(case, person)


async def _invite(case: Case, _: Incoming, person: Person) -> None:
    await roster.offer_roles(case, person)


_Handler = Callable[[Case, Incoming, Person], Awaitable[None]]
_PRIVATE: dict[str, _Handler] = {
    "start": _start,
    "help": _help,
    "mine": mine.show,
    "t": _ticket,
    "find": _find,
    "board": board.show,
    "export": exporting.export,
    "figures": figures.show,
    "cancel": _cancel,
    "mydata": rights.mydata,
    "forget": rights.forget,
    "private": weekly.private,
    "duty": absence.show,
    "roster": roster.show,
    "invite": _invite,
    "join": joining.begin,
    "audit": audit.show,
}
_GROUP: dict[str, _Handler] = {"bind": groups.bind, "unbind": groups.unbind}

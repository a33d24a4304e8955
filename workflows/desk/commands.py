"""The commands of the private chat, and in a group /bind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from workflows.attempt import Given
from workflows.desk import acting, asking, board, drafting, finding, mine, rights, roster, viewing
from workflows.desk.case import Case
from workflows.model import SYSTEM, Action, Incoming, Person, Refusal, Role, grid_of
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
    case.tx.put_dialog(replace(dialog, form=None))  # what he says next answers nothing older
    values = {"station": station.name if station else ""}
    case.say(person.id, "welcome_staff" if person.is_staff else "welcome", **values)
    if station:
        await drafting.arrive(case, incoming, person, station)


async def _take_over(case: Case, person: Person, token: str) -> None:
    """A link from who filed it for him: the petition is his own from now on."""
    ticket = await case.tx.redeem_handover(token_hash(token), person.id)
    if ticket is None or ticket.resident == person.id:
        raise Refusal("refused_handover")
    await acting.perform(case, ticket, Action.TAKE_OVER, SYSTEM, Given(to=person))


async def _help(case: Case, _: Incoming, person: Person) -> None:
    roles = sorted({m.role.value for m in person.memberships})
    case.say(person.id, "help_staff" if roles else "help", roles=roles)


async def _find(case: Case, incoming: Incoming, person: Person) -> None:
    await finding.find(case, person, incoming.text)


async def _ticket(case: Case, incoming: Incoming, person: Person) -> None:
    await viewing.show_number(case, person, incoming.text)


async def _cancel(case: Case, _: Incoming, person: Person) -> None:
    await asking.cancel(case, person)


async def _duty(case: Case, _: Incoming, person: Person) -> None:
    """On duty, or off: off means that nothing new is offered."""
    if not person.is_staff:
        raise Refusal("refused_staff_only")
    changed = replace(person, on_duty=not person.on_duty)
    case.tx.put_person(changed)
    case.say(person.id, "duty", on_duty=changed.on_duty)


async def _roster(case: Case, _: Incoming, person: Person) -> None:
    await roster.show(case, person)


async def _invite(case: Case, _: Incoming, person: Person) -> None:
    await roster.offer_roles(case, person)


async def _bind(case: Case, incoming: Incoming, person: Person) -> None:
    """This group is the grid's: only its lead, or an admin, may say so."""
    grid = _grid_to_bind(case, incoming, person)
    await _check_rule_over(case, incoming, person)
    await case.tx.bind_group(incoming.chat_id, grid)
    case.say(incoming.chat_id, "group_bound", place=grid)


def _grid_to_bind(case: Case, incoming: Incoming, person: Person) -> str:
    led = {grid_of(m.place) for m in person.memberships if m.role is Role.LEAD}
    if len(led) == 1 and not incoming.text.strip():
        return led.pop()
    found = [p.path for p in case.rules.places.inside("", 3) if p.path.endswith(incoming.text)]
    allowed = [
        path
        for path in (found if incoming.text.strip() else [])
        if person.has_role(Role.LEAD, path) or person.has_role(Role.ADMIN, path)
    ]
    if len(allowed) != 1:
        raise Refusal("refused_bind")
    return allowed[0]


async def _unbind(case: Case, incoming: Incoming, person: Person) -> None:
    if not any(m.role in {Role.LEAD, Role.ADMIN} for m in person.memberships):
        raise Refusal("refused_bind")
    await _check_rule_over(case, incoming, person)
    await case.tx.bind_group(incoming.chat_id, "")
    case.say(incoming.chat_id, "group_unbound")


async def _check_rule_over(case: Case, incoming: Incoming, person: Person) -> None:
    """A group that is another lead's already is not taken from him. Raises Refusal."""
    bound = await case.tx.place_of(incoming.chat_id)
    if bound and not (person.has_role(Role.LEAD, bound) or person.has_role(Role.ADMIN, bound)):
        raise Refusal("refused_bind")


_Handler = Callable[[Case, Incoming, Person], Awaitable[None]]
_PRIVATE: dict[str, _Handler] = {
    "start": _start,
    "help": _help,
    "mine": mine.show,
    "t": _ticket,
    "find": _find,
    "board": board.show,
    "cancel": _cancel,
    "mydata": rights.mydata,
    "forget": rights.forget,
    "duty": _duty,
    "roster": _roster,
    "invite": _invite,
}
_GROUP: dict[str, _Handler] = {"bind": _bind, "unbind": _unbind}

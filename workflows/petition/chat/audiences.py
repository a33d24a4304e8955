"""Who hears of a petition beside those who stand above its place, by the roster as it is now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from workflows.core.places import grid_of
from workflows.desk.outbound.audience import stand_in, superiors
from workflows.petition.model import Ticket
from workflows.petition.rules.relations import may_see
from workflows.petition.words import To
from workflows.store import Tx


async def _residents(_: Tx, ticket: Ticket, __: datetime) -> list[int]:
    return list(dict.fromkeys((ticket.resident, *ticket.followers)))


async def _group(tx: Tx, ticket: Ticket, _: datetime) -> list[int]:
    group = await tx.group_of(grid_of(ticket.place)) if ticket.open_to_grid else None
    return [group] if group else []


async def _on_duty(tx: Tx, ticket: Ticket, now: datetime) -> list[int]:
    """The handlers of the grid who can come now; nobody is called to his own petition."""
    own = None if ticket.on_behalf else ticket.resident
    staff = [p for p in await tx.staff(ticket.place) if p.is_handler_in(ticket.place)]
    return [p.id for p in staff if p.on_duty and p.is_there(now) and p.id != own]


async def _offered(tx: Tx, ticket: Ticket, now: datetime) -> list[int]:
    """Whom it is on offer to: one, or while danger is called out everybody who was called."""
    if ticket.urgent and ticket.open_to_grid:
        called = await _on_duty(tx, ticket, now)
        return list(dict.fromkeys([*called, *await superiors(tx, ticket.place, To.LEAD, now)]))
    return await _hands(tx, ticket, ticket.offered_to, now)


async def _handler(tx: Tx, ticket: Ticket, now: datetime) -> list[int]:
    return await _hands(tx, ticket, ticket.handler, now)


async def _hands(tx: Tx, ticket: Ticket, holder: int | None, now: datetime) -> list[int]:
    """The holder, while he is away his stand-in; where neither can be reached, the lead."""
    if not holder:
        return []
    person = await tx.person(holder)
    is_away = person is not None and person.is_away(now)
    here = await stand_in(tx, person, now) if person and is_away else person
    if here and here.is_reachable and here.is_handler_in(ticket.place):
        return [here.id]
    return await superiors(tx, ticket.place, To.LEAD, now)


async def _receiver(tx: Tx, ticket: Ticket, now: datetime) -> list[int]:
    return await superiors(tx, ticket.referred_to, To.LEAD, now)


async def _referrer(tx: Tx, ticket: Ticket, _: datetime) -> list[int]:
    return await _who_sees(tx, ticket, ticket.referred_by)


async def _checker(tx: Tx, ticket: Ticket, _: datetime) -> list[int]:
    return await _who_sees(tx, ticket, ticket.checker)


async def _supervisor(tx: Tx, ticket: Ticket, now: datetime) -> list[int]:
    found = await _who_sees(tx, ticket, ticket.supervisor)
    return found or await superiors(tx, ticket.place, To.COMMITTEE, now)


async def _who_sees(tx: Tx, ticket: Ticket, person_id: int | None) -> list[int]:
    """Somebody the ticket itself names, as long as the roster lets him see it."""
    person = await tx.person(person_id) if person_id else None
    return [person.id] if person and may_see(person, ticket) else []


AUDIENCES: Mapping[str, Callable[[Tx, Ticket, datetime], Awaitable[list[int]]]] = {
    To.RESIDENT: _residents,
    To.GROUP: _group,
    To.ON_DUTY: _on_duty,
    To.OFFERED: _offered,
    To.HANDLER: _handler,
    To.RECEIVER: _receiver,
    To.REFERRER: _referrer,
    To.CHECKER: _checker,
    To.SUPERVISOR: _supervisor,
}

"""How tickets are kept: their row, with four columns derived from the others, and their people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import convert
from sqlalchemy import CompoundSelect, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.places import street_of
from workflows.petition.model import Ticket
from workflows.petition.rules import agenda
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.store import tables as own
from workflows.petition.words import Action, ClockName, State
from workflows.store.engine.bound_arrays import among
from workflows.store.kept import Kept

_LINKS = {"followers": own.followers, "helpers": own.helpers}
_FIELDS = tuple(name for name in Ticket.__struct_fields__ if name not in _LINKS)
_COLUMNS = [str(name) for name in own.tickets.c.keys()]  # noqa: SIM118 - no mapping
_TICKETS = select(own.tickets).where(among(own.tickets.c.id))


def ticket_row(ticket: Ticket) -> dict[str, Any]:
    """The columns of a ticket but for `changed_at`; four are derived from the others."""
    return {name: getattr(ticket, name) for name in _FIELDS} | {
        "promise_due": CLOCKWORK.promise_due(ticket),
        "overdue_at": agenda.overdue_at(ticket),
        "undecided": next(iter(agenda.matters(ticket)), None),
        "street": street_of(ticket.place),
    }


def ticket_from(
    row: Mapping[str, Any], followers: Iterable[int], helpers: Iterable[int]
) -> Ticket:  # fmt: skip
    """The ticket of a row; columns that are derived from others are passed over."""
    return convert({**row, "followers": followers, "helpers": helpers}, Ticket)


async def _read(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, Ticket]:
    found = await conn.execute(_TICKETS, {"ids": ids})
    followers, helpers = await linked(conn, ids)
    known = (dict(zip(_COLUMNS, row, strict=True)) for row in found)
    return {x["id"]: ticket_from(x, followers[x["id"]], helpers[x["id"]]) for x in known}


@cache
def _people() -> CompoundSelect[Any]:
    """Who follows and who helps, the first first where that is known."""
    f, h = own.followers.c, own.helpers.c
    followers = select(literal("f").label("link"), f.ticket_id, f.person_id, f.since)
    helpers = select(literal("h"), h.ticket_id, h.person_id, null().label("since"))
    both = union_all(followers.where(among(f.ticket_id)), helpers.where(among(h.ticket_id)))
    found = both.selected_columns
    return both.order_by(found.since.nulls_first(), found.person_id)


async def linked(
    conn: AsyncConnection, ids: Sequence[int]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """The followers and the helpers of tickets."""
    people: dict[str, dict[int, list[int]]] = {"f": defaultdict(list), "h": defaultdict(list)}
    for link, ticket_id, person_id, _ in await conn.execute(_people(), {"ids": ids}):
        people[link][ticket_id].append(person_id)
    return people["f"], people["h"]


TICKETS: Kept[Ticket] = Kept(
    kind=Ticket.kind, what="ticket", table=own.tickets, row=ticket_row, read=_read, links=_LINKS,
    states=State, actions=Action, clocks=ClockName, indexes=own.INDEXES,
)  # fmt: skip

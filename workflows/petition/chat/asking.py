"""What the desk asks of a petition: whom or where to hand it to, what stands behind an answer."""

from __future__ import annotations

from datetime import datetime

from workflows.core.people import Person
from workflows.core.places import community_of, grid_of, place_key
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.forms import Form, tap
from workflows.core.talk.messages import Button, Incoming, Kind
from workflows.core.talk.needs import TO
from workflows.desk.asking import Asking
from workflows.desk.context import Context
from workflows.desk.lists import board
from workflows.desk.people.roster import NAMED_BY
from workflows.petition import engine, forms, service
from workflows.petition.chat import batch
from workflows.petition.intake import drafting
from workflows.petition.lifecycle import HIS_OWN
from workflows.petition.model import Ticket
from workflows.petition.needs import GRID, INTO, PLACE
from workflows.petition.rules import routing
from workflows.petition.rules.relations import may_receive
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action

_NAMES = 20  # handlers to choose from: a grid has fewer
_PLACES = 80  # grids to choose from: Telegram takes a hundred buttons


# what can be chosen


async def _names(context: Context, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """Whom to hand to, best first, last who is not working now; for a helping hand also who works
    in the grids around.
    """
    is_help = form.action == Action.ASSIST
    here = routing.choices(ticket, await service.candidates(context, ticket))
    near = routing.near(await service.helpers_near(context, ticket)) if is_help else []
    taken = {ticket.handler, *(ticket.helpers if is_help else ())}
    found = [c for c in (*here, *near) if c.person.id not in taken]
    found.sort(key=lambda c: c.is_absent)
    return tuple(_name(form, c, context.now) for c in found[:_NAMES])


def _name(form: Form, candidate: routing.Candidate, now: datetime) -> Button:
    """With how much he has in hand, and marked where he is not working now."""
    person = candidate.person
    values: dict[str, object] = {"name": person.name, "open": candidate.load.open}
    return tap(form, str(person.id), f"form.{NAMED_BY[person.presence(now)]}", values)


async def _grids(context: Context, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """The other grids of the community, or those of the others where somebody can agree."""
    here, is_away = community_of(ticket.place), form.action == Action.REFER
    paths = [p.path for p in context.rules.places.inside("", 3) if p.path != grid_of(ticket.place)]
    fit = [path for path in paths if (community_of(path) != here) == is_away]
    staff = await context.tx.staff_inside("") if is_away else ()
    if is_away:
        fit = [path for path in fit if any(p.is_reachable and may_receive(p, path) for p in staff)]
    return tuple(tap(form, place_key(path), f"@{path}") for path in fit[:_PLACES])


async def _buildings(context: Context, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """What lies in its grid; whatever else there is can be typed."""
    inside = context.rules.places.inside(grid_of(ticket.place), 4)
    paths = [place.path for place in inside if place.path != ticket.place]
    return tuple(tap(form, place_key(path), f"@{path}") for path in paths[:_NAMES])


# what stands behind an answer


async def _person(context: Context, person_id: int | None, _: Person) -> Person | None:
    return await context.tx.person(person_id) if person_id else None


async def _into(context: Context, ticket_id: int | None, person: Person) -> Ticket | None:
    """The same answer for none and not yours."""
    into = await context.tx.get(TICKETS, ticket_id) if ticket_id else None
    return into if into and engine.may_see(person, into) else None


async def _next_on_the_board(
    context: Context, incoming: Incoming, person: Person, done: Action
) -> None:
    await board.show_next(context, incoming, person, "proposed", done)


async def _too_late(
    context: Context, dialog: Dialog, form: Form, incoming: Incoming, person: Person
) -> None:  # fmt: skip
    """What a resident wrote in answer to us is not lost: it becomes the start of a petition."""
    if form.action == Action.ANSWER and incoming.kind is not Kind.PRESS:
        await drafting.converse(context, dialog, incoming, person)


ASKING: Asking[Ticket] = Asking(
    forms=forms.FORMS,
    begin=forms.begin,
    choices={TO: _names, GRID: _grids, PLACE: _buildings},
    behind={TO: _person, INTO: _into},
    on_card=frozenset({Action.CONFIRM, Action.EXPLAIN, Action.RELOCATE, Action.COME}),
    by_reply=(Action.ANSWER, Action.EXPLAIN, Action.ADD, Action.OBJECT, Action.NOTE),
    at_home=HIS_OWN,
    shown_anew=frozenset({Action.ACCEPT}),
    with_others=batch.do,
    go_on=_next_on_the_board,
    too_late=_too_late,
)

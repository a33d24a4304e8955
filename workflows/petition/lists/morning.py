"""The petition's parts of the morning list: late, due today, to be asked, to be answered, and what
waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from workflows.core.people import Person, Role
from workflows.core.permissions import LEADING
from workflows.core.talk.messages import Values
from workflows.core.timing import calendar
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Part, Round
from workflows.petition.lists.hands import his_of
from workflows.petition.lists.lines import line
from workflows.petition.model import Ticket
from workflows.petition.rules import agenda
from workflows.petition.rules.relations import may_see
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.store import lists, queries
from workflows.petition.store.kept import TICKETS
from workflows.petition.store.lists import Section

_DAY = timedelta(days=1)
_TICKETS = 500  # in the hands of the people of a step, but for a single one who has more
_PLACE = 100  # to look through a place that one leads costs as much as so many of them
_Held = Mapping[int, Sequence[int]]
_Unasked = Mapping[int, list[Ticket]]


async def morning(context: Context, found: list[Person], due_at: datetime) -> Round:
    """What the first of these people have to do today: as many as a short step has room for."""
    held = await context.tx.ask(queries.ids_held_by, {i for p in found for i in _hands(p)})
    some = _as_many(found, held)
    await context.tx.get_all(TICKETS, (i for p in some for h in _hands(p) for i in held[h]))
    unasked = await _unasked(context, some, due_at)
    return Round(reach=len(some), parts=partial(_parts, context, held, unasked))


def _hands(person: Person) -> tuple[int, ...]:
    return (person.id, *person.stands_for)


def _as_many(found: list[Person], held: _Held) -> list[Person]:
    """The first of them, for a step that stays short whatever they have in hand."""
    some: list[Person] = []
    count = 0
    for person in found:
        count += sum(len(held[i]) for i in _hands(person))
        count += len(_led(person, *LEADING)) * _PLACE
        if some and count > _TICKETS:
            break
        some.append(person)
    return some


async def _unasked(
    context: Context, checkers: list[Person], due_at: datetime
) -> dict[int, list[Ticket]]:
    """Neutral follow-ups that have not been done for some days, by who was drawn for them.

    Each is in one morning's list alone: the first after the time for it was over.
    """
    since, until = due_at - _DAY - agenda.CHECK_WITHIN, context.now - agenda.CHECK_WITHIN
    ids = await context.tx.ask(lists.unchecked, [p.id for p in checkers], since, until)
    found: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in await context.tx.get_all(TICKETS, ids):
        if ticket.checker:
            found[ticket.checker].append(ticket)
    return found


async def _parts(
    context: Context, held: _Held, unasked: _Unasked, person: Person
) -> Mapping[str, Part]:  # fmt: skip
    hands = his_of(person, {i: await context.tx.get_all(TICKETS, held[i]) for i in _hands(person)})
    promised = await _promised(context, person, [t for t in hands if _is_his_alone(person, t)])
    asks = [t for t in unasked[person.id] if may_see(person, t)]
    asked = _part(context, asks, len(asks))
    owed = {"asks": asked, "objections": await _objections(context, person)}
    return {**promised, **owed, "waiting": await _waiting(context, person, hands)}


def _is_his_alone(person: Person, ticket: Ticket) -> bool:
    """Whether it concerns him as its handler; what he leads is found by its place."""
    is_led = any(person.has_role(role, ticket.place) for role in LEADING)
    return ticket.holder in _hands(person) and person.is_handler_in(ticket.place) and not is_led


def _led(person: Person, *roles: Role) -> list[str]:
    return [m.place for m in person.memberships if m.role in roles]


async def _promised(context: Context, person: Person, own: list[Ticket]) -> dict[str, Part]:
    """What is late, and what is due today: his own, and what lies where he leads."""
    ask, now, scope, most = context.tx.ask, context.now, _led(person, *LEADING), paging.AT_MOST + 1
    late = await ask(lists.broken, scope, now, most)
    end = calendar.end_of_day(now, context.rules)
    today = await ask(lists.due_between, scope, now, end, most)
    return {
        "late": await _pressing(context, [t for t in own if agenda.is_late(t, now)], late),
        "today": await _pressing(
            context, [t for t in own if agenda.is_due_today(t, now, context.rules)], today
        ),
    }


async def _pressing(context: Context, own: list[Ticket], others: list[int]) -> Part:
    """The most pressing of both."""
    found = [*own, *await context.tx.get_all(TICKETS, others[: paging.PAGE])]
    found.sort(key=lambda t: (not t.urgent, CLOCKWORK.promise_due(t) or context.now, t.id))
    return _part(context, found, len(own) + len(others))


def _part(context: Context, found: list[Ticket], count: int) -> Part:
    shown = found[: paging.PAGE]
    return Part(lines=[line(t) for t in shown], count=count, opens=paging.openers(context, shown))


async def _objections(context: Context, person: Person) -> Part:
    """To whose end the resident objects where he leads: he or another is to answer."""
    scope, most = _led(person, *LEADING), paging.AT_MOST + 1
    ids = await context.tx.ask(lists.objections, scope, most)
    return _part(context, await context.tx.get_all(TICKETS, ids[: paging.PAGE]), len(ids))


async def _waiting(context: Context, person: Person, hands: list[Ticket]) -> Part:
    """What of his waits for somebody else, and then what waits for him to decide."""
    own = sorted((t for t in hands if agenda.waits_for(t)), key=lambda t: not t.urgent)
    known = {t.id for t in own}
    ask, most = context.tx.ask, paging.AT_MOST + 1 + len(own)
    loose, plans = _led(person, Role.LEAD), _led(person, Role.COMMITTEE)
    loose_ids = await ask(lists.page, Section.UNASSIGNED, loose, context.now, 0, most)
    above = {*loose_ids, *await ask(lists.plans, plans, most)} - known
    pressing = {*loose_ids[: paging.PAGE], *sorted(above)[: paging.PAGE]} - known
    first = await context.tx.get_all(TICKETS, sorted(pressing))
    first.sort(key=lambda t: not t.urgent)
    lines = [*_waits([*own, *first][: paging.PAGE])]
    return Part(lines=lines, count=len(own) + len(above), calls=False)


def _waits(tickets: Iterable[Ticket]) -> Iterable[Values]:
    """Each with whom it waits for."""
    for ticket in tickets:
        if whom := agenda.waits_for(ticket):
            yield line(ticket) | {"whom": whom.value}

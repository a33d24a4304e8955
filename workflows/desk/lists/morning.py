"""The morning list: once a day everybody who has something due hears what, and what waits.

The next morning is a row. A step is one transaction: it owes some people their lists, in the order
of their ids, and keeps how far it came. The chore stays due until everybody has been asked about,
so that what comes in meanwhile waits for a step at most, and a restart goes on where it was: no
list is forgotten or said twice. After downtime it is said once, late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from workflows.core.messages import Notice
from workflows.core.people import Person, Role
from workflows.core.timing import calendar
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.people import absence
from workflows.petition import agenda
from workflows.petition.model import Ticket
from workflows.petition.relations import may_see
from workflows.petition.store import lists, queries
from workflows.petition.store.lists import AT_MOST, Section
from workflows.petition.timing import CLOCKWORK
from workflows.store import people, schedule

NAME = "morning"
_DAY = timedelta(days=1)
_PEOPLE = 20
_TICKETS = 500  # in the hands of the people of a step, but for a single one who has more
_PLACE = 100  # to look through a place that one leads costs as much as so many of them
_ABOVE = (Role.LEAD, Role.COMMITTEE)
_OPENED = ("late", "today", "asks")
_Held = Mapping[int, Sequence[int]]


async def plan(context: Context) -> None:
    """At every start: the row follows the config."""
    moment = calendar.next_morning(context.now, context.rules)
    await schedule.plan(context.tx.conn, NAME, moment, context.now)


async def ring(context: Context) -> int:
    """One step, if the morning has come. Returns 1 if it had, else 0."""
    conn = context.tx.conn
    due_at = await schedule.take(conn, NAME, context.now)
    if due_at is None:
        return 0
    last = await _owe_some(context, due_at, await schedule.reached(conn, NAME))
    if last is None:
        await schedule.move(conn, NAME, due_at, calendar.next_morning(context.now, context.rules))
    else:
        await schedule.reach(conn, NAME, last)
    return 1


async def _owe_some(context: Context, due_at: datetime, after: int) -> int | None:
    """Owe the next people their lists. Returns the last one's id, None when there are no more."""
    ids = await people.ids_of_staff_after(context.tx.conn, after, _PEOPLE)
    await context.tx.prefetch_persons(ids)
    found = [p for i in ids if (p := await context.tx.person(i)) and not p.is_away(context.now)]
    held = await queries.ids_held_by(context.tx.conn, {i for p in found for i in _hands(p)})
    some = _as_many(found, held)
    await context.tx.tickets(i for p in some for hand in _hands(p) for i in held[hand])
    unasked = await _unasked(context, some, due_at)
    for person in some:
        await guarding.done(context, _owe(context, person, held, unasked[person.id]))
    if len(some) < len(found):
        return some[-1].id
    return ids[-1] if len(ids) == _PEOPLE else None


def _hands(person: Person) -> tuple[int, ...]:
    return (person.id, *person.stands_for)


def _as_many(found: list[Person], held: _Held) -> list[Person]:
    """The first of them, for a step that stays short whatever they have in hand."""
    some: list[Person] = []
    count = 0
    for person in found:
        count += sum(len(held[i]) for i in _hands(person))
        count += len(_led(person, *_ABOVE)) * _PLACE
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
    ids = await lists.unchecked(context.tx.conn, [p.id for p in checkers], since, until)
    found: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in await context.tx.tickets(ids):
        if ticket.checker:
            found[ticket.checker].append(ticket)
    return found


class _Part(Struct, frozen=True, kw_only=True):
    """The first of a part of the list, and how many there are, counted to AT_MOST and more."""

    shown: list[Ticket]
    count: int


async def _owe(context: Context, person: Person, held: _Held, unasked: list[Ticket]) -> None:
    """His list, if there is something for him to do today."""
    hands = absence.his_of(person, {i: await context.tx.tickets(held[i]) for i in _hands(person)})
    promised = await _promised(context, person, [t for t in hands if _is_his_alone(person, t)])
    asks = [t for t in unasked if may_see(person, t)]
    parts = {**promised, "asks": _Part(shown=asks[: paging.PAGE], count=len(asks))}
    if any(part.count for part in parts.values()):
        context.push(_list(person, {**parts, "waiting": await _waiting(context, person, hands)}))


def _is_his_alone(person: Person, ticket: Ticket) -> bool:
    """Whether it concerns him as its handler; what he leads is found by its place."""
    is_led = any(person.has_role(role, ticket.place) for role in _ABOVE)
    return ticket.holder in _hands(person) and person.is_handler_in(ticket.place) and not is_led


def _led(person: Person, *roles: Role) -> list[str]:
    return [m.place for m in person.memberships if m.role in roles]


async def _promised(context: Context, person: Person, own: list[Ticket]) -> dict[str, _Part]:
    """What is late, and what is due today: his own, and what lies where he leads."""
    conn, now, scope, most = context.tx.conn, context.now, _led(person, *_ABOVE), AT_MOST + 1
    late = await lists.page(conn, Section.OVERDUE, scope, now, 0, most)
    end = calendar.end_of_day(now, context.rules)
    today = await lists.due_between(conn, scope, now, end, most)
    return {
        "late": await _part(context, [t for t in own if agenda.is_late(t, now)], late),
        "today": await _part(
            context, [t for t in own if agenda.is_due_today(t, now, context.rules)], today
        ),
    }


async def _part(context: Context, own: list[Ticket], others: list[int]) -> _Part:
    """The most pressing of both."""
    found = [*own, *await context.tx.tickets(others[: paging.PAGE])]
    found.sort(key=lambda t: (not t.urgent, CLOCKWORK.promise_due(t) or context.now, t.id))
    return _Part(shown=found[: paging.PAGE], count=len(own) + len(others))


async def _waiting(context: Context, person: Person, hands: list[Ticket]) -> _Part:
    """What of his waits for somebody else, and then what waits for him to decide."""
    own = sorted((t for t in hands if agenda.waits_for(t)), key=lambda t: not t.urgent)
    known = {t.id for t in own}
    conn, most = context.tx.conn, AT_MOST + 1 + len(own)
    loose, plans = _led(person, Role.LEAD), _led(person, Role.COMMITTEE)
    loose_ids = await lists.page(conn, Section.UNASSIGNED, loose, context.now, 0, most)
    above = {*loose_ids, *await lists.plans(conn, plans, most)} - known
    pressing = {*loose_ids[: paging.PAGE], *sorted(above)[: paging.PAGE]} - known
    first = await context.tx.tickets(sorted(pressing))
    first.sort(key=lambda t: not t.urgent)
    return _Part(shown=[*own, *first][: paging.PAGE], count=len(own) + len(above))


def _list(person: Person, parts: Mapping[str, _Part]) -> Notice:
    """The first of each part, and how many there are."""
    counts = {name: paging.said(part.count, AT_MOST) for name, part in parts.items()}
    lines = {name: [paging.line(t) for t in part.shown] for name, part in parts.items()}
    waits = ((t, agenda.waits_for(t)) for t in parts["waiting"].shown)
    waiting = [paging.line(t) | {"whom": to.value} for t, to in waits if to]
    opened = (t for name in _OPENED for t in parts[name].shown)
    buttons = paging.openers({t.id: t for t in opened}.values())
    values = {**lines, "waiting": waiting, "counts": counts}
    return Notice(to=person.id, template="morning", values=values, buttons=buttons)

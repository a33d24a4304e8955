"""The morning list: once a day everybody who has something due hears what, and what waits.

The next morning is a row. Ringing moves it on and owes the lists in one transaction, so that a
restart neither forgets a morning nor says it twice; after downtime it is said once, late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from workflows import duties, sla
from workflows.desk import absence, listing
from workflows.desk.case import Case
from workflows.model import Notice, Person, Role, State, Ticket, To, grid_of
from workflows.standing import may_see
from workflows.store import chores, lists

NAME = "morning"
_DAY = timedelta(days=1)
_ABOVE = {Role.LEAD: State.UNASSIGNED, Role.COMMITTEE: State.PROPOSED}  # what waits for whom


async def plan(case: Case) -> None:
    """At every start: the row follows the config."""
    moment = sla.next_morning(case.now, case.rules)
    await chores.plan(case.tx.conn, NAME, moment, case.now)


async def ring(case: Case) -> int:
    """Owe everybody's list if the morning has come. Returns 1 if it had, else 0."""
    due_at = (await chores.due(case.tx.conn, case.now)).get(NAME)
    moment = sla.next_morning(case.now, case.rules)
    if due_at is None or not await chores.move(case.tx.conn, NAME, due_at, moment):
        return 0
    end = sla.end_of_day(case.now, case.rules)
    promised = await case.tx.tickets(await lists.promised_before(case.tx.conn, end))
    idle = _by_scope(await case.tx.tickets(await lists.in_states(case.tx.conn, _ABOVE.values())))
    unasked = await _unasked(case, due_at)
    concerned = await _sorted_out(case, promised)
    for person_id in dict.fromkeys([*concerned, *unasked]):
        person = await case.tx.person(person_id)
        if person and person.is_staff and not person.is_away(case.now):
            waiting = await _waiting(case, person, idle)
            asks = [t for t in unasked[person_id] if may_see(person, t)]
            case.push(_list(person, concerned[person_id], waiting, asks, case))
    return 1


async def _unasked(case: Case, due_at: datetime) -> dict[int, list[Ticket]]:
    """Neutral follow-ups that have not been done for some days, by who was drawn for them.

    Each is in one morning's list alone: the first after the time for it was over.
    """
    since, until = due_at - _DAY - duties.CHECK_WITHIN, case.now - duties.CHECK_WITHIN
    found: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in await case.tx.tickets(await lists.unchecked(case.tx.conn, since, until)):
        if ticket.checker:
            found[ticket.checker].append(ticket)
    return found


async def _sorted_out(case: Case, promised: list[Ticket]) -> dict[int, list[Ticket]]:
    """Whom each ticket concerns: its handler, and who leads its grid and its community."""
    found: dict[int, list[Ticket]] = defaultdict(list)
    staff = {grid: await case.tx.staff(grid) for grid in {grid_of(t.place) for t in promised}}
    for ticket in promised:
        for person in (p for p in staff[grid_of(ticket.place)] if _concerns(ticket, p)):
            found[person.id].append(ticket)
    return found


def _by_scope(idle: list[Ticket]) -> dict[tuple[State, str], list[Ticket]]:
    """What waits for somebody to decide, by every place it lies in."""
    found: dict[tuple[State, str], list[Ticket]] = defaultdict(list)
    for ticket in idle:
        names = ticket.place.split("/")
        for scope in ("", *("/".join(names[: size + 1]) for size in range(len(names)))):
            found[ticket.state, scope].append(ticket)
    return found


def _concerns(ticket: Ticket, person: Person) -> bool:
    is_his = ticket.holder in {person.id, *person.stands_for} and person.is_handler_in(ticket.place)
    return is_his or any(person.has_role(role, ticket.place) for role in _ABOVE)


async def _waiting(
    case: Case, person: Person, idle: Mapping[tuple[State, str], list[Ticket]]
) -> list[tuple[Ticket, To]]:
    """What of his waits for somebody else, and what waits for him to decide."""
    own = [(t, to) for t in await absence.in_hand(case, person) if (to := duties.waits_for(t))]
    known = {ticket.id for ticket, _ in own}
    roles = [m for m in person.memberships if m.role in _ABOVE]
    his = {t.id: t for m in roles for t in idle.get((_ABOVE[m.role], m.place), ())}
    above = [
        (t, to) for i, t in sorted(his.items()) if i not in known and (to := duties.waits_for(t))
    ]
    return [*own, *above]


def _list(
    person: Person, tickets: list[Ticket], waiting: list[tuple[Ticket, To]],
    asks: list[Ticket], case: Case,
) -> Notice:  # fmt: skip
    late = [t for t in tickets if duties.is_late(t, case.now)]
    today = [t for t in tickets if not duties.is_late(t, case.now)]
    values = {
        "late": [listing.line(t) for t in late], "today": [listing.line(t) for t in today],
        "waiting": [listing.line(t) | {"whom": to.value} for t, to in waiting],
        "asks": [listing.line(t) for t in asks],
    }  # fmt: skip
    each = (late, today, asks)
    shown = {t.id: t for tickets in each for t in tickets[: listing.PAGE]}.values()
    buttons = listing.openers(shown)
    return Notice(to=person.id, template="morning", values=_shortened(values), buttons=buttons)


def _shortened(values: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """The first of each, and how many there are."""
    first = {name: lines[: listing.PAGE] for name, lines in values.items()}
    return first | {"counts": {name: len(lines) for name, lines in values.items()}}

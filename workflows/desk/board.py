"""The board of who answers for a place: what nobody has, what is late, what waits for a yes."""

from __future__ import annotations

from collections.abc import Iterable

from workflows import duties, lifecycle, sla
from workflows.desk import listing
from workflows.desk.case import Case
from workflows.desk.menus import MANAGES
from workflows.model import (
    Action,
    Button,
    Incoming,
    Notice,
    Person,
    Priority,
    Refusal,
    Role,
    Tap,
    Ticket,
)
from workflows.number import say
from workflows.store import lists
from workflows.store.lists import AT_MOST, Section
from workflows.ticket_taps import opener

_ONE = 1  # what waits for a yes or no is shown one by one, with what is proposed


async def show(case: Case, incoming: Incoming, person: Person) -> None:
    """The board, open at the first section that has something."""
    counts = await _counts(case, person)
    first = next((section for section in Section if counts[section]), Section.UNASSIGNED)
    listing.answer(case, incoming, await _section(case, person, first, counts, "0"))


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """Another section or page."""
    section = incoming.tap.word(Section)
    counts = await _counts(case, person)
    page = incoming.tap.at(0)
    listing.answer(case, incoming, await _section(case, person, section, counts, page))


async def show_next(
    case: Case, incoming: Incoming, person: Person, done: Action | None = None
) -> None:
    """What waits for a yes or no now, on top what was just `done`."""
    notice = await _queue(case, person, await _counts(case, person), "0", done)
    listing.answer(case, incoming, notice)


def scope_of(person: Person) -> tuple[str, ...]:
    """The places this person answers for. Raises Refusal when there is none."""
    scope = tuple(dict.fromkeys(m.place for m in person.memberships if m.role in MANAGES))
    if not scope:
        raise Refusal("refused_staff_only")
    return scope


async def _counts(case: Case, person: Person) -> dict[Section, int]:
    scope, settled = scope_of(person), _settled(case)
    return {s: await lists.count(case.tx.conn, s, scope, case.now, settled) for s in Section}


def _settled(case: Case) -> list[int]:
    """What is decided by now but not written yet."""
    changed = (case.tx.work.tickets[i] for i in case.tx.work.changed_tickets)
    return [ticket.id for ticket in changed if ticket and not duties.matters(ticket)]


async def _section(
    case: Case, person: Person, section: Section, counts: dict[Section, int], asked: str
) -> Notice:
    if section is Section.PROPOSED and counts[section]:
        return await _queue(case, person, counts, asked)
    return await _list(case, person, section, counts, asked)


async def _list(
    case: Case, person: Person, section: Section, counts: dict[Section, int], asked: str
) -> Notice:
    total = min(counts[section], AT_MOST)
    page = listing.page_of(total, asked)
    ids = await lists.page(
        case.tx.conn, section, scope_of(person), case.now, page * listing.PAGE, listing.PAGE
    )
    tickets = await case.tx.tickets(ids)
    values = {
        "section": section.value, "total": _said(counts, section),
        "first": page * listing.PAGE + 1,
        "lines": [listing.line(t) | {"passed": _passed(case, t, section)} for t in tickets],
    }  # fmt: skip
    buttons = (_tabs(counts), *listing.openers(tickets),
               *listing.turns(_opening(section), page, total))  # fmt: skip
    return Notice(
        to=person.id, template="board", values=values, buttons=buttons, priority=Priority.REPLY
    )


def _passed(case: Case, ticket: Ticket, section: Section) -> float:
    """For how many seconds it has lain there, or been late."""
    since = sla.promise_due(ticket) if section is Section.OVERDUE else ticket.filed_at
    return max((case.now - (since or case.now)).total_seconds(), 0)


async def _queue(
    case: Case, person: Person, counts: dict[Section, int], asked: str, done: Action | None = None
) -> Notice:
    """One ticket that waits for a yes or no; the words of people are read when it goes out."""
    total = min(counts[Section.PROPOSED], AT_MOST)
    page = listing.page_of(total, asked, _ONE)
    ticket = await _waits_at(case, person, page)
    said = _said(counts, Section.PROPOSED)
    values = {"total": said, "first": page + 1, "done": done and done.value}
    turns = listing.turns(_opening(Section.PROPOSED), page, total, _ONE)
    rows = (*_decisions(case, ticket, person), (_look(ticket),)) if ticket else ()
    return Notice(
        to=person.id, template="queue", values=values, buttons=(*rows, *turns, _tabs(counts)),
        ticket_id=ticket.id if ticket else None, priority=Priority.REPLY,
    )  # fmt: skip


async def _waits_at(case: Case, person: Person, page: int) -> Ticket | None:
    """The one to be decided at this place of the queue; what cannot be read has none."""
    ahead, left = None if _approves(person) else duties.Matter.EXCLUSION, _settled(case)
    asked = (case.tx.conn, Section.PROPOSED, scope_of(person), case.now, page, _ONE)
    while ids := await lists.page(*asked, left, ahead=ahead):
        if found := await case.tx.tickets(ids):
            return found[0]
        left += ids
    return None


def _look(ticket: Ticket) -> Button:
    return opener(ticket.id, "view.known", {"number": say(ticket.id)})


def _approves(person: Person) -> bool:
    return any(m.role is Role.COMMITTEE for m in person.memberships)


def _decisions(case: Case, ticket: Ticket, person: Person) -> Iterable[tuple[Button, ...]]:
    """Yes and no side by side: exactly what the machine would accept from this person now."""
    allowed = lifecycle.actions(person, ticket, case.now, case.rules)
    seal, each = duties.seal(ticket), [a for a in duties.DECISIONS if a in allowed]
    taps = [_decision(ticket, action, seal) for action in each]
    return (tuple(taps[i : i + 2]) for i in range(0, len(taps), 2))


def _decision(ticket: Ticket, action: Action, seal: str) -> Button:
    tap = Tap(kind="decision", subject=ticket.id, verb=action.value, args=(seal,))
    return Button(tap=tap, label=f"action.{action}")


def _opening(section: Section) -> Tap:
    return Tap(kind="board", verb=section.value)


def _tabs(counts: dict[Section, int]) -> tuple[Button, ...]:
    return tuple(
        Button(
            tap=listing.at_page(_opening(s), 0),
            label=f"board.{s}",
            values={"count": _said(counts, s)},
        )
        for s in counts
    )


def _said(counts: dict[Section, int], section: Section) -> int | str:
    return listing.said(counts[section], AT_MOST)

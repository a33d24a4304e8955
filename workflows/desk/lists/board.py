"""The board of who answers for a place: what nobody has, what is late, what waits for a yes."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.core.errors import Refusal
from workflows.core.messages import Button, Incoming, Notice, Priority
from workflows.core.numbers import format_number
from workflows.core.people import Person, Role
from workflows.core.permissions import MANAGES
from workflows.core.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.petition import agenda, engine
from workflows.petition.model import Ticket
from workflows.petition.store import lists
from workflows.petition.store.lists import AT_MOST, Section
from workflows.petition.taps import opener
from workflows.petition.timing import CLOCKWORK
from workflows.petition.words import Action

_ONE = 1  # what waits for a yes or no is shown one by one, with what is proposed


async def show(context: Context, incoming: Incoming, person: Person) -> None:
    """The board, open at the first section that has something."""
    counts = await _counts(context, person)
    first = next((section for section in Section if counts[section]), Section.UNASSIGNED)
    paging.answer(context, incoming, await _section(context, person, first, counts, "0"))


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Another section or page."""
    section = incoming.tap.word(Section)
    counts = await _counts(context, person)
    page = incoming.tap.at(0)
    paging.answer(context, incoming, await _section(context, person, section, counts, page))


async def show_next(
    context: Context, incoming: Incoming, person: Person, done: Action | None = None
) -> None:
    """What waits for a yes or no now, on top what was just `done`."""
    notice = await _queue(context, person, await _counts(context, person), "0", done)
    paging.answer(context, incoming, notice)


def scope_of(person: Person) -> tuple[str, ...]:
    """The places this person answers for. Raises Refusal when there is none."""
    scope = tuple(dict.fromkeys(m.place for m in person.memberships if m.role in MANAGES))
    if not scope:
        raise Refusal("refused_staff_only")
    return scope


async def _counts(context: Context, person: Person) -> dict[Section, int]:
    scope, settled = scope_of(person), _settled(context)
    return {s: await lists.count(context.tx.conn, s, scope, context.now, settled) for s in Section}


def _settled(context: Context) -> list[int]:
    """What is decided by now but not written yet."""
    changed = (context.tx.work.tickets[i] for i in context.tx.work.changed_tickets)
    return [ticket.id for ticket in changed if ticket and not agenda.matters(ticket)]


async def _section(
    context: Context, person: Person, section: Section, counts: dict[Section, int], asked: str
) -> Notice:
    if section is Section.PROPOSED and counts[section]:
        return await _queue(context, person, counts, asked)
    return await _list(context, person, section, counts, asked)


async def _list(
    context: Context, person: Person, section: Section, counts: dict[Section, int], asked: str
) -> Notice:
    total = min(counts[section], AT_MOST)
    page = paging.page_of(total, asked)
    ids = await lists.page(
        context.tx.conn, section, scope_of(person), context.now, page * paging.PAGE, paging.PAGE
    )
    tickets = await context.tx.tickets(ids)
    values = {
        "section": section.value, "total": _said(counts, section),
        "first": page * paging.PAGE + 1,
        "lines": [paging.line(t) | {"passed": _passed(context, t, section)} for t in tickets],
    }  # fmt: skip
    buttons = (_tabs(counts), *paging.openers(tickets),
               *paging.turns(_opening(section), page, total))  # fmt: skip
    return Notice(
        to=person.id, template="board", values=values, buttons=buttons, priority=Priority.REPLY
    )


def _passed(context: Context, ticket: Ticket, section: Section) -> float:
    """For how many seconds it has lain there, or been late."""
    since = CLOCKWORK.promise_due(ticket) if section is Section.OVERDUE else ticket.filed_at
    return max((context.now - (since or context.now)).total_seconds(), 0)


async def _queue(
    context: Context,
    person: Person,
    counts: dict[Section, int],
    asked: str,
    done: Action | None = None,
) -> Notice:
    """One ticket that waits for a yes or no; the words of people are read when it goes out."""
    total = min(counts[Section.PROPOSED], AT_MOST)
    page = paging.page_of(total, asked, _ONE)
    ticket = await _waits_at(context, person, page)
    said = _said(counts, Section.PROPOSED)
    values = {"total": said, "first": page + 1, "done": done and done.value}
    turns = paging.turns(_opening(Section.PROPOSED), page, total, _ONE)
    rows = (*_decisions(context, ticket, person), (_look(ticket),)) if ticket else ()
    return Notice(
        to=person.id, template="queue", values=values, buttons=(*rows, *turns, _tabs(counts)),
        ticket_id=ticket.id if ticket else None, priority=Priority.REPLY,
    )  # fmt: skip


async def _waits_at(context: Context, person: Person, page: int) -> Ticket | None:
    """The one to be decided at this place of the queue; what cannot be read has none."""
    ahead, left = None if _approves(person) else agenda.PendingDecision.EXCLUSION, _settled(context)
    asked = (context.tx.conn, Section.PROPOSED, scope_of(person), context.now, page, _ONE)
    while ids := await lists.page(*asked, left, ahead=ahead):
        if found := await context.tx.tickets(ids):
            return found[0]
        left += ids
    return None


def _look(ticket: Ticket) -> Button:
    return opener(ticket.id, "view.known", {"number": format_number(ticket.id)})


def _approves(person: Person) -> bool:
    return any(m.role is Role.COMMITTEE for m in person.memberships)


def _decisions(context: Context, ticket: Ticket, person: Person) -> Iterable[tuple[Button, ...]]:
    """Yes and no side by side: exactly what the machine would accept from this person now."""
    allowed = engine.actions(person, ticket, context.now, context.rules)
    seal, each = agenda.seal(ticket), [a for a in agenda.DECISIONS if a in allowed]
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
            tap=paging.at_page(_opening(s), 0),
            label=f"board.{s}",
            values={"count": _said(counts, s)},
        )
        for s in counts
    )


def _said(counts: dict[Section, int], section: Section) -> int | str:
    return paging.said(counts[section], AT_MOST)

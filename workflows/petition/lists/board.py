"""The petition's sections of the board: what nobody has, what is late, what waits for a yes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from functools import partial

from workflows.core.numbers import format_number
from workflows.core.people import Person, Role
from workflows.core.talk.messages import Button, Notice, Priority, opener
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.board import opening
from workflows.desk.parts import BoardPage, Section
from workflows.petition import engine
from workflows.petition.lists import in_hand
from workflows.petition.lists.lines import line
from workflows.petition.model import Ticket
from workflows.petition.rules import agenda
from workflows.petition.store import lists
from workflows.petition.store.kept import TICKETS
from workflows.petition.store.lists import Section as Part
from workflows.petition.words import Action

_ONE = 1  # what waits for a yes or no is shown one by one, with what is proposed


async def _count(part: Part, context: Context, scope: Collection[str]) -> int:
    settled = _settled(context)
    return await context.tx.ask(lists.count, part, scope, context.now, settled)


def _settled(context: Context) -> list[int]:
    """What is decided by now but not written yet."""
    changed = (ticket for _, ticket in context.tx.changes(TICKETS))
    return [ticket.id for ticket in changed if not agenda.matters(ticket)]


async def _list(part: Part, context: Context, person: Person, asked: BoardPage) -> Notice:
    total = min(asked.count, paging.AT_MOST)
    page = paging.page_of(total, asked.asked)
    ids = await context.tx.ask(
        lists.page, part, asked.scope, context.now, page * paging.PAGE, paging.PAGE
    )
    tickets = await context.tx.get_all(TICKETS, ids)
    values = {
        "section": part.value, "total": paging.said(asked.count),
        "first": page * paging.PAGE + 1,
        "lines": [
            line(t) | {"passed": _passed(context, t, part), "over": agenda.over(t, context.now)}
            for t in tickets
        ],
    }  # fmt: skip
    buttons = (*asked.tabs, *paging.openers(context, tickets),
               *paging.turns(opening(part), page, total))  # fmt: skip
    return Notice(
        to=person.id, template="board", values=values, buttons=buttons, priority=Priority.REPLY
    )


def _passed(context: Context, ticket: Ticket, part: Part) -> float:
    """For how many seconds it has lain there, or been late."""
    since = agenda.overdue_at(ticket) if part is Part.OVERDUE else ticket.filed_at
    return max((context.now - (since or context.now)).total_seconds(), 0)


async def _proposed(context: Context, person: Person, asked: BoardPage) -> Notice:
    """One by one; where nothing waits, the empty list, but after a decision."""
    if asked.count or asked.is_next:
        return await _queue(context, person, asked)
    return await _list(Part.PROPOSED, context, person, asked)


async def _queue(context: Context, person: Person, asked: BoardPage) -> Notice:
    """One ticket that waits for a yes or no; the words of people are read when it goes out."""
    total = min(asked.count, paging.AT_MOST)
    page = paging.page_of(total, asked.asked, _ONE)
    ticket = await _waits_at(context, person, asked.scope, page)
    said = paging.said(asked.count)
    values = {"total": said, "first": page + 1, "done": asked.done}
    turns = paging.turns(opening(Part.PROPOSED), page, total, _ONE)
    rows = (*_decisions(context, ticket, person), (_look(ticket),)) if ticket else ()
    return Notice(
        to=person.id, template="queue", values=values, buttons=(*rows, *turns, *asked.tabs),
        ticket_id=ticket.id if ticket else None, priority=Priority.REPLY,
    )  # fmt: skip


async def _waits_at(
    context: Context, person: Person, scope: Collection[str], page: int
) -> Ticket | None:
    """The one to be decided at this place of the queue; what cannot be read has none."""
    ahead, left = _ahead(person), _settled(context)
    asked = (Part.PROPOSED, scope, context.now, page, _ONE)
    while ids := await context.tx.ask(lists.page, *asked, left, ahead=ahead):
        if found := await context.tx.get_all(TICKETS, ids):
            return found[0]
        left += ids
    return None


def _look(ticket: Ticket) -> Button:
    return opener(ticket.id, "view.known", {"number": format_number(ticket.id)})


def _ahead(person: Person) -> agenda.PendingDecision | None:
    """What this person can decide though not all of it: the committee can."""
    roles = {m.role for m in person.memberships}
    if Role.COMMITTEE in roles:
        return None
    matters = agenda.PendingDecision
    return matters.OBJECTION if Role.LEAD in roles else matters.EXCLUSION


def _decisions(context: Context, ticket: Ticket, person: Person) -> Iterable[tuple[Button, ...]]:
    """Yes and no side by side: exactly what the machine would accept from this person now."""
    allowed = engine.actions(person, ticket, context.now, context.rules)
    seal, each = agenda.seal(ticket), [a for a in agenda.decisions(ticket) if a in allowed]
    taps = [_decision(ticket, action, seal) for action in each]
    return (tuple(taps[i : i + 2]) for i in range(0, len(taps), 2))


def _decision(ticket: Ticket, action: Action, seal: str) -> Button:
    tap = Tap(kind="decision", subject=ticket.id, verb=action.value, args=(seal,))
    return Button(tap=tap, label=f"action.{action}")


_DRAWN: dict[Part, Callable[[Context, Person, BoardPage], Awaitable[Notice]]] = {
    Part.UNASSIGNED: partial(_list, Part.UNASSIGNED),
    Part.OVERDUE: partial(_list, Part.OVERDUE),
    Part.PROPOSED: _proposed,
}
SECTIONS = (
    *(Section(key=part.value, count=partial(_count, part), draw=_DRAWN[part]) for part in Part),
    in_hand.SECTION,
)

"""Lists of tickets in the chat: a line and a button each, pages, redrawn in place as one taps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from workflows import sla
from workflows.desk.case import Case
from workflows.model import Button, Incoming, Kind, Notice, Ticket
from workflows.number import say

PAGE = 10  # tickets a page


def line(ticket: Ticket) -> dict[str, object]:
    """What a list's line says of a ticket: nothing that a person wrote."""
    due = sla.promise_due(ticket)
    return {
        "ticket": ticket.id, "state": ticket.state.value, "place": ticket.place,
        "category": ticket.category, "filed_at": ticket.filed_at.isoformat(),
        "urgent": ticket.urgent, "due": due and due.isoformat(),
    }  # fmt: skip


def openers(tickets: Iterable[Ticket]) -> tuple[tuple[Button, ...], ...]:
    """A button for each ticket that opens its card."""
    return tuple((_open(ticket),) for ticket in tickets)


def _open(ticket: Ticket) -> Button:
    values = {"number": say(ticket.id), "category": ticket.category, "state": ticket.state.value}
    return Button(press=f"v:{ticket.id}:card", label="view.open", values=values)


def page_of(total: int, asked: str) -> int:
    """The page asked for, counted from 0; the last one where the list has become shorter."""
    last = max((total - 1) // PAGE, 0)
    return min(int(asked[:6]), last) if asked.isdecimal() else 0


def turns(press: str, page: int, total: int) -> tuple[tuple[Button, ...], ...]:
    """A row to turn pages, where there is more than one; `press` is what the page is added to."""
    back = Button(press=f"{press}:{page - 1}", label="pages.previous")
    on = Button(press=f"{press}:{page + 1}", label="pages.next")
    row = ([back] if page else []) + ([on] if (page + 1) * PAGE < total else [])
    return (tuple(row),) if row else ()


def answer(case: Case, incoming: Incoming, notice: Notice) -> None:
    """Show a list: to a command as a message, to a tap in the message that was tapped."""
    if incoming.kind is not Kind.PRESS or not incoming.is_private:
        case.reply(notice)
        return
    case.toast(incoming)
    values = {**notice.values, "message_id": incoming.message_id}
    redrawn = replace(notice, values=values, replaces=f"list:{incoming.message_id}")
    case.tx.owe(redrawn, incoming.chat_id, "redraw", f"{case.key}:redraw", case.now)

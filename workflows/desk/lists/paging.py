"""Lists of tickets in the chat: a line and a button each, pages, redrawn in place as one taps."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from workflows.core.messages import Button, Incoming, Kind, Notice
from workflows.core.numbers import format_number
from workflows.core.tap import Tap
from workflows.desk.context import Context
from workflows.petition.model import Ticket
from workflows.petition.taps import opener
from workflows.petition.timing import CLOCKWORK

PAGE = 10  # tickets a page


def line(ticket: Ticket) -> dict[str, object]:
    """What a list's line says of a ticket: nothing that a person wrote."""
    due = CLOCKWORK.promise_due(ticket)
    return {
        "ticket": ticket.id, "state": ticket.state.value, "place": ticket.place,
        "category": ticket.category, "filed_at": ticket.filed_at.isoformat(),
        "urgent": ticket.urgent, "due": due and due.isoformat(),
    }  # fmt: skip


def openers(tickets: Iterable[Ticket], label: str = "open") -> tuple[tuple[Button, ...], ...]:
    """A button for each ticket that opens its card; "own" names the state in residents' words."""
    return tuple((_open(ticket, label),) for ticket in tickets)


def _open(ticket: Ticket, label: str) -> Button:
    state = ticket.state.value
    values = {
        "number": format_number(ticket.id),
        "category": ticket.category,
        "state": state,
        "stage": state,
    }
    return opener(ticket.id, f"view.{label}", values)


def said(count: int, most: int) -> int | str:
    """A count as people read it; "1000+" where it went no further."""
    return f"{most}+" if count > most else count


def page_of(total: int, asked: str, size: int = PAGE) -> int:
    """The page asked for, counted from 0; the last one where the list has become shorter."""
    last = max((total - 1) // size, 0)
    return min(int(asked[:6]), last) if asked.isdecimal() else 0


def turns(tap: Tap, page: int, total: int, size: int = PAGE) -> tuple[tuple[Button, ...], ...]:
    """A row to turn pages, where there is more than one; `tap` is what the page is added to."""
    back = Button(tap=at_page(tap, page - 1), label="pages.previous")
    on = Button(tap=at_page(tap, page + 1), label="pages.next")
    row = ([back] if page else []) + ([on] if (page + 1) * size < total else [])
    return (tuple(row),) if row else ()


def at_page(tap: Tap, page: int) -> Tap:
    """The tap that shows this page of a list."""
    return replace(tap, args=(str(page),))


def answer(context: Context, incoming: Incoming, notice: Notice) -> None:
    """Show a list: to a command as a message, to a tap in the message that was tapped."""
    if incoming.kind is not Kind.PRESS or not incoming.is_private:
        context.reply(notice)
        return
    context.toast(incoming)
    values = {**notice.values, "message_id": incoming.message_id}
    redrawn = replace(notice, values=values, replaces=f"list:{incoming.message_id}")
    context.tx.owe(redrawn, incoming.chat_id, "redraw", f"{context.key}:redraw", context.now)

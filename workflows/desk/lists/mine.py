"""One's own list: what a member of staff has in hand, filtered and paged; what one brought."""

from __future__ import annotations

from enum import StrEnum

from workflows.core.messages import Button, Incoming, Notice, Priority
from workflows.core.people import Person
from workflows.core.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.people import absence
from workflows.petition import agenda
from workflows.petition.model import Ticket
from workflows.petition.store import lookups


class Filter(StrEnum):
    """Which of the tickets in hand are shown."""

    ALL = "all"
    TODAY = "today"
    LATE = "late"
    OTHERS = "others"


async def show(context: Context, incoming: Incoming, person: Person) -> None:
    """What this person has in hand, and what he brought."""
    await _show(context, incoming, person, Filter.ALL, "0")


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Another filter or page."""
    await _show(context, incoming, person, incoming.tap.word(Filter), incoming.tap.at(0))


async def _show(
    context: Context, incoming: Incoming, person: Person, chosen: Filter, asked: str
) -> None:
    held = await absence.in_hand(context, person) if person.is_staff else []
    held.sort(key=lambda t: (not t.urgent, person.id in t.helpers))  # danger, then his own
    sorted_out = {one: [t for t in held if _passes(context, t, one)] for one in Filter}
    total = len(sorted_out[chosen])
    page = paging.page_of(total, asked)
    shown = sorted_out[chosen][page * paging.PAGE :][: paging.PAGE]
    is_first = chosen is Filter.ALL and page == 0
    brought = await lookups.brought_by(context.tx, person.id, paging.PAGE) if is_first else []
    values = {
        "filter": chosen.value if held else "", "total": total,
        "held": [await _line(context, t, person) for t in shown],
        "brought": [paging.line(t) for t in brought],
    }  # fmt: skip
    own = [t for t in brought if t not in shown]
    tabs = (_tabs(sorted_out),) if held else ()
    buttons = (
        *tabs,
        *paging.openers(shown),
        *paging.openers(own, "own"),
        *paging.turns(_opening(chosen), page, total),
    )
    notice = Notice(
        to=person.id, template="mine", values=values, buttons=buttons, priority=Priority.REPLY
    )
    paging.answer(context, incoming, notice)


async def _line(context: Context, ticket: Ticket, person: Person) -> dict[str, object]:
    """With whose it is: of somebody he stands in for, or of whom he helps."""
    absent = ticket.holder if ticket.holder in person.stands_for else None
    holder = await context.tx.person(absent) if absent else None
    whose = {"helps": person.id in ticket.helpers, "stands_for": holder.name if holder else ""}
    return paging.line(ticket) | whose


def _passes(context: Context, ticket: Ticket, chosen: Filter) -> bool:
    match chosen:
        case Filter.TODAY:
            return agenda.is_due_today(ticket, context.now, context.rules)
        case Filter.LATE:
            return agenda.is_late(ticket, context.now)
        case Filter.OTHERS:
            return agenda.waits_for(ticket) is not None
        case Filter.ALL:
            return True


def _tabs(sorted_out: dict[Filter, list[Ticket]]) -> tuple[Button, ...]:
    return tuple(
        Button(
            tap=paging.at_page(_opening(one), 0),
            label=f"mine.{one}",
            values={"count": len(tickets)},
        )
        for one, tickets in sorted_out.items()
    )


def _opening(chosen: Filter) -> Tap:
    return Tap(kind="mine", verb=chosen.value)

"""One's own list: what a member of staff has in hand, filtered and paged; what one brought."""

from __future__ import annotations

from enum import StrEnum

from workflows import duties
from workflows.desk import absence, listing
from workflows.desk.case import Case
from workflows.model import Button, Incoming, Notice, Person, Priority, Tap, Ticket


class Filter(StrEnum):
    """Which of the tickets in hand are shown."""

    ALL = "all"
    TODAY = "today"
    LATE = "late"
    OTHERS = "others"


async def show(case: Case, incoming: Incoming, person: Person) -> None:
    """What this person has in hand, and what he brought."""
    await _show(case, incoming, person, Filter.ALL, "0")


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """Another filter or page."""
    await _show(case, incoming, person, incoming.tap.word(Filter), incoming.tap.at(0))


async def _show(case: Case, incoming: Incoming, person: Person, chosen: Filter, asked: str) -> None:
    held = await absence.in_hand(case, person) if person.is_staff else []
    held.sort(key=lambda t: (not t.urgent, person.id in t.helpers))  # danger, then his own
    sorted_out = {one: [t for t in held if _passes(case, t, one)] for one in Filter}
    total = len(sorted_out[chosen])
    page = listing.page_of(total, asked)
    shown = sorted_out[chosen][page * listing.PAGE :][: listing.PAGE]
    is_first = chosen is Filter.ALL and page == 0
    brought = await case.tx.brought_by(person.id, listing.PAGE) if is_first else []
    values = {
        "filter": chosen.value if held else "", "total": total,
        "held": [await _line(case, t, person) for t in shown],
        "brought": [listing.line(t) for t in brought],
    }  # fmt: skip
    own = [t for t in brought if t not in shown]
    tabs = (_tabs(sorted_out),) if held else ()
    buttons = (
        *tabs,
        *listing.openers(shown),
        *listing.openers(own, "own"),
        *listing.turns(_opening(chosen), page, total),
    )
    notice = Notice(
        to=person.id, template="mine", values=values, buttons=buttons, priority=Priority.REPLY
    )
    listing.answer(case, incoming, notice)


async def _line(case: Case, ticket: Ticket, person: Person) -> dict[str, object]:
    """With whose it is: of somebody he stands in for, or of whom he helps."""
    absent = ticket.holder if ticket.holder in person.stands_for else None
    holder = await case.tx.person(absent) if absent else None
    whose = {"helps": person.id in ticket.helpers, "stands_for": holder.name if holder else ""}
    return listing.line(ticket) | whose


def _passes(case: Case, ticket: Ticket, chosen: Filter) -> bool:
    match chosen:
        case Filter.TODAY:
            return duties.is_due_today(ticket, case.now, case.rules)
        case Filter.LATE:
            return duties.is_late(ticket, case.now)
        case Filter.OTHERS:
            return duties.waits_for(ticket) is not None
        case Filter.ALL:
            return True


def _tabs(sorted_out: dict[Filter, list[Ticket]]) -> tuple[Button, ...]:
    return tuple(
        Button(
            tap=listing.at_page(_opening(one), 0),
            label=f"mine.{one}",
            values={"count": len(tickets)},
        )
        for one, tickets in sorted_out.items()
    )


def _opening(chosen: Filter) -> Tap:
    return Tap(kind="mine", verb=chosen.value)

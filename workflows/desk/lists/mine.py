"""One's own list: what a member of staff has in hand, filtered and paged; what one brought."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from workflows.core.people import Person
from workflows.core.talk.messages import Button, Incoming, Notice, Priority
from workflows.core.talk.tap import Tap
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Rows, Standing

MINE = Button(tap=Tap(kind="mine", verb="all"), label="view.mine")  # where one looks for his own


class Filter(StrEnum):
    """Which of what is in hand is shown."""

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
    held = await _in_hand(context, person)
    sorted_out = {one: [x for x in held if _passes(paging.standing(context, x), one)]
                  for one in Filter}  # fmt: skip
    total = len(sorted_out[chosen])
    page = paging.page_of(total, asked)
    shown = paging.cut(sorted_out[chosen], page)
    is_first = chosen is Filter.ALL and page == 0
    brought = await _brought(context, person) if is_first else []
    values = {
        "filter": chosen.value if held else "", "total": total,
        "held": [await _line(context, x, person) for x in shown],
        "brought": [paging.line(context, x) for x in brought],
    }  # fmt: skip
    own = [x for x in brought if x not in shown]
    buttons = (
        *((_tabs(sorted_out),) if held else ()),
        *paging.openers(context, shown),
        *paging.openers(context, own, "own"),
        *paging.turns(_opening(chosen), page, total),
        *(_own(context, person) if is_first else ()),
    )
    notice = Notice(
        to=person.id, template="mine", values=values, buttons=buttons, priority=Priority.REPLY
    )
    paging.answer(context, incoming, notice)


async def _in_hand(context: Context, person: Person) -> list[Any]:
    """Danger first, then his own, then where he only helps."""
    if not person.is_staff:
        return []
    held = list[Any]()
    for w in context.workflows:
        held += await guarding.asked(context, [], w.lists.in_hand, context, person)
    return sorted(
        held, key=lambda x: (not x.is_urgent, context.workflows.of(x).hands.helps(person, x))
    )


async def _brought(context: Context, person: Person) -> list[Any]:
    """His own, newest first."""
    found = list[Any]()
    for w in context.workflows:
        found += await guarding.asked(context, [], w.lists.brought, context, person, paging.PAGE)
    return sorted(found, key=lambda x: -x.id)[: paging.PAGE]


async def _line(context: Context, subject: Any, person: Person) -> dict[str, object]:
    """With whose it is: of somebody he stands in for, or of whom he helps."""
    hands = context.workflows.of(subject).hands
    absent = hands.holder(subject)
    holder = await context.tx.person(absent) if absent in person.stands_for and absent else None
    whose = {"helps": hands.helps(person, subject), "stands_for": holder.name if holder else ""}
    return {**paging.line(context, subject), **whose}


def _own(context: Context, person: Person) -> Rows:
    """What else is his, of the workflows that his communities have."""
    offered = context.workflows.offered(person, context.rules)
    return tuple(row for one in offered for row in one.lists.own)


def _passes(standing: Standing, chosen: Filter) -> bool:
    match chosen:
        case Filter.TODAY:
            return standing.is_today
        case Filter.LATE:
            return standing.is_late
        case Filter.OTHERS:
            return standing.waits_for is not None
    return True


def _tabs(sorted_out: Mapping[Filter, list[Any]]) -> tuple[Button, ...]:
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

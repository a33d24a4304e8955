"""Lists of subjects whose clocks and stages say all that a list asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from workflows.core.engine.flow import Flow
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.core.timing import calendar
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Part, Round, Standing
from workflows.store import listing
from workflows.store.kept import Kept

InHand = Callable[[Context, Person], Awaitable[list[Any]]]


def due_of(subject: Any) -> datetime | None:
    """When the first of its clocks is over."""
    return min((clock.due for clock in subject.clocks.values()), default=None)


def line(subject: Any) -> Values:
    """What a list's line says of one, and of what it is, where that has a name: nothing that a
    person wrote.
    """
    due = due_of(subject)
    return {
        "ticket": subject.id, "kind": subject.kind, "state": subject.state.value,
        "place": subject.place, "category": getattr(subject, "name", ""),
        "urgent": subject.is_urgent, "filed_at": subject.opened_at.isoformat(),
        "due": due and due.isoformat(),
    }  # fmt: skip


def standing_of(flow: Flow[Any, Any, Any, Any, Any]) -> Callable[..., Standing]:
    """What one asks of people today."""

    def standing(subject: Any, now: datetime, rules: Rules) -> Standing:
        due, holder = due_of(subject), flow.stages[subject.state].holder
        is_late = due is not None and due <= now
        is_today = due is not None and now < due <= calendar.end_of_day(now, rules)
        return Standing(is_late=is_late, is_today=is_today, due=due, waits_for=holder)

    return standing


def in_hand_of(
    flow: Flow[Any, Any, Any, Any, Any], kept: Kept[Any], attempt: Callable[..., Any],
    scope: Callable[[Person], Collection[str]],
) -> InHand:  # fmt: skip
    """What is open where somebody decides, of others, and he can do something with now."""

    async def in_hand(context: Context, person: Person) -> list[Any]:
        states, told = flow.open, (person, context.now, context.rules)
        found = await context.tx.find(kept, listing.ids_open, kept.table, scope(person), states)
        others = (one for one in found if one.person != person.id)
        return [one for one in others if flow.actions(attempt(one, flow.begins, *told))]

    return in_hand


def morning_of(
    name: str, in_hand: InHand, most: int = paging.PAGE, *, opens: bool = True
) -> Callable[..., Awaitable[Round]]:
    """A part of the morning by this name: what somebody has in hand, and a button for each that is
    shown.
    """

    async def morning(context: Context, found: list[Person], _: datetime) -> Round:
        async def parts(person: Person) -> Mapping[str, Part]:
            part = part_of(context, await in_hand(context, person), most, opens=opens)
            return {name: part}

        return Round(reach=len(found), parts=parts)

    return morning


def part_of(
    context: Context, found: list[Any], most: int = paging.PAGE, *, opens: bool = True
) -> Part:
    """Such a part of these."""
    shown = found[:most]
    lines = [paging.line(context, one) for one in shown]
    return Part(
        lines=lines, count=len(found), opens=paging.openers(context, shown) if opens else ()
    )  # fmt: skip

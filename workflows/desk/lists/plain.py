"""Lists of subjects whose clocks and stages say all that a list asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.core.timing import calendar
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Part, Round, Standing


def due_of(subject: Any) -> datetime | None:
    """When the first of its clocks is over."""
    return min((clock.due for clock in subject.clocks.values()), default=None)


def line(subject: Any) -> Values:
    """What a list's line says of something that has a name: nothing that a person wrote."""
    due = due_of(subject)
    return {
        "ticket": subject.id, "kind": subject.kind, "state": subject.state.value,
        "place": subject.place, "category": subject.name, "urgent": False,
        "filed_at": subject.opened_at.isoformat(), "due": due and due.isoformat(),
    }  # fmt: skip


def standing(subject: Any, now: datetime, rules: Rules) -> Standing:
    """What it asks of people today."""
    due, holder = due_of(subject), subject.stage.holder
    is_late = due is not None and due <= now
    is_today = due is not None and now < due <= calendar.end_of_day(now, rules)
    return Standing(
        is_late=is_late, is_today=is_today, due=due, waits_for=holder and holder.value
    )  # fmt: skip


def morning_of(
    name: str, in_hand: Callable[[Context, Person], Awaitable[list[Any]]]
) -> Callable[..., Awaitable[Round]]:
    """A part of the morning by this name: what somebody has in hand."""

    async def morning(context: Context, found: list[Person], _: datetime) -> Round:
        async def parts(person: Person) -> Mapping[str, Part]:
            his = await in_hand(context, person)
            shown = his[: paging.PAGE]
            lines = [paging.line(context, one) for one in shown]
            return {name: Part(lines=lines, count=len(his), opens=paging.openers(context, shown))}

        return Round(reach=len(found), parts=parts)

    return morning

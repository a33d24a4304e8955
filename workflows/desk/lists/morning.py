"""The morning list: once a day everybody who has something due hears what, and what waits.

The next morning is a row. A step is one transaction: it owes some people their lists, in the order
of their ids, and keeps how far it came. The chore stays due until everybody has been asked about,
so that what comes in meanwhile waits for a step at most, and a restart goes on where it was: no
list is forgotten or said twice. After downtime it is said once, late. The parts of a list are the
workflows'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from workflows.core.people import Person
from workflows.core.talk.messages import Button, Notice
from workflows.core.timing import calendar
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Part, Round, Rows
from workflows.desk.workflow import Workflow
from workflows.store import people, schedule

NAME = "morning"
_PEOPLE = 20
_NONE: Mapping[str, Part] = {}


async def plan(context: Context) -> None:
    """At every start: the row follows the config."""
    moment = calendar.next_morning(context.now, context.rules)
    await context.tx.do(schedule.plan, NAME, moment, context.now)


async def ring(context: Context) -> int:
    """One step, if the morning has come. Returns 1 if it had, else 0."""
    tx = context.tx
    due_at = await tx.ask(schedule.take, NAME, context.now)
    if due_at is None:
        return 0
    last = await _owe_some(context, due_at, await tx.ask(schedule.reached, NAME))
    if last is None:
        await tx.do(schedule.move, NAME, due_at, calendar.next_morning(context.now, context.rules))
    else:
        await tx.do(schedule.reach, NAME, last)
    return 1


async def _owe_some(context: Context, due_at: datetime, after: int) -> int | None:
    """Owe the next people their lists. Returns the last one's id, None when there are no more."""
    ids = await context.tx.ask(people.ids_of_staff_after, after, _PEOPLE)
    await context.tx.prefetch_persons(ids)
    found = [p for i in ids if (p := await context.tx.person(i)) and not p.is_away(context.now)]
    some, rounds = found, dict[str, Round]()
    for workflow in context.workflows:
        if found_by := await _round(context, workflow, some, due_at):
            rounds[workflow.kind] = found_by
            some = some[: found_by.reach]
    for person in some:
        await guarding.done(context, _owe(context, person, rounds))
    if len(some) < len(found):
        return some[-1].id
    return ids[-1] if len(ids) == _PEOPLE else None


async def _round(
    context: Context, workflow: Workflow, some: list[Person], due_at: datetime
) -> Round | None:  # fmt: skip
    if workflow.lists.morning is None:
        return None
    return await guarding.asked(context, None, workflow.lists.morning, context, some, due_at)


async def _owe(context: Context, person: Person, rounds: Mapping[str, Round]) -> None:
    """His list, if there is something for him to do today."""
    offered = context.workflows.offered(person, context.rules)
    found = {
        kind: await guarding.asked(context, _NONE, one.parts, person)
        for kind, one in rounds.items()
        if offered.named(kind)
    }
    parts = [part for of_kind in found.values() for part in of_kind.values()]
    if any(part.calls and part.count for part in parts):
        first = found.pop(context.workflows.first.kind, _NONE)
        context.push(_list(person, first, found, _openers(parts)))


def _list(
    person: Person, first: Mapping[str, Part], others: Mapping[str, Mapping[str, Part]], opens: Rows
) -> Notice:
    """The first of each part, and how many there are; of the other workflows with its name."""
    counts = {name: paging.said(part.count) for name, part in first.items()}
    lines = {name: part.lines for name, part in first.items()}
    more = [
        {"kind": kind, "name": name, "lines": part.lines, "count": paging.said(part.count)}
        for kind, parts in others.items()
        for name, part in parts.items()
        if part.count
    ]
    values = {**lines, "counts": counts, "more": more}
    return Notice(to=person.id, template="morning", values=values, buttons=opens)


def _openers(parts: Iterable[Part]) -> Rows:
    """A button for each, once, though it may stand in several parts."""
    opened: list[tuple[Button, ...]] = []
    for row in (row for part in parts for row in part.opens):
        if row not in opened:
            opened.append(row)
    return tuple(opened)

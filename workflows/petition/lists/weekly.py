"""The week's summary: once a week every residents' group hears how its place is doing, in numbers.

Nothing that a person wrote, no name, no number and no building; who wants no word of his own
matters even among them says /private.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import asdict, replace

from workflows.core.people import Person
from workflows.core.talk.messages import Incoming, Notice, Priority
from workflows.core.timing import calendar
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.petition.lists import weekly_report
from workflows.petition.store import week_counts
from workflows.store import schedule
from workflows.store.messages import chats

NAME = "weekly"
_WEEK = timedelta(days=7)


async def plan(context: Context) -> None:
    """At every start: the row follows the config."""
    await context.tx.do(
        schedule.plan, NAME, calendar.next_week(context.now, context.rules), context.now
    )


async def ring(context: Context) -> int:
    """Owe every group its summary if the moment has come. Returns 1 if it had, else 0."""
    due_at = await context.tx.ask(schedule.take, NAME, context.now)
    moment = calendar.next_week(context.now, context.rules)
    if due_at is None or not await context.tx.do(schedule.move, NAME, due_at, moment):
        return 0
    for chat_id, place in await context.tx.ask(chats.residents_groups):
        await guarding.done(context, _tell(context, chat_id, place, due_at))
    return 1


async def _tell(context: Context, chat_id: int, place: str, due_at: datetime) -> None:
    found = await _week(context, place, due_at)
    if found.filed or found.closed:
        context.push(_summary(chat_id, place, found))


async def _week(context: Context, place: str, until: datetime) -> weekly_report.Week:
    tx, since = context.tx, until - _WEEK
    return weekly_report.sum_up(
        await tx.ask(week_counts.filed, [place], since, until),
        await tx.ask(week_counts.closed, [place], since, until),
        await tx.ask(week_counts.waiting, [place]),
        context.rules.fallback_category,
    )


def _summary(chat_id: int, place: str, found: weekly_report.Week) -> Notice:
    values = {"place": place, **asdict(found)}
    return Notice(to=chat_id, template="weekly", values=values, priority=Priority.BROADCAST)


async def private(context: Context, _: Incoming, person: Person) -> None:
    """Leave a person's matters out of the groups' lists, or let them in again."""
    changed = replace(person, is_unlisted=not person.is_unlisted)
    context.tx.put_person(changed)
    context.say(person.id, "private", is_unlisted=changed.is_unlisted)

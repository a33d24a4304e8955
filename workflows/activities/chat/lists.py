"""Activities in lists: one's own, what is near, what waits for the committee, the export."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from workflows.activities.chat.beginning import DOORS, place_of
from workflows.activities.model import Activity
from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Rating, State
from workflows.core.people import Person
from workflows.core.permissions import REVIEWERS
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.core.timing.calendar import end_of_day
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.export import places_of
from workflows.desk.lists.sections import queue
from workflows.desk.parts import Around, Found, Lists, Part, Round, Standing
from workflows.store import Tx

_AROUND = 8  # activities
_EXPORTED = timedelta(days=31)
Question = Callable[..., Awaitable[list[int]]]


def line(activity: Activity) -> Values:
    """What a list's line says of one."""
    starts = activity.starts_at
    return {
        "ticket": activity.id, "kind": activity.kind, "state": activity.state.value,
        "place": activity.place, "category": activity.title[:20], "urgent": False,
        "filed_at": activity.opened_at.isoformat(), "due": None,
        "when": starts and starts.isoformat(),
    }  # fmt: skip


def _standing(activity: Activity, now: datetime, rules: Rules) -> Standing:
    starts, waits = activity.starts_at, activity.state is State.REVIEW
    is_today = starts is not None and starts < end_of_day(now, rules)
    is_late = activity.state is State.ENDED
    return Standing(
        is_today=is_today, is_late=is_late, waits_for="committee" if waits else None, due=starts
    )


async def _all(tx: Tx, question: Question, *given: Any) -> list[Activity]:
    return await tx.get_all(ACTIVITIES, await tx.ask(question, *given))


async def _in_hand(context: Context, person: Person) -> list[Activity]:
    return await _all(context.tx, queries.ids_led, person.id)


async def _brought(context: Context, person: Person, limit: int) -> list[Activity]:
    return await _all(context.tx, queries.ids_signed, person.id, limit)


async def _around(context: Context, person: Person) -> Around:
    """What one may still come to where he lives or works; staff can plan one there."""
    known = (person.last_place, *(m.place for m in person.memberships))
    homes = {community_of(place) for place in known if place}
    found = await _all(context.tx, queries.ids_on, homes, _AROUND)
    return Around(subjects=found, opens=DOORS if place_of(person, context.rules) else ())


async def _found(context: Context, person: Person, text: str) -> Found:
    scope = {community_of(m.place) for m in person.memberships}
    return Found(
        subjects=await _all(context.tx, queries.ids_titled, scope, text.split(), paging.PAGE)
    )


async def _morning(context: Context, people: list[Person], _: datetime) -> Round:
    async def parts(person: Person) -> dict[str, Part]:
        """What he leads today or has to sum up; what he is to look at."""
        held = [x for x in await _in_hand(context, person) if _is_now(context, x)]
        scope = [m.place for m in person.memberships if m.role in REVIEWERS]
        waiting = await _all(context.tx, queries.ids_to_review, scope, 0, paging.PAGE)
        return {"today": _part(context, held), "review": _part(context, waiting)}

    return Round(reach=len(people), parts=parts)


def _is_now(context: Context, activity: Activity) -> bool:
    standing = _standing(activity, context.now, context.rules)
    return standing.is_today or standing.is_late


def _part(context: Context, found: list[Activity]) -> Part:
    shown = found[: paging.PAGE]
    return Part(
        lines=[line(one) for one in shown], count=len(found), opens=paging.openers(context, shown)
    )


async def _export(tx: Tx, person: Person, _: Rules) -> list[Values]:
    asked = (queries.ids_between, places_of(person), tx.now - _EXPORTED, tx.now)
    return [_row(one) for one in await _all(tx, *asked)]


def _row(activity: Activity) -> Values:
    """One that happened, in numbers; nobody is named."""
    report = activity.report
    given = zip(activity.items, activity.given.values(), strict=True)
    rated = {f"rated_{one}": activity.ratings.get(one, 0) for one in Rating}
    return rated | {
        "title": activity.title, "place": activity.place, "venue": activity.venue,
        "starts_at": activity.starts_at, "state": activity.state.value,
        "signed": sum(claim.size for claim in activity.slot().claims),
        "people": report.people if report else activity.people,
        "helpers": report and report.helpers, "minutes": report and report.minutes,
        "items": "; ".join(f"{item.text}: {number}" for item, number in given),
        "heard": activity.heard,
    }  # fmt: skip


LISTS = Lists(
    line=line, standing=_standing, in_hand=_in_hand, brought=_brought, found=_found,
    sections=(queue("activities", ACTIVITIES, queries.count_to_review, queries.ids_to_review),),
    morning=_morning, export=_export, around=_around,
)  # fmt: skip

"""Activities in lists: one's own, what is near, what waits for the committee, the export."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

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
from workflows.desk.lists import paging, plain
from workflows.desk.lists.export import places_of
from workflows.desk.lists.sections import queue
from workflows.desk.parts import Around, Found, Lists, Part, Round, Standing
from workflows.store import Tx, listing

_AROUND = 8  # activities
_EXPORTED = timedelta(days=31)


def line(activity: Activity) -> Values:
    """What a list's line says of one: when it is, not until when somebody has to do something."""
    starts = activity.starts_at
    named = {"category": activity.title[:20], "due": None, "when": starts and starts.isoformat()}
    return {**plain.line(activity), **named}


def _standing(activity: Activity, now: datetime, rules: Rules) -> Standing:
    starts, waits = activity.starts_at, activity.state is State.REVIEW
    is_today = starts is not None and starts < end_of_day(now, rules)
    is_late = activity.state is State.ENDED
    return Standing(
        is_today=is_today, is_late=is_late, waits_for="committee" if waits else None, due=starts
    )


async def _in_hand(context: Context, person: Person) -> list[Activity]:
    return await context.tx.find(ACTIVITIES, queries.ids_led, person.id)


async def _brought(context: Context, person: Person, limit: int) -> list[Activity]:
    return await context.tx.find(ACTIVITIES, queries.ids_signed, person.id, limit)


async def _around(context: Context, person: Person) -> Around:
    """What one may still come to where he lives or works; staff can plan one there."""
    known = (person.last_place, *(m.place for m in person.memberships))
    homes = {community_of(place) for place in known if place}
    found = await _open(context, homes, State.ANNOUNCED, State.RUNNING, most=_AROUND)
    return Around(subjects=found, opens=DOORS if place_of(person, context.rules) else ())


async def _open(
    context: Context, scope: Collection[str], *states: State, most: int
) -> list[Activity]:
    """What stands in one of these, what begins first in front."""
    page = (ACTIVITIES.table, scope, states, "starts_at", 0, most)
    return await context.tx.find(ACTIVITIES, listing.ids_open, *page)


async def _found(context: Context, person: Person, text: str) -> Found:
    scope = {community_of(m.place) for m in person.memberships}
    asked = (ACTIVITIES.table, scope, ("title",), text.split(), paging.PAGE)
    return Found(subjects=await context.tx.find(ACTIVITIES, listing.ids_named, *asked))


async def _morning(context: Context, people: list[Person], _: datetime) -> Round:
    async def parts(person: Person) -> dict[str, Part]:
        """What he leads today or has to sum up; what he is to look at."""
        held = [x for x in await _in_hand(context, person) if _is_now(context, x)]
        scope = [m.place for m in person.memberships if m.role in REVIEWERS]
        waiting = await _open(context, scope, State.REVIEW, most=paging.PAGE)
        return {"today": plain.part_of(context, held), "review": plain.part_of(context, waiting)}

    return Round(reach=len(people), parts=parts)


def _is_now(context: Context, activity: Activity) -> bool:
    standing = _standing(activity, context.now, context.rules)
    return standing.is_today or standing.is_late


async def _export(tx: Tx, person: Person, _: Rules) -> list[Values]:
    lately = (places_of(person), tx.now - _EXPORTED, tx.now)
    return [_row(one) for one in await tx.find(ACTIVITIES, queries.ids_between, *lately)]


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
    sections=(queue("activities", ACTIVITIES, State.REVIEW, by="starts_at"),),
    morning=_morning, export=_export, around=_around,
)  # fmt: skip

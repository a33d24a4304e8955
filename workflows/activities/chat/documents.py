"""The files of activities: for one's own calendar, for signing, for the wall."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from workflows.activities.model import Activity
from workflows.activities.relations import is_work, may_begin, relations
from workflows.activities.stages import FILE, SHEET
from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import State
from workflows.core.people import Person
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.core.timing.appointments import Appointment
from workflows.desk.context import Context
from workflows.desk.parts import Document
from workflows.store import Tx

_MONTH = timedelta(days=31)


async def _calendar(tx: Tx, person: Person, _: Rules, values: Values) -> dict[str, Any]:
    one = await tx.get(ACTIVITIES, values["about"])
    if one is None or one.starts_at is None or not relations(person, one):
        return {}
    return {"appointments": [Appointment(
        key=str(one.id), starts=one.starts_at, ends=one.ends_at or one.starts_at, title=one.title,
        place=one.venue, version=one.version, is_off=one.state is State.CANCELLED,
    )]}  # fmt: skip


async def _sheet(tx: Tx, person: Person, _: Rules, values: Values) -> dict[str, Any]:
    """Who signed up, with room to sign."""
    one = await tx.get(ACTIVITIES, values["about"])
    if one is None or not is_work(person, one):
        return {}
    people = [(i, await tx.person(i)) for i in one.signed]
    names = {i: p.name if p else one.paper[-i - 1] if i < 0 else "" for i, p in people}
    return {"activity": one, "names": names}


async def _month(tx: Tx, person: Person, _: Rules, __: Values) -> dict[str, Any]:
    """What is ahead in the community for a month."""
    homes = {community_of(m.place) for m in person.memberships if may_begin(person, m.place)}
    ahead = (tx.now, tx.now + _MONTH)
    found = await tx.find(ACTIVITIES, queries.ids_between, homes, *ahead)
    return {"activities": [one for one in found if one.state is State.ANNOUNCED]}


async def _owe_file(context: Context, activity: Activity, person: Person) -> None:
    context.document(person, template="activity_file", kind=Activity.kind, about=activity.id)


async def _owe_sheet(context: Context, activity: Activity, person: Person) -> None:
    context.document(person, template="activity_sheet", kind=Activity.kind, about=activity.id)


LOOKS = {FILE: _owe_file, SHEET: _owe_sheet}
DOCUMENTS = {
    "activity_file": Document(gather=_calendar, ending="ics"),
    "activity_sheet": Document(gather=_sheet),
    "activity_month": Document(gather=_month),
}

"""The files of activities: for one's own calendar, for signing, for the wall."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from workflows.activities.chat.attendance import name_of
from workflows.activities.model import Activity
from workflows.activities.relations import is_work, may_begin, may_see
from workflows.activities.stages import FILE, SHEET
from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import State
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Incoming, Values
from workflows.core.timing.appointments import Appointment
from workflows.desk.context import Context
from workflows.desk.parts import Document
from workflows.store import Tx

_BLANK = 8  # lines for those who come without having said so


async def _calendar(tx: Tx, person: Person, _: Rules, values: Values) -> dict[str, Any]:
    activity = await tx.get(ACTIVITIES, values["about"])
    if activity is None or not may_see(person, activity):
        return {}
    return {"appointments": [_appointment(activity)]}


def _appointment(activity: Activity) -> Appointment:
    starts = activity.starts_at or activity.opened_at
    return Appointment(
        key=str(activity.id), starts=starts, ends=activity.ends_at or starts, title=activity.title,
        place=activity.venue, version=activity.version,
        is_off=activity.state is State.CANCELLED,
    )  # fmt: skip


async def _sheet(tx: Tx, person: Person, _: Rules, values: Values) -> dict[str, Any]:
    activity = await tx.get(ACTIVITIES, values["about"])
    if activity is None or not is_work(person, activity):
        return {}
    return {"activity": activity, "blank": _BLANK, "people": [
        {"name": await name_of(tx, activity, one.person), "size": one.size,
         "is_helper": activity.is_helper(one.person)}
        for slot in activity.slots for one in slot.claims
    ]}  # fmt: skip


async def _month(tx: Tx, person: Person, rules: Rules, _: Values) -> dict[str, Any]:
    """What is ahead in the community until a month from today."""
    homes = {community_of(m.place) for m in person.memberships if may_begin(person, m.place)}
    today = tx.now.astimezone(rules.zone).date()
    since = datetime.combine(today, time.min, rules.zone).astimezone(UTC)
    ids = await tx.ask(queries.ids_between, homes, since, since + timedelta(days=31))
    found = await tx.get_all(ACTIVITIES, ids)
    return {"activities": [one for one in found if one.state is State.ANNOUNCED]}


async def owe_month(context: Context, incoming: Incoming, person: Person) -> None:
    """A page to print, for whoever may plan one."""
    context.toast(incoming)
    context.document(person, template="activity_month", kind=Activity.kind)


async def _owe_file(context: Context, activity: Activity, person: Person) -> None:
    context.document(person, template="activity_file", kind=Activity.kind, about=activity.id)


async def _owe_sheet(context: Context, activity: Activity, person: Person) -> None:
    if not is_work(person, activity):
        raise Refusal("refused_unknown")
    context.document(person, template="activity_sheet", kind=Activity.kind, about=activity.id)


LOOKS = {FILE: _owe_file, SHEET: _owe_sheet}
DOCUMENTS = {
    "activity_file": Document(gather=_calendar, ending="ics"),
    "activity_sheet": Document(gather=_sheet),
    "activity_month": Document(gather=_month),
}

"""What activities hold about a person: given to him; erased on his wish, or when time is over."""

from __future__ import annotations

from typing import Any

from workflows.activities.model import Activity
from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Action
from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.desk.context import Context
from workflows.desk.privacy.words import Words


def _told(one: Activity, person: Person) -> dict[str, Any]:
    """Where he signed up, what he leads; that he was there without it, his kernel's part says."""
    claim = one.claim_of(person.id)
    return {
        "number": format_number(one.id), "title": one.title, "starts_at": one.starts_at,
        "venue": one.venue, "as": _as(one, person),
        "people": claim.size if claim else 1, "has_come": one.seen(person.id) is not None,
        "has_rated": person.id in one.rated,
        "photos": sum(photo.by == person.id for photo in one.photos),
    }  # fmt: skip


def _as(one: Activity, person: Person) -> str:
    if one.leader == person.id:
        return "leader"
    return "helper" if person.id in one.helpers else "guest"


async def _leaves(context: Context, activity: Activity, person: Person) -> Any:
    """He does not come, and who waits for his place hears it."""
    is_in = activity.stage.seats and person.id in activity.signed
    return await context.perform(activity, Action.LEAVE, person) if is_in else activity


WORDS = Words(
    kept=ACTIVITIES, ids_of=queries.ids_his, told=_told, leaves=_leaves, is_his=lambda *_: True
)  # fmt: skip

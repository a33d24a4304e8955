"""Who hears of an activity beside those who stand above its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workflows.activities.model import GUESTS, HELPERS, Activity
from workflows.activities.relations import may_begin
from workflows.activities.words import To
from workflows.core.places import covers
from workflows.core.talk import messages
from workflows.desk.outbound.audience import superiors
from workflows.desk.parts import Audience
from workflows.store import Tx
from workflows.store.messages import chats


async def _leader(tx: Tx, activity: Activity, now: datetime) -> list[int]:
    """While he is away or is not staff any more, who stands above."""
    person = await tx.person(activity.leader)
    if person and person.is_there(now) and may_begin(person, activity.place):
        return [person.id]
    return await superiors(tx, activity.place, messages.To.LEAD, now)


async def _coming(tx: Tx, activity: Activity, now: datetime) -> list[int]:
    in_it = (*activity.coming(GUESTS), *activity.coming(HELPERS))
    return list(dict.fromkeys([i for i in in_it if i > 0] + await _leader(tx, activity, now)))


async def _signed(_: Tx, activity: Activity, __: datetime) -> list[int]:
    return [person for person in activity.signed if person > 0]


async def _came(_: Tx, activity: Activity, __: datetime) -> list[int]:
    return [person for person in activity.came if person > 0]


async def _groups(tx: Tx, activity: Activity, _: datetime) -> list[int]:
    if activity.starts_at is None or not activity.stage.public:
        return []
    around = await tx.ask(chats.residents_groups)
    own = activity.place
    return [chat for chat, place in around if covers(own, place) or covers(place, own)]


AUDIENCES: Mapping[str, Audience] = {
    To.LEADER: _leader,
    To.COMING: _coming,
    To.SIGNED: _signed,
    To.CAME: _came,
    To.GROUPS: _groups,
}

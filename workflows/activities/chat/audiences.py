"""Who hears of an activity beside those who stand above its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from workflows.activities.model import GUESTS, Activity
from workflows.activities.relations import may_begin
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import To
from workflows.core.places import covers
from workflows.core.talk import messages
from workflows.desk.outbound.audience import superiors
from workflows.desk.parts import Audience
from workflows.store import Tx
from workflows.store.messages import chats


def _reached(people: Iterable[int]) -> list[int]:
    """Who has an account here."""
    return list(dict.fromkeys(person for person in people if person > 0))


async def _leader(tx: Tx, activity: Activity, now: datetime) -> list[int]:
    """While he is away or is not staff any more, who stands above."""
    person = await tx.person(activity.leader)
    if person and person.is_there(now) and may_begin(person, activity.place):
        return [person.id]
    return await superiors(tx, activity.place, messages.To.LEAD, now)


async def _coming(tx: Tx, activity: Activity, now: datetime) -> list[int]:
    leader = await _leader(tx, activity, now)
    return _reached((*activity.coming(GUESTS), *activity.helpers, *leader))


async def _signed(_: Tx, activity: Activity, __: datetime) -> list[int]:
    return _reached(activity.signed)


async def _came(_: Tx, activity: Activity, __: datetime) -> list[int]:
    return _reached(activity.came)


async def _last(tx: Tx, activity: Activity, _: datetime) -> list[int]:
    before = await tx.get_all(ACTIVITIES, [activity.last] if activity.last else [])
    return _reached(i for x in before for i in (x.signed if x.stage.called_off else x.came))


async def _groups(tx: Tx, activity: Activity, _: datetime) -> list[int]:
    own, is_shown = activity.place, activity.starts_at and activity.stage.public
    around = await tx.ask(chats.residents_groups) if is_shown else []
    return [chat for chat, place in around if covers(own, place) or covers(place, own)]


AUDIENCES: Mapping[str, Audience] = {
    To.LEADER: _leader,
    To.COMING: _coming,
    To.SIGNED: _signed,
    To.CAME: _came,
    To.LAST: _last,
    To.GROUPS: _groups,
}

"""Who hears of a topic beside those who stand above its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workflows.council.model import Topic
from workflows.council.store import queries
from workflows.council.words import To
from workflows.desk.parts import Audience
from workflows.store import Tx


async def _members(_: Tx, topic: Topic, __: datetime) -> list[int]:
    return list(dict.fromkeys((topic.raiser, *topic.members)))


async def _building(tx: Tx, topic: Topic, now: datetime) -> list[int]:
    at_home = await tx.ask(queries.people_at, topic.place)
    return list(dict.fromkeys((*await _members(tx, topic, now), *at_home)))


async def _unvoted(_: Tx, topic: Topic, __: datetime) -> list[int]:
    return [i for i in topic.members if not topic.has_voted(i)]


AUDIENCES: Mapping[str, Audience] = {
    To.MEMBERS: _members,
    To.BUILDING: _building,
    To.UNVOTED: _unvoted,
}

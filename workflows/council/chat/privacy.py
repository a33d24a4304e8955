"""What topics hold about a person: given to him; erased on his wish, or when time is over."""

from __future__ import annotations

from typing import Any

from workflows.core.errors import Refusal
from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import TO, Answers
from workflows.council import service
from workflows.council.model import Topic
from workflows.council.store import queries
from workflows.council.store.kept import TOPICS
from workflows.council.words import Action
from workflows.desk.context import Context
from workflows.desk.parts import Privacy
from workflows.desk.privacy.retention import expiring
from workflows.store import Tx
from workflows.store.erasure import erase_said_by


async def _held(tx: Tx, person: Person) -> dict[str, Any]:
    topics = await tx.get_all(TOPICS, await tx.ask(queries.ids_of, person.id))
    return {"topics": [_topic(topic, person) for topic in topics]}


async def _whole(tx: Tx, person: Person) -> list[Topic]:
    """All of his: what is to be erased must be read. Raises UnreadableError."""
    ids = await tx.ask(queries.ids_of, person.id)
    return [topic for i in ids if (topic := await tx.get(TOPICS, i))]


def _topic(topic: Topic, person: Person) -> dict[str, Any]:
    """Whether his household voted is known, and what not even to the bot."""
    return {
        "number": format_number(topic.id), "place": topic.place, "raised_at": topic.raised_at,
        "state": topic.state.value, "household": topic.household_of(person.id),
        "household_voted": topic.has_voted(person.id),
        "text": topic.text if person.id == topic.raiser else "",
    }  # fmt: skip


async def _check(context: Context, person: Person) -> None:
    """Raises Refusal while neighbours still wait for what comes of a topic of his."""
    his = [t for t in await _whole(context.tx, person) if t.raiser == person.id and t.is_open]
    if his:
        raise Refusal("refused_forget_topic", about=his[0].id)


async def _forget(context: Context, person: Person) -> int:
    """His words and his doors go; the household stays in the electorate, so that counts stand."""
    topics = await _whole(context.tx, person)
    if topics:
        ids = [topic.id for topic in topics]
        await context.tx.do(erase_said_by, person.id, ids, context.now)
    for topic in topics:
        await service.perform(context, topic, Action.ERASE, SYSTEM, Answers({TO: person}))
    return sum(topic.raiser == person.id for topic in topics)


PRIVACY = Privacy(
    held=_held, check=_check, forget=_forget, expire=expiring(TOPICS, queries.erase)
)  # fmt: skip

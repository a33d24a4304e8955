"""What topics hold about a person: given to him; erased on his wish, or when time is over."""

from __future__ import annotations

from typing import Any

from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.council.model import Topic
from workflows.council.store import queries
from workflows.council.store.kept import TOPICS
from workflows.desk.privacy.words import Words


def _told(topic: Topic, person: Person) -> dict[str, Any]:
    """Whether his household voted is known, and what not even to the bot."""
    return {
        "number": format_number(topic.id), "place": topic.place, "raised_at": topic.raised_at,
        "state": topic.state.value, "household": topic.household_of(person.id),
        "household_voted": topic.has_voted(person.id),
        "text": topic.text if person.id == topic.raiser else "",
    }  # fmt: skip


# His words and his doors go; the household stays in the electorate, so that counts stand. Nothing
# goes while neighbours still wait for what comes of a topic of his.
WORDS = Words(
    kept=TOPICS, ids_of=queries.ids_of, told=_told, name="topics", refused="refused_forget_topic",
    is_his=lambda topic, person: topic.raiser == person.id,
    bare={"text": "", "meets_where": "", "reason": "", "households": {}, "voted": [],
          "members": []},
)  # fmt: skip

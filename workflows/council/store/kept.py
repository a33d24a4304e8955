"""How topics are kept: a row each; the members stand in a table of their own to be found by."""

from __future__ import annotations

from workflows.council.model import Topic
from workflows.council.store import tables as own
from workflows.council.words import Action, ClockName, State
from workflows.store.kept import Kept, keeping

TOPICS: Kept[Topic] = keeping(
    Topic, own.topics, "topic", links={"members": own.members}, states=State, actions=Action,
    clocks=ClockName, indexes=own.INDEXES,
)  # fmt: skip

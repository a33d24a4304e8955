"""Somebody about to do something with a topic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workflows.core import command
from workflows.core.needs import NOTHING, Answers
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.council.model import Topic
from workflows.council.relations import Relation, relations
from workflows.council.words import Action


class Command(command.Command[Topic, Action, Relation], frozen=True, kw_only=True, dict=True):
    """The council's own: its subject is a topic."""

    relate: Callable[[Person, Topic], Relation] = relations


def make(
    topic: Topic, action: Action, actor: Person, now: datetime, rules: Rules,
    answers: Answers = NOTHING,
) -> Command:  # fmt: skip
    """The command."""
    return Command(subject=topic, action=action, actor=actor, now=now, rules=rules, answers=answers)

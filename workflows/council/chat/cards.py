"""How a topic looks: its buttons are what the machine accepts, and nobody's name is on it.

Who raised it reads the words as they were written; to all others they say nobody's name either.
"""

from __future__ import annotations

from msgspec import Struct

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button
from workflows.council.front import STEPS, TEXT
from workflows.council.lifecycle import COUNCIL
from workflows.council.model import Topic
from workflows.council.relations import attempt
from workflows.council.settings import CouncilSettings
from workflows.council.words import Action, Choice
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.desk.outbound import keyboard
from workflows.desk.parts import Cards, Drawing, Look
from workflows.masking.masking import masked

_EXCERPT = 300  # characters of its words on a card


class Shown(Struct, frozen=True, kw_only=True):
    """What a topic's text says beyond its row: its words as this reader has them."""

    text: str
    households: int


async def _draw(drawing: Drawing) -> Look:
    households = drawing.rules.of(CouncilSettings).households
    text = _words(drawing.subject, drawing.viewer, drawing.rules)
    looks = (STEPS, *([TEXT] if len(drawing.subject.text) > _EXCERPT else []))
    return Look(
        buttons=keyboard.of_card(COUNCIL, attempt, drawing, looks, _spread),
        shown=Shown(text=text, households=households),
    )


def _words(topic: Topic, reader: Person | None, rules: Rules) -> str:
    is_own = reader is not None and reader.id == topic.raiser
    return topic.text if is_own else masked(topic.text, rules.private)


def _spread(topic: Topic, name: str, rules: Rules) -> tuple[Button, ...]:
    """The buttons of one name; of a ballot, each choice is one."""
    if name == Action.VOTE:
        return tuple(
            keyboard.action(topic, name, choice.value, label=f"choice.{choice}")
            for choice in Choice
        )
    return keyboard.spread_of(COUNCIL)(topic, name, rules)


def _unnamed(topic: Topic) -> set[int | None]:
    """Whose name nobody reads: who raised it, and who takes part."""
    return {topic.raiser, *topic.members}


async def _show_text(context: Context, topic: Topic, person: Person) -> None:
    """Who may read a topic may read all of it."""
    viewing.show_text(context, topic, person, _words(topic, person, context.rules))


CARDS = Cards(draw=_draw, unnamed=_unnamed, looks={TEXT: _show_text}, spread=_spread)

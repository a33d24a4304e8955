"""How a topic looks: its buttons are what the machine accepts, and nobody's name is on it.

Who raised it reads the words as they were written; to all others they say nobody's name either.
"""

from __future__ import annotations

from msgspec import Struct

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, in_rows
from workflows.core.talk.tap import Tap
from workflows.council.lifecycle import COUNCIL
from workflows.council.model import Topic
from workflows.council.relations import attempt
from workflows.council.settings import CouncilSettings
from workflows.council.words import Action, Choice
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.desk.parts import Cards, Drawing, Look, Rows
from workflows.masking.masking import masked

_EXCERPT = 300  # characters of its words on a card


class Shown(Struct, frozen=True, kw_only=True):
    """What a topic's text says beyond its row: its words as this reader has them."""

    text: str
    households: int


async def _draw(drawing: Drawing) -> Look:
    households = drawing.rules.of(CouncilSettings).households
    text = _words(drawing.subject, drawing.viewer, drawing.rules)
    return Look(
        buttons=_buttons(drawing) if drawing.is_card else (),
        shown=Shown(text=text, households=households),
    )


def _words(topic: Topic, reader: Person | None, rules: Rules) -> str:
    is_own = reader is not None and reader.id == topic.raiser
    return topic.text if is_own else masked(topic.text, rules.private)


def _buttons(drawing: Drawing) -> Rows:
    topic, viewer = drawing.subject, drawing.viewer
    if viewer is None or drawing.reader not in {"resident", "staff"}:
        return ()
    asked = attempt(topic, Action.RAISE, viewer, drawing.now, drawing.rules)
    allowed = COUNCIL.actions(asked)
    ballot = tuple(_act(topic, Action.VOTE, choice) for choice in Choice)
    others = [_act(topic, action) for action in allowed if action is not Action.VOTE]
    is_long = len(topic.text) > _EXCERPT
    looks = tuple(_look(topic, what) for what in ("steps", *(["text"] if is_long else [])))
    return (*([ballot] if Action.VOTE in allowed else []), *in_rows(others, 2), looks)


def _look(topic: Topic, what: str) -> Button:
    return Button(tap=Tap(kind="view", subject=topic.id, verb=what), label=f"view.{what}")


def _act(topic: Topic, action: Action, choice: Choice | None = None) -> Button:
    """A button to do something; of a ballot, each choice is one."""
    args = (choice.value,) if choice else ()
    tap = Tap(kind=topic.kind, subject=topic.id, verb=action.value, args=args)
    return Button(tap=tap, label=f"choice.{choice}" if choice else f"action.{action}")


def _unnamed(topic: Topic) -> set[int | None]:
    """Whose name nobody reads: who raised it, and who takes part."""
    return {topic.raiser, *topic.members}


async def _show_text(context: Context, topic: Topic, person: Person) -> None:
    """Who may read a topic may read all of it."""
    viewing.show_text(context, topic, person, _words(topic, person, context.rules))


CARDS = Cards(draw=_draw, unnamed=_unnamed, looks={"text": _show_text})

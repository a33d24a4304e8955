"""Raising a topic: /topic with a few words, or words that begin as a topic does."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.people import Person
from workflows.core.places import Place
from workflows.core.placing.buildings import building_numbers
from workflows.core.placing.finding import find
from workflows.core.policy import Rules
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Incoming, Kind
from workflows.council import service
from workflows.council.chat import lists
from workflows.council.model import Topic
from workflows.council.relations import may_raise
from workflows.council.words import State
from workflows.danger import danger
from workflows.desk.context import Context

_BUILDING = 4  # how deep it lies
_AROUND = " \t\n:,.，。：、"


def place_of(text: str, person: Person, rules: Rules) -> str:
    """The building a topic is about: the one it names, else where its raiser lives; "" if that is
    not clear, or another one was meant.
    """
    found = find(text, rules.places, person.last_place)
    if found.place.count("/") == _BUILDING - 1:
        return found.place
    home = _home(person, rules)
    numbers = building_numbers(text)
    is_meant = not numbers or (home is not None and home.number in numbers)
    return home.path if home and is_meant and not found.unknown else ""


def _home(person: Person, rules: Rules) -> Place | None:
    """The building where this person was last."""
    place = rules.places.by_path.get(person.last_place)
    return place if place and place.depth == _BUILDING else None


async def command(context: Context, incoming: Incoming, person: Person) -> None:
    """/topic; where somebody could be hurt, its words begin a petition."""
    said = incoming.text.strip()
    if danger.told(said, "", context.rules.danger):
        await _file(context, replace(incoming, kind=Kind.TEXT), person)
    else:
        await _raise(context, person, said)


async def _file(context: Context, incoming: Incoming, person: Person) -> None:
    """Whatever was asked before, it is for the first workflow."""
    dialog = replace(await context.tx.dialog(person.id), form=None)
    await context.workflows.first.chat.begins(context, dialog, incoming, person)


async def hears(context: Context, _: Dialog, incoming: Incoming, person: Person) -> bool:
    """Words that begin so; where somebody could be hurt, it is a petition and waits for nobody."""
    said = incoming.text.strip()
    word = next((w for w in context.rules.hears.get(Topic.kind, ()) if said.startswith(w)), "")
    is_topic = bool(word) and incoming.kind is Kind.TEXT
    if not is_topic or danger.told(said, "", context.rules.danger):
        return False
    await _raise(context, person, said.removeprefix(word).strip(_AROUND))
    return True


async def _raise(context: Context, person: Person, text: str) -> None:
    """Begin it; where something is missing, say kindly what. One at a time asks for neighbours."""
    place = place_of(text, person, context.rules)
    raised = [t for t in await lists.of(context, person) if t.raiser == person.id]
    waiting = next((t for t in raised if t.state is State.RAISED), None)
    if not text:
        context.say(person.id, "topic_how")
    elif waiting:
        context.say(person.id, "topic_waits", about=waiting.id)
    elif not place:
        context.say(person.id, "topic_where")
    elif not may_raise(person, place) or not context.rules.is_on(Topic.kind, place):
        context.say(person.id, "topic_elsewhere")
    else:
        await service.begin(context, person, place, text)

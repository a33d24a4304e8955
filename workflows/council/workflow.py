"""The council as the house takes it: its table and its parts (see `workflows.desk.workflow`)."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.permissions import Menu
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Incoming
from workflows.council import doors, relations, service
from workflows.council.chat import raising
from workflows.council.chat.audiences import AUDIENCES
from workflows.council.chat.cards import CARDS
from workflows.council.chat.lists import LISTS
from workflows.council.chat.privacy import WORDS
from workflows.council.lifecycle import COUNCIL, RESIDENTS_ALONE, TOLD
from workflows.council.needs import CHOICE, HOUSEHOLD, NEEDS, SURE
from workflows.council.settings import CouncilSettings
from workflows.council.stages import DEFAULTS
from workflows.council.store.kept import TOPICS
from workflows.council.words import Action
from workflows.desk import plain
from workflows.desk.parts import Chat, readers_of

_LEFT = frozenset({CHOICE.name, HOUSEHOLD.name, SURE.name})  # what is asked of neighbours


def _leaves(form: Form, incoming: Incoming) -> bool:
    """Whether a neighbour speaks of something else: of no door, and no ballot is written."""
    is_door = form.need == HOUSEHOLD.name and doors.is_tried(incoming.text)
    return form.need in _LEFT and (bool(incoming.attachment) or not is_door)


COUNCIL_WORKFLOW = plain.workflow(
    flow=COUNCIL,
    kept=TOPICS,
    command=relations.attempt,
    needs=NEEDS,
    lapsing={Action.SECOND, Action.JOIN, Action.WITHDRAW},
    asked={
        "on_card": frozenset({Action.VOTE}), "secret": frozenset({Action.VOTE}),
        "shown_anew": frozenset({Action.SECOND, Action.JOIN}), "leaves": _leaves,
    },
    audiences=AUDIENCES,
    perform=service.perform,
    spawned=service.spawned,
    readers=replace(
        readers_of(
            COUNCIL, relations.relations, work=relations.AT_WORK, own=relations.AT_HOME,
            told=TOLD, alone=RESIDENTS_ALONE,
        ),
        open_to=relations.open_to,
    ),
    chat=Chat(
        commands={"topic": raising.command}, menu=Menu(residents=("topic",)), hears=raising.hears
    ),
    cards=CARDS,
    lists=LISTS,
    privacy=WORDS.privacy,
    clocks=DEFAULTS,
    settings=CouncilSettings,
)  # fmt: skip

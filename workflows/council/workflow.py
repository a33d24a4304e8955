"""The council as the house takes it: its table and its parts (see `workflows.desk.workflow`)."""

from __future__ import annotations

from workflows.core.permissions import Menu
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, Forms
from workflows.core.talk.messages import Incoming
from workflows.council import doors, relations, service
from workflows.council.chat import raising
from workflows.council.chat.audiences import AUDIENCES
from workflows.council.chat.cards import CARDS
from workflows.council.chat.lists import LISTS
from workflows.council.chat.privacy import WORDS
from workflows.council.lifecycle import COUNCIL, RESIDENTS_ALONE, TOLD, Step
from workflows.council.model import Topic
from workflows.council.needs import CHOICE, HOUSEHOLD, NEEDS, SURE
from workflows.council.settings import CouncilSettings
from workflows.council.stages import DEFAULTS
from workflows.council.store.kept import TOPICS
from workflows.council.words import Action
from workflows.desk.asking import Asking
from workflows.desk.parts import Chat, Readers
from workflows.desk.workflow import Workflow

_LEFT = frozenset({CHOICE.name, HOUSEHOLD.name, SURE.name})  # what is asked of neighbours


def _leaves(form: Form, incoming: Incoming) -> bool:
    """Whether a neighbour speaks of something else: of no door, and no ballot is written."""
    is_door = form.need == HOUSEHOLD.name and doors.is_tried(incoming.text)
    return form.need in _LEFT and (bool(incoming.attachment) or not is_door)


def _begin(topic: Topic, step: Step, _: Rules) -> Form:
    names = tuple(need.name for need in step.needs)
    return Form(ticket_id=topic.id, kind=topic.kind, action=step.action.value, needs=names)


COUNCIL_WORKFLOW = Workflow(
    flow=COUNCIL,
    kept=TOPICS,
    command=relations.attempt,
    asking=Asking(
        forms=Forms(
            kind=Topic.kind, needs={need.name: need for need in NEEDS},
            lapsing=frozenset({Action.SECOND, Action.JOIN, Action.WITHDRAW}),
        ),
        begin=_begin,
        on_card=frozenset({Action.VOTE}),
        shown_anew=frozenset({Action.SECOND, Action.JOIN}),
        secret=frozenset({Action.VOTE}),
        leaves=_leaves,
    ),
    audiences=AUDIENCES,
    perform=service.perform,
    spawned=service.spawned,
    readers=Readers(
        may_see=relations.may_see, is_own=relations.is_own, is_work=relations.is_work,
        open_to=relations.open_to, told=TOLD, own=RESIDENTS_ALONE,
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

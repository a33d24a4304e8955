"""Activities as the house takes them: their table and parts (see `workflows.desk.workflow`)."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.activities import relations, service
from workflows.activities.chat import beginning
from workflows.activities.chat.audiences import AUDIENCES
from workflows.activities.chat.cards import ATTENDING, CARDS, numbers
from workflows.activities.chat.documents import DOCUMENTS
from workflows.activities.chat.lists import LISTS
from workflows.activities.chat.privacy import WORDS
from workflows.activities.faults import faults
from workflows.activities.lifecycle import ACTIVITY, RESIDENTS_ALONE, TOLD, Step
from workflows.activities.model import Activity
from workflows.activities.needs import NEEDS, PICTURES, REST, SIZE, TITLE, WHICH, is_count
from workflows.activities.settings import ActivitySettings
from workflows.activities.stages import DEFAULTS
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Action
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Incoming
from workflows.desk import plain
from workflows.desk.asking import begun
from workflows.desk.parts import Chat, readers_of


def _begin(activity: Activity, step: Step, rules: Rules) -> Form:
    """What it is called is not asked where that was said, nor of a series where there is none,
    nor which photo where there is but one.
    """
    titled, series = [TITLE] if activity.title else [], [] if activity.goes_on else [REST]
    only = [WHICH] if len(activity.photos) == 1 and step.action is Action.TAKE_OFF else []
    return begun(activity, step, rules, *titled, *series, *only)


def _leaves(form: Form, incoming: Incoming) -> bool:
    """Whether somebody speaks of something else: not of how many come, or without a picture."""
    is_wordy = form.need == PICTURES.name and not incoming.attachment
    return is_wordy or (form.need == SIZE.name and not is_count(incoming.text))


ACTIVITY_WORKFLOW = plain.workflow(
    flow=ACTIVITY,
    kept=ACTIVITIES,
    command=relations.attempt,
    needs=NEEDS,
    lapsing={Action.JOIN, Action.RATE},
    asked={
        "begin": _begin, "leaves": _leaves, "choices": {WHICH: numbers},
        "on_card": frozenset({Action.JOIN, Action.RATE, Action.AGREE}),
        "shown_anew": frozenset({Action.JOIN, Action.HELP, Action.TAKE, Action.LEAVE}),
    },
    audiences=AUDIENCES,
    perform=service.perform,
    spawned=service.spawned,
    readers=replace(
        readers_of(
            ACTIVITY, relations.relations, work=relations.AT_WORK, own=relations.AT_HOME,
            opens={Action.CALL_OFF, Action.SUM_UP}, told=TOLD, alone=RESIDENTS_ALONE,
        ),
        is_own=relations.is_own,
    ),
    chat=Chat(taps={beginning.PLAN: beginning.tap}, hears=beginning.hears),
    attending=ATTENDING,
    cards=CARDS,
    lists=LISTS,
    privacy=WORDS.privacy,
    clocks=DEFAULTS,
    settings=ActivitySettings,
    faults=faults,
    documents=DOCUMENTS,
)  # fmt: skip

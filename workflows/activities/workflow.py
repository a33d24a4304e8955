"""Activities as the house takes them: their table and parts (see `workflows.desk.workflow`)."""

from __future__ import annotations

from workflows.activities import relations, service
from workflows.activities.chat import beginning
from workflows.activities.chat.audiences import AUDIENCES
from workflows.activities.chat.cards import ATTENDING, CARDS
from workflows.activities.chat.documents import DOCUMENTS
from workflows.activities.chat.lists import LISTS
from workflows.activities.chat.privacy import WORDS
from workflows.activities.faults import faults
from workflows.activities.lifecycle import ACTIVITY, RESIDENTS_ALONE, TOLD, Step
from workflows.activities.model import Activity
from workflows.activities.needs import NEEDS, SIZE, TITLE, is_count
from workflows.activities.settings import ActivitySettings
from workflows.activities.stages import DEFAULTS
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Action
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, Forms
from workflows.core.talk.messages import Incoming
from workflows.desk.asking import Asking
from workflows.desk.parts import Chat, Readers
from workflows.desk.workflow import Workflow


def _begin(activity: Activity, step: Step, _: Rules) -> Form:
    """What it is called is not asked where that was said."""
    needs = (need for need in step.needs if not (need is TITLE and activity.title))
    names = tuple(need.name for need in needs)
    return Form(ticket_id=activity.id, kind=activity.kind, action=step.action.value, needs=names)


def _leaves(form: Form, incoming: Incoming) -> bool:
    """Whether a neighbour who was asked with how many he comes speaks of something else."""
    return form.need == SIZE.name and not is_count(incoming.text)


ACTIVITY_WORKFLOW = Workflow(
    flow=ACTIVITY,
    kept=ACTIVITIES,
    command=relations.attempt,
    asking=Asking(
        forms=Forms(
            kind=Activity.kind, needs={need.name: need for need in NEEDS},
            lapsing=frozenset({Action.JOIN, Action.RATE}),
        ),
        begin=_begin,
        on_card=frozenset({Action.JOIN, Action.RATE}),
        shown_anew=frozenset({Action.JOIN, Action.HELP, Action.TAKE, Action.LEAVE}),
        leaves=_leaves,
    ),
    audiences=AUDIENCES,
    perform=service.perform,
    spawned=service.spawned,
    readers=Readers(
        may_see=relations.may_see, is_own=relations.is_own, is_work=relations.is_work,
        open_to=relations.open_to, told=TOLD, own=RESIDENTS_ALONE,
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

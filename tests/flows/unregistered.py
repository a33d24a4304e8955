"""The topic as the tests of every flow try it: a workflow that nobody has registered."""

from typing import Any

from folk import BUILDING, CHEN, DAY, NOW
from msgspec.structs import replace
from trials import Sample, Trial

from tests.core import topic as base
from tests.core.topic import DATE, STEPS, VOTE, A, Attempt, B, Group, Is, S, Topic, step
from workflows.core.engine.clocks import Clock
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Role
from workflows.core.policy import Climb, ClockPolicy
from workflows.core.talk.forms import Form, Forms
from workflows.core.talk.needs import NOTHING, TEXT, TIMER
from workflows.core.timing.clocks import Clockwork
from workflows.desk.asking import Asking
from workflows.desk.parts import Readers
from workflows.desk.workflow import Workflow
from workflows.store import Kept
from workflows.store.tables import subjects


class Lengths(dict):
    """Rules enough for clocks that climb."""

    late_every = DAY


RULES = Lengths.fromkeys(B, 2 * DAY)
CLOCKWORK = Clockwork(
    policy=lambda name, _, rules: ClockPolicy(
        length=rules[name], remind=(50,), climbs=True, wakes=True
    ),
    ladder=lambda *_: (Climb(after=0 * DAY, to=Group.CONVENER),),
)
OPEN = "RAISED SECONDED CALLED VOTING ADJOURNED"
FLOW = replace(
    base.TOPIC, clockwork=CLOCKWORK, reminds=A.REMIND, escalates=A.ESCALATE,
    refusal=lambda _: Refusal("refused_now"),
    steps=(*STEPS, *(step(a, OPEN, None, Is.CLOCK) for a in (A.REMIND, A.ESCALATE))),
)  # fmt: skip


def command(
    topic: Topic, action: A, actor: Any, now: Any, rules: Any, answers: Any = NOTHING
) -> Attempt:  # fmt: skip
    """The grid's lead convenes; everybody else is a household."""
    is_convener = actor.has_role(Role.LEAD, topic.place)
    name = "clock" if actor is SYSTEM else "convener" if is_convener else str(actor.id)
    return Attempt(
        subject=topic, action=action, actor=name, now=now, rules=rules, answers=answers,
        timer=answers[TIMER],
    )  # fmt: skip


async def _nobody(*_: object) -> Any:
    raise NotImplementedError  # it is never kept, nor told


TOPIC = Trial(
    workflow=Workflow(
        flow=FLOW, command=command, audiences=dict.fromkeys(Group, _nobody),
        kept=Kept(kind="topic", what="topic", table=subjects, row=lambda _: {}, read=_nobody,
                  states=S, actions=A, clocks=B),
        readers=Readers(may_see=lambda *_: True, is_own=lambda *_: True, is_work=lambda *_: True,
                        open_to=lambda *_: frozenset()),
        asking=Asking(forms=Forms(kind="topic", needs={n.name: n for n in (DATE, VOTE, TEXT)}),
                      begin=lambda *_: Form(ticket_id=1, action="", needs=())),
    ),
    own=Sample(
        fresh=(Topic(place=BUILDING, proposer=str(CHEN.id), version=1, clocks={
            B.PROMISE: Clock(started=NOW, due=NOW + 9 * DAY),
            B.SUPPORT: Clock(started=NOW, due=NOW + 2 * DAY),
        }),),
        rules=RULES, outcome="result",
        values={DATE: (NOW + 3 * DAY, NOW + 5 * DAY), VOTE: ("yes", "no")},
    ),
)  # fmt: skip

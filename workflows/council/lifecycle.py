"""The lifecycle of a topic on one page: what can be done from where (the states: `stages`)."""

from __future__ import annotations

from datetime import datetime

from workflows.core.engine import decision, flow
from workflows.core.engine.flow import SAME, Flow, Says, not_now
from workflows.core.engine.flow import step as _step
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import TEXT
from workflows.core.timing.clocks import Clockwork
from workflows.council import effects
from workflows.council.front import FRONT
from workflows.council.model import Topic
from workflows.council.needs import CHOICE, HOUSEHOLD, MEETING, SURE
from workflows.council.relations import Command, Relation
from workflows.council.stages import ENDED, OPEN, STAGES
from workflows.council.words import Action, State, To

A, S = Action, State
_HOME = Relation.NEIGHBOUR | Relation.RAISER
Step = flow.Step[Action, State, Command, Topic]

_RESULT = ((To.BUILDING, "topic_closed"), (To.LEAD, "topic_closed"))


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


# fmt: off
STEPS: tuple[Step, ...] = (
    # the households
    _step(A.SECOND, _of(S.RAISED), S.SECONDED, _HOME, needs=(HOUSEHOLD,),
          when=effects.is_enough, does=effects.registered,
          tells=((To.LEAD, "topic_seconded"), (To.MEMBERS, "topic_seconded"))),
    _step(A.SECOND, _of(S.RAISED), SAME, _HOME, needs=(HOUSEHOLD,),
          when=effects.is_not_enough, does=effects.registered),
    _step(A.JOIN, _of(S.SECONDED, S.CALLED), SAME, _HOME, needs=(HOUSEHOLD,),
          when=effects.is_new, does=effects.registered),
    _step(A.VOTE, _of(S.VOTING), SAME, Relation.MEMBER, needs=(CHOICE,),
          when=effects.has_a_ballot, does=effects.vote),
    # who raised it; once ballots are cast it is the neighbours'
    _step(A.WITHDRAW, _of(S.RAISED, S.SECONDED, S.CALLED), S.WITHDRAWN, Relation.RAISER,
          needs=(SURE,), shown=True,
          tells=((To.MEMBERS, "topic_withdrawn"), (To.LEAD, "topic_withdrawn"))),
    # the convener
    _step(A.SUMMON, _of(S.SECONDED, S.CALLED), S.CALLED, Relation.CONVENER, needs=(MEETING, TEXT),
          does=effects.summon, due=effects.meeting, says=Says.STAFF,
          tells=((To.BUILDING, "topic_called"),)),
    _step(A.DISMISS, _of(S.RAISED, S.SECONDED, S.CALLED), S.DISMISSED, Relation.CONVENER,
          needs=(TEXT,), does=effects.dismiss, says=Says.STAFF,
          tells=((To.MEMBERS, "topic_dismissed"),)),
    _step(A.OPEN, _of(S.CALLED), S.VOTING, Relation.CONVENER | Relation.SYSTEM, shown=True,
          does=effects.open_vote, tells=((To.BUILDING, "topic_opened"),)),
    _step(A.CLOSE, _of(S.VOTING), S.AGREED, Relation.CONVENER, when=effects.is_late_and_agreed,
          shown=True, does=effects.count, tells=_RESULT),
    _step(A.CLOSE, _of(S.VOTING), S.NOT_AGREED, Relation.CONVENER,
          when=effects.is_late_and_not_agreed, shown=True, does=effects.count, tells=_RESULT),
    # what the system does
    _step(A.LAPSE, _of(S.RAISED), S.LAPSED, Relation.SYSTEM, shown=True,
          tells=((To.MEMBERS, "topic_lapsed"),)),
    _step(A.CLOSE, _of(S.VOTING), S.AGREED, Relation.SYSTEM, when=effects.is_agreed, shown=True,
          does=effects.count, tells=_RESULT),
    _step(A.CLOSE, _of(S.VOTING), S.NOT_AGREED, Relation.SYSTEM, when=effects.is_not_agreed,
          shown=True, does=effects.count, tells=_RESULT),
    _step(A.REMIND, OPEN, SAME, Relation.SYSTEM),
    _step(A.ESCALATE, OPEN, SAME, Relation.SYSTEM),
    _step(A.ERASE, OPEN | ENDED, SAME, Relation.SYSTEM, does=effects.erase),
)
# fmt: on


def refusal(a: Command) -> Refusal:
    """Why not, as kindly and exactly as the topic itself can say it."""
    if a.action is A.VOTE and a.subject.has_voted(a.by):
        return Refusal("refused_voted", about=a.subject.id)
    if a.action is A.VOTE and a.subject.state is S.VOTING:
        return Refusal("refused_unregistered", about=a.subject.id)
    if a.action in {A.SECOND, A.JOIN} and not effects.is_new(a):
        return Refusal("refused_registered", about=a.subject.id)
    return not_now(a)


COUNCIL: Flow[Action, State, Step, Command, Topic] = Flow(
    kind=Topic.kind, begins=A.RAISE, stages=STAGES, steps=STEPS, clockwork=Clockwork(),
    refusal=refusal, reminds=A.REMIND, escalates=A.ESCALATE, front=FRONT,
)  # fmt: skip

_AT_HOME = _HOME | Relation.MEMBER | Relation.SYSTEM
RESIDENTS_ALONE = {A.RAISE} | (
    frozenset(COUNCIL.named) - COUNCIL.actions_that(lambda row: row.who & ~_AT_HOME)
)
# The steps that residents read of; who seconded and voted is nobody's business.
TOLD = {A.RAISE} | COUNCIL.actions_that(lambda row: row.shown or row.says is Says.STAFF)


def begin(
    topic: Topic, by: Person, now: datetime, rules: Rules, cause: int = 0
) -> decision.Decision[Topic]:
    """The first step of a new topic: its building hears of it, and who would call it."""
    said = {"text": topic.text, "place": topic.place} | ({"cause": cause} if cause else {})
    own = Notice(to=by.id, template="topic_begun", ticket_id=topic.id, is_card=True,
                 priority=Priority.REPLY)  # fmt: skip
    others = (
        Notice(to=to, template="topic_raised", ticket_id=topic.id, is_card=True)
        for to in (To.BUILDING, To.LEAD)
    )
    return decision.begin(COUNCIL, topic, by.id, now, rules, data=said, notices=(own, *others))

"""The lifecycle of an activity on one page: what can be done from where (the states: `stages`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.activities import effects, seats
from workflows.activities.front import FRONT
from workflows.activities.model import Activity
from workflows.activities.needs import (
    HELPERS,
    ITEM,
    PLACES,
    RATING,
    SIZE,
    SPEAKER,
    TITLE,
    VENUE,
    WHEN,
)
from workflows.activities.relations import CHARGE, HANDS, Command, Relation
from workflows.activities.stages import ENDED, LASTING, OPEN, STAGES
from workflows.activities.words import Action, State, To
from workflows.core.engine import decision, flow
from workflows.core.engine.flow import SAME, Flow, Says
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import NOTE_OR_PHOTO, PHOTO, TEXT
from workflows.core.timing.clocks import Clockwork

A, S, R = Action, State, Relation
Step = flow.Step[Action, State, Command, Activity]

_CHANGED = ((To.SIGNED, "activity_changed"), (To.GROUPS, "activity_changed"))
_OFF = ((To.SIGNED, "activity_off"), (To.GROUPS, "activity_off"), (To.LEADER, "activity_off"))
_AHEAD = frozenset({S.DRAFT, S.REVIEW})
_THERE = frozenset({S.RUNNING, S.ENDED})
_AFTER = frozenset({S.ENDED, S.SUMMED})


def _step(
    action: Action, sources: frozenset[State] | State, target: State | None, who: Relation,
    **more: Any,
) -> Step:  # fmt: skip
    states = frozenset({sources}) if isinstance(sources, State) else sources
    return Step(action=action, sources=states, target=target, who=who, **more)


# fmt: off
STEPS: tuple[Step, ...] = (
    # who leads it
    _step(A.PLAN, S.DRAFT, SAME, CHARGE, needs=(TITLE, WHEN, VENUE, PLACES, HELPERS),
          when=effects.is_bare, does=effects.plan),
    _step(A.SUBMIT, S.DRAFT, S.REVIEW, CHARGE, when=effects.is_large,
          tells=((To.COMMITTEE, "activity_to_review"),), shown=True),
    _step(A.SUBMIT, S.DRAFT, S.ANNOUNCED, CHARGE | R.SYSTEM, when=effects.is_small,
          due=effects.starts, tells=((To.GROUPS, "activity_announced"),), shown=True),
    _step(A.RETIME, _AHEAD, SAME, CHARGE, needs=(WHEN,), when=effects.is_planned,
          does=effects.timed, shown=True),
    _step(A.RETIME, S.ANNOUNCED, SAME, CHARGE, needs=(WHEN,), does=effects.timed,
          tells=_CHANGED, shown=True),
    _step(A.RELOCATE, _AHEAD, SAME, CHARGE, needs=(VENUE,), when=effects.is_planned,
          does=effects.relocate, shown=True),
    _step(A.RELOCATE, S.ANNOUNCED, SAME, CHARGE, needs=(VENUE,), does=effects.relocate,
          tells=_CHANGED, shown=True),
    _step(A.RESIZE, _AHEAD | {S.ANNOUNCED}, SAME, CHARGE, needs=(PLACES, HELPERS),
          when=effects.is_planned, does=effects.resize),
    _step(A.REPEAT, S.ANNOUNCED, SAME, CHARGE, when=effects.is_once, does=effects.repeat,
          shown=True),
    _step(A.STOP, S.ANNOUNCED, SAME, CHARGE, when=effects.is_weekly, does=effects.stop,
          shown=True),
    _step(A.CANCEL, OPEN - {S.ENDED}, S.CANCELLED, CHARGE, needs=(TEXT,), does=effects.cancel,
          tells=_OFF, says=Says.STAFF),
    # who looks at it first
    _step(A.APPROVE, S.REVIEW, S.ANNOUNCED, R.REVIEWER, when=effects.is_anothers,
          due=effects.starts, shown=True,
          tells=((To.LEADER, "activity_approved"), (To.GROUPS, "activity_announced"))),
    _step(A.SEND_BACK, S.REVIEW, S.DRAFT, R.REVIEWER, needs=(TEXT,), does=effects.explain,
          tells=((To.LEADER, "activity_back"),)),
    # who comes
    _step(A.JOIN, S.ANNOUNCED, SAME, R.ANYBODY, when=effects.is_new, does=effects.join),
    _step(A.FAMILY, S.ANNOUNCED, SAME, R.ANYBODY, needs=(SIZE,), when=effects.brings,
          does=effects.family),
    _step(A.HELP, S.ANNOUNCED, SAME, R.ANYBODY, when=effects.wants_helpers,
          does=effects.help_out),
    _step(A.TAKE, S.ANNOUNCED, SAME, R.ANYBODY, when=effects.is_offered, does=effects.take),
    _step(A.LEAVE, S.ANNOUNCED, SAME, R.ANYBODY | R.SYSTEM, when=effects.is_signed,
          does=effects.leave),
    _step(A.PAPER, S.ANNOUNCED, SAME, HANDS, needs=(TEXT, SIZE), when=effects.is_ahead_of,
          does=effects.paper),
    # on the spot
    _step(A.OPEN, S.ANNOUNCED, S.RUNNING, CHARGE | R.SYSTEM, does=effects.start,
          due=effects.closes, shown=True),
    _step(A.HERE, S.RUNNING, SAME, R.ANYBODY, when=effects.is_to_come, does=effects.here),
    _step(A.TICK, _THERE, SAME, HANDS, does=effects.tick),
    _step(A.UNTICK, _THERE, SAME, HANDS, when=effects.is_somebody_there, does=effects.untick),
    _step(A.COUNT, _THERE, SAME, HANDS, does=effects.count),
    _step(A.STOCK, S.RUNNING, SAME, HANDS, needs=(ITEM,), when=effects.has_room_for_items,
          does=effects.stock),
    _step(A.HEAR, _THERE, SAME, HANDS, needs=(TEXT, SPEAKER), does=effects.hear),
    _step(A.EXCUSE, _THERE | {S.ANNOUNCED}, SAME, CHARGE, when=effects.has_signed,
          does=effects.excuse),
    _step(A.CLOSE, S.RUNNING, S.ENDED, CHARGE | R.SYSTEM, shown=True,
          tells=((To.CAME, "activity_over"), (To.LEADER, "activity_to_verify"))),
    # afterwards
    _step(A.RATE, _AFTER, SAME, R.ANYBODY, needs=(RATING, NOTE_OR_PHOTO), when=effects.has_come,
          does=effects.rate),
    _step(A.PHOTO, _THERE | {S.SUMMED}, SAME, R.ANYBODY, needs=(PHOTO,), when=effects.may_show,
          does=effects.photo),
    _step(A.SUM_UP, S.ENDED, S.SUMMED, CHARGE, needs=(TEXT,), does=effects.sum_up,
          says=Says.STAFF, tells=((To.CAME, "activity_summed"), (To.GROUPS, "activity_summed"))),
    # what the system does
    _step(A.LAPSE, S.DRAFT, S.CANCELLED, R.SYSTEM, tells=((To.LEADER, "activity_lapsed"),)),
    _step(A.EXPIRE, S.ANNOUNCED, SAME, R.SYSTEM, does=seats.expired),
    _step(A.REMIND, S.ANNOUNCED, SAME, R.SYSTEM, does=effects.remind),
    _step(A.REMIND, OPEN - {S.ANNOUNCED}, SAME, R.SYSTEM),
    _step(A.ESCALATE, OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, OPEN | ENDED, SAME, R.SYSTEM, does=effects.erase),
)
# fmt: on


def refusal(a: Command) -> Refusal:
    """Why not, as kindly and exactly as the activity itself can say it."""
    activity = a.subject
    if a.action in {A.JOIN, A.HELP} and activity.slot_of(a.by):
        return Refusal("activity_signed", about=activity.id)
    if a.action in {A.SUBMIT, A.APPROVE} and activity.is_planned and not effects.is_ahead_of(a):
        return Refusal("activity_past", about=activity.id)
    if a.action is A.TAKE and activity.stage.seats:
        return Refusal("activity_gone", about=activity.id)
    values = {"about": activity.id, "state": activity.state.value}
    return Refusal("refused_now", kind=Activity.kind, **values)


ACTIVITY: Flow[Action, State, Step, Command, Activity] = Flow(
    kind=Activity.kind, begins=A.BEGIN, stages=STAGES, steps=STEPS, clockwork=Clockwork(),
    refusal=refusal, reminds=A.REMIND, escalates=A.ESCALATE, lasting=LASTING, front=FRONT,
    adjust=seats.settled,
)  # fmt: skip

_AT_HOME = Relation.ANYBODY | Relation.SYSTEM
RESIDENTS_ALONE = frozenset(ACTIVITY.named) - ACTIVITY.actions_that(lambda row: row.who & ~_AT_HOME)
RESIDENTS_ALONE -= ACTIVITY.actions_that(lambda row: row.who is Relation.SYSTEM)
# The steps that everybody reads of; who signed up and who came is nobody's business.
TOLD = ACTIVITY.actions_that(lambda row: row.shown or row.says is Says.STAFF)


def begin(
    activity: Activity, by: Person, now: datetime, rules: Rules, *, cause: int = 0, text: str = ""
) -> decision.Decision[Activity]:
    """The first step of a new one: who leads it sees its card."""
    said: dict[str, Any] = {"text": text, "place": activity.place}
    said |= {"cause": cause} if cause else {}
    own = Notice(to=by.id, template="activity_begun", ticket_id=activity.id, is_card=True,
                 priority=Priority.REPLY)  # fmt: skip
    notices = () if activity.series else (own,)
    return decision.begin(ACTIVITY, activity, by.id, now, rules, data=said, notices=notices)

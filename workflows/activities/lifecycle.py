"""The lifecycle of an activity on one page: what can be done from where (the states: `stages`)."""

from __future__ import annotations

from datetime import datetime

from workflows.activities import effects
from workflows.activities import needs as n
from workflows.activities.model import HELPERS, ITEMS, WALL, Activity
from workflows.activities.relations import CHARGE, HANDS, Command, Relation, photos_for
from workflows.activities.stages import ENDED, FRONT, LASTING, OPEN, STAGES
from workflows.activities.words import Action, State, To
from workflows.core.engine import decision, flow
from workflows.core.engine.flow import SAME, Flow, Says, not_now
from workflows.core.engine.flow import step as _step
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import NOTE_OR_PHOTO, TEXT
from workflows.core.timing.clocks import Clockwork

A, S, R = Action, State, Relation
Step = flow.Step[Action, State, Command, Activity]

_ANNOUNCED = ((To.LAST, "activity_again"), (To.GROUPS, "activity_announced"))
_CHANGED = ((To.SIGNED, "activity_changed"), (To.GROUPS, "activity_changed"))
_OFF = ((To.SIGNED, "activity_off"), (To.GROUPS, "activity_off"), (To.LEADER, "activity_off"))
_PLANNED = frozenset({S.DRAFT, S.REVIEW, S.ANNOUNCED})
_THERE = frozenset({S.RUNNING, S.ENDED})
_AFTER = frozenset({S.ENDED, S.SUMMED})


def _is_planned(a: Command) -> bool:
    """Whether it is known when it is."""
    return a.subject.starts_at is not None


def _may_repeat(a: Command) -> bool:
    """Whether nothing has followed it yet."""
    return a.subject.state not in _AFTER or not a.subject.goes_on


def _is_large(a: Command) -> bool:
    """Whether somebody else looks at it first."""
    return a.subject.slot().capacity > a.own.review_above


def _is_new(a: Command) -> bool:
    """Whether he may sign up: he has not, and does not lead it."""
    return a.is_ahead and a.subject.claim_of(a.by) is None and a.by != a.subject.leader


def _is_guest(a: Command) -> bool:
    """Whether he may say with how many he comes."""
    return _is_new(a) or (a.is_ahead and a.subject.slot().of(a.by) is not None)


def _is_offered(a: Command) -> bool:
    """Whether a place is held for him."""
    claim = a.subject.claim_of(a.by)
    return claim is not None and claim.until is not None and claim.until > a.now


# fmt: off
STEPS: tuple[Step, ...] = (
    # who leads it
    _step(A.PLAN, S.DRAFT, SAME, CHARGE, needs=(n.TITLE, n.WHEN, n.VENUE, n.PLACES, n.CREW),
          when=lambda a: not _is_planned(a), does=effects.plan),
    _step(A.SUBMIT, S.DRAFT, S.REVIEW, CHARGE | R.SYSTEM, shown=True,
          when=lambda a: a.is_ahead and _is_large(a),
          tells=((To.COMMITTEE, "activity_to_review"),)),
    _step(A.SUBMIT, S.DRAFT, S.ANNOUNCED, CHARGE | R.SYSTEM, shown=True,
          when=lambda a: a.is_ahead and not _is_large(a), due=lambda a: a.subject.starts_at,
          tells=_ANNOUNCED),
    _step(A.RETIME, _PLANNED, SAME, CHARGE, needs=(n.WHEN,), when=_is_planned,
          does=effects.plan, shown=True, tells=_CHANGED),
    _step(A.RELOCATE, _PLANNED, SAME, CHARGE, needs=(n.VENUE,), when=_is_planned,
          does=effects.plan, shown=True, tells=_CHANGED),
    _step(A.RESIZE, _PLANNED, SAME, CHARGE, needs=(n.PLACES, n.CREW),
          when=_is_planned, does=effects.plan),
    _step(A.CALL_OFF, OPEN - {S.ENDED}, S.CANCELLED, CHARGE, needs=(TEXT, n.REST),
          does=effects.explain, says=Says.STAFF, tells=_OFF),
    _step(A.CALL_OFF, S.DRAFT, S.CANCELLED, R.SYSTEM, does=effects.explain,
          says=Says.STAFF, tells=((To.LEADER, "activity_off"),)),
    _step(A.REPEAT, _AFTER | {S.ANNOUNCED, S.RUNNING}, SAME, CHARGE, needs=(n.MORE_TIMES,),
          when=_may_repeat, does=effects.repeat),
    # who looks at it first: never his own
    _step(A.APPROVE, S.REVIEW, S.ANNOUNCED, R.REVIEWER, shown=True,
          when=lambda a: a.is_ahead and a.by != a.subject.leader,
          due=lambda a: a.subject.starts_at,
          tells=((To.LEADER, "activity_approved"), *_ANNOUNCED)),
    _step(A.SEND_BACK, S.REVIEW, S.DRAFT, R.REVIEWER, needs=(TEXT,), does=effects.explain,
          tells=((To.LEADER, "activity_back"),)),
    # who comes
    _step(A.JOIN, S.ANNOUNCED, SAME, R.ANYBODY, needs=(n.SIZE,), when=_is_guest,
          does=effects.join),
    _step(A.HELP, S.ANNOUNCED, SAME, R.ANYBODY, does=effects.help_out,
          when=lambda a: _is_new(a) and a.subject.slot(HELPERS).capacity > 0),
    _step(A.TAKE, S.ANNOUNCED, SAME, R.ANYBODY, when=_is_offered, does=effects.take),
    _step(A.LEAVE, S.ANNOUNCED, SAME, R.ANYBODY, when=lambda a: a.by in a.subject.signed,
          does=effects.leave),
    _step(A.PAPER, S.ANNOUNCED, SAME, HANDS, needs=(TEXT, n.SIZE), when=lambda a: a.is_ahead,
          does=effects.paper),
    # on the spot
    _step(A.OPEN, S.ANNOUNCED, S.RUNNING, CHARGE | R.SYSTEM, when=effects.is_soon,
          does=effects.close_line, due=effects.closes, shown=True),
    _step(A.HERE, S.RUNNING, SAME, R.ANYBODY, when=effects.is_news, does=effects.here),
    _step(A.MARK, _THERE | {S.ANNOUNCED}, SAME, HANDS, does=effects.mark,
          when=lambda a: a.subject.stage.counts or bool(a.subject.signed)),
    _step(A.STOCK, S.RUNNING, SAME, HANDS, needs=(n.ITEM,), does=effects.stock,
          when=lambda a: len(a.subject.items) < len(ITEMS)),
    _step(A.HEAR, _THERE, SAME, HANDS, needs=(TEXT, n.SPEAKER), does=effects.hear),
    _step(A.CLOSE, S.RUNNING, S.ENDED, CHARGE | R.SYSTEM, shown=True,
          tells=((To.CAME, "activity_over"), (To.LEADER, "activity_to_verify"))),
    # afterwards
    _step(A.RATE, _AFTER, SAME, R.ANYBODY, needs=(n.FELT, NOTE_OR_PHOTO), does=effects.rate,
          when=lambda a: a.by in a.subject.came and a.by not in a.subject.rated),
    _step(A.SUM_UP, S.ENDED, S.SUMMED, CHARGE, needs=(TEXT,), does=effects.sum_up,
          says=Says.STAFF, tells=((To.CAME, "activity_summed"), (To.GROUPS, "activity_summed"))),
    _step(A.PHOTO, _AFTER, SAME, R.LEADER | R.HELPER, needs=(n.PICTURES,), does=effects.photo,
          when=lambda a: len(a.subject.photos) < WALL, tells=((To.LEADER, "activity_photos"),)),
    _step(A.AGREE, _AFTER, SAME, CHARGE, needs=(n.WHICH,), does=effects.agree,
          when=lambda a: a.subject.wall != a.subject.photos),
    _step(A.TAKE_OFF, _AFTER, SAME, R.ANYBODY, needs=(n.WHICH,), does=effects.take_off,
          when=lambda a: bool(photos_for(a.actor, a.subject)),
          tells=((To.LEADER, "activity_photo_off"),)),
    # what the system does
    _step(A.EXPIRE, S.ANNOUNCED, SAME, R.SYSTEM, does=effects.expire),
    _step(A.REMIND, S.ANNOUNCED, SAME, R.SYSTEM, does=effects.remind),
    _step(A.REMIND, OPEN - {S.ANNOUNCED}, SAME, R.SYSTEM),
    _step(A.ESCALATE, OPEN, SAME, R.SYSTEM),
    _step(A.ERASE, OPEN | ENDED, SAME, R.SYSTEM, does=effects.erase),
)
# fmt: on


def refusal(a: Command) -> Refusal:
    """Why not, as kindly and exactly as the activity itself can say it."""
    if a.action is A.HELP and a.by in a.subject.signed:
        return Refusal("activity_signed", about=a.subject.id)
    if a.action is A.HERE and a.subject.stage.counts:
        return Refusal("activity_there")
    if a.action in {A.SUBMIT, A.APPROVE} and a.subject.starts_at and not a.is_ahead:
        return Refusal("activity_past", about=a.subject.id)
    if a.action is A.TAKE and a.subject.stage.seats:
        return Refusal("activity_gone", about=a.subject.id)
    return not_now(a)


ACTIVITY: Flow[Action, State, Step, Command, Activity] = Flow(
    kind=Activity.kind, begins=A.BEGIN, stages=STAGES, steps=STEPS, clockwork=Clockwork(),
    refusal=refusal, reminds=A.REMIND, escalates=A.ESCALATE, lasting=LASTING, front=FRONT,
    adjust=effects.settle,
)  # fmt: skip

RESIDENTS_ALONE = ACTIVITY.actions_that(lambda row: row.who is R.ANYBODY)
# The steps that everybody reads of; who signed up and who came is nobody's business.
TOLD = ACTIVITY.actions_that(lambda row: row.shown or row.says is Says.STAFF)


def begin(
    activity: Activity, by: Person, now: datetime, rules: Rules, cause: int = 0
) -> decision.Decision[Activity]:
    """The first step of a new one: who is to plan it sees its card, or what goes on."""
    said = {"text": activity.title, "place": activity.place} | ({"cause": cause} if cause else {})
    own = Notice(
        to=To.LEADER, template="activity_next" if activity.last else "activity_begun",
        ticket_id=activity.id, is_card=True, priority=Priority.REPLY,
    )  # fmt: skip
    return decision.begin(ACTIVITY, activity, by.id, now, rules, data=said, notices=(own,))

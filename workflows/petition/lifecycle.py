"""The lifecycle of a ticket on one page: what can be done from where (the states: `stages`).

To add a step, add its name, one row to STEPS, its words and one template for what people are told
(CONTRIBUTING.md). Buttons, refusals, diagram, handbook table, who may read what is said with it,
and tests follow from the row.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from workflows.core.engine import flow
from workflows.core.engine.flow import BEFORE, SAME, Back, Flow, Says
from workflows.core.errors import Refusal
from workflows.core.talk.needs import DUE, NOTE_OR_PHOTO, TEXT, TO
from workflows.petition.command import Command
from workflows.petition.front import BEHIND, FRONT
from workflows.petition.model import Ticket
from workflows.petition.needs import CONTACT, GRID, INTO, PARTNER, PLACE, RATING, SOLVED, WHERE
from workflows.petition.rules import conditions, effects, erasure, escalation, plans, verdicts
from workflows.petition.rules.relations import Relation
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.stages import DONE, ENDED, GIVEN, IN_HAND, LASTING, OPEN, STAGES
from workflows.petition.stages import PROMISES as PROMISES  # noqa: PLC0414 - part of this page
from workflows.petition.words import Action, ClockName, State, To

A, S, C = Action, State, ClockName


class Then(Enum):
    """What the desk does after a step (petition/service.py)."""

    ROUTE = "route"
    FIND_HANDS = "find hands"
    BRANCH_OFF = "branch off"
    DRAW = "draw"
    GATHER = "gather"
    HAND_OVER = "hand over"
    BRING_HOME = "bring home"
    SAY_GOODBYE = "say goodbye"
    SEE_OFF = "see off"
    HAND_LINK = "hand link"
    REROUTE = "reroute"


class Step(flow.Step[Action, State, Command, Ticket], frozen=True, kw_only=True):
    """A row: what it needs, whom it tells, and what the desk does then."""

    tells: tuple[tuple[To, str], ...] = ()
    then: Then | None = None

    @property
    def resident(self) -> str:
        """The template that the resident is told; "" for nothing."""
        return dict(self.tells).get(To.RESIDENT, "")

    @property
    def staff(self) -> tuple[tuple[To, str], ...]:
        """Who else is told, and what."""
        return tuple((to, name) for to, name in self.tells if to is not To.RESIDENT)


def _step(
    action: Action, sources: frozenset[State], target: State | Back | None, who: Relation, *,
    resident: str = "", staff: tuple[tuple[To, str], ...] = (), **more: Any,
) -> Step:  # fmt: skip
    tells = (*staff, *([(To.RESIDENT, resident)] if resident else []))
    return Step(action=action, sources=sources, target=target, who=who, tells=tells, **more)


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


BEFORE_PLAN = _of(S.UNASSIGNED, S.DISPATCHED, S.ACCEPTED, S.INSPECTED, S.PROPOSED)
MOVABLE = IN_HAND | {S.UNASSIGNED, S.DISPATCHED}
_STAFF = Relation.HANDLER | Relation.LEAD | Relation.COMMITTEE | Relation.STREET

# fmt: off
STEPS: tuple[Step, ...] = (
    # the offer
    _step(A.DISPATCH, _of(S.UNASSIGNED, S.DISPATCHED), S.DISPATCHED,
          Relation.SYSTEM | Relation.LEAD | Relation.COMMITTEE, needs=(TO,),
          does=effects.offer,
          staff=((To.OFFERED, "offered"), (To.GROUP, "called"))),
    _step(A.CALL, _of(S.UNASSIGNED, S.DISPATCHED), S.DISPATCHED, Relation.SYSTEM,
          when=conditions.is_urgent, does=effects.call_all, resident="calling", starts=C.CALL,
          staff=((To.ON_DUTY, "urgent"), (To.LEAD, "urgent"), (To.GROUP, "called"))),
    _step(A.ACCEPT, _of(S.DISPATCHED), S.ACCEPTED, Relation.OFFERED | Relation.CALLED,
          does=effects.take, resident="accepted"),
    _step(A.ATTEND, IN_HAND, SAME, Relation.HANDLER, when=conditions.is_to_attend,
          resident="attending", stops=C.ATTEND),
    _step(A.RETURN, _of(S.DISPATCHED), S.UNASSIGNED, Relation.OFFERED | Relation.SYSTEM,
          needs=(TEXT,), does=effects.give_back, staff=((To.LEAD, "returned"),),
          then=Then.ROUTE),
    _step(A.PASS, _of(S.DISPATCHED), S.UNASSIGNED, Relation.OFFERED, does=effects.give_back,
          then=Then.ROUTE),
    # the way to a plan
    _step(A.INSPECT, _of(S.ACCEPTED), S.INSPECTED, Relation.HANDLER | Relation.HELPER,
          needs=(NOTE_OR_PHOTO,), resident="inspected", staff=((To.HANDLER, "helped"),),
          stops=C.ATTEND),
    _step(A.PROPOSE, _of(S.ACCEPTED, S.INSPECTED), S.PROPOSED, Relation.HANDLER,
          needs=(TEXT, DUE), when=conditions.needs_approval, does=plans.propose_plan,
          staff=((To.COMMITTEE, "proposed"),)),
    _step(A.PROPOSE, _of(S.ACCEPTED, S.INSPECTED), S.PLANNED, Relation.HANDLER,
          needs=(TEXT, DUE), when=conditions.needs_no_approval, does=plans.make_plan,
          resident="planned", starts=C.PLAN, due=plans.date_given, answers=True),
    _step(A.APPROVE, _of(S.PROPOSED), S.PLANNED, Relation.COMMITTEE, does=plans.adopt_plan,
          resident="planned", staff=((To.HANDLER, "approved"),), starts=C.PLAN,
          due=plans.date_proposed, answers=True),
    _step(A.REJECT, _of(S.PROPOSED), S.INSPECTED, Relation.COMMITTEE,
          needs=(TEXT,), does=plans.drop_proposal, staff=((To.HANDLER, "rejected"),)),
    # the work
    _step(A.RESOLVE, IN_HAND, S.RESOLVED, Relation.HANDLER,
          needs=(TEXT,), does=effects.finish, resident="resolved", stops=C.SUPERVISE,
          answers=True, says=Says.STAFF, then=Then.BRING_HOME),
    _step(A.EXTEND, _of(S.PLANNED), SAME, Relation.HANDLER,
          needs=(TEXT, DUE), when=conditions.has_no_extension, does=plans.ask_extension,
          staff=((To.COMMITTEE, "extension_asked"),)),
    _step(A.APPROVE, _of(S.PLANNED), S.PLANNED, Relation.COMMITTEE, when=conditions.has_extension,
          does=plans.grant_extension, resident="extended", staff=((To.HANDLER, "approved"),),
          starts=C.PLAN, due=plans.date_asked),
    _step(A.REJECT, _of(S.PLANNED), SAME, Relation.COMMITTEE, needs=(TEXT,),
          when=conditions.has_extension, does=plans.refuse_extension,
          staff=((To.HANDLER, "rejected"),)),
    _step(A.ASK, IN_HAND, S.WAITING, Relation.HANDLER, when=conditions.may_pause,
          needs=(TEXT,), does=effects.remember_stage, resident="asked", says=Says.STAFF),
    _step(A.ASK, IN_HAND, SAME, Relation.HANDLER, when=conditions.has_paused_enough,
          needs=(TEXT,), resident="asked", staff=((To.LEAD, "asked_again"),), says=Says.STAFF),
    _step(A.ANSWER, _of(S.WAITING), BEFORE, Relation.RESIDENT | Relation.SYSTEM,
          needs=(NOTE_OR_PHOTO,), does=effects.forget_stage,
          staff=((To.HANDLER, "answered"),), says=Says.RESIDENT, then=Then.FIND_HANDS),
    _step(A.TRANSFER, IN_HAND, S.DISPATCHED, Relation.HANDLER | Relation.LEAD,
          needs=(TO, TEXT), does=effects.hand_on, resident="transferred",
          staff=((To.OFFERED, "offered"),)),
    _step(A.RETURN, _of(S.ACCEPTED), S.UNASSIGNED, Relation.HANDLER | Relation.SYSTEM,
          needs=(TEXT,), does=effects.give_back, staff=((To.LEAD, "returned"),),
          then=Then.ROUTE),
    _step(A.RETURN, _of(S.INSPECTED, S.PROPOSED, S.PLANNED), S.UNASSIGNED, Relation.SYSTEM,
          needs=(TEXT,), does=effects.give_back, staff=((To.LEAD, "returned"),),
          then=Then.ROUTE),
    _step(A.SUSPEND, IN_HAND, S.SUSPENDED, Relation.COMMITTEE,
          needs=(TEXT, DUE), does=plans.refuse_extension, resident="suspended",
          staff=((To.HANDLER, "suspended_staff"),), answers=True, says=Says.STAFF,
          due=plans.date_given),
    _step(A.RESUME, _of(S.SUSPENDED), S.PLANNED, Relation.COMMITTEE,
          needs=(TEXT, DUE), does=plans.make_plan, resident="planned",
          staff=((To.HANDLER, "resumed"),), starts=C.PLAN, due=plans.date_given, answers=True,
          says=Says.STAFF, then=Then.FIND_HANDS),
    # more hands, other hands
    _step(A.ASSIST, IN_HAND, SAME, Relation.HANDLER | Relation.LEAD, needs=(TO, TEXT),
          does=effects.ask_help, staff=((To.NAMED, "assist_asked"),)),
    _step(A.LEAVE, OPEN, SAME, Relation.HELPER | Relation.SYSTEM,
          when=conditions.has_helpers, does=effects.stop_helping,
          staff=((To.HANDLER, "helper_left"),)),
    _step(A.ENGAGE, _of(S.ACCEPTED, S.INSPECTED, S.PLANNED), SAME, Relation.HANDLER,
          needs=(PARTNER, DUE), when=conditions.has_no_partner, does=effects.engage,
          resident="engaged", starts=C.PARTNER, due=plans.date_given),
    _step(A.DISENGAGE, OPEN, SAME, Relation.HANDLER, when=conditions.has_partner,
          does=effects.disengage, stops=C.PARTNER),
    _step(A.SPLIT, MOVABLE, SAME, Relation.HANDLER | Relation.LEAD, needs=(TEXT,),
          shown=True, then=Then.BRANCH_OFF),
    _step(A.MOVE, MOVABLE, S.UNASSIGNED, Relation.HANDLER | Relation.LEAD | Relation.COMMITTEE,
          needs=(GRID, TEXT), when=conditions.has_other_grid, does=effects.move,
          resident="moved", stops=C.REFERRAL, then=Then.ROUTE),
    _step(A.REFER, MOVABLE, SAME, Relation.HANDLER | Relation.LEAD | Relation.COMMITTEE,
          needs=(GRID, TEXT), when=conditions.may_be_referred, does=effects.refer,
          staff=((To.RECEIVER, "referred"),), starts=C.REFERRAL),
    _step(A.RECEIVE, MOVABLE | {S.WAITING}, S.UNASSIGNED, Relation.RECEIVER,
          when=conditions.is_referred, does=effects.receive, resident="moved", stops=C.REFERRAL,
          then=Then.ROUTE),
    _step(A.REFUSE, OPEN, SAME, Relation.RECEIVER, needs=(TEXT,), when=conditions.is_referred,
          does=effects.refuse_referral, stops=C.REFERRAL,
          staff=tuple((to, "referral_refused") for to in (To.REFERRER, To.HANDLER, To.LEAD))),
    _step(A.LAPSE, OPEN, SAME, Relation.SYSTEM, when=conditions.is_referred,
          does=effects.refuse_referral, stops=C.REFERRAL,
          staff=tuple((to, "referral_lapsed") for to in (To.REFERRER, To.HANDLER, To.LEAD))),
    # beside the road
    _step(A.NUDGE, OPEN, SAME, Relation.RESIDENT, when=conditions.may_nudge_again,
          does=effects.mark_nudge,
          staff=((To.HANDLER, "nudged"), (To.OFFERED, "nudged"), (To.LEAD, "nudged")), shown=True),
    _step(A.NUDGE, OPEN, SAME, Relation.LEAD,
          staff=((To.HANDLER, "nudged"), (To.OFFERED, "nudged")),
          shown=True),
    _step(A.NOTE, OPEN, SAME, Relation.HELPER, needs=(NOTE_OR_PHOTO,),
          staff=((To.HANDLER, "helped"),)),
    _step(A.NOTE, OPEN, SAME, _STAFF, needs=(NOTE_OR_PHOTO,)),
    _step(A.ANNOUNCE, OPEN, SAME, Relation.HANDLER | Relation.LEAD | Relation.COMMITTEE,
          needs=(TEXT,),
          resident="announced", says=Says.STAFF),
    _step(A.CALM, OPEN - DONE, SAME, Relation.HANDLER | Relation.LEAD, needs=(TEXT,),
          when=conditions.is_urgent, does=effects.calm, resident="calmed",
          staff=((To.HANDLER, "calmed_staff"), (To.LEAD, "calmed_staff")), says=Says.STAFF),
    _step(A.COME, IN_HAND, SAME, Relation.HANDLER, needs=(TEXT,), resident="coming",
          says=Says.STAFF),
    _step(A.PHONED, IN_HAND, SAME, Relation.HANDLER | Relation.HELPER, shown=True),
    _step(A.SUPERVISE, OPEN, SAME, Relation.COMMITTEE | Relation.STREET, needs=(TEXT,),
          does=effects.supervise, starts=C.SUPERVISE,
          staff=((To.HANDLER, "supervised"), (To.OFFERED, "supervised"), (To.LEAD, "supervised"))),
    _step(A.REPORT, OPEN, SAME, Relation.HANDLER | Relation.LEAD, needs=(TEXT,),
          when=conditions.is_supervised, stops=C.SUPERVISE,
          staff=((To.SUPERVISOR, "reported"),)),
    _step(A.EXCLUDE, OPEN | ENDED, SAME, Relation.LEAD | Relation.COMMITTEE, needs=(TEXT,),
          when=conditions.is_scored, does=effects.ask_exclusion,
          staff=((To.COMMITTEE, "exclusion_asked"), (To.STREET, "exclusion_asked"))),
    _step(A.ENDORSE, OPEN | ENDED, SAME, Relation.COMMITTEE | Relation.STREET,
          when=conditions.is_exclusion_open, does=effects.approve_exclusion,
          staff=((To.LEAD, "excluded"),)),
    _step(A.OVERRULE, OPEN | ENDED, SAME, Relation.COMMITTEE | Relation.STREET, needs=(TEXT,),
          when=conditions.is_exclusion_open, does=effects.drop_exclusion,
          staff=((To.LEAD, "exclusion_refused"),)),
    _step(A.TELL, OPEN | ENDED, SAME, Relation.HANDLER | Relation.LEAD, when=conditions.is_untold,
          does=effects.mark_told, shown=True, stops=C.RESPONSE),
    _step(A.ADD, OPEN - {S.WAITING, S.UNHAPPY}, SAME, Relation.RESIDENT, needs=(NOTE_OR_PHOTO,),
          does=effects.heed,
          staff=((To.HANDLER, "added"), (To.OFFERED, "added")), says=Says.RESIDENT),
    _step(A.ADD, _of(S.UNHAPPY), SAME, Relation.RESIDENT, needs=(NOTE_OR_PHOTO,),
          does=effects.heed,
          staff=((To.LEAD, "added"), (To.HANDLER, "added")), says=Says.RESIDENT),
    _step(A.ADD, _of(S.MERGED), SAME, Relation.RESIDENT, needs=(NOTE_OR_PHOTO,),
          does=effects.heed, says=Says.RESIDENT, then=Then.HAND_OVER),
    _step(A.EDIT, OPEN, SAME, Relation.RESIDENT, when=conditions.is_reworded, does=effects.reword,
          staff=((To.HANDLER, "edited"), (To.OFFERED, "edited")), says=Says.RESIDENT),
    _step(A.SHARE, OPEN, SAME, Relation.RESIDENT, needs=(CONTACT,),
          when=conditions.has_no_contact, does=effects.share_contact,
          staff=((To.HANDLER, "shared"),), says=Says.CONFIDED, shown=True),
    _step(A.CORRECT, OPEN, SAME, Relation.RESIDENT, needs=(CONTACT,),
          when=conditions.has_contact, does=effects.share_contact,
          staff=((To.HANDLER, "corrected"),), says=Says.CONFIDED, shown=True),
    _step(A.RELOCATE, MOVABLE | {S.WAITING}, SAME, Relation.RESIDENT, needs=(PLACE,),
          does=effects.relocate, says=Says.CONFIDED, shown=True, stops=C.REFERRAL,
          then=Then.REROUTE),
    # filed for somebody else, who takes it over by a link (petition/chat/handover.py)
    _step(A.ENTRUST, OPEN, SAME, Relation.RESIDENT, when=conditions.is_on_behalf,
          then=Then.HAND_LINK),
    _step(A.TAKE_OVER, OPEN | ENDED, SAME, Relation.SYSTEM, when=conditions.is_on_behalf,
          does=effects.take_over, resident="taken_over", staff=((To.HANDLER, "taken_over_staff"),)),
    # the neighbours: who was shown it for his own draft may follow it (petition/intake/matching.py)
    _step(A.FOLLOW, OPEN, SAME, Relation.NEIGHBOUR, does=effects.join_in, says=Says.CONFIDED),
    _step(A.UNFOLLOW, OPEN, SAME, Relation.FOLLOWER, does=effects.drop_out, then=Then.SAY_GOODBYE),
    # what somebody else came upon, and is not filed once more (petition/filing.py)
    _step(A.BEAR_OUT, OPEN, SAME, Relation.SYSTEM, resident="borne_out", shown=True,
          staff=((To.HANDLER, "borne_out_staff"), (To.OFFERED, "borne_out_staff"))),
    # the end
    _step(A.CONFIRM, _of(S.RESOLVED, S.CLOSED), S.UNHAPPY, Relation.RESIDENT, needs=(RATING,),
          when=conditions.is_unhappy, does=verdicts.rate, resident="unhappy_resident",
          staff=((To.LEAD, "unhappy"), (To.HANDLER, "unhappy"))),
    _step(A.CONFIRM, _of(S.RESOLVED), S.CLOSED, Relation.RESIDENT | Relation.SYSTEM,
          needs=(RATING,), does=verdicts.rate, resident="closed",
          staff=((To.HANDLER, "closed_staff"),), then=Then.DRAW),
    _step(A.CONFIRM, _of(S.UNHAPPY), S.CLOSED, Relation.RESIDENT, needs=(RATING,),
          when=conditions.is_content, does=verdicts.rate, resident="closed",
          staff=((To.HANDLER, "closed_staff"), (To.LEAD, "closed_staff")), then=Then.DRAW),
    _step(A.CONFIRM, _of(S.CLOSED), SAME, Relation.RESIDENT, needs=(RATING,),
          when=conditions.may_rate_late, does=verdicts.rate, staff=((To.HANDLER, "closed_staff"),)),
    _step(A.UNHAPPY, _of(S.RESOLVED, S.CLOSED), S.UNHAPPY, Relation.RESIDENT,
          when=conditions.has_not_said, does=verdicts.be_unhappy, resident="unhappy_resident",
          staff=((To.LEAD, "unhappy"), (To.HANDLER, "unhappy"))),
    _step(A.PARTLY, _of(S.RESOLVED), S.CLOSED, Relation.RESIDENT,
          needs=(TEXT,), does=verdicts.rate_partly, resident="closed",
          staff=((To.HANDLER, "partly"), (To.LEAD, "partly")), says=Says.RESIDENT, then=Then.DRAW),
    _step(A.EXPLAIN, _of(S.UNHAPPY, S.CLOSED), SAME, Relation.RESIDENT, needs=(NOTE_OR_PHOTO,),
          when=conditions.wants_reason, does=verdicts.explain, staff=((To.LEAD, "explained"),),
          says=Says.RESIDENT),
    # a resident who is not content: his lead has it done again, or speaks with him
    _step(A.REDO, _of(S.UNHAPPY), S.ACCEPTED, Relation.LEAD | Relation.COMMITTEE, needs=(TEXT,),
          undoes=True, resident="redo_resident", staff=((To.HANDLER, "redo"),), starts=C.RESPONSE,
          then=Then.FIND_HANDS),
    _step(A.SETTLE, _of(S.UNHAPPY), S.CLOSED, Relation.LEAD | Relation.COMMITTEE, needs=(TEXT,),
          resident="settled", staff=((To.HANDLER, "settled_staff"),), says=Says.STAFF,
          then=Then.DRAW),
    _step(A.REOPEN, _of(S.RESOLVED, S.UNHAPPY, S.CLOSED), S.ACCEPTED,
          Relation.RESIDENT | Relation.CHECKER, needs=(TEXT,), does=effects.heed,
          when=conditions.is_recent, undoes=True,
          staff=((To.HANDLER, "reopened"), (To.LEAD, "reopened")), starts=C.RESPONSE,
          says=Says.RESIDENT, then=Then.FIND_HANDS),
    _step(A.DECLINE, BEFORE_PLAN, S.DECLINED, Relation.LEAD | Relation.COMMITTEE,
          needs=(TEXT, WHERE), resident="declined",
          staff=((To.HANDLER, "declined_staff"),), answers=True, says=Says.STAFF),
    _step(A.SAMPLE, _of(S.CLOSED), SAME, Relation.SYSTEM, needs=(TO,),
          when=conditions.is_sampled, does=verdicts.name_checker,
          staff=((To.CHECKER, "check_asked"),)),
    _step(A.CHECK, _of(S.CLOSED), SAME, Relation.CHECKER, needs=(SOLVED, TEXT),
          when=conditions.is_unchecked, does=verdicts.check,
          staff=((To.LEAD, "checked"), (To.HANDLER, "checked"))),
    _step(A.WITHDRAW, OPEN, SAME, Relation.RESIDENT, needs=(TEXT,),
          when=conditions.has_followers, does=effects.pass_on, resident="passed_on",
          staff=((To.HANDLER, "passed_on_staff"),), says=Says.RESIDENT, then=Then.SEE_OFF),
    _step(A.WITHDRAW, OPEN, S.WITHDRAWN, Relation.RESIDENT, needs=(TEXT,),
          when=conditions.is_alone,
          staff=((To.HANDLER, "withdrawn"), (To.OFFERED, "withdrawn")), says=Says.RESIDENT),
    _step(A.MERGE, OPEN - {S.UNHAPPY}, S.MERGED, Relation.HANDLER | Relation.LEAD,
          needs=(INTO,), does=effects.join_other, resident="merged",
          staff=((To.HANDLER, "merged_staff"), (To.OFFERED, "merged_staff")), then=Then.GATHER),
    _step(A.FINISH, _of(S.MERGED), S.RESOLVED, Relation.SYSTEM,
          does=effects.finish_with, resident="resolved", answers=True, starts=C.RESPONSE,
          says=Says.STAFF, then=Then.BRING_HOME),
    # a resident who does not agree with the end that staff gave it: once, and he is answered
    _step(A.OBJECT, GIVEN, SAME, Relation.RESIDENT, needs=(NOTE_OR_PHOTO,),
          when=conditions.may_object, does=verdicts.object_to, starts=C.OBJECTION,
          staff=((To.LEAD, "objected"), (To.COMMITTEE, "objected")), says=Says.RESIDENT),
    _step(A.UPHOLD, GIVEN, SAME, Relation.LEAD | Relation.COMMITTEE,
          needs=(TEXT,), when=conditions.is_objected, does=verdicts.uphold, resident="upheld",
          says=Says.STAFF, stops=C.OBJECTION),
    _step(A.REVIVE, GIVEN, S.UNASSIGNED,
          Relation.LEAD | Relation.COMMITTEE | Relation.SYSTEM, needs=(TEXT,),
          when=conditions.may_be_revived, does=effects.revive, undoes=True,
          resident="revived", starts=C.RESPONSE, then=Then.ROUTE),
    # what the system does
    _step(A.GATHER, OPEN, SAME, Relation.SYSTEM, does=effects.gather),
    _step(A.REMIND, OPEN | GIVEN, SAME, Relation.SYSTEM),
    _step(A.ESCALATE, OPEN | GIVEN, SAME, Relation.SYSTEM, does=effects.mark_breach),
    _step(A.TOLD, OPEN | ENDED, SAME, Relation.SYSTEM, when=conditions.awaits_telling,
          does=effects.mark_told, stops=C.RESPONSE),
    _step(A.UNTOLD, OPEN | ENDED, SAME, Relation.SYSTEM, when=conditions.awaits_telling,
          does=effects.mark_untold, staff=((To.HANDLER, "untold"), (To.LEAD, "untold"))),
    _step(A.ERASE, OPEN | ENDED, SAME, Relation.SYSTEM, when=conditions.is_erasable,
          does=erasure.erase),
)
# fmt: on


def refusal(a: Command) -> Refusal:
    """Why not, as kindly and exactly as the ticket itself can say it."""
    ticket, action = a.ticket, a.action
    if action is A.ACCEPT and ticket.handler:
        return Refusal("refused_taken", handler=ticket.handler, about=ticket.id)
    if action is A.ACCEPT and ticket.offered_to not in {None, a.actor.id}:
        return Refusal("refused_offered", handler=ticket.offered_to, about=ticket.id)
    if action is A.NUDGE and ticket.nudged_at and ticket.is_open:
        return Refusal("refused_nudge", about=ticket.id)
    return Refusal("refused_now", about=ticket.id, state=ticket.state.value)


def adjust(a: Command, ticket: Ticket) -> Ticket:
    """What became urgent just now is due sooner; who has danger in hand from now on is to say that
    he is at it, and whatever he does with it says so.
    """
    is_new = ticket.urgent and not a.ticket.urgent
    sooner = CLOCKWORK.hasten(ticket, a.now, a.rules) if is_new else ticket
    if is_new or (ticket.urgent and a.action in {A.ACCEPT, A.REOPEN}):
        return effects.expect_attendance(a, sooner)
    return effects.attend(sooner) if a.relations & Relation.HANDLER else sooner


PETITION: Flow[Action, State, Step, Command, Ticket] = Flow(
    kind="petition", begins=A.FILE, stages=STAGES, lasting=LASTING, steps=STEPS,
    clockwork=CLOCKWORK, refusal=refusal, undo=effects.start_again, adjust=adjust,
    reminds=A.REMIND, escalates=A.ESCALATE, returns=A.RETURN, rings=escalation.notices,
    promised_to=To.RESIDENT, front=FRONT, behind=BEHIND,
)  # fmt: skip

# Nobody but residents does these.
_AT_HOME = Relation.RESIDENT | Relation.FOLLOWER | Relation.NEIGHBOUR | Relation.SYSTEM
RESIDENTS_ALONE = frozenset(PETITION.named) - PETITION.actions_that(lambda row: row.who & ~_AT_HOME)
# The resident's own words; and with what is given to the staff alone, all that people say as
# residents (what somebody did as staff is the office's to keep).
HIS_OWN = PETITION.actions_that(lambda row: row.says is Says.RESIDENT)
AS_RESIDENT = HIS_OWN | PETITION.actions_that(lambda row: row.says is Says.CONFIDED)
# What staff say with these is said to the resident, who may read it again in the steps.
SPOKEN_TO_RESIDENTS = HIS_OWN | PETITION.actions_that(lambda row: row.says is Says.STAFF)
# The steps that residents read of.
TOLD_TO_RESIDENTS = HIS_OWN | {PETITION.begins}
TOLD_TO_RESIDENTS |= PETITION.actions_that(lambda row: row.shown or row.resident)

"""What a step does to a ticket beyond its state, and the conditions a step can have.

Each is a small pure function of an Attempt; the table in `ticket` names them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from workflows import sla
from workflows.model import (
    ENDED,
    Action,
    Attachment,
    ClockName,
    Extension,
    Person,
    Refusal,
    State,
    Ticket,
    Timer,
    To,
    Values,
    community_of,
)
from workflows.rules import Rules


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person gave with an action; `text` is the action's main words (reason, plan, …)."""

    text: str = ""
    where: str = ""
    due: datetime | None = None
    to: Person | None = None
    to_group: bool = False
    into: Ticket | None = None
    rating: int | None = None
    photos: tuple[Attachment, ...] = ()
    timer: Timer | None = None

    def as_values(self) -> dict[str, object]:
        """The same as JSON, for the event and the templates."""
        found = {
            "text": self.text,
            "where": self.where,
            "due": self.due and self.due.isoformat(),
            "to": self.to and self.to.id,
            "into": self.into and self.into.id,
            "rating": self.rating,
            "photos": len(self.photos),
            "timer": self.timer and self.timer.kind,
        }
        return {key: value for key, value in found.items() if value}


NOTHING = Given()
# The answer is in these states themselves; before them it is a plan whose clock runs.
_ANSWERED = ENDED | {State.SUSPENDED, State.RESOLVED}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Somebody about to do something: all that a condition or an effect may look at."""

    ticket: Ticket
    action: Action
    actor: Person
    now: datetime
    rules: Rules
    given: Given = NOTHING

    def as_values(self) -> Values:
        """What a message about this attempt can say."""
        said = self.given.as_values()
        timer = self.given.timer
        if timer:
            clock = self.ticket.clocks.get(timer.clock)
            late = (self.now - timer.due_at).total_seconds()
            said |= {"clock": timer.clock.value, "mark": timer.mark, "late": late}
            said |= {"due": clock.due.isoformat() if clock else None}
        return said | {"actor": self.actor.id, "at": self.now.isoformat()}


def nothing(a: Attempt) -> Ticket:
    """No change beyond the state."""
    return a.ticket


# conditions


def needs_approval(a: Attempt) -> bool:
    """Whether the committee must agree to a plan of this category."""
    category = a.rules.categories.get(a.ticket.category)
    return category is None or category.needs_approval


def needs_no_approval(a: Attempt) -> bool:
    """Whether the handler's own plan stands at once."""
    return not needs_approval(a)


def has_extension(a: Attempt) -> bool:
    """Whether a new date waits for the committee."""
    return a.ticket.extension is not None


def has_no_extension(a: Attempt) -> bool:
    """Whether a new date can be asked for."""
    return a.ticket.extension is None


def may_nudge_again(a: Attempt) -> bool:
    """Whether the last nudge is long enough ago."""
    last = a.ticket.nudged_at
    return last is None or a.now - last >= a.rules.nudge_every


def is_reworded(a: Attempt) -> bool:
    """Whether there are new words: no button can bring them, only an edited message."""
    return bool(a.given.text.strip()) and a.given.text != a.ticket.text


def is_recent(a: Attempt) -> bool:
    """Whether a closed ticket can still be reopened."""
    ended = a.ticket.ended_at
    return ended is None or a.now - ended <= a.rules.reopen_within


def awaits_telling(a: Attempt) -> bool:
    """Whether there is an answer that the resident has not had yet.

    After a reopening the old round's answer may still arrive: it must not stop the new clock.
    """
    is_answered = ClockName.PLAN in a.ticket.clocks or a.ticket.state in _ANSWERED
    return is_answered and a.ticket.told_at is None


def is_untold(a: Attempt) -> bool:
    """Whether the answer could not be delivered and must be told in person."""
    return a.ticket.untold and a.ticket.told_at is None


# effects


def offer(a: Attempt) -> Ticket:
    """Offer the ticket to one handler, or call the whole grid in its group."""
    if a.given.to_group:
        return replace(a.ticket, offered_to=None, open_to_grid=True)
    to = a.given.to
    if to is None or not to.is_handler_in(a.ticket.place):
        raise Refusal("refused_handler")
    offers = (*a.ticket.offers, to.id)
    return replace(a.ticket, offered_to=to.id, offers=offers, open_to_grid=False)


def take(a: Attempt) -> Ticket:
    """The actor has it in hand."""
    return replace(a.ticket, handler=a.actor.id, offered_to=None, open_to_grid=False, offers=())


def give_back(a: Attempt) -> Ticket:
    """Nobody has it; who gave it back is not asked again this round."""
    holder = a.ticket.holder
    offers = a.ticket.offers if holder is None else (*a.ticket.offers, holder)
    return replace(
        a.ticket, handler=None, offered_to=None, open_to_grid=False, offers=offers, extension=None
    )


def hand_on(a: Attempt) -> Ticket:
    """Offer it to another handler; the round of offers begins anew."""
    if a.given.to and a.given.to.id == a.ticket.handler:
        raise Refusal("refused_handler")
    freed = replace(a.ticket, handler=None, offers=(), extension=None)
    return offer(replace(a, ticket=freed))


def draft_plan(a: Attempt) -> Ticket:
    """Who does what by when; a date in the past is no plan."""
    if a.given.due and a.given.due <= a.now:
        raise Refusal("refused_past")
    return replace(a.ticket, plan=a.given.text, plan_due=a.given.due)


def drop_plan(a: Attempt) -> Ticket:
    """The committee did not agree."""
    return replace(a.ticket, plan="", plan_due=None)


def ask_extension(a: Attempt) -> Ticket:
    """A later date waits for the committee; the old one stands until then."""
    due, now_due = a.given.due, a.ticket.plan_due
    if due is None or (now_due and due <= now_due):
        raise Refusal("refused_earlier")
    return replace(a.ticket, extension=Extension(reason=a.given.text, due=due))


def grant_extension(a: Attempt) -> Ticket:
    """The new date stands."""
    asked = a.ticket.extension
    return replace(a.ticket, extension=None, plan_due=asked.due if asked else a.ticket.plan_due)


def refuse_extension(a: Attempt) -> Ticket:
    """The old date stands."""
    return replace(a.ticket, extension=None)


def remember_stage(a: Attempt) -> Ticket:
    """Where to go on once the resident has answered."""
    return replace(a.ticket, before=a.ticket.state)


def forget_stage(a: Attempt) -> Ticket:
    """The question is answered, or was waited for long enough."""
    return replace(a.ticket, before=None)


def finish(a: Attempt) -> Ticket:
    """Done; on the spot, the result is the plan too."""
    return replace(
        a.ticket, result=a.given.text, plan=a.ticket.plan or a.given.text, extension=None
    )


def rate(a: Attempt) -> Ticket:
    """How it was; None when the resident never said."""
    return replace(a.ticket, rating=a.given.rating)


def start_again(a: Attempt) -> Ticket:
    """Not done after all: a new plan is owed, and a new answer."""
    return replace(
        a.ticket, plan="", plan_due=None, result="", rating=None, told_at=None, untold=False
    )


def join_other(a: Attempt) -> Ticket:
    """One problem, one ticket: only into an open one of the same community, never into itself."""
    into = a.given.into
    is_fit = (
        into is not None
        and into.is_open
        and into.id != a.ticket.id
        and community_of(into.place) == community_of(a.ticket.place)
    )
    if not is_fit or into is None:
        raise Refusal("refused_merge")
    return replace(a.ticket, merged_into=into.id)


def reword(a: Attempt) -> Ticket:
    """The petition as it reads now; a danger named only now makes it urgent."""
    urgent = a.ticket.urgent or any(word in a.given.text for word in a.rules.urgent_words)
    return replace(a.ticket, text=a.given.text, urgent=urgent)


def join_in(a: Attempt) -> Ticket:
    """The actor is told what the resident is told."""
    return replace(a.ticket, followers=(*a.ticket.followers, a.actor.id))


def drop_out(a: Attempt) -> Ticket:
    """The actor is told no more."""
    return replace(a.ticket, followers=tuple(f for f in a.ticket.followers if f != a.actor.id))


def mark_nudge(a: Attempt) -> Ticket:
    """When speed was last asked for."""
    return replace(a.ticket, nudged_at=a.now)


def mark_told(a: Attempt) -> Ticket:
    """The promise is kept from this moment; too late is a breach, even if no timer rang yet."""
    clock = a.ticket.clocks.get(ClockName.RESPONSE)
    is_late = clock is not None and (clock.paused or a.now) > clock.due
    breached = a.ticket.breached_at or (clock.due if clock and is_late else None)
    return replace(a.ticket, told_at=a.now, untold=False, breached_at=breached)


def mark_untold(a: Attempt) -> Ticket:
    """The answer cannot be delivered: somebody must knock."""
    return replace(a.ticket, untold=True)


def mark_breach(a: Attempt) -> Ticket:
    """The first breach of the response clock stays on record whatever happens later."""
    timer = a.given.timer
    is_breach = timer is not None and timer.clock is ClockName.RESPONSE
    if not is_breach or a.ticket.breached_at or timer is None:
        return a.ticket
    return replace(a.ticket, breached_at=timer.due_at)


# the clock's own messages

_PROMISES = {ClockName.RESPONSE, ClockName.PLAN}  # the staff's to keep, never the resident's


def clock_notices(a: Attempt, holder: To | None) -> list[tuple[To, str]]:
    """Whom a ringing clock tells: the holder before the due moment, the ladder after it."""
    timer = a.given.timer
    if timer is None or a.action not in {Action.REMIND, Action.ESCALATE}:
        return []
    if a.action is Action.REMIND:
        return _reminder(a, timer, holder)
    if sla.is_late(timer.mark) and sla.is_overtaken(a.ticket, timer, a.now, a.rules):
        return []
    rung = sla.climbed(timer.mark, a.rules)
    told = [(a.rules.climb[rung].to if a.rules.climb else To.LEAD, "overdue")]
    if timer.mark == sla.DUE and timer.clock in _PROMISES:
        told.append((To.RESIDENT, "overdue_resident"))
    if timer.clock is ClockName.REVIEW:
        told.append((To.COMMITTEE, "overdue"))
    return told


def _reminder(a: Attempt, timer: Timer, holder: To | None) -> list[tuple[To, str]]:
    if holder is None or sla.is_overtaken(a.ticket, timer, a.now, a.rules):
        return []
    if holder is To.RESIDENT and timer.clock not in _PROMISES:
        return [(holder, "remind_resident")]
    return [(To.HANDLER if holder is To.RESIDENT else holder, "remind")]

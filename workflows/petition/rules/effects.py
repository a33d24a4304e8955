"""What a step does to a ticket beyond its state; the table in `ticket` names these."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.places import community_of, grid_of
from workflows.core.placing.finding import find
from workflows.core.talk.needs import TEXT, TIMER, TO
from workflows.danger import danger
from workflows.petition.command import Command
from workflows.petition.model import Exclusion, Ticket
from workflows.petition.needs import (
    CONTACT,
    GRID,
    INTO,
    MERGED,
    PARTNER,
    PLACE,
    TO_GROUP,
)
from workflows.petition.rules import plans
from workflows.petition.rules.timing import CLOCKWORK
from workflows.petition.words import ClockName

_OF_DANGER = {ClockName.CALL, ClockName.ATTEND}


def offer(a: Command) -> Ticket:
    """Offer the ticket to one handler, or call the whole grid in its group."""
    if a.answers[TO_GROUP]:
        return replace(a.ticket, offered_to=None, open_to_grid=True)
    to = a.answers[TO]
    if to is None or not to.is_handler_in(a.ticket.place):
        raise Refusal("refused_handler")
    _check_reach(to)
    offers = (*a.ticket.offers, to.id)
    # Danger stays open to all who were called: whoever is awake may be quicker.
    is_open = a.ticket.urgent and a.ticket.open_to_grid
    return replace(a.ticket, offered_to=to.id, offers=offers, open_to_grid=is_open)


def _check_reach(person: Person) -> None:
    """Nobody is asked who would not hear it. Raises Refusal."""
    if not person.is_reachable:
        raise Refusal("refused_unreachable")


def call_all(a: Command) -> Ticket:
    """Everybody on duty is called at once, whoever was asked before; the first has it."""
    return replace(a.ticket, offered_to=None, offers=(), open_to_grid=True)


def take(a: Command) -> Ticket:
    """The actor has it in hand; who helped him helps on."""
    taken = replace(a.ticket, handler=a.actor.id, offered_to=None, open_to_grid=False, offers=())
    return _without_helper(taken, a.actor.id)


def give_back(a: Command) -> Ticket:
    """Nobody has it; who gave it back is not asked again this round."""
    holder = a.ticket.holder
    offers = a.ticket.offers if holder is None else (*a.ticket.offers, holder)
    freed = replace(a.ticket, handler=None, offered_to=None, open_to_grid=False, offers=offers)
    return replace(freed, extension=None, proposal=None)


def hand_on(a: Command) -> Ticket:
    """Offer it to another handler; the round of offers begins anew."""
    to = a.answers[TO]
    if to and to.id == a.ticket.handler:
        raise Refusal("refused_handler")
    freed = replace(a.ticket, handler=None, offers=(), extension=None, proposal=None)
    return offer(replace(a, subject=freed))


def remember_stage(a: Command) -> Ticket:
    """Where to go on once the resident has answered."""
    return replace(a.ticket, before=a.ticket.state, pauses=a.ticket.pauses + 1)


def forget_stage(a: Command) -> Ticket:
    """The question is answered, or was waited for long enough."""
    return replace(heed(a), before=None)


def finish(a: Command) -> Ticket:
    """Done; on the spot, the result is the plan too."""
    plan = a.ticket.plan or a.answers[TEXT]
    done = replace(a.ticket, result=a.answers[TEXT], plan=plan, extension=None, proposal=None)
    return replace(done, partner="", referred_to="")


def start_again(ticket: Ticket) -> Ticket:
    """Not done after all: a new plan is owed, and a new answer."""
    undone = replace(ticket, plan="", plan_due=None, result="", told_at=None, untold=False)
    undone = replace(undone, rating=None, solved="", why="", checker=None, checked="")
    return replace(undone, pauses=0, objected_at=None, upheld_at=None, merged_into=None)


def revive(a: Command) -> Ticket:
    """Ended by mistake: a problem of its own again, with a new promise."""
    freed = replace(a.ticket, handler=None, offered_to=None, offers=(), open_to_grid=False)
    freed = replace(freed, merged_into=None, referred_to="")
    return replace(freed, before=None, proposal=None, extension=None, partner="")


def join_other(a: Command) -> Ticket:
    """One problem, one ticket: only into an open one of the same community, never into itself."""
    into = a.answers[INTO]
    is_fit = (
        into is not None
        and into.is_open
        and into.id != a.ticket.id
        and community_of(into.place) == community_of(a.ticket.place)
    )
    if not is_fit or into is None:
        raise Refusal("refused_merge")
    return replace(a.ticket, merged_into=into.id)


def finish_with(a: Command) -> Ticket:
    """What it was merged into is done, so this is, and its resident says how it is."""
    into, said = a.answers[INTO], a.answers[TEXT]
    again = start_again(revive(a))
    done = replace(again, merged_into=a.ticket.merged_into, plan=said, result=said, helpers=())
    return replace(done, handler=into.handler if into else None)


def reword(a: Command) -> Ticket:
    """The petition as it reads now; a danger named only now makes it urgent, but not one that was
    found to be none.
    """
    text, was = a.answers[TEXT], a.ticket
    is_named = bool(danger.told(text, was.text, a.rules.danger))
    return replace(was, text=text, urgent=was.urgent or is_named)


def heed(a: Command) -> Ticket:
    """Urgent from now on, if what was said names a danger."""
    urgent = a.ticket.urgent or bool(danger.find(a.answers[TEXT], a.rules.danger))
    return replace(a.ticket, urgent=urgent)


def calm(a: Command) -> Ticket:
    """No danger after all: nobody is called for it any more, and it has as long as any other."""
    running = {name: clock for name, clock in a.ticket.clocks.items() if name not in _OF_DANGER}
    return CLOCKWORK.relax(replace(a.ticket, urgent=False, clocks=running), a.rules)


def expect_attendance(a: Command, ticket: Ticket) -> Ticket:
    """Who has it in hand is to say that he is at it, or all are called again."""
    if ticket.handler is None:
        return ticket
    clock = CLOCKWORK.start(ClockName.ATTEND, ticket, a.now, a.rules)
    return replace(ticket, clocks={**ticket.clocks, ClockName.ATTEND: clock})


def attend(ticket: Ticket) -> Ticket:
    """Who has it in hand is at it."""
    running = {name: c for name, c in ticket.clocks.items() if name != ClockName.ATTEND}
    return replace(ticket, clocks=running)


def join_in(a: Command) -> Ticket:
    """The actor is told what the resident is told."""
    return replace(a.ticket, followers=(*a.ticket.followers, a.actor.id))


def drop_out(a: Command) -> Ticket:
    """The actor is told no more."""
    return replace(a.ticket, followers=tuple(f for f in a.ticket.followers if f != a.actor.id))


def gather(a: Command) -> Ticket:
    """Everybody who brought what was merged into this one follows it, but for its own resident; if
    there was danger, there is.
    """
    other = a.answers[MERGED]
    people = (*a.ticket.followers, *((other.resident, *other.followers) if other else ()))
    others = tuple(dict.fromkeys(p for p in people if p != a.ticket.resident))
    urgent = a.ticket.urgent or (other is not None and other.urgent)
    return replace(a.ticket, followers=others, urgent=urgent)


def pass_on(a: Command) -> Ticket:
    """The first who followed has it from now on; the words of who leaves stay the staff's alone."""
    first, *others = a.ticket.followers
    return replace(a.ticket, resident=first, followers=tuple(others), contact="", on_behalf="")


def take_over(a: Command) -> Ticket:
    """The person it was filed for has it from now on, words and all; it is nobody's to give on."""
    person = a.answers[TO]
    if person is None:
        raise Refusal("refused_now", about=a.ticket.id, state=a.ticket.state.value)
    followers = tuple(f for f in a.ticket.followers if f != person.id)
    own = replace(a.ticket, resident=person.id, author=person.id, followers=followers)
    return replace(own, on_behalf="")


def share_contact(a: Command) -> Ticket:
    """How the resident wants to be reached."""
    return replace(a.ticket, contact=a.answers[CONTACT])


def move(a: Command) -> Ticket:
    """To another grid of the community; nobody there was asked yet."""
    is_near = community_of(a.answers[GRID]) == community_of(a.ticket.place)
    if not is_near or grid_of(a.ticket.place) == a.answers[GRID]:
        raise Refusal("refused_grid")
    return _moved(a.ticket, a.answers[GRID])


def relocate(a: Command) -> Ticket:
    """Where it really is, as its resident says: in the same community, whoever has it by then."""
    said, here = a.answers[PLACE], a.ticket.place
    is_path = said in a.rules.places
    place = said if is_path else find(said, a.rules.places, here, is_answer=True).place
    if not place or community_of(place) != community_of(here):
        raise Refusal("refused_place")
    return replace(a.ticket, place=place, referred_to="")


def refer(a: Command) -> Ticket:
    """Another community is asked; until it agrees, everything stays as it is."""
    if not a.answers[GRID] or community_of(a.answers[GRID]) == community_of(a.ticket.place):
        raise Refusal("refused_grid")
    return replace(a.ticket, referred_to=a.answers[GRID], referred_by=a.actor.id)


def receive(a: Command) -> Ticket:
    """The other community agreed."""
    return _moved(a.ticket, a.ticket.referred_to)


def refuse_referral(a: Command) -> Ticket:
    """The other community did not agree, or did not say in time."""
    return replace(a.ticket, referred_to="")


def _moved(ticket: Ticket, grid: str) -> Ticket:
    freed = replace(ticket, place=grid, handler=None, helpers=(), offered_to=None, offers=())
    freed = replace(freed, open_to_grid=False, extension=None, proposal=None)
    return replace(freed, before=None, referred_to="")


def ask_help(a: Command) -> Ticket:
    """One more pair of hands of the community; the handler stays the one who answers for it."""
    to = a.answers[TO]
    is_in = to is not None and to.id in {a.ticket.handler, *a.ticket.helpers}
    if to is None or is_in or not to.is_handler_near(a.ticket.place):
        raise Refusal("refused_handler")
    _check_reach(to)
    return replace(a.ticket, helpers=(*a.ticket.helpers, to.id))


def stop_helping(a: Command) -> Ticket:
    """The actor helps no more; or who left the roster, as the system says."""
    return _without_helper(a.ticket, (a.answers[TO] or a.actor).id)


def _without_helper(ticket: Ticket, person_id: int) -> Ticket:
    return replace(ticket, helpers=tuple(h for h in ticket.helpers if h != person_id))


def engage(a: Command) -> Ticket:
    """Somebody outside is to do it, by a date of their own."""
    plans.ahead(a)
    return replace(a.ticket, partner=a.answers[PARTNER])


def disengage(a: Command) -> Ticket:
    """They are done, or will not do it."""
    return replace(a.ticket, partner="")


def supervise(a: Command) -> Ticket:
    """The actor waits for a report."""
    return replace(a.ticket, supervisor=a.actor.id)


def ask_exclusion(a: Command) -> Ticket:
    """To be left out of the scoring, if a second person agrees."""
    return replace(a.ticket, exclusion=Exclusion(reason=a.answers[TEXT], by=a.actor.id))


def approve_exclusion(a: Command) -> Ticket:
    """Left out of the scoring from now on."""
    asked = a.ticket.exclusion
    return replace(a.ticket, exclusion=asked and replace(asked, approved_by=a.actor.id))


def drop_exclusion(a: Command) -> Ticket:
    """It counts like any other."""
    return replace(a.ticket, exclusion=None)


def mark_nudge(a: Command) -> Ticket:
    """When speed was last asked for."""
    return replace(a.ticket, nudged_at=a.now)


def mark_told(a: Command) -> Ticket:
    """The promise is kept from this moment; too late is a breach, even if no timer rang yet."""
    clock = a.ticket.clocks.get(ClockName.RESPONSE)
    is_late = clock is not None and (clock.paused or a.now) > clock.due
    breached = a.ticket.breached_at or (clock.due if clock and is_late else None)
    return replace(a.ticket, told_at=a.now, untold=False, breached_at=breached)


def mark_untold(a: Command) -> Ticket:
    """The answer cannot be delivered: somebody must knock."""
    return replace(a.ticket, untold=True)


def mark_breach(a: Command) -> Ticket:
    """The first breach of the response clock stays on record whatever happens later."""
    timer = a.answers[TIMER]
    is_breach = timer is not None and timer.clock == ClockName.RESPONSE
    if not is_breach or a.ticket.breached_at or timer is None:
        return a.ticket
    return replace(a.ticket, breached_at=timer.due_at)

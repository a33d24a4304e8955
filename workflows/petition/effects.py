"""What a step does to a ticket beyond its state; the table in `ticket` names these."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from workflows.core.command import Command
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.places import community_of, grid_of
from workflows.danger import danger
from workflows.petition.model import Exclusion, Extension, Proposal, Ticket
from workflows.petition.words import ClockName


def offer(a: Command) -> Ticket:
    """Offer the ticket to one handler, or call the whole grid in its group."""
    if a.answers.to_group:
        return replace(a.ticket, offered_to=None, open_to_grid=True)
    to = a.answers.to
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
    if a.answers.to and a.answers.to.id == a.ticket.handler:
        raise Refusal("refused_handler")
    freed = replace(a.ticket, handler=None, offers=(), extension=None, proposal=None)
    return offer(replace(a, ticket=freed))


def make_plan(a: Command) -> Ticket:
    """Who does what by when; a date in the past is no plan."""
    if a.answers.due and a.answers.due <= a.now:
        raise Refusal("refused_past")
    return replace(a.ticket, plan=a.answers.text, plan_due=a.answers.due)


def propose_plan(a: Command) -> Ticket:
    """A plan for the committee; one that was agreed before stands until this one is."""
    if a.answers.due is None or a.answers.due <= a.now:
        raise Refusal("refused_past")
    return replace(a.ticket, proposal=Proposal(text=a.answers.text, due=a.answers.due))


def adopt_plan(a: Command) -> Ticket:
    """The committee agreed, while there is still time for it."""
    proposal = a.ticket.proposal
    if proposal is None or proposal.due <= a.now:
        raise Refusal("refused_over")
    return replace(a.ticket, plan=proposal.text, plan_due=proposal.due, proposal=None)


def drop_proposal(a: Command) -> Ticket:
    """The committee did not agree."""
    return replace(a.ticket, proposal=None)


def ask_extension(a: Command) -> Ticket:
    """A later date waits for the committee; the old one stands until then."""
    due, now_due = a.answers.due, a.ticket.plan_due
    if due is None or (now_due and due <= now_due):
        raise Refusal("refused_earlier")
    return replace(a.ticket, extension=Extension(reason=a.answers.text, due=due))


def grant_extension(a: Command) -> Ticket:
    """The new date stands."""
    asked = a.ticket.extension
    if asked is None or asked.due <= a.now:
        raise Refusal("refused_over")
    return replace(a.ticket, extension=None, plan_due=asked.due)


def refuse_extension(a: Command) -> Ticket:
    """The old date stands."""
    return replace(a.ticket, extension=None)


def remember_stage(a: Command) -> Ticket:
    """Where to go on once the resident has answered."""
    return replace(a.ticket, before=a.ticket.state)


def forget_stage(a: Command) -> Ticket:
    """The question is answered, or was waited for long enough."""
    return replace(heed(a), before=None)


def finish(a: Command) -> Ticket:
    """Done; on the spot, the result is the plan too."""
    plan = a.ticket.plan or a.answers.text
    done = replace(a.ticket, result=a.answers.text, plan=plan, extension=None, proposal=None)
    return replace(done, partner="", referred_to="")


def rate(a: Command) -> Ticket:
    """How it was. Without a rating the resident never answered, which is not "satisfied"."""
    solved = "yes" if a.answers.rating else ""
    return replace(a.ticket, rating=a.answers.rating, solved=solved)


def rate_partly(a: Command) -> Ticket:
    """Some of it is done: an answer of its own."""
    return replace(a.ticket, solved="partly")


def explain(a: Command) -> Ticket:
    """Why the rating was poor."""
    return replace(a.ticket, why=a.answers.text)


def name_checker(a: Command) -> Ticket:
    """Somebody other than the handler is to ask how it went."""
    return replace(a.ticket, checker=a.answers.to.id if a.answers.to else None)


def check(a: Command) -> Ticket:
    """What the neutral follow-up found."""
    return replace(a.ticket, checked=a.answers.solved)


def start_again(ticket: Ticket) -> Ticket:
    """Not done after all: a new plan is owed, and a new answer."""
    undone = replace(ticket, plan="", plan_due=None, result="", told_at=None, untold=False)
    return replace(undone, rating=None, solved="", why="", checker=None, checked="")


def revive(a: Command) -> Ticket:
    """Ended by mistake: a problem of its own again, with a new promise."""
    freed = replace(a.ticket, handler=None, offered_to=None, offers=(), open_to_grid=False)
    freed = replace(freed, merged_into=None, referred_to="")
    return replace(freed, before=None, proposal=None, extension=None, partner="")


def join_other(a: Command) -> Ticket:
    """One problem, one ticket: only into an open one of the same community, never into itself."""
    into = a.answers.into
    is_fit = (
        into is not None
        and into.is_open
        and into.id != a.ticket.id
        and community_of(into.place) == community_of(a.ticket.place)
    )
    if not is_fit or into is None:
        raise Refusal("refused_merge")
    return replace(a.ticket, merged_into=into.id)


def reword(a: Command) -> Ticket:
    """The petition as it reads now; a danger named only now makes it urgent."""
    return replace(heed(a), text=a.answers.text)


def heed(a: Command) -> Ticket:
    """Urgent from now on, if what was said names a danger."""
    urgent = a.ticket.urgent or bool(danger.find(a.answers.text, a.rules.danger))
    return replace(a.ticket, urgent=urgent)


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
    other = a.answers.merged
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
    person = a.answers.to
    if person is None:
        raise Refusal("refused_now", about=a.ticket.id, state=a.ticket.state.value)
    followers = tuple(f for f in a.ticket.followers if f != person.id)
    own = replace(a.ticket, resident=person.id, author=person.id, followers=followers)
    return replace(own, on_behalf="")


def share_contact(a: Command) -> Ticket:
    """How the resident wants to be reached."""
    return replace(a.ticket, contact=a.answers.contact)


def move(a: Command) -> Ticket:
    """To another grid of the community; nobody there was asked yet."""
    is_near = community_of(a.answers.grid) == community_of(a.ticket.place)
    if not is_near or grid_of(a.ticket.place) == a.answers.grid:
        raise Refusal("refused_grid")
    return _moved(a.ticket, a.answers.grid)


def refer(a: Command) -> Ticket:
    """Another community is asked; until it agrees, everything stays as it is."""
    if not a.answers.grid or community_of(a.answers.grid) == community_of(a.ticket.place):
        raise Refusal("refused_grid")
    return replace(a.ticket, referred_to=a.answers.grid, referred_by=a.actor.id)


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
    to = a.answers.to
    is_in = to is not None and to.id in {a.ticket.handler, *a.ticket.helpers}
    if to is None or is_in or not to.is_handler_near(a.ticket.place):
        raise Refusal("refused_handler")
    _check_reach(to)
    return replace(a.ticket, helpers=(*a.ticket.helpers, to.id))


def stop_helping(a: Command) -> Ticket:
    """The actor helps no more; or who left the roster, as the system says."""
    return _without_helper(a.ticket, a.answers.to.id if a.answers.to else a.actor.id)


def _without_helper(ticket: Ticket, person_id: int) -> Ticket:
    return replace(ticket, helpers=tuple(h for h in ticket.helpers if h != person_id))


def engage(a: Command) -> Ticket:
    """Somebody outside is to do it, by a date of their own."""
    if a.answers.due and a.answers.due <= a.now:
        raise Refusal("refused_past")
    return replace(a.ticket, partner=a.answers.partner)


def disengage(a: Command) -> Ticket:
    """They are done, or will not do it."""
    return replace(a.ticket, partner="")


def supervise(a: Command) -> Ticket:
    """The actor waits for a report."""
    return replace(a.ticket, supervisor=a.actor.id)


def ask_exclusion(a: Command) -> Ticket:
    """To be left out of the scoring, if a second person agrees."""
    return replace(a.ticket, exclusion=Exclusion(reason=a.answers.text, by=a.actor.id))


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
    timer = a.answers.timer
    is_breach = timer is not None and timer.clock == ClockName.RESPONSE
    if not is_breach or a.ticket.breached_at or timer is None:
        return a.ticket
    return replace(a.ticket, breached_at=timer.due_at)


def date_given(a: Command) -> datetime | None:
    """The date that somebody promises."""
    return a.answers.due


def date_proposed(a: Command) -> datetime | None:
    """The date of the plan the committee agrees to."""
    return a.ticket.proposal.due if a.ticket.proposal else None


def date_asked(a: Command) -> datetime | None:
    """The later date the committee agrees to."""
    return a.ticket.extension.due if a.ticket.extension else None

"""Doing something with a ticket: decide, write what follows, tell who is to be told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from uuid import uuid4

from msgspec.structs import replace

from workflows.core.engine.clocks import Clock
from workflows.core.engine.subject import Timer
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import ABOVE
from workflows.core.places import community_of, grid_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice
from workflows.core.talk.needs import (
    HEARD,
    NOTE_OR_PHOTO,
    NOTHING,
    PHOTOS,
    TEXT,
    TIMER,
    TO,
    Answers,
    Heard,
)
from workflows.core.timing import calendar
from workflows.danger import danger
from workflows.danger.danger import Danger
from workflows.desk.context import Context
from workflows.desk.performing import rung, take_back, write
from workflows.petition import engine, forms, merging, relieving
from workflows.petition.chat import handover, pictures
from workflows.petition.lifecycle import Then
from workflows.petition.model import Ticket
from workflows.petition.needs import PLACE, TO_GROUP
from workflows.petition.rules import routing
from workflows.petition.rules.relations import may_help
from workflows.petition.store import loads, lookups, queries
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, ClockName, State, To


async def perform(
    context: Context, ticket: Ticket, action: Action, actor: Person, answers: Answers = NOTHING
) -> Ticket:
    """Let `actor` do `action`, with everything that follows. Raises Refusal and writes nothing."""
    ticket = await merging.parting(context, ticket, action)
    decision = engine.decide(ticket, action, actor, context.now, context.rules, answers)
    dangers = _new_dangers(ticket, decision.subject, actor, answers, context.rules)
    if dangers and actor is not SYSTEM:
        context.say(actor.id, "emergency", kinds=dangers, then="filed")
    await pictures.show(context, decision.subject, action, actor, answers)
    await write(context, decision, actor, answers[PHOTOS])
    if dangers:
        await _alarm(context, decision.subject, action)
    if action is Action.TRANSFER and ticket.urgent:  # not to one person alone, who may sleep
        await perform(context, decision.subject, Action.CALL, SYSTEM,
                      Answers({HEARD: _heard(actor, answers)}))  # fmt: skip
    if action is Action.CORRECT:
        await _correct_parts(context, ticket, actor, answers)
    if decision.then:
        now = await context.tx.get(TICKETS, ticket.id) or decision.subject
        await _AFTERWARDS[decision.then](context, now, actor, answers)
    left = await context.tx.get(TICKETS, ticket.id) or decision.subject
    if actor is not SYSTEM:
        await relieving.tell(context, ticket, left, actor)
    return left


def _new_dangers(
    before: Ticket, ticket: Ticket, actor: Person, answers: Answers, rules: Rules
) -> list[str]:
    """The dangers that a step made known: by a resident's words, or by what was merged into it."""
    if ticket.urgent and not before.urgent:
        return [*danger.told(answers[TEXT], "", rules.danger)] or [Danger.OTHER]
    if ticket.urgent and actor.id == ticket.resident:
        return [*danger.told(answers[TEXT], before.text, rules.danger)]
    return []


async def route(context: Context, ticket: Ticket, heard: Heard | None = None) -> Ticket:
    """Offer an unassigned ticket to who is next in line; without anybody the lead is told.

    Danger calls everybody at once. Whoever it reaches reads what was `heard` just before.
    """
    await _warn_if_empty(context, ticket)
    if ticket.urgent:
        return await perform(context, ticket, Action.CALL, SYSTEM, Answers({HEARD: heard}))
    offer = await next_offer(context, ticket)
    if offer.to or offer.to_group:
        answers = Answers({TO: offer.to, TO_GROUP: offer.to_group, HEARD: heard})
        return await perform(context, ticket, Action.DISPATCH, SYSTEM, answers)
    values = {"heard": heard.text, "heard_from": heard.by} if heard else {}
    notice = Notice(
        to=To.LEAD, template="unassigned", values=values, ticket_id=ticket.id, is_card=True
    )
    await context.tell(ticket, notice, SYSTEM)
    return ticket


async def _warn_if_empty(context: Context, ticket: Ticket) -> None:
    """A grid in which nobody works is told to all above it, beside the card that one of them gets:
    somebody must be found, not only for this one.
    """
    staff = await context.tx.staff(ticket.place)
    if not any(p.is_reachable and p.is_handler_in(ticket.place) for p in staff):
        above = [p.id for p in staff if any(p.has_role(role, ticket.place) for role in ABOVE)]
        when = calendar.push_moment(ticket, context.now, context.rules)
        await context.alarm(above, "alert_nobody", {"place": grid_of(ticket.place)}, when)


async def next_offer(context: Context, ticket: Ticket) -> routing.Offer:
    """Whom to offer a ticket next; whether there is a group matters where nobody is left."""
    staff = await candidates(context, ticket)
    offer = routing.next_offer(ticket, staff, has_group=False)
    if offer.to or await context.tx.group_of(grid_of(ticket.place)) is None:
        return offer
    return routing.next_offer(ticket, staff, has_group=True)


async def candidates(context: Context, ticket: Ticket) -> list[routing.Candidate]:
    """The staff around a ticket with what each has in hand."""
    staff = [p for p in await context.tx.staff(ticket.place) if p.is_handler_in(ticket.place)]
    busy = await loads.of(context.tx, (p.id for p in staff))
    return [routing.candidate(p, busy[p.id], context.now, context.rules) for p in staff]


async def helpers_near(context: Context, ticket: Ticket) -> list[routing.Candidate]:
    """The handlers of the community's other grids, who could lend a hand."""
    staff = await context.tx.staff_inside(community_of(ticket.place))
    near = [p for p in staff if p.is_handler_near(ticket.place)]
    near = [p for p in near if not p.is_handler_in(ticket.place)]
    busy = await loads.of(context.tx, (p.id for p in near))
    return [routing.candidate(p, busy[p.id], context.now, context.rules) for p in near]


async def ring(context: Context, timer: Timer) -> None:
    """Let a due timer do what it is for, if the ticket still wants it (it may have moved on)."""
    ticket = await rung(context, timer)
    if ticket is None:
        return
    action = engine.on_time(timer)
    if action is Action.DISPATCH:
        await _offer_on(context, ticket, timer)
    elif action is Action.RETURN:
        await _call_again(context, ticket, timer)
    else:
        await perform(context, ticket, action, SYSTEM, Answers({TIMER: timer}))


async def _offer_on(context: Context, ticket: Ticket, timer: Timer) -> None:
    """The offer was not taken: to the next one; when all were asked, back to the lead. Danger calls
    everybody once more.
    """
    if ticket.urgent:
        await perform(context, ticket, Action.CALL, SYSTEM, Answers({TIMER: timer}))
        return
    offer = await next_offer(context, ticket)
    if offer.to or offer.to_group:
        answers = Answers({TO: offer.to, TO_GROUP: offer.to_group, TIMER: timer})
        await perform(context, ticket, Action.DISPATCH, SYSTEM, answers)
    else:
        await take_back(context, ticket, Answers({TIMER: timer}))


async def _call_again(context: Context, ticket: Ticket, timer: Timer) -> None:
    """Who took the danger has not said that he is at it: all are called again, he with them."""
    notice = Notice(to=To.HANDLER, template="unattended", values={"about": ticket.id}, urgent=True)
    await context.tell(ticket, notice, SYSTEM)
    answers = Answers({TIMER: timer})
    returned = await take_back(context, ticket, answers)
    await perform(context, returned, Action.CALL, SYSTEM, answers)


async def _alarm(context: Context, ticket: Ticket, action: Action) -> None:
    """There is danger, or a new one: all are called, or hear of it beside who has it in hand.

    What was merged goes on with the other one, and so does its danger; what was refused, and what
    its resident says is another thing, is taken up for it: nobody waits for a yes.
    """
    into = await merging.going_on(context, ticket)
    if into.id != ticket.id and into.is_open and action is not Action.OBJECT:
        if into.urgent:  # else it becomes so by what is handed over, which is told
            await _alarm(context, into, action)
        return
    if engine.may(SYSTEM, Action.REVIVE, ticket, context.now, context.rules):
        ticket = await perform(context, ticket, Action.REVIVE, SYSTEM)
    if engine.may(SYSTEM, Action.CALL, ticket, context.now, context.rules):
        await perform(context, ticket, Action.CALL, SYSTEM)
        return
    for to in (To.HANDLER, To.LEAD, To.ON_DUTY, To.COMMITTEE):
        notice = Notice(to=to, template="urgent", ticket_id=ticket.id, is_card=True, urgent=True)
        await context.tell(ticket, notice, SYSTEM)


async def _correct_parts(context: Context, was: Ticket, actor: Person, answers: Answers) -> None:
    """What was split off from it has the same number, and is not to keep the wrong one."""
    parts = (await context.tx.ask(queries.children_of, [was.id])).get(was.id, [])
    for part in await context.tx.get_all(TICKETS, parts):
        is_same = part.contact == was.contact
        if is_same and engine.may(actor, Action.CORRECT, part, context.now, context.rules):
            await perform(context, part, Action.CORRECT, actor, answers)


# what an action brings with it beyond its own ticket


async def _route_again(context: Context, ticket: Ticket, actor: Person, answers: Answers) -> None:
    """Given back by a person: offered on at once. By the system, everybody was asked already."""
    if actor is not SYSTEM:
        await route(context, ticket, _heard(actor, answers))


def _heard(actor: Person, answers: Answers) -> Heard | None:
    return Heard(by=actor.id, text=answers[TEXT]) if answers[TEXT] else None


async def _find_hands(context: Context, ticket: Ticket, actor: Person, answers: Answers) -> None:
    """Work goes on, but whose it was is gone or out of reach: it is offered anew, as are the words.

    Words said while nobody could act on them (waiting, kept, resolved) are those that count now.
    """
    handler = await context.tx.person(ticket.handler) if ticket.handler else None
    is_gone = handler is None or not _can_handle(handler, ticket)
    if is_gone and not ticket.stage.keeps_holder:
        heard = _heard(actor, answers)
        returned = await take_back(context, ticket, Answers({HEARD: heard}))
        await route(context, returned, heard)


async def _branch_off(context: Context, ticket: Ticket, actor: Person, answers: Answers) -> None:
    """A part of it becomes a ticket of its own, under the promise that was given already.

    Where that was kept, a promise of its own begins.
    """
    promise = {} if ticket.told_at else _running(ticket, ClockName.RESPONSE)
    child = Ticket(
        id=await context.tx.next_id(), draft_id=uuid4().hex[:12], parent=ticket.id,
        resident=ticket.resident, author=ticket.author, on_behalf=ticket.on_behalf,
        contact=ticket.contact, followers=ticket.followers, place=ticket.place,
        category=ticket.category, text=answers[TEXT], urgent=ticket.urgent,
        filed_at=ticket.filed_at if promise else context.now, clocks=promise,
        breached_at=ticket.breached_at if promise else None,
    )  # fmt: skip
    decision = engine.file(child, context.now, context.rules, by=actor.id, told="split")
    await write(context, decision, actor, answers[PHOTOS])
    await route(context, decision.subject)


def _running(ticket: Ticket, name: ClockName) -> dict[ClockName, Clock]:
    return {name: ticket.clocks[name]} if name in ticket.clocks else {}


async def _draw(context: Context, ticket: Ticket, _: Person, __: Answers) -> None:
    """Chance may want somebody else than the handler to ask how it went."""
    if not engine.may(SYSTEM, Action.SAMPLE, ticket, context.now, context.rules):
        return
    here = [p for p in await context.tx.staff(ticket.place) if p.is_there(context.now)]
    checker = routing.neutral(ticket, here)
    if checker:
        await perform(context, ticket, Action.SAMPLE, SYSTEM, Answers({TO: checker}))


async def expect_answer(context: Context, ticket: Ticket) -> None:
    """The resident's next words are the answer, without a tap; unless he is answering another."""
    dialog = await context.tx.dialog(ticket.resident)
    if dialog.form is None and ticket.state is State.WAITING:
        form = forms.about(ticket, Action.ANSWER, NOTE_OR_PHOTO.name)
        context.tx.put_dialog(replace(dialog, form=form))


async def _say_goodbye(context: Context, ticket: Ticket, actor: Person, _: Answers) -> None:
    context.say(actor.id, "unfollowed", about=ticket.id)


async def _see_off(context: Context, ticket: Ticket, actor: Person, _: Answers) -> None:
    """Withdrawn, but not over: others have it too."""
    context.say(actor.id, "handed_on", about=ticket.id)


async def _hand_link(context: Context, ticket: Ticket, actor: Person, _: Answers) -> None:
    await handover.hand_link(context, ticket, actor)


async def _reroute(context: Context, ticket: Ticket, actor: Person, _: Answers) -> None:
    """It is somewhere else: who is right for that place has it, and who had it hears."""
    if ticket.state is State.UNASSIGNED:
        await route(context, ticket)
    elif ticket.stage.keeps_holder or await _is_well_placed(context, ticket):
        for to in (To.HANDLER, To.OFFERED):
            notice = Notice(to=to, template="relocated", ticket_id=ticket.id, is_card=True)
            await context.tell(ticket, notice, actor)
    else:
        freed = await take_back(context, ticket, Answers({PLACE: ticket.place}))
        await route(context, replace(freed, offers=()))  # a new round: it is another place


async def _is_well_placed(context: Context, ticket: Ticket) -> bool:
    """Whether who has it handles that place, and nobody is nearer."""
    holder = await context.tx.person(ticket.holder) if ticket.holder else None
    is_here = holder is not None and _can_handle(holder, ticket)
    if not is_here or ticket.urgent:
        return is_here
    return routing.better(ticket, await candidates(context, ticket)) is None


_Afterwards = Callable[[Context, Ticket, Person, Answers], Awaitable[None]]
_AFTERWARDS: dict[Enum, _Afterwards] = {
    Then.ROUTE: _route_again,
    Then.FIND_HANDS: _find_hands,
    Then.BRANCH_OFF: _branch_off,
    Then.DRAW: _draw,
    Then.GATHER: merging.gather,
    Then.HAND_OVER: merging.pass_on,
    Then.BRING_HOME: merging.bring_home,
    Then.SAY_GOODBYE: _say_goodbye,
    Then.SEE_OFF: _see_off,
    Then.HAND_LINK: _hand_link,
    Then.REROUTE: _reroute,
}


async def release(context: Context, person: Person) -> int:
    """Take every ticket from somebody who leaves the roster or cannot be reached. Returns how many
    went on.

    What waits, is kept or is done stays: new hands are looked for when work on it goes on.
    """
    had = await lookups.held_by(context.tx, person.id)
    helped = [t for t in had if person.id in t.helpers]
    for ticket in (t for t in helped if not (person.is_reachable and may_help(person, t))):
        await perform(context, ticket, Action.LEAVE, SYSTEM, Answers({TO: person}))
    held = [t for t in had if t.holder == person.id]
    loose = [t for t in held if not t.stage.keeps_holder]
    free = [t for t in loose if not _can_handle(person, t)]
    for ticket in free:
        returned = await take_back(context, ticket, Answers({TO: person}))
        routed = await route(context, returned)
        if person.is_staff:  # who is taken off the roster hears of all that at once
            await relieving.tell(context, ticket, routed, SYSTEM)
    return len(free)


def _can_handle(person: Person, ticket: Ticket) -> bool:
    return person.is_reachable and person.is_handler_in(ticket.place)

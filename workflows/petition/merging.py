"""What was merged goes on with the other one: its people are heard there, read so on their own
when that is done, and say of their own how it is (petition/service.py asks for all this).
"""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.people import SYSTEM, Person
from workflows.core.talk.messages import Notice, Values
from workflows.core.talk.needs import PHOTOS, TEXT, Answers
from workflows.desk.context import Context
from workflows.petition.model import Ticket
from workflows.petition.needs import INTO, MERGED
from workflows.petition.store import queries
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, State, To

_DONE = {Action.RESOLVE, Action.FINISH}


async def parting(context: Context, ticket: Ticket, action: Action) -> Ticket:
    """Where it is about to be done: who hears so of his own does not hear of this one too."""
    if action not in _DONE:
        return ticket
    own = {p for one in await _waiting(context, ticket) for p in (one.resident, *one.followers)}
    return replace(ticket, followers=tuple(f for f in ticket.followers if f not in own))


async def gather(context: Context, ticket: Ticket, actor: Person, answers: Answers) -> None:
    """Everybody who brought it follows the other one; who has that reads what was said here."""
    into = answers[INTO]
    if into is None:
        return
    gathered = await context.perform(into, Action.GATHER, SYSTEM, Answers({MERGED: ticket}))
    if gathered.urgent == into.urgent:  # a danger that it brought is told in words of its own
        await _tell(context, gathered, actor, {}, template="gathered")
    if gathered.stage.done and not _is_told_by(gathered, ticket):
        await _finish(context, ticket, gathered, Answers({TEXT: gathered.result}))


async def pass_on(context: Context, ticket: Ticket, actor: Person, answers: Answers) -> None:
    """What its resident adds reaches who works on the one that goes on."""
    into = await going_on(context, ticket)
    if ticket.urgent and into.is_open and not into.urgent:
        into = await context.perform(into, Action.GATHER, SYSTEM, Answers({MERGED: ticket}))
    values = {"text": answers[TEXT], "photos": len(answers[PHOTOS])}
    await _tell(context, into, actor, values, template="added")


async def bring_home(context: Context, ticket: Ticket, _: Person, answers: Answers) -> None:
    """It is done, and so is what was merged into it."""
    for one in await _waiting(context, ticket):
        await _finish(context, one, ticket, answers)


async def _finish(context: Context, one: Ticket, into: Ticket, answers: Answers) -> None:
    said = Answers({TEXT: answers[TEXT], PHOTOS: answers[PHOTOS], INTO: into})
    await context.perform(one, Action.FINISH, SYSTEM, said)


async def _waiting(context: Context, ticket: Ticket) -> list[Ticket]:
    """What was merged into it and waits for it, of others than its own resident; of what is his,
    what waits for that.
    """
    found = (await context.tx.ask(queries.merged_into, [ticket.id])).get(ticket.id, [])
    merged = await context.tx.get_all(TICKETS, [one.id for one in found])
    waiting = [o for o in merged if o.state is State.MERGED and o.merged_into == ticket.id]
    his = [one for one in waiting if _is_told_by(ticket, one)]
    below = [found for one in his for found in await _waiting(context, one)]
    return [*(one for one in waiting if one not in his), *below]


def _is_told_by(into: Ticket, one: Ticket) -> bool:
    """Whether who brought it has the other one, too: he is asked how it is by that alone."""
    return (one.resident, one.on_behalf) == (into.resident, into.on_behalf)


async def going_on(context: Context, ticket: Ticket) -> Ticket:
    """The one that it goes on with; itself, where that cannot be read."""
    if ticket.state is not State.MERGED or ticket.merged_into is None:
        return ticket
    into = await context.tx.get(TICKETS, ticket.merged_into)
    return await going_on(context, into) if into else ticket


async def _tell(
    context: Context, ticket: Ticket, actor: Person, values: Values, *, template: str
) -> None:
    """Who has it in hand or on offer; the lead, where nobody has."""
    is_held = ticket.is_open and (ticket.holder or ticket.open_to_grid)
    for to in (To.HANDLER, To.OFFERED) if is_held else (To.LEAD,):
        notice = Notice(
            to=to, template=template, values=values, ticket_id=ticket.id, is_card=True
        )  # fmt: skip
        await context.tell(ticket, notice, actor)

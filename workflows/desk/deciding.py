"""A yes or no right on the board: done as on the card, then the next one is shown."""

from __future__ import annotations

from msgspec.structs import replace

from workflows import duties, lifecycle
from workflows import form as forms
from workflows.desk import asking, board
from workflows.desk.case import Case
from workflows.model import Action, Incoming, Person, Refusal, Ticket

_DECISIONS = {action.value: action for action in duties.DECISIONS}


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """A decision on what its seal names; when it cannot be had, what waits now is shown."""
    action, ticket, seal = await _aim(case, incoming)
    if not lifecycle.may_see(person, ticket):
        raise Refusal("refused_unknown")
    try:
        await _decide(case, incoming, person, action, ticket, seal)
    except Refusal as refusal:
        await board.show_next(case, incoming, person)
        case.toast(incoming, refusal.template, **await asking.with_name(case, refusal.values))


async def _aim(case: Case, incoming: Incoming) -> tuple[Action, Ticket, str]:
    action = incoming.tap.meant(_DECISIONS)
    ticket = await case.tx.ticket(incoming.tap.number)
    if ticket is None:
        raise Refusal("refused_unknown")
    return action, ticket, incoming.tap.at(0)


async def _decide(
    case: Case, incoming: Incoming, person: Person, action: Action, ticket: Ticket, seal: str
) -> None:
    """Raises Refusal, also when something else waits now than what the button stood below."""
    step = lifecycle.needs(person, action, ticket, case.now, case.rules)
    if seal != duties.seal(ticket):
        raise Refusal("refused_changed")
    form = replace(forms.begin(ticket, step, case.rules), from_board=True)
    await asking.go_on(case, form, ticket, person, incoming)

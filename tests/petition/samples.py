"""How a petition begins, for the tests of every flow."""

from datetime import datetime

from answering import answered
from folk import FAR_GRID, RULES, UNAPPROVED, ZHOU, filed
from msgspec.structs import replace
from trials import Sample

from workflows.petition.model import Ticket
from workflows.petition.needs import INTO, PLACE
from workflows.petition.settings import PetitionSettings
from workflows.petition.words import Action, ClockName, State

OTHER, AWAY = filed(2002), filed(2003, place=FAR_GRID)
SECOND = {State.UNHAPPY}  # looked at again after the end: no new answer is owed
LUCKY = RULES.having(replace(RULES.of(PetitionSettings), followup_percent=100))  # each is drawn
FRESH = (filed(), filed(category=UNAPPROVED), filed(urgent=True), filed(on_behalf="张奶奶"),
         filed(pauses=2))  # fmt: skip


def holds(before: Ticket, ticket: Ticket, now: datetime) -> None:
    """What else is so of every petition after every step."""
    assert ticket.handler is None or ticket.offered_to is None
    is_offered = ticket.offered_to and not ticket.urgent
    assert not (ticket.open_to_grid and (ticket.handler or is_offered))
    awaits_answer = ticket.is_open and ticket.told_at is None
    assert (ClockName.RESPONSE in ticket.clocks) == awaits_answer or ticket.state in SECOND
    is_objected = ticket.objected_at is not None and ticket.upheld_at is None
    assert (ClockName.OBJECTION in ticket.clocks) == is_objected
    assert not before.breached_at or ticket.breached_at == before.breached_at
    assert not ticket.breached_at or ticket.breached_at <= now


SAMPLE = Sample(
    fresh=FRESH,
    rules=LUCKY,
    outcome="result",
    values={INTO: (OTHER, AWAY), PLACE: (OTHER.place, AWAY.place)},
    beside={
        Action.DISPATCH: (answered(to_group=True),),
        Action.CONFIRM: (answered(rating=1),),
        Action.GATHER: (answered(merged=OTHER),),
        Action.FINISH: (answered(text="换好了", into=OTHER),),
        Action.TAKE_OVER: (answered(to=ZHOU),),
        Action.EDIT: (answered(text="3号楼充电桩歪了"),),
    },
    holds=holds,
)

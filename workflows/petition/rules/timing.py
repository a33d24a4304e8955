"""How the petition's clocks run: by category, and faster where somebody could be hurt."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.policy import Climb, ClockChange, ClockPolicy, Counts, Rules
from workflows.core.timing.clocks import Clockwork
from workflows.petition.model import Ticket
from workflows.petition.stages import HASTENED, PROMISES
from workflows.petition.words import ClockName


def policy(name: str, category: str, rules: Rules, *, urgent: bool) -> ClockPolicy:
    """What holds for a clock: what urgency says over what the category says over the general.

    Danger waits for no office: an urgent clock counts calendar time unless urgency says otherwise,
    and may ring at night.
    """
    found, known = rules.clocks[Ticket.kind][name], rules.categories.get(category)
    if known and name in known.clocks:
        found = known.clocks[name].over(found)
    if urgent:
        change = rules.urgent_clocks.get(name, ClockChange())
        found = change.over(replace(found, counts=Counts.CALENDAR, wakes=True))
    return found


def ladder(name: str, rules: Rules) -> tuple[Climb, ...]:
    """Who hears of a clock that is over: sooner, where what is urgent was taken by nobody."""
    return rules.call_climb if name == ClockName.CALL else rules.climb


def _policy(name: str, ticket: Ticket, rules: Rules) -> ClockPolicy:
    return policy(name, ticket.category, rules, urgent=ticket.urgent)


CLOCKWORK = Clockwork(policy=_policy, promises=PROMISES, hastened=HASTENED, ladder=ladder)

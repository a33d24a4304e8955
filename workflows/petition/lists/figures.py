"""The figures of who answers for a place: this month's and the last one's."""

from __future__ import annotations

from workflows.core.people import Person
from workflows.core.talk.messages import Incoming
from workflows.desk.context import Context
from workflows.desk.lists import board
from workflows.petition.lists import scoring
from workflows.petition.lists.scoring import Figures
from workflows.petition.settings import PetitionSettings
from workflows.petition.store import figures

_MONTHS = 2


async def show(context: Context, _: Incoming, person: Person) -> None:
    """What share was answered in time, solved, and well received. Raises Refusal for others."""
    scope = board.scope_of(person)
    found = []
    for since, until in scoring.months(context.now, context.rules.zone, _MONTHS):
        cases = await context.tx.ask(figures.filed_in, scope, since, until)
        counted = scoring.count(cases, context.rules.of(PetitionSettings).scoring)
        found.append({"since": since.isoformat()} | _said(counted))
    context.say(person.id, "figures", months=found, places=list(scope))


def _said(figures: Figures) -> dict[str, object]:
    return {
        "filed": figures.filed, "excluded": figures.excluded, "unheard": figures.unheard,
        "paused": figures.paused, "pauses": figures.pauses,
        "breached": figures.breached, "due": figures.due, "in_time": figures.in_time,
        "asked": figures.asked, "solved": figures.solved, "rated": figures.rated,
        "response": _percent(figures.response_rate),
        "resolution": _percent(figures.resolution_rate),
        "satisfaction": _percent(figures.satisfaction_rate),
    }  # fmt: skip


def _percent(rate: float | None) -> str:
    """A share as people read it, to a tenth of a percent; "" where there is none."""
    return "" if rate is None else f"{rate * 100:.1f}%".replace(".0%", "%")

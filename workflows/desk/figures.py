"""The figures of who answers for a place: this month's and the last one's."""

from __future__ import annotations

from workflows import scoring
from workflows.desk import board
from workflows.desk.case import Case
from workflows.model import Incoming, Person
from workflows.scoring import Figures
from workflows.store import figures

_MONTHS = 2


async def show(case: Case, _: Incoming, person: Person) -> None:
    """What share was answered in time, solved, and well received. Raises Refusal for others."""
    scope = board.scope_of(person)
    found = []
    for since, until in scoring.months(case.now, case.rules.zone, _MONTHS):
        cases = await figures.filed_in(case.tx.conn, scope, since, until)
        counted = scoring.count(cases, case.rules.weights)
        found.append({"since": since.isoformat()} | _said(counted))
    case.say(person.id, "figures", months=found, places=list(scope))


def _said(figures: Figures) -> dict[str, object]:
    return {
        "filed": figures.filed, "excluded": figures.excluded, "unheard": figures.unheard,
        "breached": figures.breached, "due": figures.due, "in_time": figures.in_time,
        "asked": figures.asked, "solved": figures.solved, "rated": figures.rated,
        "response": _percent(figures.response_rate),
        "resolution": _percent(figures.resolution_rate),
        "satisfaction": _percent(figures.satisfaction_rate),
    }  # fmt: skip


def _percent(rate: float | None) -> str:
    """A share as people read it, to a tenth of a percent; "" where there is none."""
    return "" if rate is None else f"{rate * 100:.1f}%".replace(".0%", "%")

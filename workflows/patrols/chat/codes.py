"""The sheets with the codes of a plan's points, to be printed and hung up."""

from __future__ import annotations

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.patrols.chat.scanning import LINK, code_of
from workflows.patrols.relations import is_staff
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store.kept import PLANS_KEPT
from workflows.store import Tx


async def gather(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """A sheet for each point: for whoever works there when it goes out."""
    plan = await tx.get(PLANS_KEPT, values["plan"])
    settings = rules.of(PatrolSettings)
    planned = settings.plan(plan.name) if plan and is_staff(person, plan.place) else None
    spots = [settings.spots[code] for code in planned.points] if planned else []
    return {
        "sheets": [
            {"name": spot.name, "place": rules.places.resolve(spot.place),
             "code": f"{LINK}_{await code_of(tx, spot, rules)}"}
            for spot in spots
        ]
    }  # fmt: skip

"""What must hold of activities: nobody waits while there is room for him."""

from __future__ import annotations

from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.core.policy import Rules
from workflows.store import Tx


async def faults(tx: Tx, _: Rules) -> list[str]:
    """Who was overlooked in the line of what people can sign up for."""
    ahead = await tx.get_all(ACTIVITIES, await tx.ask(queries.ids_announced))
    return [
        f"{activity.id}: {claim.person} waits, and {slot.free} places are free"
        for activity in ahead
        for slot in activity.slots
        for claim in slot.overlooked
    ]

"""What must hold of activities: nobody waits while there is room for him."""

from __future__ import annotations

from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import State
from workflows.core.policy import Rules
from workflows.store import Tx


async def faults(tx: Tx, _: Rules) -> list[str]:
    """Who was overlooked in the line of what people can sign up for."""
    ahead = await tx.find(ACTIVITIES, queries.ids_in, State.ANNOUNCED)
    return [
        f"{activity.id}: {claim.person} waits, and {slot.free} places are free"
        for activity in ahead
        for slot in activity.slots
        for claim in slot.overlooked
    ]

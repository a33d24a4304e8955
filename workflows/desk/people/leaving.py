"""Somebody leaves, or cannot be reached any more: what was his goes on to others."""

from __future__ import annotations

from workflows.core.people import Person
from workflows.desk import guarding
from workflows.desk.context import Context


async def lose(context: Context, person_id: int) -> None:
    """Somebody cannot be reached any more: as if he had left."""
    person = await context.tx.person(person_id)
    if person and person.is_staff:
        await release(context, person)


async def release(context: Context, person: Person) -> int:
    """Take from somebody what he may not have in hand any more. Returns how much went on."""
    return sum(
        [
            await guarding.asked(context, 0, workflow.hands.release, context, person)
            for workflow in context.workflows
        ]
    )

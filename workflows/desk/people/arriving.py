"""Somebody has a role from now on: every workflow tells him what waits there."""

from __future__ import annotations

from workflows.core.people import Membership, Person
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.workflow import Workflow


async def greet(context: Context, person: Person, held: Membership) -> None:
    """After he was told of his role; what fails in one workflow keeps nobody from his role."""
    for workflow in context.workflows:
        await guarding.done(context, _tell(context, workflow, person, held))


async def _tell(context: Context, workflow: Workflow, person: Person, held: Membership) -> None:
    await workflow.hands.arrived(context, person, held)

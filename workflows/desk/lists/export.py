"""/export: the month's matters of one's places as tables, without anything to find people by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.permissions import EXPORTERS
from workflows.core.policy import Rules
from workflows.core.talk.messages import Incoming, Notice, Priority, Values
from workflows.desk.context import Context
from workflows.desk.workflow import Workflows
from workflows.store import Tx


async def export(context: Context, _: Incoming, person: Person) -> None:
    """Owe the tables; each is made when it is sent, by the roster as it is then."""
    if not places_of(person):
        raise Refusal("refused_staff_only")
    for workflow in (one for one in context.workflows if one.lists.export):
        is_first = workflow is context.workflows.first
        values = {} if is_first else {"kind": workflow.kind}
        notice = Notice(to=person.id, template="export", values=values, priority=Priority.REPLY)
        key = f"{context.key}:export" if is_first else f"{context.key}:export:{workflow.kind}"
        context.tx.owe(notice, person.id, "document", key, context.now)


def places_of(person: Person) -> list[str]:
    """Where this person may have the table of."""
    return [m.place for m in person.memberships if m.role in EXPORTERS]


async def gather(
    tx: Tx, person: Person, rules: Rules, workflows: Workflows, values: Values
) -> Mapping[str, Any]:
    """The rows of one workflow, oldest first; the first one's where none is named."""
    workflow = workflows.named(values.get("kind")) or workflows.first
    rows = await workflow.lists.export(tx, person, rules) if workflow.lists.export else []
    return {"kind": workflow.kind, "rows": rows}

"""/export: the month's matters of one's places as tables, without anything to find people by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.permissions import EXPORTERS
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, Incoming, Notice, Priority, Values, in_rows
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.workflow import Workflow, Workflows
from workflows.store import Tx

_WIDTH = 2  # tables in a row of buttons


async def export(context: Context, _: Incoming, person: Person) -> None:
    """Owe the first workflow's table, and offer those of the others."""
    tables = _tables(context, person)
    _owe(context, person, context.workflows.first)
    others = [kind for kind in tables if kind != context.workflows.first.kind]
    if others:
        rows = in_rows([_button(kind) for kind in others], _WIDTH)
        context.reply(
            Notice(to=person.id, template="exports", buttons=rows, priority=Priority.REPLY)
        )


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """The table of another."""
    workflow = incoming.tap.meant(_tables(context, person))
    context.toast(incoming)
    _owe(context, person, workflow)


def _tables(context: Context, person: Person) -> Mapping[str, Workflow]:
    """What he may have a table of, by kind. Raises Refusal."""
    if not places_of(person):
        raise Refusal("refused_staff_only")
    offered = context.workflows.offered(person, context.rules)
    return {one.kind: one for one in offered if one.lists.export}


def _owe(context: Context, person: Person, workflow: Workflow) -> None:
    """It is made when it is sent, by the roster as it is then."""
    context.document(person, "export", workflow.kind)


def _button(kind: str) -> Button:
    return Button(tap=Tap(kind="export", verb=kind), label="document.export", values={"kind": kind})


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

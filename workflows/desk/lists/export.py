"""/export: the month's matters of one's places as tables, without anything to find people by; and
what workflows report beside.
"""

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
from workflows.desk.workflow import Workflows
from workflows.store import Tx

_TABLE = "export"
_WIDTH = 2  # tables in a row of buttons


async def export(context: Context, _: Incoming, person: Person) -> None:
    """Owe the first workflow's table, and offer those of the others and their reports."""
    papers = _papers(context, person)
    first, *others = papers
    _owe(context, person, *papers[first])
    if others:
        rows = in_rows([_button(*papers[name]) for name in others], _WIDTH)
        context.reply(
            Notice(to=person.id, template="exports", buttons=rows, priority=Priority.REPLY)
        )


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Another of them."""
    template, kind = incoming.tap.meant(_papers(context, person))
    context.toast(incoming)
    _owe(context, person, template, kind)


def _papers(context: Context, person: Person) -> Mapping[str, tuple[str, str]]:
    """What he may have, by its name: its template and the kind of its workflow; the first
    workflow's table comes first. Raises Refusal.
    """
    if not places_of(person):
        raise Refusal("refused_staff_only")
    offered = context.workflows.offered(person, context.rules)
    tables = {one.kind: (_TABLE, one.kind) for one in offered if one.lists.export}
    reports = {
        name: (name, one.kind)
        for one in offered
        for name, paper in one.documents.items()
        if paper.is_report
    }
    first = context.workflows.first.kind
    return {first: (_TABLE, first)} | tables | reports


def _owe(context: Context, person: Person, template: str, kind: str) -> None:
    """It is made when it is sent, by the roster as it is then."""
    context.document(person, template, kind)


def _button(template: str, kind: str) -> Button:
    name = kind if template == _TABLE else template
    label = f"document.{template}"
    return Button(tap=Tap(kind="export", verb=name), label=label, values={"kind": kind})


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

"""身边: what is open to somebody where he lives, of every workflow that has such things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflows.core.people import Person
from workflows.core.talk.messages import Button, Incoming, Notice, Priority
from workflows.core.talk.tap import Tap
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.mine import MINE
from workflows.desk.parts import Around, Rows
from workflows.desk.workflow import Workflow

_NOTHING = Around()
_TELL = Button(tap=Tap(kind="home", verb="tell"), label="home.tell")
AROUND = Button(tap=Tap(kind="home", verb="around"), label="home.around")


def doors(context: Context, person: Person) -> Rows:
    """What a resident can begin with: 我要反映, 我的, 身边."""
    return ((_TELL, MINE, AROUND) if _offered(context, person) else (_TELL, MINE),)


async def show(context: Context, incoming: Incoming, person: Person) -> None:
    """What there is, a block for each workflow."""
    found = [(one, await _around(context, one, person)) for one in _offered(context, person)]
    found = [(one, around) for one, around in found if around.subjects or around.opens]
    blocks = [_block(context, one, around.subjects) for one, around in found if around.subjects]
    openers = (paging.openers(context, around.subjects, "own") for _, around in found)
    opens = (around.opens for _, around in found)
    notice = Notice(
        to=person.id, template="around", values={"blocks": blocks, "more": bool(found)},
        buttons=tuple(row for rows in (*openers, *opens) for row in rows),
        priority=Priority.REPLY,
    )  # fmt: skip
    paging.answer(context, incoming, notice)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """One of the doors."""
    await incoming.tap.meant(_DOORS)(context, incoming, person)


async def _tell(context: Context, incoming: Incoming, person: Person) -> None:
    context.toast(incoming)
    context.say_once(person.id, template="tell")


def _offered(context: Context, person: Person) -> list[Workflow]:
    offered = context.workflows.offered(person, context.rules)
    return [one for one in offered if one.lists.around]


async def _around(context: Context, workflow: Workflow, person: Person) -> Around:
    asked = workflow.lists.around
    return await guarding.asked(context, _NOTHING, asked, context, person) if asked else _NOTHING


def _block(context: Context, workflow: Workflow, subjects: Sequence[Any]) -> dict[str, Any]:
    return {"kind": workflow.kind, "lines": [paging.line(context, one) for one in subjects]}


_DOORS = {"tell": _tell, "around": show}

"""A workflow that wants nothing special: what it does not give is as usual.

A card has the buttons of what may be done with it, and a look at its steps; a list says how long
it has; a form asks for all that a row needs. `lists.plain`, `lists.sections`, `privacy.words` and
`parts.readers_of` make further parts of what a workflow says of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from workflows.core.engine.flow import Flow
from workflows.core.engine.subject import Attempt
from workflows.core.talk.forms import Forms
from workflows.core.talk.needs import Need
from workflows.desk.asking import Asking
from workflows.desk.lists import plain
from workflows.desk.outbound import keyboard
from workflows.desk.parts import Cards, Drawing, Lists, Look, Readers
from workflows.desk.workflow import Workflow
from workflows.store.kept import Kept


def workflow(
    *, flow: Flow[Any, Any, Any, Any, Any], kept: Kept[Any], command: Callable[..., Attempt],
    needs: Iterable[Need[Any]], readers: Readers, lapsing: Collection[str] = (),
    asked: Mapping[str, Any] = MappingProxyType({}), **more: Any,
) -> Workflow:  # fmt: skip
    """The value that the registry lists. `lapsing` are actions whose questions do not wait for
    ever, `asked` what is special in its `Asking`; `more` are further parts.
    """
    known = {need.name: need for need in needs}
    forms = Forms(kind=flow.kind, needs=known, lapsing=frozenset(lapsing))
    usual = {
        "cards": cards(flow, command),
        "lists": Lists(line=plain.line, standing=plain.standing_of(flow)),
    }
    return Workflow(
        flow=flow, kept=kept, command=command, readers=readers,
        asking=Asking(forms=forms, **asked), **usual | more,
    )  # fmt: skip


def cards(flow: Flow[Any, Any, Any, Any, Any], command: Callable[..., Any], **more: Any) -> Cards:
    """With what may be done, and the steps."""

    async def draw(drawing: Drawing) -> Look:
        return Look(buttons=keyboard.of_card(flow, command, drawing))

    return Cards(**{"draw": draw, "spread": keyboard.spread_of(flow)} | more)

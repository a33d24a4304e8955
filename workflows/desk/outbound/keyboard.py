"""The buttons of a card: those in front, or those behind 更多.

Which stand in front, a flow's table of them says (`Flow.front`).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

from workflows.core.engine.flow import Flow
from workflows.core.engine.front import Front, split
from workflows.core.engine.subject import Subject
from workflows.core.talk.messages import Button, in_rows
from workflows.core.talk.tap import Tap

Rows = tuple[tuple[Button, ...], ...]
Spread = Callable[[str], tuple[Button, ...]]
SpreadOf = Callable[[Any, str, Any], tuple[Button, ...]]  # of a subject, a name and the rules
STEPS = "steps"  # what every subject has to look at
_WIDTH = 2
_WIDEST = 3  # what is answered right on the card, side by side


def drawn(
    flow: Flow[Any, Any, Any, Any, Any], subject: Subject, names: Iterable[str], spread: Spread, *,
    wide: Container[str] = (), is_behind: bool = False,
) -> Rows:  # fmt: skip
    """The keyboard for who may do or look at these; `spread` has the buttons of each, and those of
    what is `wide` have a row each.
    """
    buttons = {name: spread(name) for name in names}
    front = front_of(flow, subject, {name: len(some) for name, some in buttons.items()})
    chosen = front.behind if is_behind else front.shown
    way = look(subject, "card", "back") if is_behind else look(subject, "more")
    last = (way,) if front.behind or is_behind else ()
    rows = ((button,) for name in chosen if name in wide for button in buttons[name])
    return (*rows, *_rows([buttons[name] for name in chosen if name not in wide], last))


def of_card(
    flow: Flow[Any, Any, Any, Any, Any], attempt: Callable[..., Any], drawing: Any,
    looks: Iterable[str] = (STEPS,), spread: SpreadOf | None = None, wide: Container[str] = (),
) -> Rows:  # fmt: skip
    """The keyboard of a card about to go out: what its viewer may do, and these to look at."""
    subject, viewer, rules = drawing.subject, drawing.viewer, drawing.rules
    if not drawing.is_card or viewer is None or drawing.reader not in {"resident", "staff"}:
        return ()
    of = spread or spread_of(flow)
    command = attempt(subject, flow.begins, viewer, drawing.now, rules)
    return drawn(
        flow, subject, (*flow.actions(command), *looks), lambda name: of(subject, name, rules),
        wide=wide, is_behind=drawing.owed.template == "more",
    )  # fmt: skip


def spread_of(flow: Flow[Any, Any, Any, Any, Any]) -> SpreadOf:
    """A button for each: to do what is an action, to look at all else."""

    def spread(subject: Subject, name: str, _: Any) -> tuple[Button, ...]:
        return (action(subject, name) if name in flow.by_name else look(subject, name),)

    return spread


def front_of(
    flow: Flow[Any, Any, Any, Any, Any], subject: Subject, sizes: dict[str, int]
) -> Front:  # fmt: skip
    """What stands in front where the subject is now, given how many buttons each has; the first of
    the table, where the flow does not say.
    """
    return split(sizes, flow.front.get(subject.state) or tuple(sizes), flow.behind)


def _rows(groups: list[tuple[Button, ...]], last: tuple[Button, ...]) -> Rows:
    """What has several buttons has rows of its own, before all others."""
    several = (row for group in groups if len(group) > 1 for row in in_rows([*group], _WIDEST))
    single = [button for group in groups if len(group) == 1 for button in group]
    return (*several, *in_rows([*single, *last], _WIDTH))


def action(subject: Subject, name: str, *args: str, label: str = "") -> Button:
    """A button to do something with it, or to be asked what that needs."""
    tap = Tap(kind=subject.kind, subject=subject.id, verb=name, args=args)
    return Button(tap=tap, label=label or f"action.{name}")


def look(subject: Subject, what: str, label: str = "") -> Button:
    """A button that shows something of it: its card, steps, files, whole text."""
    tap = Tap(kind="view", subject=subject.id, verb=what)
    return Button(tap=tap, label=f"view.{label or what}")

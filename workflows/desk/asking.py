"""What a workflow gives to the desk so that its actions can be asked for and done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from workflows.core.engine.subject import Subject
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.forms import Form, Forms
from workflows.core.talk.messages import Button, Incoming
from workflows.core.talk.needs import Answers, Need
from workflows.desk.context import Context
from workflows.desk.defaults import does_nothing

B = TypeVar("B", bound=Subject)
Choices = Callable[[Context, Form, B], Awaitable[tuple[Button, ...]]]
LookUp = Callable[[Context, Any, Person], Awaitable[Any]]


def begun(subject: Any, row: Any, _: Rules, *known: Need[Any]) -> Form:
    """A form that asks for all that a row needs and is not known."""
    names = tuple(need.name for need in row.needs if need not in known)
    return Form(ticket_id=subject.id, kind=subject.kind, action=row.action.value, needs=names)


async def person_behind(context: Context, person_id: int | None, _: Person) -> Person | None:
    """Who stands behind the number that was tapped."""
    return await context.tx.person(person_id) if person_id else None


class Asking(Struct, Generic[B], frozen=True, kw_only=True, eq=False):
    """One workflow's actions as the desk asks for them and does them; the hooks are the workflow's.

    `forms` are its questions.
    """

    forms: Forms
    begin: Callable[[B, Any, Rules], Form] = begun  # an empty form for a row
    # What can be chosen but must be looked up, and what stands behind an answer that was kept.
    choices: Mapping[Need[Any], Choices[B]] = field(default_factory=dict)
    behind: Mapping[Need[Any], LookUp] = field(default_factory=dict)
    # Actions: the first answer is tapped on the card itself; what a reply means, the first that may
    # be done; words that nobody at work says; those after which a new card is shown anyway, and
    # those after which none is, for what came of them is told; those of which nobody may know what
    # was answered, not even where it could not be handled.
    on_card: frozenset[str] = frozenset()
    by_reply: tuple[str, ...] = ()
    at_home: frozenset[str] = frozenset()
    shown_anew: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    # By which a fault is told: danger in their words is what they are for, and leaves nothing.
    reports: frozenset[str] = frozenset()
    # Whether what is said instead of a tap is no answer to the form at all: it is closed, and the
    # words go where they would go without it.
    leaves: Callable[[Form, Incoming], bool] = lambda _, __: False
    # The same with others, what comes next on the board, and what an answer becomes that came too
    # late for its form.
    with_others: Callable[[Context, Iterable[int], Any, Person, Answers], Awaitable[None]] = (
        does_nothing
    )
    go_on: Callable[[Context, Incoming, Person, Any], Awaitable[None]] = does_nothing
    too_late: Callable[[Context, Dialog, Form, Incoming, Person], Awaitable[None]] = does_nothing

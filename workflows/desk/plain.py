"""A workflow that wants nothing special: who reads it, its buttons, its lists and morning, what it
holds about people. Its subjects are kept as `store.plain` keeps them, and are somebody's: `person`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import Flag
from functools import partial
from typing import Any

from msgspec import Struct

from workflows.core.engine.command import Command, making
from workflows.core.engine.flow import Flow
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, Forms
from workflows.core.talk.messages import Button, Values
from workflows.core.talk.needs import Need
from workflows.desk.asking import Asking
from workflows.desk.context import Context
from workflows.desk.lists.sections import queue
from workflows.desk.outbound import keyboard
from workflows.desk.parts import (
    Drawing,
    Lists,
    Part,
    Readers,
    Round,
    Rows,
    Section,
    Standing,
)
from workflows.desk.workflow import Workflow
from workflows.store import plain
from workflows.store.kept import Kept

_STEPS = "steps"
_SHOWN = 5  # of a morning's part


def _form(subject: Any, step: Any, _: Rules) -> Form:
    """An empty form for a row."""
    names = tuple(need.name for need in step.needs)
    return Form(ticket_id=subject.id, kind=subject.kind, action=step.action.value, needs=names)


def spread(subject: Any, name: str, _: Rules) -> tuple[Button, ...]:
    """The button of an action, or of a look."""
    is_look = name == _STEPS
    return (keyboard.look(subject, name) if is_look else keyboard.action(subject, name),)


def line(subject: Any) -> Values:
    """What a list's line says of a subject: nothing that a person wrote."""
    due = next((clock.due for clock in subject.clocks.values()), None)
    return {
        "ticket": subject.id, "kind": subject.kind, "state": subject.state.value,
        "place": subject.place, "category": "", "urgent": subject.is_urgent,
        "filed_at": subject.opened_at.isoformat(), "due": due and due.isoformat(),
    }  # fmt: skip


class Desk(Struct, frozen=True, kw_only=True, eq=False):
    """One such workflow: its table, how it is kept, how people stand to a subject and which of that
    is as a neighbour; its needs; `scope` is where somebody decides.
    """

    flow: Flow[Any, Any, Any, Any, Any]
    kept: Kept[Any]
    relate: Callable[[Person, Any], Flag]
    home: Flag
    needs: tuple[Need[Any], ...]
    scope: Callable[[Person], Collection[str]]

    def workflow(self, **more: Any) -> Workflow:
        """The value that the registry lists; what is given holds before what is usual."""
        usual = {"lists": self.lists(), "readers": self.readers}
        forms = Forms(kind=self.flow.kind, needs={need.name: need for need in self.needs})
        return Workflow(
            flow=self.flow, kept=self.kept, command=making(Command, relate=self.relate),
            asking=Asking(forms=forms, begin=_form), **usual | more,
        )  # fmt: skip

    def actions(self, subject: Any, person: Person, now: datetime, rules: Rules) -> tuple[Any, ...]:
        """All that somebody may do with it now."""
        command = making(Command, relate=self.relate)(subject, self.flow.begins, person, now, rules)
        return self.flow.actions(command)

    @property
    def readers(self) -> Readers:
        """Whoever stands to it in some way reads all of it."""
        flow, relate, all_of_it = self.flow, self.relate, frozenset(self.kept.actions)
        return Readers(
            may_see=lambda person, subject: bool(relate(person, subject)),
            is_own=lambda person, subject: bool(relate(person, subject) & self.home),
            is_work=lambda person, subject: bool(relate(person, subject) & ~self.home),
            open_to=lambda person, subject: all_of_it if relate(person, subject) else frozenset(),
            told=flow.actions_that(lambda row: row.shown or row.says) | {flow.begins},
            own=frozenset(flow.named) - flow.actions_that(lambda row: row.who & ~self.home),
        )

    def buttons(self, drawing: Drawing) -> Rows:
        """What may be done with a card, and a look at its steps."""
        subject, viewer = drawing.subject, drawing.viewer
        if not drawing.is_card or not viewer or drawing.reader not in {"resident", "staff"}:
            return ()
        names = (*self.actions(subject, viewer, drawing.now, drawing.rules), _STEPS)
        return keyboard.drawn(
            self.flow, subject, names, lambda name: spread(subject, name, drawing.rules),
            is_behind=drawing.owed.template == "more",
        )  # fmt: skip

    @property
    def open(self) -> tuple[str, ...]:
        """The states in which somebody owes something."""
        return tuple(state for state, one in self.flow.stages.items() if not one.is_end)

    # lists

    def lists(self, **more: Any) -> Lists:
        """What somebody has in hand and has brought, each with a line; and his morning."""
        return Lists(
            line=line, standing=self._standing, in_hand=self.in_hand, brought=self._brought,
            morning=self._morning, **more,
        )  # fmt: skip

    def section(self, template: str) -> Section:
        """The board's section of what is open, which has its template's name."""
        table, states = self.kept.table, self.open

        async def count(conn: Any, scope: Collection[str]) -> int:
            return await plain.count_standing(conn, table, states, scope)

        async def page(conn: Any, scope: Collection[str], first: int, limit: int) -> list[int]:
            return await plain.standing(conn, table, states, scope, first, limit)

        return queue(template, self.kept, count, page)

    async def in_hand(self, context: Context, person: Person) -> list[Any]:
        """What he may do something with now, and is not his own."""
        table, scope = self.kept.table, self.scope(person)
        ids = await context.tx.ask(plain.standing, table, self.open, scope)
        found = await context.tx.get_all(self.kept, ids)
        told = (person, context.now, context.rules)
        return [x for x in found if x.person != person.id and self.actions(x, *told)]

    async def _brought(self, context: Context, person: Person, limit: int) -> list[Any]:
        table, tx = self.kept.table, context.tx
        ids = await tx.ask(plain.of_person, table, person.id, limit, is_open=True)
        return await tx.get_all(self.kept, ids)

    def _standing(self, subject: Any, now: datetime, _: Rules) -> Standing:
        holder = self.flow.stages[subject.state].holder
        due = next((clock.due for clock in subject.clocks.values()), None)
        return Standing(waits_for=holder, due=due, is_late=bool(due and due <= now))

    async def _morning(self, context: Context, found: list[Person], _: datetime) -> Round:
        return Round(reach=len(found), parts=partial(self._parts, context))

    async def _parts(self, context: Context, person: Person) -> Mapping[str, Part]:
        held = await self.in_hand(context, person)
        return {"waiting": Part(lines=[line(one) for one in held[:_SHOWN]], count=len(held))}

"""The board of who answers for a place: what nobody has, what is late, what waits for a yes.

Its sections are the workflows'; here they are counted, opened and turned.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.permissions import MANAGES
from workflows.core.talk.messages import Button, Incoming, Notice, in_rows
from workflows.core.talk.tap import Tap
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import BoardPage


async def show(context: Context, incoming: Incoming, person: Person) -> None:
    """The board, open at the first section that has something."""
    counts = await _counts(context, person)
    usual = next(iter(counts or context.workflows.sections))
    known = context.workflows.sections
    first = next((key for key in counts if counts[key] and known[key].opens), usual)
    paging.answer(context, incoming, await _section(context, person, first, counts))


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Another section or page."""
    section = incoming.tap.meant(context.workflows.sections)
    counts = await _counts(context, person)
    page = BoardPage(
        asked=incoming.tap.at(0), count=counts.get(section.key, 0), scope=scope_of(person),
        tabs=_tabs(context, counts), of=incoming.tap.at(1),
    )  # fmt: skip
    paging.answer(context, incoming, await section.draw(context, person, page))


async def show_next(
    context: Context, incoming: Incoming, person: Person, section: str, done: str | None = None
) -> None:
    """What stands first in a section now, on top what was just `done` there."""
    counts = await _counts(context, person)
    page = BoardPage(
        asked="0", count=counts.get(section, 0), scope=scope_of(person),
        tabs=_tabs(context, counts), is_next=True, done=done,
    )  # fmt: skip
    notice = await context.workflows.sections[section].draw(context, person, page)
    paging.answer(context, incoming, notice)


def scope_of(person: Person) -> tuple[str, ...]:
    """The places this person answers for. Raises Refusal when there is none."""
    scope = tuple(dict.fromkeys(m.place for m in person.memberships if m.role in MANAGES))
    if not scope:
        raise Refusal("refused_staff_only")
    return scope


async def _counts(context: Context, person: Person) -> dict[str, int]:
    """How much each section has; without one that cannot be counted."""
    scope, counts = scope_of(person), dict[str, int]()
    for key, section in context.workflows.offered(person, context.rules).sections.items():
        count = await guarding.asked(context, None, section.count, context, scope)
        if count is not None:
            counts[key] = count
    return counts


async def _section(context: Context, person: Person, key: str, counts: Mapping[str, int]) -> Notice:
    page = BoardPage(
        asked="0", count=counts.get(key, 0), scope=scope_of(person), tabs=_tabs(context, counts)
    )
    return await context.workflows.sections[key].draw(context, person, page)


def opening(key: str) -> Tap:
    """A tap that opens a section."""
    return Tap(kind="board", verb=key)


def _tabs(context: Context, counts: Mapping[str, int]) -> tuple[tuple[Button, ...], ...]:
    """The first workflow's, and of the others where there is something."""
    usual = {section.key for section in context.workflows.first.lists.sections}
    tabs = [
        Button(tap=paging.at_page(opening(key), 0), label=f"board.{key}",
               values={"count": paging.said(counts[key])})
        for key in counts
        if counts[key] or key in usual
    ]  # fmt: skip
    return in_rows(tabs, _WIDTH)


_WIDTH = 3  # sections in a row: more are cut off on a phone

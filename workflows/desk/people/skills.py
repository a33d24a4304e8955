"""Which categories a handler is offered: set by himself or by who manages him; none means all."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Membership, Person
from workflows.core.permissions import LIMITED
from workflows.core.talk.messages import Button, Incoming, Notice, Priority, in_rows
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.people import roster
from workflows.store.roster import memberships


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button: without a category it shows them, with one it sets or clears that."""
    category = incoming.tap.at(0)
    member, held = await _held(context, person, incoming.tap.number)
    if category:
        member, held = await _toggle(context, person, member, held, category)
    chosen = held[0].categories
    buttons = [_tick(member, key, is_chosen=key in chosen) for key in context.rules.categories]
    values = {"name": "" if member.id == person.id else member.name, "categories": list(chosen)}
    notice = Notice(
        to=person.id, template="skills", values=values, buttons=in_rows(buttons, 2),
        priority=Priority.REPLY,
    )  # fmt: skip
    paging.answer(context, incoming, notice)


def chooser(member: Person, *category: str, label: str = "choose") -> Button:
    """A button that shows a member's categories, or changes one."""
    return Button(tap=Tap(kind="skills", subject=member.id, args=category), label=f"skills.{label}")


def _tick(member: Person, key: str, *, is_chosen: bool) -> Button:
    button = chooser(member, key, label="on" if is_chosen else "off")
    return replace(button, values={"name": key})


async def _held(
    context: Context, person: Person, number: int
) -> tuple[Person, list[Membership]]:  # fmt: skip
    """Whose categories, and the roles they limit. Raises Refusal."""
    is_own = number == person.id
    member = person if is_own else await roster.member_of(context, person, number)
    named = member.memberships if is_own else roster.managed(person, member)
    held = [m for m in named if m.role in LIMITED]
    if not held:
        raise Refusal("refused_unknown")
    return member, held


async def _toggle(
    context: Context, person: Person, member: Person, held: list[Membership], category: str
) -> tuple[Person, list[Membership]]:
    """All his roles get the same: the old ones end, so that the roster's past stays true."""
    chosen = _toggled(held[0].categories, category, tuple(context.rules.categories))
    changed = [replace(m, categories=chosen) for m in held]
    for old, new in zip(held, changed, strict=True):
        if old != new:
            member = await memberships.change(context.tx, member, old, new, person.id) or member
    return member, changed


def _toggled(chosen: tuple[str, ...], category: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The config's categories with this one set or cleared; all of them are the same as none."""
    found = [key for key in known if (key in chosen) != (key == category)]
    return () if len(found) == len(known) else tuple(found)

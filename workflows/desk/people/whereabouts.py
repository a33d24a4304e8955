"""Where somebody was last: by it he is known to a community, whose workflows are in his menu."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.people import Person
from workflows.desk.context import Context


def remember(context: Context, person: Person, place: str) -> Person:
    """Somebody was at a place just now; his menu follows where it is another one by that."""
    moved = replace(person, last_place=place)
    context.tx.put_person(moved)
    if context.commands(moved) != context.commands(person):
        context.menu(moved)
    return moved

"""Petitions that have some words, in somebody's own places."""

from __future__ import annotations

from workflows.core.people import HANDLERS, Person
from workflows.core.places import grid_of
from workflows.core.placing.finding import places_named
from workflows.desk.context import Context
from workflows.desk.lists.search import MOST
from workflows.desk.parts import Found
from workflows.petition.store import lists
from workflows.petition.store.kept import TICKETS

_WORDS = 5  # more of them narrow nothing


async def found(context: Context, person: Person, text: str) -> Found:
    """What has every word, newest first, by its place, its category or its text."""
    words = [_spellings(context, word) for word in text.split()[:_WORDS]]
    ids = await context.tx.ask(lists.find, words, _scope(person), context.now, MOST)
    looked_at = lists.LOOKED_AT if await context.tx.ask(lists.is_beyond, _scope(person)) else 0
    return Found(subjects=await context.tx.get_all(TICKETS, ids), looked_at=looked_at)


def _spellings(context: Context, word: str) -> tuple[str, ...]:
    """The word, and if it is what people call a place, the end of that place's path."""
    paths = places_named(word, context.rules.places)
    return (word, *{"/" + path.rsplit("/", 1)[-1] for path in paths})


def _scope(person: Person) -> tuple[str, ...]:
    """The grids of a handler, the places of who stands above."""
    return tuple(grid_of(m.place) if m.role in HANDLERS else m.place for m in person.memberships)

"""Finding: a ticket of one's own places by its number, its place or its words."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.messages import Notice, Priority
from workflows.core.numbers import parse_number
from workflows.core.people import HANDLERS, Person
from workflows.core.places import grid_of
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.privacy import audit
from workflows.petition import engine
from workflows.petition.model import Ticket
from workflows.petition.store import lists

_FOUND = 20
_WORDS = 5  # more of them narrow nothing


async def find(context: Context, person: Person, text: str) -> None:
    """Answer with what has every word of `text`, newest first; only what this person may see."""
    if not person.is_staff:
        raise Refusal("refused_staff_only")
    words = text.split()
    if not words:
        raise Refusal("refused_no_words")
    found = [t for t in await _search(context, person, text) if engine.may_see(person, t)]
    looked_at = lists.LOOKED_AT if await context.tx.ask(lists.is_beyond, _scope(person)) else 0
    for ticket in found:
        audit.note(context, ticket, person, "found")
    notice = Notice(
        to=person.id, template="found", priority=Priority.REPLY,
        values={"said": text[:40], "lines": [paging.line(t) for t in found], "most": _FOUND,
                "looked_at": looked_at},
        buttons=paging.openers(found),
    )  # fmt: skip
    context.reply(notice)


async def _search(context: Context, person: Person, text: str) -> list[Ticket]:
    """By the number if it is one, else by place and words."""
    number = parse_number(text) if text.replace(" ", "").strip("№#").isdecimal() else None
    by_number = await context.tx.tickets([number]) if number else []
    if by_number:
        return by_number
    words = [_spellings(context, word) for word in text.split()[:_WORDS]]
    ids = await context.tx.ask(lists.find, words, _scope(person), context.now, _FOUND)
    return await context.tx.tickets(ids)


def _spellings(context: Context, word: str) -> tuple[str, ...]:
    """The word, and if it is what people call a place, the end of that place's path."""
    paths = context.rules.places.mentioned(word)
    return (word, *{"/" + path.rsplit("/", 1)[-1] for path in paths})


def _scope(person: Person) -> tuple[str, ...]:
    """The grids of a handler, the places of who stands above."""
    return tuple(grid_of(m.place) if m.role in HANDLERS else m.place for m in person.memberships)

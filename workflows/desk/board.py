"""The board of who answers for a place: what nobody has, what is late, what waits for a yes."""

from __future__ import annotations

from workflows.desk import listing
from workflows.desk.case import Case
from workflows.desk.menus import MANAGES
from workflows.model import Button, ForgedError, Incoming, Notice, Person, Priority, Refusal
from workflows.store import lists
from workflows.store.lists import Section


async def show(case: Case, incoming: Incoming, person: Person) -> None:
    """The board, open at the first section that has something."""
    counts = await _counts(case, person)
    first = next((section for section in Section if counts[section]), Section.UNASSIGNED)
    await _show(case, incoming, person, first, counts, "0")


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """Another section or page: "b:<section>:<page>"."""
    _, name, page = (*incoming.press.split(":", 2), "", "")[:3]
    if name not in {section.value for section in Section}:
        raise ForgedError(incoming.press)
    counts = await _counts(case, person)
    await _show(case, incoming, person, Section(name), counts, page)


def scope_of(person: Person) -> tuple[str, ...]:
    """The places this person answers for. Raises Refusal when there is none."""
    scope = tuple(dict.fromkeys(m.place for m in person.memberships if m.role in MANAGES))
    if not scope:
        raise Refusal("refused_staff_only")
    return scope


async def _counts(case: Case, person: Person) -> dict[Section, int]:
    scope = scope_of(person)
    return {s: await lists.count(case.tx.conn, s, scope, case.now) for s in Section}


async def _show(
    case: Case, incoming: Incoming, person: Person, section: Section,
    counts: dict[Section, int], asked: str,
) -> None:  # fmt: skip
    total = counts[section]
    page = listing.page_of(total, asked)
    ids = await lists.page(
        case.tx.conn, section, scope_of(person), case.now, page * listing.PAGE, listing.PAGE
    )
    tickets = await case.tx.tickets(ids)
    values = {
        "section": section.value, "total": total, "first": page * listing.PAGE + 1,
        "lines": [listing.line(t) for t in tickets],
    }  # fmt: skip
    buttons = (_tabs(counts), *listing.openers(tickets),
               *listing.turns(f"b:{section}", page, total))  # fmt: skip
    notice = Notice(
        to=person.id, template="board", values=values, buttons=buttons, priority=Priority.REPLY
    )
    listing.answer(case, incoming, notice)


def _tabs(counts: dict[Section, int]) -> tuple[Button, ...]:
    return tuple(
        Button(press=f"b:{section}:0", label=f"board.{section}", values={"count": count})
        for section, count in counts.items()
    )

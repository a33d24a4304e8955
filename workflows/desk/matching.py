"""A petition that repeats another: the neighbours' open tickets beside a preview, and 附议."""

from __future__ import annotations

from dataclasses import replace

from workflows import lifecycle, likeness
from workflows.attempt import Given
from workflows.desk import acting
from workflows.desk.case import Case
from workflows.draft import Draft, Step
from workflows.intake_view import beside
from workflows.model import Action, Notice, Person, Priority, Refusal, Ticket, grid_of

LOOKED_AT = 50  # the newest; the 25 newest would do (docs/duplicates.md)
_EXCERPT = 40


async def answer(
    case: Case, draft: Draft, notices: tuple[Notice, ...], person: Person
) -> None:  # fmt: skip
    """Owe a turn's messages; a preview comes with what it may repeat."""
    for notice in notices:
        is_preview = notice.template == f"intake_{Step.PREVIEW}"
        case.reply(await _with_matches(case, draft, notice, person) if is_preview else notice)


async def _with_matches(case: Case, draft: Draft, notice: Notice, person: Person) -> Notice:
    near = await case.tx.said_in(_around(case, draft.place), LOOKED_AT)
    alike = likeness.most_alike(draft.place, draft.category, draft.text, near, case.rules)
    found = [ticket for ticket in await case.tx.tickets(alike) if ticket.is_open]
    await case.tx.prefetch_files(t.id for t in found)
    lines = [await _line(case, ticket, person) for ticket in found]
    asked = beside(notice, draft, lines)
    return replace(asked, values={**asked.values, "asks_consent": person.consented_at is None})


def _around(case: Case, place: str) -> list[str]:
    """The places whose tickets can be about the same: itself, its grid, or the grid's buildings."""
    grid = grid_of(place)
    inside = case.rules.places.inside(place, 4) if place == grid else ()
    return list(dict.fromkeys((place, grid, *(p.path for p in inside))))


async def _line(case: Case, ticket: Ticket, person: Person) -> dict[str, object]:
    """Enough to judge by, and nothing by which its resident could be found."""
    return {
        "ticket": ticket.id, "text": likeness.masked(ticket.text, _EXCERPT),
        "place": ticket.place, "category": ticket.category, "state": ticket.state.value,
        "since": ticket.filed_at.isoformat(), "photos": len(await case.tx.files(ticket.id)),
        "followers": len(ticket.followers),
        "is_known": lifecycle.may_see(person, ticket),
    }  # fmt: skip


async def follow(case: Case, draft: Draft, number: str, person: Person) -> None:
    """附议 instead of filing. Raises Refusal when the ticket is not near the person's own draft:
    the button alone gives no right.
    """
    ticket = await case.tx.ticket(int(number[:15])) if number.isdecimal() else None
    if ticket is None or not likeness.is_near(draft.place, ticket.place):
        raise Refusal("refused_draft")
    neighbour = replace(person, last_place=draft.place)
    case.tx.put_person(neighbour)
    said = Given(text=draft.text, photos=draft.attachments)  # for the staff: no sentence is lost
    await acting.perform(case, ticket, Action.FOLLOW, neighbour, said)
    notice = Notice(
        to=person.id, template="followed", ticket_id=ticket.id, is_card=True,
        priority=Priority.REPLY,
    )  # fmt: skip
    case.reply(notice)

"""A petition that repeats another: the neighbours' open tickets beside a preview, and 附议.

They are looked for when the preview goes out, for a whole batch of previews at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority, Values
from workflows.core.talk.needs import PHOTOS, TEXT, Answers
from workflows.desk.context import Context
from workflows.desk.people import whereabouts
from workflows.masking import masking
from workflows.masking.words import PrivateWords
from workflows.petition import engine, service
from workflows.petition.intake import similarity
from workflows.petition.intake.draft import Draft
from workflows.petition.intake.kept import draft_of
from workflows.petition.intake.similarity import Said
from workflows.petition.intake.view import PREVIEW, beside
from workflows.petition.model import Glimpse, Ticket
from workflows.petition.stages import STAGES
from workflows.petition.store import texts
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action
from workflows.store import Owed, Tx, people
from workflows.store.kernels import causes

LOOKED_AT = 50  # the newest; the 25 newest would do (docs/duplicates.md)
_EXCERPT = 40


class Match(Struct, frozen=True, kw_only=True):
    """A draft that is shown, and the open tickets it may repeat, each with its line."""

    draft: Draft
    alike: tuple[tuple[Glimpse, Values], ...]


async def find(tx: Tx, owed: Sequence[Owed], rules: Rules) -> Mapping[int, Match]:
    """What the previews among some messages may repeat, by the messages' ids."""
    previews = [one for one in owed if one.template == PREVIEW]
    drafts = await _drafts(tx, [one.chat_id for one in previews]) if previews else {}
    near = await _near(tx, {draft.place for draft in drafts.values()}, rules)
    alike = {
        # Danger is filed, never followed: who handles another's may sleep.
        chat_id: ()
        if d.urgent
        else similarity.most_alike(d.place, d.category, d.text, near[d.place], rules)
        for chat_id, d in drafts.items()
    }
    lines = await _lines(tx, {i for ids in alike.values() for i in ids}, rules.private)
    return {
        one.id: Match(
            draft=drafts[one.chat_id],
            alike=tuple(lines[i] for i in alike[one.chat_id] if i in lines),
        )
        for one in previews
        if one.chat_id in drafts
    }


async def repeated(tx: Tx, draft: Draft, rules: Rules, cause: int) -> Ticket | None:
    """The ticket that it says once more, where nobody can be asked: its place, its words and its
    category all say so, and somebody is still to put it right. Danger repeats nothing.
    """
    if draft.urgent or draft.category in {"", rules.fallback_category}:
        return None
    near, above = await _near(tx, [draft.place], rules), await tx.ask(causes.above, cause)
    same = [
        one for one in near[draft.place]
        if (one.place, one.category) == (draft.place, draft.category) and one.id not in above
    ]  # fmt: skip
    alike = similarity.most_alike(draft.place, draft.category, draft.text, same, rules)
    found = await tx.get_all(TICKETS, alike)
    return next((one for one in found if not STAGES[one.state].done), None)


async def _drafts(tx: Tx, person_ids: list[int]) -> dict[int, Draft]:
    """The petitions that these people are in the middle of."""
    dialogs = await tx.ask(people.peek, person_ids)
    drafts = ((i, draft_of(dialog)) for i, dialog in dialogs.items())
    return {i: draft for i, draft in drafts if draft}


async def _near(tx: Tx, places: Iterable[str], rules: Rules) -> Mapping[str, list[Said]]:
    """The newest open tickets that a petition from each of these places can repeat."""
    around = {place: _around(place, rules) for place in places}
    asked = sorted({other for others in around.values() for other in others})
    newest = await tx.ask(texts.newest_at, asked, LOOKED_AT)
    return {
        place: sorted(chain.from_iterable(newest[other] for other in others), reverse=True)[
            :LOOKED_AT
        ]
        for place, others in around.items()
    }


def _around(place: str, rules: Rules) -> list[str]:
    """The places whose tickets can be about the same: itself, its grid, or the grid's buildings."""
    grid = grid_of(place)
    inside = rules.places.inside(place, 4) if place == grid else ()
    return list(dict.fromkeys((place, grid, *(p.path for p in inside))))


async def _lines(
    tx: Tx, ids: Iterable[int], words: PrivateWords
) -> dict[int, tuple[Glimpse, Values]]:  # fmt: skip
    """What is shown of these tickets, once for all who are shown it."""
    found = await tx.ask(texts.glimpses, sorted(ids)) if ids else {}
    return {i: (ticket, _line(ticket, words)) for i, ticket in found.items() if ticket.is_open}


def shown(owed: Owed, match: Match, person: Person) -> Owed:
    """The preview with what it may repeat, and a button for each."""
    lines = [{**line, "is_known": engine.may_see(person, ticket)} for ticket, line in match.alike]
    taps = beside(match.draft, lines)
    return replace(owed, values={**owed.values, "alike": lines}, buttons=(*taps, *owed.buttons))


def _line(ticket: Glimpse, words: PrivateWords) -> Values:
    """Enough to judge by, and nothing by which its resident could be found."""
    return {
        "ticket": ticket.id, "text": masking.excerpt(ticket.text, _EXCERPT, words),
        "place": ticket.place, "category": ticket.category, "state": ticket.state.value,
        "since": ticket.filed_at.isoformat(), "photos": ticket.photos,
        "followers": len(ticket.followers),
    }  # fmt: skip


async def follow(context: Context, draft: Draft, number: str, person: Person) -> None:
    """附议 instead of filing. Raises Refusal when the ticket is not near the person's own draft:
    the button alone gives no right.
    """
    ticket = await context.tx.get(TICKETS, int(number[:15])) if number.isdecimal() else None
    if ticket is None or not similarity.is_near(draft.place, ticket.place):
        raise Refusal("refused_draft")
    neighbour = whereabouts.remember(context, person, draft.place)
    words = Answers({TEXT: draft.text, PHOTOS: draft.attachments})  # for the staff: nothing is lost
    await service.perform(context, ticket, Action.FOLLOW, neighbour, words)
    notice = Notice(
        to=person.id, template="followed", ticket_id=ticket.id, is_card=True,
        priority=Priority.REPLY,
    )  # fmt: skip
    context.reply(notice)

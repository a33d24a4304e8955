"""The petition in the making: what a person says and taps until it is filed."""

from __future__ import annotations

from uuid import uuid4

from msgspec.structs import replace

from workflows import draft as drafts
from workflows import intake
from workflows.desk import acting, additions, matching
from workflows.desk.case import Case
from workflows.dialog import Dialog
from workflows.draft import Draft, Step
from workflows.intake_view import Verb
from workflows.model import Incoming, Person, Refusal
from workflows.rules import Station


async def converse(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> None:
    """Words, a file or a position land in the draft; without one, a draft begins."""
    draft = dialog.draft or drafts.new_draft(_fresh_id(), person, case.rules, dialog.station)
    await _turn(case, dialog, draft, incoming, person)


async def _turn(
    case: Case, dialog: Dialog, draft: Draft, incoming: Incoming, person: Person
) -> None:
    turn = intake.advance(draft, incoming, person, case.now, case.rules)
    is_over = turn.draft.step in {Step.FILED, Step.FOLLOWED, Step.CANCELLED}
    case.tx.put_dialog(replace(dialog, draft=None if is_over else turn.draft))
    if turn.is_filed:  # the station's link was for this one; the next starts where he was last
        case.tx.put_dialog(replace(dialog, draft=None, station=""))
        consented = replace(person, consented_at=person.consented_at or case.now)
        await acting.file(case, turn.draft, consented)
    elif turn.draft.step is Step.FOLLOWED:
        _, number = intake.verb_of(incoming)
        await matching.follow(case, turn.draft, number, person)
    else:
        case.answer(turn.notices)


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """A button of the preview. Of a draft already filed, it names the ticket it became."""
    dialog = await case.tx.dialog(person.id)
    draft_id = str(incoming.tap.subject or "")
    if dialog.draft and dialog.draft.id == draft_id:
        await _turn(case, _turned_to_draft(dialog, incoming), dialog.draft, incoming, person)
        case.toast(incoming)
        return
    ticket = await case.tx.ticket_of_draft(draft_id)
    if ticket and ticket.resident == person.id:
        raise Refusal("refused_filed", about=ticket.id)
    raise Refusal("refused_draft")


def _turned_to_draft(dialog: Dialog, incoming: Incoming) -> Dialog:
    """Who asks the preview for words will write those next: an open form must not take them."""
    verb, _ = intake.verb_of(incoming)
    return replace(dialog, form=None) if verb in {Verb.MOVE, Verb.NAME, Verb.RESTART} else dialog


async def amend(case: Case, incoming: Incoming, person: Person) -> None:
    """An edited message changes the draft it belongs to, or the petition it became part of."""
    dialog = await case.tx.dialog(person.id)
    draft = dialog.draft
    turn = draft and intake.amend(draft, incoming, person, case.now, case.rules)
    if not turn:
        await additions.reword(case, incoming, person)
        return
    case.tx.put_dialog(replace(dialog, draft=turn.draft))
    case.answer(turn.notices)


async def arrive(case: Case, incoming: Incoming, person: Person, station: Station) -> None:
    """A station's link: the next petition is from there, or the one he is in the middle of."""
    dialog = replace(await case.tx.dialog(person.id), station=station.code)
    draft = dialog.draft
    if draft is None or not (draft.has_words or draft.attachments):
        case.tx.put_dialog(replace(dialog, draft=None))
        return
    turn = intake.stand_at(draft, station.place, incoming, person, case.now, case.rules)
    case.tx.put_dialog(replace(dialog, draft=turn.draft))
    case.answer(turn.notices)


def _fresh_id() -> str:
    return uuid4().hex[:12]

"""The petition in the making: what a person says and taps until it is filed."""

from __future__ import annotations

from uuid import uuid4

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.policy import Station
from workflows.core.talk.dialogs import Dialog, Tail
from workflows.core.talk.messages import Incoming
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.petition import filing
from workflows.petition.chat import edits
from workflows.petition.intake import conversation, handing, matching, view
from workflows.petition.intake import draft as drafts
from workflows.petition.intake.draft import Draft, Option, Step
from workflows.petition.intake.kept import draft_of, with_draft
from workflows.petition.intake.view import Verb
from workflows.petition.store import lookups
from workflows.petition.words import Action


async def goes_on(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A petition in the making takes what is said."""
    return dialog.draft is not None and await begins(context, dialog, incoming, person)


async def begins(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """What nobody else claims begins a petition."""
    await converse(context, dialog, incoming, person)
    return True


async def converse(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> None:
    """Words, a file or a position land in the draft; without one, a draft begins."""
    draft = draft_of(dialog) or drafts.new_draft(_fresh_id(), person, context.rules, dialog.station)
    await _turn(context, dialog, draft, incoming, person)


async def _turn(
    context: Context, dialog: Dialog, draft: Draft, incoming: Incoming, person: Person
) -> None:
    turn = conversation.advance(draft, incoming, person, context.now, context.rules)
    is_over = turn.draft.step in _OVER
    context.tx.put_dialog(with_draft(dialog, None if is_over else turn.draft))
    if turn.is_filed:  # the station's link was for this one; the next starts where he was last
        context.tx.put_dialog(replace(dialog, draft=None, station=""))
        consented = replace(person, consented_at=person.consented_at or context.now)
        ticket = await filing.file(context, turn.draft, consented)
        tail = Tail(ticket_id=ticket.id, action=Action.FILE, at=context.now)
        context.tx.put_dialog(replace(await context.tx.dialog(person.id), tail=tail))
    elif turn.draft.step is Step.FOLLOWED:
        _, number = conversation.verb_of(incoming)
        await matching.follow(context, turn.draft, number, person)
    elif turn.draft.step is Step.HANDED:
        await _hand_over(context, turn.draft, incoming, person)
    else:
        *said, shown = turn.notices
        context.answer(said)
        paging.answer(context, incoming, shown)


_OVER = {Step.FILED, Step.FOLLOWED, Step.CANCELLED, Step.HANDED}


async def _hand_over(context: Context, draft: Draft, incoming: Incoming, person: Person) -> None:
    """It was said what the words are about. Raises ForgedError."""
    option = draft.options[incoming.tap.number_at(0) % len(draft.options)]
    said = handing.Said(text=draft.text, files=draft.attachments)
    await handing.do(context, incoming, person, option, said)


async def ask(
    context: Context, dialog: Dialog, incoming: Incoming, person: Person,
    options: tuple[Option, ...],
) -> None:  # fmt: skip
    """Nobody can be sure what was said: it is kept, and asked with a button for each."""
    earlier = draft_of(dialog)
    fresh = drafts.new_draft(_fresh_id(), person, context.rules, dialog.station)
    draft = replace(fresh, earlier=earlier)
    turn = conversation.ask(draft, options, incoming, person, context.now, context.rules)
    context.tx.put_dialog(with_draft(dialog, turn.draft))
    context.answer(turn.notices)


def show_again(context: Context, draft: Draft, person: Person) -> None:
    """The petition in the making as it stands."""
    context.reply(view.show(draft, person, context.now, context.rules))


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button of the preview. Of a draft already filed, it names the ticket it became."""
    dialog = await context.tx.dialog(person.id)
    draft_id = str(incoming.tap.subject or "")
    draft = draft_of(dialog)
    if draft and draft.id == draft_id:
        await _turn(context, _turned_to_draft(dialog, incoming), draft, incoming, person)
        context.toast(incoming)
        return
    ticket = await lookups.of_draft(context.tx, draft_id)
    if ticket and ticket.resident == person.id:
        raise Refusal("refused_filed", about=ticket.id)
    raise Refusal("refused_draft")


def _turned_to_draft(dialog: Dialog, incoming: Incoming) -> Dialog:
    """Who asks the preview for words will write those next: an open form must not take them."""
    verb, _ = conversation.verb_of(incoming)
    return replace(dialog, form=None) if verb in {Verb.MOVE, Verb.NAME, Verb.RESTART} else dialog


async def amends(context: Context, incoming: Incoming, person: Person) -> bool:
    """An edited message changes the draft it belongs to, or the petition it became part of."""
    dialog = await context.tx.dialog(person.id)
    draft = draft_of(dialog)
    turn = draft and conversation.amend(draft, incoming, person, context.now, context.rules)
    if not turn:
        return await edits.reword(context, incoming, person)
    context.tx.put_dialog(with_draft(dialog, turn.draft))
    context.answer(turn.notices)
    return True


async def arrive(context: Context, incoming: Incoming, person: Person, station: Station) -> None:
    """A station's link: the next petition is from there, or the one he is in the middle of."""
    dialog = replace(await context.tx.dialog(person.id), station=station.code)
    draft = draft_of(dialog)
    if draft is None or not (draft.has_words or draft.attachments):
        context.tx.put_dialog(replace(dialog, draft=None))
        return
    turn = conversation.stand_at(draft, station.place, incoming, person, context.now, context.rules)
    context.tx.put_dialog(with_draft(dialog, turn.draft))
    context.answer(turn.notices)


def _fresh_id() -> str:
    return uuid4().hex[:12]

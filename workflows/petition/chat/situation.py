"""The situation in which something is said, read for `hearing`: what it may be about, and more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from workflows.core.people import Person
from workflows.core.talk.dialogs import WRITING, Dialog
from workflows.core.talk.messages import Incoming
from workflows.danger import danger
from workflows.desk.context import Context
from workflows.petition import engine
from workflows.petition.hearing.meaning import Matter, Situation
from workflows.petition.hearing.numbers import number_in
from workflows.petition.intake.draft import Draft, Step, is_cut
from workflows.petition.lists import hands
from workflows.petition.model import Ticket
from workflows.petition.settings import PetitionSettings
from workflows.petition.store import queries
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, State

_LOOKED_AT = 10  # the newest of one's own
_SHORTEST_NUMBER = 4  # digits of what may be a petition's number
_AGED = timedelta(hours=12)  # a petition in the making that nobody has touched for so long


async def tickets(
    context: Context, dialog: Dialog, person: Person, replied: Ticket | None
) -> list[Ticket]:
    """What it may be about: this person's own, and what he has in hand."""
    own = await _own(context, person)
    work = await hands.in_hand(context, person) if person.is_staff else []
    known = await context.tx.get_all(TICKETS, (*own, *_held(dialog)))
    found = {t.id: t for t in (replied, *known, *work) if t and _is_his(person, t)}
    recent = [t for t in found.values() if t is replied or _is_recent(context, t)]
    return sorted(recent, key=lambda ticket: -ticket.id)


async def _own(context: Context, person: Person) -> list[int]:
    """What he brought, but for what is over for long; who never filed has none."""
    if not (person.last_place or person.consented_at):
        return []
    since = context.now - context.rules.of(PetitionSettings).reopen_within
    return await context.tx.ask(queries.ids_lately_by, person.id, since, _LOOKED_AT)


def is_plainly_more(
    context: Context, dialog: Dialog, draft: Draft | None, incoming: Incoming
) -> bool:
    """Whether it can only be more of the petition in the making: then nothing else is looked up,
    which saves three questions to the store at most messages.
    """
    is_elsewhere = dialog.form is not None or bool(incoming.reply_to)
    if is_elsewhere or draft is None or not _step(draft) or draft.step is Step.UNSURE:
        return False
    digits = sum(char.isdigit() for char in incoming.text)
    return digits < _SHORTEST_NUMBER and not _is_aged(context, draft)


def _held(dialog: Dialog) -> list[int]:
    """What was dealt with last, and what was asked about."""
    return [one.ticket_id for one in (dialog.tail, dialog.form) if one]


def _is_his(person: Person, ticket: Ticket) -> bool:
    """Who follows another's hears of it, but has nothing to say there."""
    is_own = ticket.resident == person.id
    return is_own or (person.is_staff and engine.may_see(person, ticket))


def _is_recent(context: Context, ticket: Ticket) -> bool:
    if ticket.is_open:
        return True
    ended, lasts = ticket.ended_at, context.rules.of(PetitionSettings).reopen_within
    is_new = ended is not None and context.now - ended <= lasts
    return is_new and ticket.state is not State.WITHDRAWN


def of(
    context: Context, dialog: Dialog, draft: Draft | None, incoming: Incoming, person: Person,
    found: Sequence[Ticket], replied: Ticket | None,
) -> Situation:  # fmt: skip
    """The situation, as the value that `hearing` decides over."""
    form, tail = dialog.form, dialog.tail
    number = number_in(incoming.text, {t.id for t in found}, context.rules.hearing)
    is_just = tail and tail.at and context.now - tail.at <= WRITING
    return Situation(
        text=incoming.text, has_file=incoming.attachment is not None,
        has_position=incoming.position is not None,
        matters=tuple(_matter(context, person, t) for t in found),
        replied=replied.id if replied else 0,
        number=number.number, is_number_alone=number.is_alone,
        asked=form.action if form else "", asked_about=form.ticket_id if form else 0,
        step=_step(draft), is_aged=draft is not None and _is_aged(context, draft),
        just=tail.ticket_id if tail and is_just else 0,
        is_cut=draft is not None and is_cut(draft, incoming),
        is_danger=danger.is_said(incoming.text, context.rules.danger),
    )  # fmt: skip


def _matter(context: Context, person: Person, ticket: Ticket) -> Matter:
    is_own = ticket.resident == person.id
    may = partial(engine.may, person, ticket=ticket, now=context.now, rules=context.rules)
    return Matter(
        id=ticket.id, state=ticket.state, text=ticket.text, is_work=not is_own,
        wants_reason=is_own and may(Action.EXPLAIN),
        wants_rating=is_own and may(Action.CONFIRM),
    )  # fmt: skip


def _step(draft: Draft | None) -> str:
    """A draft without a word in it is nothing that could be gone on with."""
    return draft.step.value if draft and (draft.parts or draft.attachments) else ""


def _is_aged(context: Context, draft: Draft) -> bool:
    last = draft.heard_at or (draft.parts[-1].at if draft.parts else None)
    return last is not None and context.now - last > _AGED

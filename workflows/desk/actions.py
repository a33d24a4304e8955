"""An action on a ticket and what it still needs: a button, the questions it brings, the answers."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows.core import forms
from workflows.core.dialogs import WRITING, Dialog, Tail, writer
from workflows.core.errors import Refusal
from workflows.core.forms import Form
from workflows.core.messages import Button, Incoming, Kind, Notice, Priority, Values
from workflows.core.needs import CHECKED, DUE, PHOTOS, TEXT, TO, Answers
from workflows.core.people import Person
from workflows.core.places import community_of, grid_of, place_key
from workflows.desk.context import Context
from workflows.desk.lists import board, paging
from workflows.petition import engine, routing, service
from workflows.petition.chat import batch, viewing
from workflows.petition.intake import drafting
from workflows.petition.lifecycle import Need
from workflows.petition.model import Ticket
from workflows.petition.needs import CONTACT, GRID, INTO, PARTNER, RATING, SOLVED, WHERE
from workflows.petition.relations import may_receive
from workflows.petition.words import Action
from workflows.store import people

_NAMES = 20  # handlers to choose from: a grid has fewer
_PLACES = 80  # grids to choose from: Telegram takes a hundred buttons


async def tap_action(context: Context, incoming: Incoming, person: Person) -> None:
    """A button of a card: done at once, or asked for the rest."""
    ticket, action, argument = await _aim(context, incoming)
    if not engine.may_see(person, ticket):
        raise Refusal("refused_unknown")
    step = engine.needs(person, action, ticket, context.now, context.rules)
    form = forms.begin(ticket, step, context.rules)
    if argument and (form.need is Need.RATING or action is Action.EXPLAIN):
        form = forms.fill(form, _as_answer(incoming, form, argument), context.now, context.rules)
    await go_on(context, form, ticket, person, incoming)


async def _aim(context: Context, incoming: Incoming) -> tuple[Ticket, Action, str]:
    """The ticket, the action, and the first answer where that was tapped too."""
    action = incoming.tap.word(Action)
    ticket = await context.tx.ticket(incoming.tap.number)
    if ticket is None:
        raise Refusal("refused_unknown")
    return ticket, action, incoming.tap.at(0)


def _as_answer(incoming: Incoming, form: Form, argument: str) -> Incoming:
    """A rating tapped right on the card answers the form before it is asked."""
    return replace(incoming, tap=forms.tap(form, argument, "").tap)


async def tap_form(context: Context, incoming: Incoming, person: Person) -> None:
    """A button below a form's question, or its cancel."""
    dialog = await context.tx.dialog(person.id)
    if dialog.form is None:
        raise Refusal("form_over")
    if incoming.tap == forms.cancelling(dialog.form):
        context.toast(incoming)
        await cancel(context, person)
        return
    await answer(context, dialog, incoming, person)


async def answer(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> None:
    """One more answer of the open form; what was not understood is asked again."""
    assert dialog.form
    ticket = await context.tx.ticket(dialog.form.ticket_id)
    if ticket is None:
        raise Refusal("form_over")
    try:
        engine.needs(person, dialog.form.action, ticket, context.now, context.rules)
    except Refusal as refusal:
        await _let_go(context, dialog, ticket, refusal, incoming, person)
        return
    try:
        form = forms.fill(dialog.form, incoming, context.now, context.rules)
    except Refusal as refusal:
        if refusal.template == "form_over":
            raise
        context.say(person.id, refusal.template, **refusal.values)
        form = dialog.form
    if forms.is_tick(dialog.form, incoming, context.rules):
        _redraw(context, dialog, form, incoming, person)
        return
    await go_on(context, form, ticket, person, incoming)


def _redraw(
    context: Context, dialog: Dialog, form: Form, incoming: Incoming, person: Person
) -> None:  # fmt: skip
    """One more tick: the list changes where it stands, nothing more is said."""
    context.tx.put_dialog(replace(dialog, form=replace(form, asked_at=context.now)))
    paging.answer(context, incoming, forms.question(form, person, context.rules))


_BY_REPLY = (Action.ANSWER, Action.ADD, Action.NOTE)  # the first that he may do is what he means


async def reply(
    context: Context, dialog: Dialog, ticket: Ticket, incoming: Incoming, person: Person
) -> None:  # fmt: skip
    """A reply to one of our messages about a ticket belongs to that ticket, whatever form is open.

    Raises Refusal when nothing can be added to it.
    """
    allowed = engine.actions(person, ticket, context.now, context.rules)
    action = next((a for a in _BY_REPLY if a in allowed), None)
    if action is None:
        raise Refusal("refused_reply", about=ticket.id)
    step = engine.needs(person, action, ticket, context.now, context.rules)
    form = forms.begin(ticket, step, context.rules)
    filled = forms.fill(form, incoming, context.now, context.rules)
    await go_on(context, filled, ticket, person, incoming)
    context.tx.put_dialog(replace(await context.tx.dialog(person.id), form=dialog.form))


async def _let_go(
    context: Context, dialog: Dialog, ticket: Ticket, refusal: Refusal, incoming: Incoming,
    person: Person,
) -> None:  # fmt: skip
    """The ticket has moved on under the form: say so, show it as it is, ask no further.

    What a resident wrote in answer to us is not lost: it becomes the start of a petition.
    """
    assert dialog.form
    closed = replace(dialog, form=None)
    context.tx.put_dialog(closed)
    is_shown = engine.may_see(person, ticket)
    said = refusal if is_shown else Refusal("refused_unknown")
    context.toast(incoming, "form_over")
    context.say(person.id, said.template, **await with_name(context, said.values))
    if is_shown:
        viewing.show_ticket(context, ticket, person)
    if dialog.form.action is Action.ANSWER and incoming.kind is not Kind.PRESS:
        await drafting.converse(context, closed, incoming, person)


async def with_name(context: Context, values: Values) -> dict[str, Any]:
    """A refusal can name who has the ticket."""
    handler = values.get("handler")
    person = await context.tx.person(handler) if isinstance(handler, int) else None
    return {**values} | ({"name": person.name} if person else {})


async def go_on(
    context: Context, form: Form, ticket: Ticket, person: Person, incoming: Incoming
) -> None:
    """Ask for the next thing, or do it when nothing is missing."""
    dialog = await context.tx.dialog(person.id)
    context.toast(incoming)
    if form.need:
        context.tx.put_dialog(replace(dialog, form=replace(form, asked_at=context.now)))
        asked = forms.question(form, person, context.rules, await _choices(context, form, ticket))
        is_new = form.asked_at is None
        context.reply(await _shared(context, asked, ticket, person) if is_new else asked)
        return
    album = incoming.album
    tail = Tail(album=album, ticket_id=ticket.id, action=form.action) if album else None
    context.tx.put_dialog(replace(dialog, form=None, tail=tail))
    answers = await _given(context, form, person)
    moved = await service.perform(context, ticket, form.action, person, answers)
    if form.others:
        await batch.do(context, form.others, form.action, person, answers)
    context.toast(incoming, "done", action=form.action.value)
    if form.from_board:
        await board.show_next(context, incoming, person, form.action)
    else:
        had_form = dialog.form is not None or incoming.kind is not Kind.PRESS
        _report(context, form, moved, person, had_form=had_form)


async def _shared(context: Context, asked: Notice, ticket: Ticket, person: Person) -> Notice:
    """A first question says who else is just writing about the ticket."""
    found = await context.tx.ask(people.writing_about, ticket.id, context.now - WRITING)
    known = {**found, **{i: context.tx.work.dialogs[i] for i in context.tx.work.changed_dialogs}}
    at_it = [(p, dialog) for i, dialog in known.items() if (p := await context.tx.person(i))]
    ahead = writer(at_it, ticket, person, context.now)
    if ahead is None:
        return asked
    said = {"asked": asked.template, "writer": ahead[0].name, "doing": ahead[1].value}
    return replace(asked, template="writing", values={**asked.values, **said})


def _report(
    context: Context, form: Form, ticket: Ticket, person: Person, *, had_form: bool
) -> None:
    """The actor sees what came of it: after a form as a new card, after one tap on the old one."""
    if not engine.may_see(person, ticket):  # it is somebody else's from now on
        if not context.has_answered(person):
            context.say(person.id, "done", action=form.action.value)
        return
    if not context.has_shown(ticket, person) and (had_form or form.action is Action.ACCEPT):
        notice = Notice(
            to=person.id, template="done", values={"action": form.action.value},
            ticket_id=ticket.id, is_card=True, priority=Priority.REPLY,
        )  # fmt: skip
        context.reply(notice)


async def _given(context: Context, form: Form, person: Person) -> Answers:
    """The form's answers as the values an action takes."""
    to = await context.tx.person(form.to) if form.to else None
    into = await context.tx.ticket(form.into) if form.into else None
    if into and not engine.may_see(person, into):
        into = None  # the same answer for none and not yours
    return Answers({
        TEXT: form.text, WHERE: form.where, DUE: form.due, TO: to, INTO: into, RATING: form.rating,
        GRID: form.grid, PARTNER: form.partner, SOLVED: form.solved, CHECKED: form.checked,
        PHOTOS: form.photos, CONTACT: form.contact,
    })  # fmt: skip


async def _name_buttons(context: Context, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """Whom to hand to, best first; for a helping hand also who works in the grids around."""
    is_help = form.action is Action.ASSIST
    here = routing.choices(ticket, await service.candidates(context, ticket))
    near = await service.helpers_near(context, ticket) if is_help else []
    taken = {ticket.handler, *(ticket.helpers if is_help else ())}
    found = [c for c in (*here, *near) if c.person.id not in taken]
    return tuple(_name_button(form, c) for c in found[:_NAMES])


def _name_button(form: Form, candidate: routing.Candidate) -> Button:
    values: dict[str, object] = {"name": candidate.person.name, "open": candidate.load.open}
    return forms.tap(form, str(candidate.person.id), "form.person", values)


async def _choices(context: Context, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """For whom or where to hand to."""
    if form.need is Need.GRID:
        return await _grids(context, form, ticket)
    return await _name_buttons(context, form, ticket) if form.need is Need.TO else ()


async def _grids(context: Context, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """The other grids of the community, or those of the others where somebody can agree."""
    here, is_away = community_of(ticket.place), form.action is Action.REFER
    paths = [p.path for p in context.rules.places.inside("", 3) if p.path != grid_of(ticket.place)]
    fit = [path for path in paths if (community_of(path) != here) == is_away]
    staff = await context.tx.staff_inside("") if is_away else ()
    if is_away:
        fit = [path for path in fit if any(may_receive(p, path) for p in staff)]
    return tuple(forms.tap(form, place_key(path), f"@{path}") for path in fit[:_PLACES])


async def cancel(context: Context, person: Person) -> None:
    """Drop the form, else the petition in the making; say so."""
    dialog = await context.tx.dialog(person.id)
    context.tx.put_dialog(replace(dialog, form=None, draft=dialog.draft if dialog.form else None))
    if dialog.form or dialog.draft:
        context.say(person.id, "form_cancelled" if dialog.form else "intake_cancelled")
    else:
        context.say(person.id, "nothing_to_cancel")

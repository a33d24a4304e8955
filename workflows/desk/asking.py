"""An action on a ticket and what it still needs: a button, the questions it brings, the answers."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows import form as forms
from workflows import lifecycle, routing
from workflows.attempt import Given
from workflows.desk import acting, batch, board, drafting, listing, viewing
from workflows.desk.case import Case
from workflows.dialog import WRITING, Dialog, Tail, writer
from workflows.draft import place_key
from workflows.form import Form
from workflows.model import (
    Action,
    Button,
    Incoming,
    Kind,
    Notice,
    Person,
    Priority,
    Refusal,
    Ticket,
    Values,
    community_of,
    grid_of,
)
from workflows.standing import may_receive
from workflows.store import people
from workflows.ticket import Need

_NAMES = 20  # handlers to choose from: a grid has fewer
_PLACES = 80  # grids to choose from: Telegram takes a hundred buttons


async def tap_action(case: Case, incoming: Incoming, person: Person) -> None:
    """A button of a card: done at once, or asked for the rest."""
    ticket, action, argument = await _aim(case, incoming)
    if not lifecycle.may_see(person, ticket):
        raise Refusal("refused_unknown")
    step = lifecycle.needs(person, action, ticket, case.now, case.rules)
    form = forms.begin(ticket, step, case.rules)
    if argument and (form.need is Need.RATING or action is Action.EXPLAIN):
        form = forms.fill(form, _as_answer(incoming, form, argument), case.now, case.rules)
    await go_on(case, form, ticket, person, incoming)


async def _aim(case: Case, incoming: Incoming) -> tuple[Ticket, Action, str]:
    """The ticket, the action, and the first answer where that was tapped too."""
    action = incoming.tap.word(Action)
    ticket = await case.tx.ticket(incoming.tap.number)
    if ticket is None:
        raise Refusal("refused_unknown")
    return ticket, action, incoming.tap.at(0)


def _as_answer(incoming: Incoming, form: Form, argument: str) -> Incoming:
    """A rating tapped right on the card answers the form before it is asked."""
    return replace(incoming, tap=forms.tap(form, argument, "").tap)


async def tap_form(case: Case, incoming: Incoming, person: Person) -> None:
    """A button below a form's question, or its cancel."""
    dialog = await case.tx.dialog(person.id)
    if dialog.form is None:
        raise Refusal("form_over")
    if incoming.tap == forms.cancelling(dialog.form):
        case.toast(incoming)
        await cancel(case, person)
        return
    await answer(case, dialog, incoming, person)


async def answer(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> None:
    """One more answer of the open form; what was not understood is asked again."""
    assert dialog.form
    ticket = await case.tx.ticket(dialog.form.ticket_id)
    if ticket is None:
        raise Refusal("form_over")
    try:
        lifecycle.needs(person, dialog.form.action, ticket, case.now, case.rules)
    except Refusal as refusal:
        await _let_go(case, dialog, ticket, refusal, incoming, person)
        return
    try:
        form = forms.fill(dialog.form, incoming, case.now, case.rules)
    except Refusal as refusal:
        if refusal.template == "form_over":
            raise
        case.say(person.id, refusal.template, **refusal.values)
        form = dialog.form
    if forms.is_tick(dialog.form, incoming, case.rules):
        _redraw(case, dialog, form, incoming, person)
        return
    await go_on(case, form, ticket, person, incoming)


def _redraw(
    case: Case, dialog: Dialog, form: Form, incoming: Incoming, person: Person
) -> None:  # fmt: skip
    """One more tick: the list changes where it stands, nothing more is said."""
    case.tx.put_dialog(replace(dialog, form=replace(form, asked_at=case.now)))
    listing.answer(case, incoming, forms.question(form, person, case.rules))


_BY_REPLY = (Action.ANSWER, Action.ADD, Action.NOTE)  # the first that he may do is what he means


async def reply(
    case: Case, dialog: Dialog, ticket: Ticket, incoming: Incoming, person: Person
) -> None:  # fmt: skip
    """A reply to one of our messages about a ticket belongs to that ticket, whatever form is open.

    Raises Refusal when nothing can be added to it.
    """
    allowed = lifecycle.actions(person, ticket, case.now, case.rules)
    action = next((a for a in _BY_REPLY if a in allowed), None)
    if action is None:
        raise Refusal("refused_reply", about=ticket.id)
    step = lifecycle.needs(person, action, ticket, case.now, case.rules)
    form = forms.begin(ticket, step, case.rules)
    filled = forms.fill(form, incoming, case.now, case.rules)
    await go_on(case, filled, ticket, person, incoming)
    case.tx.put_dialog(replace(await case.tx.dialog(person.id), form=dialog.form))


async def _let_go(
    case: Case, dialog: Dialog, ticket: Ticket, refusal: Refusal, incoming: Incoming,
    person: Person,
) -> None:  # fmt: skip
    """The ticket has moved on under the form: say so, show it as it is, ask no further.

    What a resident wrote in answer to us is not lost: it becomes the start of a petition.
    """
    assert dialog.form
    closed = replace(dialog, form=None)
    case.tx.put_dialog(closed)
    is_shown = lifecycle.may_see(person, ticket)
    said = refusal if is_shown else Refusal("refused_unknown")
    case.toast(incoming, "form_over")
    case.say(person.id, said.template, **await with_name(case, said.values))
    if is_shown:
        viewing.show_ticket(case, ticket, person)
    if dialog.form.action is Action.ANSWER and incoming.kind is not Kind.PRESS:
        await drafting.converse(case, closed, incoming, person)


async def with_name(case: Case, values: Values) -> dict[str, Any]:
    """A refusal can name who has the ticket."""
    handler = values.get("handler")
    person = await case.tx.person(handler) if isinstance(handler, int) else None
    return {**values} | ({"name": person.name} if person else {})


async def go_on(case: Case, form: Form, ticket: Ticket, person: Person, incoming: Incoming) -> None:
    """Ask for the next thing, or do it when nothing is missing."""
    dialog = await case.tx.dialog(person.id)
    case.toast(incoming)
    if form.need:
        case.tx.put_dialog(replace(dialog, form=replace(form, asked_at=case.now)))
        asked = forms.question(form, person, case.rules, await _choices(case, form, ticket))
        is_new = form.asked_at is None
        case.reply(await _shared(case, asked, ticket, person) if is_new else asked)
        return
    album = incoming.album
    tail = Tail(album=album, ticket_id=ticket.id, action=form.action) if album else None
    case.tx.put_dialog(replace(dialog, form=None, tail=tail))
    given = await _given(case, form, person)
    moved = await acting.perform(case, ticket, form.action, person, given)
    if form.others:
        await batch.do(case, form.others, form.action, person, given)
    case.toast(incoming, "done", action=form.action.value)
    if form.from_board:
        await board.show_next(case, incoming, person, form.action)
    else:
        had_form = dialog.form is not None or incoming.kind is not Kind.PRESS
        _report(case, form, moved, person, had_form=had_form)


async def _shared(case: Case, asked: Notice, ticket: Ticket, person: Person) -> Notice:
    """A first question says who else is just writing about the ticket."""
    found = await people.writing_about(case.tx.conn, ticket.id, case.now - WRITING)
    known = {**found, **{i: case.tx.work.dialogs[i] for i in case.tx.work.changed_dialogs}}
    at_it = [(p, dialog) for i, dialog in known.items() if (p := await case.tx.person(i))]
    ahead = writer(at_it, ticket, person, case.now)
    if ahead is None:
        return asked
    said = {"asked": asked.template, "writer": ahead[0].name, "doing": ahead[1].value}
    return replace(asked, template="writing", values={**asked.values, **said})


def _report(case: Case, form: Form, ticket: Ticket, person: Person, *, had_form: bool) -> None:
    """The actor sees what came of it: after a form as a new card, after one tap on the old one."""
    if not lifecycle.may_see(person, ticket):  # it is somebody else's from now on
        if not case.has_answered(person):
            case.say(person.id, "done", action=form.action.value)
        return
    if not case.has_shown(ticket, person) and (had_form or form.action is Action.ACCEPT):
        notice = Notice(
            to=person.id, template="done", values={"action": form.action.value},
            ticket_id=ticket.id, is_card=True, priority=Priority.REPLY,
        )  # fmt: skip
        case.reply(notice)


async def _given(case: Case, form: Form, person: Person) -> Given:
    """The form's answers as the values an action takes."""
    to = await case.tx.person(form.to) if form.to else None
    into = await case.tx.ticket(form.into) if form.into else None
    if into and not lifecycle.may_see(person, into):
        into = None  # the same answer for none and not yours
    return Given(
        text=form.text, where=form.where, due=form.due, to=to, into=into, rating=form.rating,
        grid=form.grid, partner=form.partner, solved=form.solved, checked=form.checked,
        photos=form.photos, contact=form.contact,
    )  # fmt: skip


async def _name_buttons(case: Case, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """Whom to hand to, best first; for a helping hand also who works in the grids around."""
    is_help = form.action is Action.ASSIST
    here = routing.choices(ticket, await acting.candidates(case, ticket))
    near = await acting.helpers_near(case, ticket) if is_help else []
    taken = {ticket.handler, *(ticket.helpers if is_help else ())}
    found = [c for c in (*here, *near) if c.person.id not in taken]
    return tuple(_name_button(form, c) for c in found[:_NAMES])


def _name_button(form: Form, candidate: routing.Candidate) -> Button:
    values: dict[str, object] = {"name": candidate.person.name, "open": candidate.load.open}
    return forms.tap(form, str(candidate.person.id), "form.person", values)


async def _choices(case: Case, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """For whom or where to hand to."""
    if form.need is Need.GRID:
        return await _grids(case, form, ticket)
    return await _name_buttons(case, form, ticket) if form.need is Need.TO else ()


async def _grids(case: Case, form: Form, ticket: Ticket) -> tuple[Button, ...]:
    """The other grids of the community, or those of the others where somebody can agree."""
    here, is_away = community_of(ticket.place), form.action is Action.REFER
    paths = [p.path for p in case.rules.places.inside("", 3) if p.path != grid_of(ticket.place)]
    fit = [path for path in paths if (community_of(path) != here) == is_away]
    staff = await case.tx.staff_inside("") if is_away else ()
    if is_away:
        fit = [path for path in fit if any(may_receive(p, path) for p in staff)]
    return tuple(forms.tap(form, place_key(path), f"@{path}") for path in fit[:_PLACES])


async def cancel(case: Case, person: Person) -> None:
    """Drop the form, else the petition in the making; say so."""
    dialog = await case.tx.dialog(person.id)
    case.tx.put_dialog(replace(dialog, form=None, draft=dialog.draft if dialog.form else None))
    if dialog.form or dialog.draft:
        case.say(person.id, "form_cancelled" if dialog.form else "intake_cancelled")
    else:
        case.say(person.id, "nothing_to_cancel")

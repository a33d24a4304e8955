"""An action and what it still needs: a button, the questions it brings, the answers.

What is a workflow's own about it, its `Asking` says.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows.core.dialogs import WRITING, Dialog, Tail, writer
from workflows.core.errors import Refusal
from workflows.core.forms import Form, cancelling, tap
from workflows.core.messages import Incoming, Kind, Notice, Priority, Values
from workflows.core.needs import Answers, Need
from workflows.core.people import Person
from workflows.desk.asking import Asking
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.store import people


async def tap_action(
    asking: Asking[Any], context: Context, incoming: Incoming, person: Person
) -> None:
    """A button of a card: done at once, or asked for the rest."""
    action, argument = incoming.tap.word(asking.named), incoming.tap.at(0)
    subject = await asking.load(context, incoming.tap.number)
    if subject is None or not asking.may_see(person, subject):
        raise Refusal("refused_unknown")
    form = _begun(asking, context, subject, action, person)
    if argument and action in asking.on_card:
        tapped = _as_answer(incoming, form, argument)
        form = asking.forms.fill(form, tapped, context.now, context.rules)
    await go_on(asking, context, form, subject, person, incoming)


def _begun(
    asking: Asking[Any], context: Context, subject: Any, action: Any, person: Person
) -> Form:  # fmt: skip
    """An empty form. Raises Refusal when the action cannot be done now."""
    row = asking.row(person, action, subject, context.now, context.rules)
    return asking.begin(subject, row, context.rules)


def _as_answer(incoming: Incoming, form: Form, argument: str) -> Incoming:
    """A rating tapped right on the card answers the form before it is asked."""
    return replace(incoming, tap=tap(form, argument, "").tap)


async def tap_form(
    asking: Asking[Any], context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> None:
    """A button below a form's question, or its cancel."""
    assert dialog.form
    if incoming.tap == cancelling(dialog.form):
        context.toast(incoming)
        await cancel(context, person)
        return
    await answer(asking, context, dialog, incoming, person)


async def answer(
    asking: Asking[Any], context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> None:
    """One more answer of the open form; what was not understood is asked again."""
    was = dialog.form
    assert was
    subject = await asking.load(context, was.ticket_id)
    if subject is None:
        raise Refusal("form_over")
    try:
        asking.forms.asked(was)
        asking.row(person, asking.action(was.action), subject, context.now, context.rules)
    except Refusal as refusal:
        await _let_go(asking, context, dialog, subject, refusal, incoming, person)
        return
    form = _filled(asking, context, was, incoming, person)
    if asking.forms.is_tick(was, incoming, context.rules):
        _redraw(asking, context, dialog, form, incoming, person)
        return
    await go_on(asking, context, form, subject, person, incoming)


def _filled(
    asking: Asking[Any], context: Context, form: Form, incoming: Incoming, person: Person
) -> Form:
    """The form with the answer, or as it was when that was not understood, which is said."""
    try:
        return asking.forms.fill(form, incoming, context.now, context.rules)
    except Refusal as refusal:
        if refusal.template == "form_over":
            raise
        context.say(person.id, refusal.template, **refusal.values)
        return form


def _redraw(
    asking: Asking[Any], context: Context, dialog: Dialog, form: Form, incoming: Incoming,
    person: Person,
) -> None:  # fmt: skip
    """One more tick: the list changes where it stands, nothing more is said."""
    context.tx.put_dialog(replace(dialog, form=replace(form, asked_at=context.now)))
    paging.answer(context, incoming, asking.forms.question(form, person, context.rules))


async def reply(
    asking: Asking[Any], context: Context, dialog: Dialog, subject: Any, incoming: Incoming,
    person: Person,
) -> None:  # fmt: skip
    """A reply to one of our messages about a subject belongs to it, whatever form is open.

    Raises Refusal when nothing can be added to it.
    """
    allowed = asking.may_do(person, subject, context.now, context.rules)
    action = next((a for a in asking.by_reply if a in allowed), None)
    if action is None:
        raise Refusal("refused_reply", about=subject.id)
    form = _begun(asking, context, subject, action, person)
    filled = asking.forms.fill(form, incoming, context.now, context.rules)
    await go_on(asking, context, filled, subject, person, incoming)
    context.tx.put_dialog(replace(await context.tx.dialog(person.id), form=dialog.form))


async def _let_go(
    asking: Asking[Any], context: Context, dialog: Dialog, subject: Any, refusal: Refusal,
    incoming: Incoming, person: Person,
) -> None:  # fmt: skip
    """The subject has moved on under the form: say so, show it as it is, ask no further."""
    assert dialog.form
    closed = replace(dialog, form=None)
    context.tx.put_dialog(closed)
    is_shown = asking.may_see(person, subject)
    said = refusal if is_shown else Refusal("refused_unknown")
    context.toast(incoming, "form_over")
    context.say(person.id, said.template, **await with_name(context, said.values))
    if is_shown:
        asking.show(context, subject, person)
    await asking.too_late(context, closed, dialog.form, incoming, person)


async def with_name(context: Context, values: Values) -> dict[str, Any]:
    """A refusal can name who has it in hand."""
    handler = values.get("handler")
    person = await context.tx.person(handler) if isinstance(handler, int) else None
    return {**values} | ({"name": person.name} if person else {})


async def go_on(
    asking: Asking[Any], context: Context, form: Form, subject: Any, person: Person,
    incoming: Incoming,
) -> None:  # fmt: skip
    """Ask for the next thing, or do it when nothing is missing."""
    dialog = await context.tx.dialog(person.id)
    context.toast(incoming)
    if form.need:
        await _ask(asking, context, dialog, form, subject, person)
        return
    album = incoming.album
    tail = Tail(album=album, ticket_id=subject.id, action=form.action) if album else None
    context.tx.put_dialog(replace(dialog, form=None, tail=tail))
    moved = await _do(asking, context, form, subject, person)
    context.toast(incoming, "done", action=form.action)
    if form.from_board:
        await asking.go_on(context, incoming, person, asking.action(form.action))
    else:
        had_form = dialog.form is not None or incoming.kind is not Kind.PRESS
        _report(asking, context, form, moved, person, had_form=had_form)


async def _ask(
    asking: Asking[Any], context: Context, dialog: Dialog, form: Form, subject: Any, person: Person
) -> None:
    """The next question, with what can be chosen; the first one says who else is at it."""
    context.tx.put_dialog(replace(dialog, form=replace(form, asked_at=context.now)))
    look_up = asking.choices.get(asking.forms.asked(form))
    choices = await look_up(context, form, subject) if look_up else ()
    asked = asking.forms.question(form, person, context.rules, choices)
    is_new = form.asked_at is None
    context.reply(await _shared(asking, context, asked, subject, person) if is_new else asked)


async def _do(
    asking: Asking[Any], context: Context, form: Form, subject: Any, person: Person
) -> Any:
    """The action with its answers, with all subjects that it was meant for."""
    action, answers = asking.action(form.action), await _given(asking, context, form, person)
    moved = await asking.perform(context, subject, action, person, answers)
    if form.others:
        await asking.with_others(context, form.others, action, person, answers)
    return moved


async def _shared(
    asking: Asking[Any], context: Context, asked: Notice, subject: Any, person: Person
) -> Notice:
    """A first question says who else is just writing about the subject."""
    if not asking.is_at_work(person, subject):
        return asked
    found = await people.writing_about(context.tx.conn, subject.id, context.now - WRITING)
    known = {**found, **{i: context.tx.work.dialogs[i] for i in context.tx.work.changed_dialogs}}
    at_it = [
        (p, dialog)
        for i, dialog in known.items()
        if i != person.id and (p := await context.tx.person(i)) and asking.is_at_work(p, subject)
    ]
    ahead = writer(at_it, subject.id, asking.at_home, context.now)
    if ahead is None:
        return asked
    said = {"asked": asked.template, "writer": ahead[0].name, "doing": ahead[1]}
    return replace(asked, template="writing", values={**asked.values, **said})


def _report(
    asking: Asking[Any], context: Context, form: Form, subject: Any, person: Person, *,
    had_form: bool,
) -> None:  # fmt: skip
    """The actor sees what came of it: after a form as a new card, after one tap on the old one."""
    if not asking.may_see(person, subject):  # it is somebody else's from now on
        if not context.has_answered(person):
            context.say(person.id, "done", action=form.action)
        return
    is_anew = had_form or form.action in asking.shown_anew
    if is_anew and not context.has_shown(subject, person):
        notice = Notice(
            to=person.id, template="done", values={"action": form.action},
            ticket_id=subject.id, is_card=True, priority=Priority.REPLY,
        )  # fmt: skip
        context.reply(notice)


async def _given(
    asking: Asking[Any], context: Context, form: Form, person: Person
) -> Answers:  # fmt: skip
    """The form's answers as the values an action takes."""
    found: dict[Need[Any], Any] = {}
    for need in asking.forms.needs.values():
        if need.name in form.answers:
            look_up, kept = asking.behind.get(need), form.kept(need)
            found[need] = await look_up(context, kept, person) if look_up else kept
    return Answers(found)


async def cancel(context: Context, person: Person) -> None:
    """Drop the form, else the petition in the making; say so."""
    dialog = await context.tx.dialog(person.id)
    context.tx.put_dialog(replace(dialog, form=None, draft=dialog.draft if dialog.form else None))
    if dialog.form or dialog.draft:
        context.say(person.id, "form_cancelled" if dialog.form else "intake_cancelled")
    else:
        context.say(person.id, "nothing_to_cancel")

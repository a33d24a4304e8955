"""An action and what it still needs: a button, the questions it brings, the answers.

What is a workflow's own about it, its `Asking` says.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.talk.dialogs import WRITING, Dialog, Tail, writer
from workflows.core.talk.forms import Form, cancelling, tap
from workflows.core.talk.messages import Incoming, Kind, Notice, Priority, Values
from workflows.core.talk.needs import CHILDREN, Answers, Children, Need
from workflows.desk import spawning, viewing
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.workflow import Workflow
from workflows.store import people


async def tap_action(
    workflow: Workflow, context: Context, incoming: Incoming, person: Person
) -> None:
    """A button of a card: done at once, or asked for the rest."""
    action, argument = incoming.tap.meant(workflow.flow.by_name), incoming.tap.at(0)
    subject = await context.tx.get(workflow.kept, incoming.tap.number)
    if subject is None or not workflow.readers.may_see(person, subject):
        raise Refusal("refused_unknown")
    form = _begun(workflow, context, subject, action, person)
    if argument and action in workflow.asking.on_card:
        tapped = _as_answer(incoming, form, argument)
        form = workflow.asking.forms.fill(form, tapped, context.now, context.rules)
    await go_on(workflow, context, form, subject, person, incoming)


def _begun(
    workflow: Workflow, context: Context, subject: Any, action: Any, person: Person
) -> Form:  # fmt: skip
    """An empty form. Raises Refusal when the action cannot be done now."""
    row = workflow.row(person, action, subject, context.now, context.rules)
    return workflow.asking.begin(subject, row, context.rules)


def _as_answer(incoming: Incoming, form: Form, argument: str) -> Incoming:
    """A rating tapped right on the card answers the form before it is asked."""
    return replace(incoming, tap=tap(form, argument, "").tap)


async def tap_form(
    workflow: Workflow, context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> None:
    """A button below a form's question, or its cancel."""
    assert dialog.form
    if incoming.tap == cancelling(dialog.form):
        context.toast(incoming)
        await cancel(context, person)
        return
    await answer(workflow, context, dialog, incoming, person)


async def answer(
    workflow: Workflow, context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> None:
    """One more answer of the open form; what was not understood is asked again."""
    was = dialog.form
    assert was
    subject = await context.tx.get(workflow.kept, was.ticket_id)
    if subject is None:
        raise Refusal("form_over")
    try:
        workflow.asking.forms.asked(was)
        workflow.row(person, workflow.action(was.action), subject, context.now, context.rules)
    except Refusal as refusal:
        await _let_go(workflow, context, dialog, subject, refusal, incoming, person)
        return
    form = _filled(workflow, context, was, incoming, person)
    if incoming.attachment and form.need == was.need and form != was:
        context.say_once(
            person.id, template="photo_kept"
        )  # it goes with the words, which come next
    if workflow.asking.forms.is_tick(was, incoming, context.rules):
        _redraw(workflow, context, dialog, form, incoming, person)
        return
    await go_on(workflow, context, form, subject, person, incoming)


def _filled(
    workflow: Workflow, context: Context, form: Form, incoming: Incoming, person: Person
) -> Form:
    """The form with the answer, or as it was when that was not understood, which is said."""
    try:
        return workflow.asking.forms.fill(form, incoming, context.now, context.rules)
    except Refusal as refusal:
        if refusal.template == "form_over":
            raise
        context.say(person.id, refusal.template, **refusal.values)
        return form


def _redraw(
    workflow: Workflow, context: Context, dialog: Dialog, form: Form, incoming: Incoming,
    person: Person,
) -> None:  # fmt: skip
    """One more tick: the list changes where it stands, nothing more is said."""
    context.tx.put_dialog(replace(dialog, form=replace(form, asked_at=context.now)))
    paging.answer(context, incoming, workflow.asking.forms.question(form, person, context.rules))


async def reply(
    workflow: Workflow, context: Context, dialog: Dialog, subject: Any, incoming: Incoming,
    person: Person,
) -> None:  # fmt: skip
    """A reply to one of our messages about a subject belongs to it, whatever form is open.

    Raises Refusal when nothing can be added to it.
    """
    allowed = workflow.actions(person, subject, context.now, context.rules)
    action = next((a for a in workflow.asking.by_reply if a in allowed), None)
    if action is None:
        raise Refusal("refused_reply", about=subject.id)
    form = _begun(workflow, context, subject, action, person)
    filled = workflow.asking.forms.fill(form, incoming, context.now, context.rules)
    await go_on(workflow, context, filled, subject, person, incoming)
    context.tx.put_dialog(replace(await context.tx.dialog(person.id), form=dialog.form))


async def leave(workflow: Workflow, context: Context, dialog: Dialog, person: Person) -> None:
    """Close the form, for he speaks of something else; the pictures that he sent one after the
    other are all there are, and go where they were meant to.
    """
    form = dialog.form
    context.tx.put_dialog(replace(dialog, form=None))
    with suppress(Refusal):  # it has moved on, or has no room for them any more
        if form and form.need and workflow.asking.forms.is_some(form):
            subject = await context.tx.get(workflow.kept, form.ticket_id)
            await _do(workflow, context, form.after(), subject, person)
            context.say(person.id, "done", action=form.action, kind=workflow.kind)


async def _let_go(
    workflow: Workflow, context: Context, dialog: Dialog, subject: Any, refusal: Refusal,
    incoming: Incoming, person: Person,
) -> None:  # fmt: skip
    """The subject has moved on under the form: say so, show it as it is, ask no further."""
    assert dialog.form
    closed = replace(dialog, form=None)
    context.tx.put_dialog(closed)
    is_shown = workflow.readers.may_see(person, subject)
    said = refusal if is_shown else Refusal("refused_unknown")
    context.toast(incoming, "form_over")
    context.say(person.id, said.template, **await with_name(context, said.values))
    if is_shown:
        viewing.show_card(context, subject, person)
    await workflow.asking.too_late(context, closed, dialog.form, incoming, person)


async def with_name(context: Context, values: Values) -> dict[str, Any]:
    """A refusal can name who has it in hand."""
    handler = values.get("handler")
    person = await context.tx.person(handler) if isinstance(handler, int) else None
    return {**values} | ({"name": person.name} if person else {})


async def go_on(
    workflow: Workflow, context: Context, form: Form, subject: Any, person: Person,
    incoming: Incoming,
) -> None:  # fmt: skip
    """Ask for the next thing, or do it when nothing is missing."""
    dialog = await context.tx.dialog(person.id)
    context.toast(incoming)
    if not form.need and await spawning.is_to_be_asked(context, subject, form, person):
        form = replace(form, needs=(CHILDREN.name,), asked_at=context.now)
    if form.need:
        await _ask(workflow, context, dialog, form, subject, person)
        return
    tail = Tail(album=incoming.album, ticket_id=subject.id, action=form.action, at=context.now)
    context.tx.put_dialog(replace(dialog, form=None, tail=tail))
    moved = await _do(workflow, context, form, subject, person)
    context.toast(incoming, "done", action=form.action, kind=workflow.kind)
    if form.from_board:
        await workflow.asking.go_on(context, incoming, person, workflow.action(form.action))
    else:
        had_form = dialog.form is not None or incoming.kind is not Kind.PRESS
        _report(workflow, context, form, moved, person, had_form=had_form)


async def _ask(
    workflow: Workflow, context: Context, dialog: Dialog, form: Form, subject: Any, person: Person
) -> None:
    """The next question, with what can be chosen; the first one says who else is at it."""
    context.tx.put_dialog(replace(dialog, form=replace(form, asked_at=context.now)))
    look_up = workflow.asking.choices.get(workflow.asking.forms.asked(form))
    choices = await look_up(context, form, subject) if look_up else ()
    asked = workflow.asking.forms.question(form, person, context.rules, choices)
    is_new = form.asked_at is None
    context.reply(await _shared(workflow, context, asked, subject, person) if is_new else asked)


async def _do(
    workflow: Workflow, context: Context, form: Form, subject: Any, person: Person
) -> Any:
    """The action with its answers, with all subjects that it was meant for."""
    action, answers = workflow.action(form.action), await _given(workflow, context, form, person)
    moved = await context.perform(subject, action, person, answers)
    if answers[CHILDREN] is Children.END:
        await spawning.call_off(context, moved, person, answers)
    if form.others:
        await workflow.asking.with_others(context, form.others, action, person, answers)
    return moved


async def _shared(
    workflow: Workflow, context: Context, asked: Notice, subject: Any, person: Person
) -> Notice:
    """A first question says who else is just writing about the subject."""
    if not workflow.readers.is_work(person, subject):
        return asked
    found = await context.tx.ask(people.writing_about, subject.id, context.now - WRITING)
    known = {**found, **{i: context.tx.work.dialogs[i] for i in context.tx.work.changed_dialogs}}
    at_it = [
        (p, dialog)
        for i, dialog in known.items()
        if i != person.id
        and (p := await context.tx.person(i))
        and workflow.readers.is_work(p, subject)
    ]
    ahead = writer(at_it, subject.id, workflow.asking.at_home, context.now)
    if ahead is None:
        return asked
    said = {"asked": asked.template, "writer": ahead[0].name, "doing": ahead[1]}
    return replace(asked, template="writing", values={**asked.values, **said})


def _report(
    workflow: Workflow, context: Context, form: Form, subject: Any, person: Person, *,
    had_form: bool,
) -> None:  # fmt: skip
    """The actor sees what came of it: after a form as a new card, after one tap on the old one."""
    if form.action in workflow.asking.quiet:
        return
    if not workflow.readers.may_see(person, subject):  # it is somebody else's from now on
        if not context.has_answered(person):
            context.say(person.id, "done", action=form.action, kind=workflow.kind)
        return
    is_anew = had_form or form.action in workflow.asking.shown_anew
    if is_anew and not context.has_shown(subject, person):
        notice = Notice(
            to=person.id, template="done", values={"action": form.action},
            ticket_id=subject.id, is_card=True, priority=Priority.REPLY,
        )  # fmt: skip
        context.reply(notice)


async def _given(
    workflow: Workflow, context: Context, form: Form, person: Person
) -> Answers:  # fmt: skip
    """The form's answers as the values an action takes."""
    found: dict[Need[Any], Any] = {}
    for need in workflow.asking.forms.known.values():
        if need.name in form.answers:
            look_up, kept = workflow.asking.behind.get(need), form.kept(need)
            found[need] = await look_up(context, kept, person) if look_up else kept
    return Answers(found)


async def cancel(context: Context, person: Person) -> bool:
    """Drop the form and say so; whether there was one."""
    dialog = await context.tx.dialog(person.id)
    if dialog.form is None:
        return False
    context.tx.put_dialog(replace(dialog, form=None))
    context.say(person.id, "form_cancelled")
    return True

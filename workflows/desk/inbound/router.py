"""Who comes in with what: each update goes to the room that answers it, or is kindly refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any

import structlog
from msgspec.structs import replace

from workflows.core.engine.subject import Subject
from workflows.core.errors import Refusal
from workflows.core.numbers import parse_number
from workflows.core.people import Person
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Incoming, Kind
from workflows.core.talk.needs import Need
from workflows.danger import danger
from workflows.desk import actions, attendance, glossary, guarding, viewing
from workflows.desk.context import Context
from workflows.desk.inbound import commands
from workflows.desk.lists import around, board, export, mine
from workflows.desk.parts import Room
from workflows.desk.people import absence, joining, leaving, members, roster, skills
from workflows.desk.privacy import audit, my_data
from workflows.desk.workflow import Workflow, Workflows, merged
from workflows.store.reading import UnreadableError

_NUMBER_LENGTHS = range(4, 10)
_HEARD_IN_GROUPS = {Kind.COMMAND, Kind.PRESS}  # what else is said there is nobody's business
_log = structlog.get_logger()


async def attend(context: Context, incoming: Incoming) -> None:
    """Handle one update. Raises Refusal, or whatever went wrong; nothing of it is kept then."""
    if incoming.kind is Kind.MIGRATED:
        await context.tx.rekey_chat(incoming.chat_id, incoming.other_chat)
    elif incoming.kind is Kind.BLOCKED:
        await context.tx.block(incoming.person_id)
        await leaving.lose(context, incoming.person_id)
    elif not incoming.person_id and incoming.kind is Kind.COMMAND:
        commands.anonymous(context, incoming)
    elif incoming.person_id and (incoming.is_private or incoming.kind in _HEARD_IN_GROUPS):
        person = await _known(context, incoming)
        await context.tx.unblock(person.id)
        await _talk(context, incoming, person)


async def _talk(context: Context, incoming: Incoming, person: Person) -> None:
    room = _KINDS.get(incoming.kind)
    if room and (incoming.is_private or incoming.kind in _HEARD_IN_GROUPS):
        await room(context, incoming, person)


async def _known(context: Context, incoming: Incoming) -> Person:
    """The person by the roster as it is now; somebody new is written down first."""
    person = await context.tx.known(incoming.person_id)
    if person is None:
        person = Person(id=incoming.person_id, name=incoming.name)
        context.tx.put_person(person)
    elif incoming.name and person.name != incoming.name:
        person = replace(person, name=incoming.name)
        context.tx.put_person(person)
    return person


async def _say(context: Context, incoming: Incoming, person: Person) -> None:
    """Words, files and positions belong to the first of CLAIMS that takes them."""
    dialog = await context.tx.dialog(person.id)
    if dialog.form and _is_over(context, dialog.form, incoming, person):
        await actions.leave(_workflow_of(context, dialog.form, person), context, dialog, person)
        dialog = await context.tx.dialog(person.id)
    for claim in CLAIMS:
        if await claim(context, dialog, incoming, person):
            return


def _is_over(context: Context, form: Form, incoming: Incoming, person: Person) -> bool:
    """Whether a form waits no more, or not for this: where somebody could be hurt, a resident's
    words answer no question of another workflow than the first, unless it asks for just that.
    """
    workflow, asked = _workflow_of(context, form, person), _asked(context, form, person)
    is_report = workflow is context.workflows.first or form.action in workflow.asking.reports
    is_others = not is_report and not person.is_staff
    is_worded = is_others and asked is not None and not asked.is_number
    if is_worded and danger.told(incoming.text, "", context.rules.danger):
        return True
    asking = workflow.asking
    return asking.forms.has_lapsed(form, context.now) or asking.leaves(form, incoming)


async def _tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button: its kind says whose it is. Raises ForgedError."""
    await incoming.tap.room(rooms(context.workflows))(context, incoming, person)


@cache
def rooms(workflows: Workflows) -> Mapping[str, Room]:
    """What is behind each kind of tap: the desk's own rooms, the workflows', and by a workflow's
    name what is to be done with a subject of it.
    """
    return merged([_TAPS, workflows.taps, {one.kind: _act for one in workflows}])


async def _act(context: Context, incoming: Incoming, person: Person) -> None:
    workflow = context.workflows.named(incoming.tap.kind)
    assert workflow
    await actions.tap_action(workflow, context, incoming, person)


async def _tap_form(context: Context, incoming: Incoming, person: Person) -> None:
    """A button below the question of an open form."""
    dialog = await context.tx.dialog(person.id)
    if dialog.form is None:
        raise Refusal("form_over")
    workflow = _workflow_of(context, dialog.form, person)
    await actions.tap_form(workflow, context, dialog, incoming, person)


def _workflow_of(context: Context, form: Form, person: Person) -> Workflow:
    """Whose a form is; one of an earlier version names none. Raises UnreadableError where only
    another version knows that workflow: what was said is kept.
    """
    workflow = context.workflows.named(form.kind) if form.kind else context.workflows.first
    if workflow is None:
        raise UnreadableError("dialog", person.id, f"a form of {form.kind[:16]!r}")
    return workflow


async def _answer(
    context: Context, dialog: Dialog, form: Form, incoming: Incoming, person: Person
) -> None:
    await actions.answer(_workflow_of(context, form, person), context, dialog, incoming, person)


def _asked(context: Context, form: Form, person: Person) -> Need[Any] | None:
    """What a form asks for; None where only another version knows it."""
    return _workflow_of(context, form, person).asking.forms.needs.get(form.need)


async def _command(context: Context, incoming: Incoming, person: Person) -> None:
    words = commands.words_of(context, incoming, person) if incoming.is_private else ""
    if words:
        await _say(context, replace(incoming, kind=Kind.TEXT, text=words), person)
        return
    handler = commands.command if incoming.is_private else commands.group_command
    await handler(context, incoming, person)


async def _share(context: Context, incoming: Incoming, person: Person) -> None:
    """A card with a number: one's own answers the question for it, and nothing else."""
    dialog = await context.tx.dialog(person.id)
    form = dialog.form
    asked = _asked(context, form, person) if form else None
    if form is None or asked is None or not asked.is_shared:
        await _help_once(context, incoming, person)
    elif incoming.text:
        await _answer(context, dialog, form, incoming, person)
    else:
        raise Refusal("form_other_contact")


async def _help_once(context: Context, _: Incoming, person: Person) -> None:
    """A sticker, a poll: nothing to be done with it, which is said once."""
    context.say_once(person.id, template="unsupported")


# to whom belongs what somebody says


async def _rest_of_album(
    context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> bool:
    """An album whose first picture was an answer: the others belong to the same action."""
    tail = dialog.tail
    if tail is None or not tail.album or tail.album != incoming.album or not incoming.attachment:
        return False
    context.tx.add_files(tail.ticket_id, (incoming.attachment,), tail.action, person.id)
    return True


async def _understood(
    context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> bool:  # fmt: skip
    """What a workflow knows for what it is, whatever is open."""
    return await guarding.claimed(
        context, person, lambda chat: chat.understands, context, dialog, incoming, person
    )


async def _to_form(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """The number that the open form asks for, and a reply to a message about its own ticket."""
    form = dialog.form
    if form is None or not (
        _is_asked(context, form, incoming, person) or await _is_about(context, form, incoming)
    ):
        return False
    await _answer(context, dialog, form, incoming, person)
    return True


def _is_asked(context: Context, form: Form, incoming: Incoming, person: Person) -> bool:
    asked = _asked(context, form, person)
    return asked is not None and asked.is_number and _is_number(incoming)


async def _is_about(context: Context, form: Form, incoming: Incoming) -> bool:
    subject = await _replied_to(context, incoming)
    return subject is not None and subject.id == form.ticket_id


async def _replied_to(context: Context, incoming: Incoming) -> Subject | None:
    """The subject of the message that this replies to."""
    if not incoming.reply_to or not (incoming.text or incoming.attachment):
        return None
    return await context.tx.subject_of_message(incoming.chat_id, incoming.reply_to)


async def _reply(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A reply belongs to the subject of the message, whatever form is open; where its workflow
    makes nothing of replies, it is said as anything else is.
    """
    subject = await _replied_to(context, incoming)
    if subject is None or not _may_see(context, person, subject):
        return False
    workflow = context.workflows.of(subject)
    if not workflow.asking.by_reply:
        return False
    await actions.reply(workflow, context, dialog, subject, incoming, person)
    return True


def _may_see(context: Context, person: Person, subject: Subject) -> bool:
    return context.workflows.of(subject).readers.may_see(person, subject)


def _is_number(incoming: Incoming) -> bool:
    text = incoming.text.strip()
    return text.isdecimal() and len(text) in _NUMBER_LENGTHS


async def _number(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A bare number shows its subject; a wrong one begins nothing, but may belong to something."""
    if not _is_number(incoming):
        return False
    number = parse_number(incoming.text.strip())
    subject = await context.tx.subject(number) if number else None
    if subject and _may_see(context, person, subject):
        viewing.show_card(context, subject, person)
        return True
    if dialog.draft is None and dialog.form is None:
        raise Refusal("refused_unknown")
    return False


async def _in_form(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """Whatever else is said while a form is open answers it."""
    if dialog.form is None:
        return False
    await _answer(context, dialog, dialog.form, incoming, person)
    return True


async def _going_on(
    context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> bool:  # fmt: skip
    """A conversation in the middle takes what is said."""
    return await guarding.claimed(
        context, person, lambda chat: chat.goes_on, context, dialog, incoming, person
    )


async def _heard(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """What a workflow knows as its own by the words."""
    return await guarding.claimed(
        context, person, lambda chat: chat.hears, context, dialog, incoming, person
    )


async def _begun(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """What nobody else claims begins the first workflow's conversation."""
    first = context.workflows.first
    if first.kind in context.aside:
        guarding.unclaimed(context)
    return await first.chat.begins(context, dialog, incoming, person)


async def _amend(context: Context, incoming: Incoming, person: Person) -> None:
    """An edited message: the first workflow to know it changes what is its own."""
    if await guarding.claimed(context, person, lambda chat: chat.amends, context, incoming, person):
        return
    guarding.unclaimed(context)
    roster.ask(context, person, "edit_too_late", ((mine.MINE,),))


_Claim = Callable[[Context, Dialog, Incoming, Person], Awaitable[bool]]
CLAIMS: tuple[_Claim, ...] = (
    _rest_of_album,
    absence.answer,
    attendance.coded,
    _understood,
    _to_form,
    _reply,
    _number,
    _in_form,
    _going_on,
    _heard,
    _begun,
)

_KINDS: dict[Kind, Room] = {
    Kind.TEXT: _say,
    Kind.MEDIA: _say,
    Kind.LOCATION: _say,
    Kind.PRESS: _tap,
    Kind.COMMAND: _command,
    Kind.EDIT: _amend,
    Kind.UNSUPPORTED: _help_once,
    Kind.CONTACT: _share,
}
_TAPS: dict[str, Room] = {
    "form": _tap_form,
    "view": viewing.tap,
    "roster": roster.tap,
    "board": board.tap,
    "mine": mine.tap,
    "home": around.tap,
    "export": export.tap,
    "privacy": my_data.tap,
    "absence": absence.tap,
    "joining": joining.tap,
    "skills": skills.tap,
    "member": members.tap,
    "audit": audit.tap,
    "glossary": glossary.tap,
    "attend": attendance.tap,
}

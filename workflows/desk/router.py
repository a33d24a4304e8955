"""Who comes in with what: each update goes to the room that answers it, or is kindly refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from msgspec.structs import replace

from workflows.core.dialogs import Dialog
from workflows.core.errors import HaitangError, Refusal
from workflows.core.forms import Form
from workflows.core.messages import Incoming, Kind, Notice, Priority
from workflows.core.needs import Need
from workflows.core.numbers import parse_number
from workflows.core.people import Person
from workflows.desk import actions, commands
from workflows.desk.asking import Asking
from workflows.desk.context import Context
from workflows.desk.lists import board, mine
from workflows.desk.people import absence, joining, members, roster, skills
from workflows.desk.privacy import audit, my_data
from workflows.petition import engine, service
from workflows.petition.actions import batch, deciding, viewing
from workflows.petition.asking import ASKING
from workflows.petition.intake import drafting
from workflows.petition.model import Ticket
from workflows.store.engine.conflicts import is_of_database
from workflows.store.reading import UnreadableError

_ASKINGS = {ASKING.forms.kind: ASKING, "": ASKING}  # what a form of before is about: the first
_NUMBER_LENGTHS = range(4, 10)
_HEARD_IN_GROUPS = {Kind.COMMAND, Kind.PRESS}  # what else is said there is nobody's business
_log = structlog.get_logger()


async def attend(context: Context, incoming: Incoming) -> None:
    """Handle one update. Raises Refusal, or whatever went wrong; nothing of it is kept then."""
    if incoming.kind is Kind.MIGRATED:
        await context.tx.rekey_chat(incoming.chat_id, incoming.other_chat)
    elif incoming.kind is Kind.BLOCKED:
        await context.tx.block(incoming.person_id)
        await service.lose(context, incoming.person_id)
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
    form = dialog.form
    if form and _asking(form).forms.has_lapsed(form, context.now):
        dialog = replace(dialog, form=None)
    for claim in CLAIMS:
        if await claim(context, dialog, incoming, person):
            return


async def _tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button: its kind says whose it is. Raises ForgedError."""
    await incoming.tap.room(_TAPS)(context, incoming, person)


async def act(context: Context, incoming: Incoming, person: Person) -> None:
    """A button of a card: something to be done with its subject."""
    await actions.tap_action(incoming.tap.room(_ASKINGS), context, incoming, person)


async def form_tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button below the question of an open form."""
    dialog = await context.tx.dialog(person.id)
    if dialog.form is None:
        raise Refusal("form_over")
    await actions.tap_form(_asking(dialog.form), context, dialog, incoming, person)


async def _answer(
    context: Context, dialog: Dialog, form: Form, incoming: Incoming, person: Person
) -> None:
    await actions.answer(_asking(form), context, dialog, incoming, person)


def _asked(form: Form) -> Need[Any] | None:
    """What a form asks for; None where only another version knows it."""
    return _asking(form).forms.needs.get(form.need)


def _asking(form: Form) -> Asking[Any]:
    """Whose form it is. Raises Refusal where only another version knows that workflow."""
    found = _ASKINGS.get(form.kind)
    if found is None:
        raise Refusal("form_over")
    return found


async def _command(context: Context, incoming: Incoming, person: Person) -> None:
    handler = commands.command if incoming.is_private else commands.group_command
    await handler(context, incoming, person)


async def _share(context: Context, incoming: Incoming, person: Person) -> None:
    """A card with a number: one's own answers the question for it, and nothing else."""
    dialog = await context.tx.dialog(person.id)
    form = dialog.form
    asked = _asked(form) if form else None
    if form is None or asked is None or not asked.is_shared:
        await _help_once(context, incoming, person)
    elif incoming.text:
        await _answer(context, dialog, form, incoming, person)
    else:
        raise Refusal("form_other_contact")


async def _help_once(context: Context, _: Incoming, person: Person) -> None:
    """A sticker, a poll: nothing to be done with it, which is said once."""
    context.say_once(person.id, template="unsupported")


async def refuse(context: Context, incoming: Incoming, refusal: Refusal) -> None:
    """A kind no: as a toast to a tap (the card is drawn again), as a message otherwise."""
    values = await actions.with_name(context, refusal.values)
    if incoming.kind is Kind.PRESS:
        context.toast(incoming, refusal.template, **values)
        await _redraw(context, incoming, values.get("about"))
    else:
        chat_id = incoming.chat_id if not incoming.is_private else incoming.person_id
        context.say(chat_id, refusal.template, **values)


async def _redraw(context: Context, incoming: Incoming, ticket_id: object) -> None:
    """An old button was pressed: show the card as it is now."""
    found = await context.tx.tickets([ticket_id]) if isinstance(ticket_id, int) else []
    for ticket in found if incoming.is_private else []:
        notice = Notice(
            to=incoming.chat_id, template="card", ticket_id=ticket.id,
            priority=Priority.REPLY, replaces=f"edit:{ticket.id}",
        )  # fmt: skip
        key = f"{context.key}:redraw"
        context.tx.owe(notice, incoming.chat_id, "edit", key, context.now)


async def apologise(context: Context, incoming: Incoming, error: BaseException) -> None:
    """Nothing of this update was written: keep it, say so, tell the admins."""
    _log.error("update_failed", update_id=incoming.update_id, error=type(error).__name__,
               exc_info=not (isinstance(error, HaitangError) or is_of_database(error)))  # fmt: skip
    context.tx.bury(incoming.update_id, incoming.person_id, repr(error), incoming)
    if isinstance(error, UnreadableError):
        _say_unreadable(context, incoming, error)
        return
    context.toast(incoming, "refused_forged")
    if isinstance(error, HaitangError):
        return
    if incoming.person_id:
        context.say(incoming.person_id, "apology")
    await context.alert("alert_failed", update_id=incoming.update_id, error=type(error).__name__)


def _say_unreadable(context: Context, incoming: Incoming, error: UnreadableError) -> None:
    """The admins hear of it by its number; whoever asked, that it is nothing he did."""
    context.toast(incoming, "unreadable")
    if not incoming.callback_id:
        context.say(incoming.person_id, "unreadable" if error.what == "ticket" else "apology")


# to whom belongs what somebody says


async def _rest_of_album(
    context: Context, dialog: Dialog, incoming: Incoming, person: Person
) -> bool:
    """An album whose first picture was an answer: the others belong to the same action."""
    tail = dialog.tail
    if tail is None or tail.album != incoming.album or not incoming.attachment:
        return False
    context.tx.add_files(tail.ticket_id, (incoming.attachment,), tail.action, person.id)
    return True


async def _to_form(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """The number that the open form asks for, and a reply to a message about its own ticket."""
    form = dialog.form
    if form is None or not (_is_asked(form, incoming) or await _is_about(context, form, incoming)):
        return False
    await _answer(context, dialog, form, incoming, person)
    return True


def _is_asked(form: Form, incoming: Incoming) -> bool:
    asked = _asked(form)
    return asked is not None and asked.is_number and _is_number(incoming)


async def _is_about(context: Context, form: Form, incoming: Incoming) -> bool:
    ticket = await _replied_to(context, incoming)
    return ticket is not None and ticket.id == form.ticket_id


async def _replied_to(context: Context, incoming: Incoming) -> Ticket | None:
    """The ticket of the message that this replies to."""
    if not incoming.reply_to or not (incoming.text or incoming.attachment):
        return None
    return await context.tx.ticket_of_message(incoming.chat_id, incoming.reply_to)


async def _reply(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A reply belongs to the ticket of the message, whatever form is open."""
    ticket = await _replied_to(context, incoming)
    if ticket is None or not engine.may_see(person, ticket):
        return False
    await actions.reply(ASKING, context, dialog, ticket, incoming, person)
    return True


def _is_number(incoming: Incoming) -> bool:
    text = incoming.text.strip()
    return text.isdecimal() and len(text) in _NUMBER_LENGTHS


async def _number(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A bare ticket number shows the ticket; a wrong one is no petition, but may belong to one."""
    if not _is_number(incoming):
        return False
    ticket_id = parse_number(incoming.text.strip())
    ticket = await context.tx.ticket(ticket_id) if ticket_id else None
    if ticket and engine.may_see(person, ticket):
        viewing.show_ticket(context, ticket, person)
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


async def _in_draft(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A petition in the making takes what is said."""
    return dialog.draft is not None and await _begun(context, dialog, incoming, person)


async def _begun(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """What nobody else claims begins a petition."""
    await drafting.converse(context, dialog, incoming, person)
    return True


_Claim = Callable[[Context, Dialog, Incoming, Person], Awaitable[bool]]
_HEARD: tuple[_Claim, ...] = ()  # what a further workflow knows as its own by the words
CLAIMS: tuple[_Claim, ...] = (
    _rest_of_album,
    absence.answer,
    _to_form,
    _reply,
    _number,
    _in_form,
    _in_draft,
    *_HEARD,
    _begun,
)

_Room = Callable[[Context, Incoming, Person], Awaitable[None]]
_KINDS: dict[Kind, _Room] = {
    Kind.TEXT: _say,
    Kind.MEDIA: _say,
    Kind.LOCATION: _say,
    Kind.PRESS: _tap,
    Kind.COMMAND: _command,
    Kind.EDIT: drafting.amend,
    Kind.UNSUPPORTED: _help_once,
    Kind.CONTACT: _share,
}
_TAPS: dict[str, _Room] = {
    "draft": drafting.tap,
    "petition": act,
    "form": form_tap,
    "view": viewing.tap,
    "roster": roster.tap,
    "board": board.tap,
    "decision": deciding.tap,
    "mine": mine.tap,
    "privacy": my_data.tap,
    "absence": absence.tap,
    "joining": joining.tap,
    "skills": skills.tap,
    "member": members.tap,
    "audit": audit.tap,
    "alike": batch.tap,
}

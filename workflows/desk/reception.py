"""Who comes in with what: each update goes to the room that answers it, or is kindly refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from msgspec.structs import replace

from workflows import form as forms
from workflows import lifecycle
from workflows.desk import (
    absence,
    acting,
    asking,
    audit,
    batch,
    board,
    commands,
    deciding,
    drafting,
    joining,
    members,
    mine,
    rights,
    roster,
    skills,
    viewing,
)
from workflows.desk.case import Case
from workflows.dialog import Dialog
from workflows.form import Form
from workflows.model import (
    HaitangError,
    Incoming,
    Kind,
    Notice,
    Person,
    Priority,
    Refusal,
    Ticket,
)
from workflows.number import hear
from workflows.store.conflicts import is_of_database
from workflows.store.reading import UnreadableError
from workflows.ticket import Need

_NUMBER_LENGTHS = range(4, 10)
_HEARD_IN_GROUPS = {Kind.COMMAND, Kind.PRESS}  # what else is said there is nobody's business
_log = structlog.get_logger()


async def attend(case: Case, incoming: Incoming) -> None:
    """Handle one update. Raises Refusal, or whatever went wrong; nothing of it is kept then."""
    if incoming.kind is Kind.MIGRATED:
        await case.tx.rekey_chat(incoming.chat_id, incoming.other_chat)
    elif incoming.kind is Kind.BLOCKED:
        await case.tx.block(incoming.person_id)
        await acting.lose(case, incoming.person_id)
    elif incoming.person_id and (incoming.is_private or incoming.kind in _HEARD_IN_GROUPS):
        person = await _known(case, incoming)
        await case.tx.unblock(person.id)
        await _talk(case, incoming, person)


async def _talk(case: Case, incoming: Incoming, person: Person) -> None:
    room = _KINDS.get(incoming.kind)
    if room and (incoming.is_private or incoming.kind in _HEARD_IN_GROUPS):
        await room(case, incoming, person)


async def _known(case: Case, incoming: Incoming) -> Person:
    """The person by the roster as it is now; somebody new is written down first."""
    person = await case.tx.known(incoming.person_id)
    if person is None:
        person = Person(id=incoming.person_id, name=incoming.name)
        case.tx.put_person(person)
    elif incoming.name and person.name != incoming.name:
        person = replace(person, name=incoming.name)
        case.tx.put_person(person)
    return person


async def _say(case: Case, incoming: Incoming, person: Person) -> None:
    """Words, files and positions belong to the first of CLAIMS that takes them."""
    dialog = await case.tx.dialog(person.id)
    if dialog.form and forms.has_lapsed(dialog.form, case.now):
        dialog = replace(dialog, form=None)
    for claim in CLAIMS:
        if await claim(case, dialog, incoming, person):
            return


async def _tap(case: Case, incoming: Incoming, person: Person) -> None:
    """A button: its kind says whose it is. Raises ForgedError."""
    await incoming.tap.room(_TAPS)(case, incoming, person)


async def _command(case: Case, incoming: Incoming, person: Person) -> None:
    handler = commands.command if incoming.is_private else commands.group_command
    await handler(case, incoming, person)


async def _share(case: Case, incoming: Incoming, person: Person) -> None:
    """A card with a number: one's own answers the question for it, and nothing else."""
    dialog = await case.tx.dialog(person.id)
    if dialog.form is None or dialog.form.need is not Need.CONTACT:
        await _help_once(case, incoming, person)
    elif incoming.text:
        await asking.answer(case, dialog, incoming, person)
    else:
        raise Refusal("form_other_contact")


async def _help_once(case: Case, _: Incoming, person: Person) -> None:
    """A sticker, a poll: nothing to be done with it, which is said once."""
    case.say_once(person.id, template="unsupported")


async def refuse(case: Case, incoming: Incoming, refusal: Refusal) -> None:
    """A kind no: as a toast to a tap (the card is drawn again), as a message otherwise."""
    values = await asking.with_name(case, refusal.values)
    if incoming.kind is Kind.PRESS:
        case.toast(incoming, refusal.template, **values)
        await _redraw(case, incoming, values.get("about"))
    else:
        chat_id = incoming.chat_id if not incoming.is_private else incoming.person_id
        case.say(chat_id, refusal.template, **values)


async def _redraw(case: Case, incoming: Incoming, ticket_id: object) -> None:
    """An old button was pressed: show the card as it is now."""
    found = await case.tx.tickets([ticket_id]) if isinstance(ticket_id, int) else []
    for ticket in found if incoming.is_private else []:
        notice = Notice(
            to=incoming.chat_id, template="card", ticket_id=ticket.id,
            priority=Priority.REPLY, replaces=f"edit:{ticket.id}",
        )  # fmt: skip
        key = f"{case.key}:redraw"
        case.tx.owe(notice, incoming.chat_id, "edit", key, case.now)


async def apologise(case: Case, incoming: Incoming, error: BaseException) -> None:
    """Nothing of this update was written: keep it, say so, tell the admins."""
    _log.error("update_failed", update_id=incoming.update_id, error=type(error).__name__,
               exc_info=not (isinstance(error, HaitangError) or is_of_database(error)))  # fmt: skip
    case.tx.bury(incoming.update_id, incoming.person_id, repr(error), incoming)
    if isinstance(error, UnreadableError):
        _say_unreadable(case, incoming, error)
        return
    case.toast(incoming, "refused_forged")
    if isinstance(error, HaitangError):
        return
    if incoming.person_id:
        case.say(incoming.person_id, "apology")
    await case.alert("alert_failed", update_id=incoming.update_id, error=type(error).__name__)


def _say_unreadable(case: Case, incoming: Incoming, error: UnreadableError) -> None:
    """The admins hear of it by its number; whoever asked, that it is nothing he did."""
    case.toast(incoming, "unreadable")
    if not incoming.callback_id:
        case.say(incoming.person_id, "unreadable" if error.what == "ticket" else "apology")


# to whom belongs what somebody says


async def _rest_of_album(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """An album whose first picture was an answer: the others belong to the same action."""
    tail = dialog.tail
    if tail is None or tail.album != incoming.album or not incoming.attachment:
        return False
    case.tx.add_files(tail.ticket_id, (incoming.attachment,), tail.action, person.id)
    return True


async def _to_form(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """The number that the open form asks for, and a reply to a message about its own ticket."""
    form = dialog.form
    if form is None or not (_is_asked(form, incoming) or await _is_about(case, form, incoming)):
        return False
    await asking.answer(case, dialog, incoming, person)
    return True


def _is_asked(form: Form, incoming: Incoming) -> bool:
    return form.need in {Need.INTO, Need.TO} and _is_number(incoming)


async def _is_about(case: Case, form: Form, incoming: Incoming) -> bool:
    ticket = await _replied_to(case, incoming)
    return ticket is not None and ticket.id == form.ticket_id


async def _replied_to(case: Case, incoming: Incoming) -> Ticket | None:
    """The ticket of the message that this replies to."""
    if not incoming.reply_to or not (incoming.text or incoming.attachment):
        return None
    return await case.tx.ticket_of_message(incoming.chat_id, incoming.reply_to)


async def _reply(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A reply belongs to the ticket of the message, whatever form is open."""
    ticket = await _replied_to(case, incoming)
    if ticket is None or not lifecycle.may_see(person, ticket):
        return False
    await asking.reply(case, dialog, ticket, incoming, person)
    return True


def _is_number(incoming: Incoming) -> bool:
    text = incoming.text.strip()
    return text.isdecimal() and len(text) in _NUMBER_LENGTHS


async def _number(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A bare ticket number shows the ticket; a wrong one is no petition, but may belong to one."""
    if not _is_number(incoming):
        return False
    ticket_id = hear(incoming.text.strip())
    ticket = await case.tx.ticket(ticket_id) if ticket_id else None
    if ticket and lifecycle.may_see(person, ticket):
        viewing.show_ticket(case, ticket, person)
        return True
    if dialog.draft is None and dialog.form is None:
        raise Refusal("refused_unknown")
    return False


async def _in_form(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """Whatever else is said while a form is open answers it."""
    if dialog.form is None:
        return False
    await asking.answer(case, dialog, incoming, person)
    return True


async def _in_draft(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A petition in the making takes what is said."""
    return dialog.draft is not None and await _begun(case, dialog, incoming, person)


async def _begun(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """What nobody else claims begins a petition."""
    await drafting.converse(case, dialog, incoming, person)
    return True


_Claim = Callable[[Case, Dialog, Incoming, Person], Awaitable[bool]]
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

_Room = Callable[[Case, Incoming, Person], Awaitable[None]]
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
    "petition": asking.tap_action,
    "form": asking.tap_form,
    "view": viewing.tap,
    "roster": roster.tap,
    "board": board.tap,
    "decision": deciding.tap,
    "mine": mine.tap,
    "privacy": rights.tap,
    "absence": absence.tap,
    "joining": joining.tap,
    "skills": skills.tap,
    "member": members.tap,
    "audit": audit.tap,
    "alike": batch.tap,
}

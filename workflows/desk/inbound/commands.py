"""The commands of the private chat, and in a group /bind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from workflows.core.people import Person
from workflows.core.talk.messages import Incoming
from workflows.desk import actions, guarding, viewing
from workflows.desk.context import Context
from workflows.desk.inbound import groups
from workflows.desk.lists import board, export, mine, search
from workflows.desk.people import absence, joining, roster
from workflows.desk.privacy import audit, my_data


async def command(context: Context, incoming: Incoming, person: Person) -> None:
    """A command in private; an unknown one is answered with help."""
    offered = context.workflows.offered(person, context.rules).commands
    room = _PRIVATE.get(incoming.command) or offered.get(incoming.command)
    await (room or _help)(context, incoming, person)


_WORDS = 5  # characters of what is said and no mistyped command


def words_of(context: Context, incoming: Incoming, person: Person) -> str:
    """What somebody says behind a command that there is not; "" of all others.

    "/投诉 3号楼漏水" says that 3号楼 leaks; "/3号楼漏水" says it, too.
    """
    name, text = incoming.command, incoming.text
    if name in _PRIVATE or name in context.workflows.offered(person, context.rules).commands:
        return ""
    return text or ("" if name.isascii() or len(name) < _WORDS else name)


async def group_command(context: Context, incoming: Incoming, person: Person) -> None:
    """In a group only its binding; everything else leads to the private chat."""
    handler = _GROUP.get(incoming.command)
    if handler:
        await handler(context, incoming, person)
    else:
        context.say(incoming.chat_id, "group_go_private")


async def _start(context: Context, incoming: Incoming, person: Person) -> None:
    """A link brought this person here: an invitation, something of a workflow's, or nothing."""
    kind, _, code = incoming.text.strip().partition("_")
    if kind == "iv" and code:
        await roster.join(context, person, code)
        return
    links = context.workflows.offered(person, context.rules).links
    link = links.get(kind) if code else None
    if link is None or not await link(context, incoming, person, code):
        await welcome(context, person)


async def welcome(context: Context, person: Person, station: str = "") -> None:
    """Greet somebody; what he says next answers nothing older."""
    dialog = await context.tx.dialog(person.id)
    context.tx.put_dialog(replace(dialog, form=None, leave=None))
    context.say(person.id, "welcome_staff" if person.is_staff else "welcome", station=station)
    if person.is_staff:
        context.menu(person)


async def _help(context: Context, _: Incoming, person: Person) -> None:
    roles = sorted({m.role.value for m in person.memberships})
    if roles:
        context.say(person.id, "help_staff", roles=roles)
    else:
        roster.ask(context, person, "help", ((joining.WISH,),))


async def _find(context: Context, incoming: Incoming, person: Person) -> None:
    await search.find(context, person, incoming.text)


async def _ticket(context: Context, incoming: Incoming, person: Person) -> None:
    await viewing.show_number(context, person, incoming.text)


async def _cancel(context: Context, _: Incoming, person: Person) -> None:
    if await absence.cancel(context, person) or await actions.cancel(context, person):
        return
    if await guarding.claimed(context, person, lambda chat: chat.cancels, context, person):
        return
    guarding.unclaimed(context)
    context.say(person.id, "nothing_to_cancel")


async def _invite(context: Context, _: Incoming, person: Person) -> None:
    await roster.offer_roles(context, person)


_Handler = Callable[[Context, Incoming, Person], Awaitable[None]]
_PRIVATE: dict[str, _Handler] = {
    "start": _start,
    "help": _help,
    "mine": mine.show,
    "t": _ticket,
    "find": _find,
    "board": board.show,
    "export": export.export,
    "cancel": _cancel,
    "mydata": my_data.mydata,
    "forget": my_data.forget,
    "duty": absence.show,
    "roster": roster.show,
    "invite": _invite,
    "join": joining.begin,
    "audit": audit.show,
}
_GROUP: dict[str, _Handler] = {"bind": groups.bind, "unbind": groups.unbind}

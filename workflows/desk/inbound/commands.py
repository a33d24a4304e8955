"""The commands of the private chat, and in a group /bind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from workflows.core.people import Person
from workflows.core.talk.messages import Incoming
from workflows.desk import actions, attendance, glossary, guarding, viewing
from workflows.desk.context import Context
from workflows.desk.inbound import groups
from workflows.desk.lists import around, board, export, mine, search
from workflows.desk.people import absence, joining, roster
from workflows.desk.privacy import audit, my_data


async def command(context: Context, incoming: Incoming, person: Person) -> None:
    """A command in private; an unknown one is answered with help."""
    offered = context.workflows.offered(person, context.rules).commands
    room = _PRIVATE.get(incoming.command) or offered.get(incoming.command)
    await (room or _help)(context, incoming, person)


_ALONE = frozenset({"start", "help"})  # they take no words of residents: these are said
_WORDS = 5  # characters of what is said and no mistyped command


def words_of(context: Context, incoming: Incoming, person: Person) -> str:
    """What somebody says behind a command that there is not; "" of all others.

    "/投诉 3号楼漏水" says that 3号楼 leaks; "/3号楼漏水" says it, too.
    """
    name, text = incoming.command, incoming.text
    if name in _ALONE and not text.isascii():  # no link's code, either
        return "" if glossary.is_asked(incoming, person) else text
    if name in _PRIVATE or name in context.workflows.offered(person, context.rules).commands:
        return ""
    return text or ("" if name.isascii() or len(name) < _WORDS else name)


async def group_command(context: Context, incoming: Incoming, person: Person) -> None:
    """In a group only its binding; everything else of ours leads to the private chat. Bots share a
    group: what we do not know and what does not name us is another's.
    """
    handler = _GROUP.get(incoming.command)
    offered = context.workflows.offered(person, context.rules).commands
    if handler:
        await handler(context, incoming, person)
    elif incoming.is_for_us or incoming.command in {*_PRIVATE, *offered}:
        context.say_there(incoming, "group_go_private")


def anonymous(context: Context, incoming: Incoming) -> None:
    """An admin who speaks as the group cannot be known by the roster: he hears what to do."""
    if incoming.command in _GROUP:
        context.say_there(incoming, "refused_anonymous", command=incoming.command)


async def _start(context: Context, incoming: Incoming, person: Person) -> None:
    """A link brought this person here: an invitation, something of a workflow's, or nothing."""
    kind, _, code = incoming.text.strip().partition("_")
    if kind == "iv" and code:
        await roster.join(context, person, code)
        return
    if kind == "at" and code and await attendance.link(context, incoming, person, code):
        return
    links = context.workflows.offered(person, context.rules).links
    link = links.get(kind) if code else None
    if link is None or not await link(context, incoming, person, code):
        await welcome(context, person)


async def welcome(context: Context, person: Person, station: str = "", place: str = "") -> None:
    """Greet somebody; what he says next answers nothing older."""
    dialog = await context.tx.dialog(person.id)
    context.tx.put_dialog(replace(dialog, form=None, leave=None))
    if not person.is_staff:
        roster.ask(
            context, person, "welcome", around.doors(context, person), station=station, place=place
        )
        return
    glossary.welcome(context, person, "welcome_staff", station=station)
    context.menu(person)


async def _help(context: Context, incoming: Incoming, person: Person) -> None:
    """How it is used; for the staff a word behind it asks what that word means."""
    roles = sorted({m.role.value for m in person.memberships})
    if glossary.is_asked(incoming, person):
        context.say(person.id, "glossary", asked=incoming.text.strip())
    elif roles:
        rooms = [one.kind for one in context.workflows.offered(person, context.rules)]
        glossary.welcome(context, person, "help_staff", roles=roles, rooms=rooms)
    else:
        roster.ask(context, person, "help", ((mine.MINE,), my_data.RIGHTS, (joining.WISH,)))


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
    roster.ask(context, person, "nothing_to_cancel", ((mine.MINE,),))


async def _invite(context: Context, _: Incoming, person: Person) -> None:
    await roster.offer_roles(context, person)


_Handler = Callable[[Context, Incoming, Person], Awaitable[None]]
_PRIVATE: dict[str, _Handler] = {
    "start": _start,
    "help": _help,
    "mine": mine.show,
    "around": around.show,
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

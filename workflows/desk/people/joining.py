"""Asking to help: somebody says where, who leads there agrees or not, the first one decides."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.people import Membership, Person, Role
from workflows.core.places import Places, covers, place_key
from workflows.core.talk.messages import Button, Incoming, Notice, Priority, To, in_rows
from workflows.core.talk.tap import Tap
from workflows.desk import glossary
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.outbound import audience
from workflows.desk.people import arriving, roster
from workflows.desk.people.place_picker import buttons, narrow, taps
from workflows.store.roster import applications
from workflows.store.roster.applications import Application

_KIND = "joining"  # of its taps
_AT = Tap(kind=_KIND, verb="at")
WISH = Button(tap=_AT, label="join.wish")
_ROLE = Role.PIONEER


async def begin(context: Context, _: Incoming, person: Person) -> None:
    """/join: first question, or what became of the wish that waits."""
    known = await context.tx.ask(applications.waiting, person.id)
    if known:
        drop = ((Button(tap=Tap(kind=_KIND, verb="drop"), label="join.drop"),),)
        roster.ask(context, person, "join_waiting", drop, place=known.wanted.place)
        return
    _ask_where(context, person, "", "")


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button: to say where, to take the wish back, to agree or not."""
    await incoming.tap.meant(_VERBS)(context, incoming, person)


# asking


async def _choose(context: Context, incoming: Incoming, person: Person) -> None:
    """The place's key, and whether that is sure."""
    context.toast(incoming)
    key, sure = incoming.tap.at(0), incoming.tap.at(1)
    if key:
        await _apply(context, person, key, sure)
    else:
        await begin(context, incoming, person)


def _ask_where(context: Context, person: Person, key: str, sure: str) -> str:
    """The place that was chosen, or "" and the next question: community, grid, building."""
    places = context.rules.places
    communities = [p.path for p in places.inside("", 2)]
    community = next((c for c in communities if place_key(c) == key), "")
    if not key and len(communities) > 1:
        options = in_rows(buttons(communities, _AT), 2)
    elif not key or community:
        options = in_rows(buttons(_grids(places, community), _AT), 2)
    else:
        chosen, left = narrow(_inside(places, key), key, sure)
        if not left:
            return chosen
        options = taps(_AT, chosen, left)
    roster.ask(context, person, "join_where", options)
    return ""


def _grids(places: Places, path: str) -> list[str]:
    return [p.path for p in places.inside(path, 3)]


def _inside(places: Places, key: str) -> list[str]:
    """The grid that a key names, or that has the building it names, with all its buildings."""
    for grid in _grids(places, ""):
        found = [grid, *(p.path for p in places.inside(grid, 4))]
        if any(place_key(path) == key for path in found):
            return found
    raise Refusal("form_tap_a_place")


async def _apply(context: Context, person: Person, key: str, sure: str) -> None:
    """Keep the wish and ask who may grant it: the grid's lead, else the committee."""
    if await context.tx.ask(applications.waiting, person.id):
        raise Refusal("refused_waiting")
    place = _ask_where(context, person, key, sure)
    if not place:
        return
    if any(m.role is _ROLE and covers(m.place, place) for m in person.memberships):
        raise Refusal("refused_joined")
    wanted = Membership(role=_ROLE, place=place)
    number = await context.tx.do(applications.ask, person.id, wanted, context.tx.now)
    context.say(person.id, "join_sent", place=place)
    for chat_id in await audience.superiors(context.tx, place, To.LEAD, context.now):
        context.push(_card(chat_id, number, person, place))


def _card(chat_id: int, number: int, person: Person, place: str) -> Notice:
    buttons = (_answer(number, "yes"), _answer(number, "no"))
    values = {"name": person.name, "place": place}
    return Notice(to=chat_id, template="join_asked", values=values, buttons=(buttons,))


def _answer(number: int, verb: str) -> Button:
    return Button(tap=Tap(kind=_KIND, subject=number, verb=verb), label=f"join.{verb}")


async def _take_back(context: Context, incoming: Incoming, person: Person) -> None:
    known = await context.tx.ask(applications.waiting, person.id)
    if known is None:
        raise Refusal("form_over")
    await context.tx.do(applications.decide, known.id, person.id, context.tx.now, is_granted=False)
    context.toast(incoming)
    context.say(person.id, "form_cancelled")


# deciding


async def _decide(context: Context, incoming: Incoming, person: Person) -> None:
    """Agree or not; of two at once the first, and the other hears who that was."""
    number, is_granted = incoming.tap.number, incoming.tap.verb == "yes"
    wish = await context.tx.ask(applications.get, number)
    if wish is None or not roster.may_manage(person, wish.wanted.role, wish.wanted.place):
        raise Refusal("refused_unknown")
    if not await context.tx.do(
        applications.decide, number, person.id, context.tx.now, is_granted=is_granted
    ):
        decided = await context.tx.ask(applications.get, number) or wish
        raise Refusal("refused_decided", **await _decision(context, decided))
    applicant = await context.tx.known(wish.person_id) or Person(id=wish.person_id, name="")
    said = {"role": wish.wanted.role.value, "place": wish.wanted.place}
    if is_granted:
        joined = await context.tx.grant(applicant, wish.wanted, person.id)
        context.menu(joined)
        glossary.welcome(context, applicant, "joined", **said)
        await arriving.greet(context, joined, wish.wanted)
    else:
        context.say(applicant.id, "join_refused", **said)
    values = {"name": applicant.name, "place": wish.wanted.place, "is_granted": is_granted}
    notice = Notice(to=person.id, template="join_decided", values=values, priority=Priority.REPLY)
    paging.answer(context, incoming, notice)


async def _decision(context: Context, wish: Application) -> dict[str, object]:
    """Who decided; whoever took his wish back himself is nobody in particular."""
    is_taken_back = wish.decided_by == wish.person_id
    by = await context.tx.person(wish.decided_by) if wish.decided_by and not is_taken_back else None
    return {"name": by.name if by else "", "is_granted": bool(wish.is_granted)}


_VERBS = {"at": _choose, "drop": _take_back, "yes": _decide, "no": _decide}

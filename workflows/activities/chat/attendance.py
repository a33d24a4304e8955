"""Who is there: the list that is ticked; the codes that are shown, and typed or opened."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from workflows.activities.model import CAME, ITEMS, WENT, Activity
from workflows.activities.needs import MODE, MORE, SEEN, WHOM
from workflows.activities.relations import HANDS, relations
from workflows.activities.stages import CODE, MY_CODE
from workflows.activities.store import queries
from workflows.activities.store.kept import ACTIVITIES
from workflows.activities.words import Action
from workflows.core.errors import Refusal
from workflows.core.kernels import presence
from workflows.core.kernels.presence import OldCodeError, WrongCodeError
from workflows.core.people import Person
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Kind, Notice, Priority
from workflows.core.talk.needs import Answers
from workflows.core.talk.tap import Tap
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.store import Tx
from workflows.store.kernels import presences

ATTEND = "attend"  # the kind of its taps
_AWAY = "away"  # as what somebody is taken off the list
_CODE = re.compile(r"[0-9]{4} ?[0-9]{4}")
_STEPS = (1, 5, -1)  # of people whom nobody knows


def button(activity: Activity, verb: str, *args: object, label: str = "", **said: object) -> Button:
    """A button of the list, or of a code."""
    tap = Tap(kind=ATTEND, subject=activity.id, verb=verb, args=tuple(map(str, args)))
    return Button(tap=tap, label=f"attend.{label or verb}", values=said)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Such a button. Raises Refusal."""
    activity = await context.tx.get(ACTIVITIES, incoming.tap.number)
    if activity is None:
        raise Refusal("refused_unknown")
    notice = await incoming.tap.meant(_VERBS)(context, incoming, person, activity)
    if incoming.tap.args:  # it was tapped there; else on a card, which stays
        paging.answer(context, incoming, notice)
    else:
        context.toast(incoming)
        context.reply(notice)


# the list


async def _mark(
    context: Context, incoming: Incoming, person: Person, activity: Activity
) -> Notice:  # fmt: skip
    """What the button said when it was tapped, whoever tapped before; without a name, the list."""
    mode, whom, more = incoming.tap.at(1), incoming.tap.at(2), incoming.tap.at(3)
    if more:
        given = Answers({MODE: mode, WHOM: int(whom), MORE: int(more)})
        activity = await context.perform(activity, Action.MARK, person, given)
    elif whom:
        activity = await context.perform(
            activity, Action.EXCUSE, person, Answers({WHOM: int(whom)})
        )
    return await _list(context, person, activity, mode, incoming.tap.at(0))


async def _list(
    context: Context, person: Person, activity: Activity, mode: str, asked: str
) -> Notice:
    """Who came, who was given something, who cannot come. Raises Refusal."""
    modes = (CAME, *ITEMS[: len(activity.items)], _AWAY) if activity.stage.counts else (_AWAY,)
    mode = mode if mode in modes else modes[0]
    if not relations(person, activity) & HANDS:
        raise Refusal("refused_unknown")
    everybody = list(dict.fromkeys((*activity.signed, *activity.came)))
    page = paging.page_of(len(everybody), asked)
    shown = everybody[page * paging.PAGE :][: paging.PAGE]
    rows = [(await _line(context, activity, page, mode, one),) for one in shown]
    turns = Tap(kind=ATTEND, subject=activity.id, verb=Action.MARK, args=("0", mode))
    loose = tuple(
        button(activity, Action.MARK, page, mode, 0, n, label="more", many=f"{n:+}")
        for n in _STEPS if mode != _AWAY
    )  # fmt: skip
    return Notice(
        to=person.id, template="activity_list", priority=Priority.REPLY,
        values={"about": activity.id, "mode": mode, "came": activity.people,
                "helpers": sum(activity.is_helper(i) for i in activity.came),
                "items": _items(activity)},
        buttons=(tuple(_tab(activity, one) for one in modes), *rows, *((loose,) if loose else ()),
                 *paging.turns(turns, page, len(everybody))),
    )  # fmt: skip


async def _line(context: Context, activity: Activity, page: int, mode: str, whom: int) -> Button:
    claim, is_on = activity.claim_of(whom), activity.seen(whom, mode) is not None
    said = {
        "name": await name_of(context.tx, activity, whom), "size": claim.size if claim else 1,
        "as": "helper" if activity.is_helper(whom) else "guest",
    }  # fmt: skip
    if mode == _AWAY:
        return button(activity, Action.MARK, page, mode, whom, label="off", **said)
    more, label = (-1, "on") if is_on else (1, "open")
    return button(activity, Action.MARK, page, mode, whom, more, label=label, **said)


async def name_of(tx: Tx, activity: Activity, whom: int) -> str:
    """Somebody on the list: his name here, or as it stands on paper."""
    if whom < 0:
        return activity.paper[-whom - 1][:20] if -whom <= len(activity.paper) else ""
    person = await tx.person(whom)
    return person.name[:20] if person else ""


def _tab(activity: Activity, mode: str) -> Button:
    what = activity.items[ITEMS.index(mode)].text[:8] if mode in ITEMS else ""
    label = "item" if what else f"mode_{mode or 'came'}"
    return button(activity, Action.MARK, 0, mode, label=label, what=what)


def _items(activity: Activity) -> list[dict[str, object]]:
    pairs = zip(activity.items, activity.given, strict=True)
    return [{"what": one.text, "given": given, "total": one.total} for one, given in pairs]


# the codes


async def _code(
    context: Context, incoming: Incoming, person: Person, activity: Activity
) -> Notice:  # fmt: skip
    """The code that all type who are there, shown by who runs it; his own, shown to a helper."""
    which, is_his = incoming.tap.verb, incoming.tap.verb == MY_CODE
    if not activity.stage.counts or not (is_his or relations(person, activity) & HANDS):
        raise Refusal("refused_unknown")
    key = await context.tx.do(presences.key_of, activity.id)
    code = presence.code(key, presence.counter_at(context.now), person.id if is_his else 0)
    values = {"code": f"{code[:4]} {code[4:]}", "payload": f"ac_{activity.id}-{code}"}
    again = button(activity, which, 0, label="again")
    return Notice(to=person.id, template="activity_my_code" if is_his else "activity_code", values=values, buttons=((again,),),
                  priority=Priority.REPLY)  # fmt: skip


async def _how(_: Context, __: Incoming, person: Person, activity: Activity) -> Notice:
    values = {"about": activity.id}
    return Notice(to=person.id, template="activity_how", values=values, priority=Priority.REPLY)


async def understands(
    context: Context, _: Dialog, incoming: Incoming, person: Person
) -> bool:  # fmt: skip
    """Eight digits that are a code of something that is on just now, whatever is asked besides."""
    said = incoming.text.strip()
    if incoming.kind is not Kind.TEXT or not _CODE.fullmatch(said):
        return False
    running = await context.tx.ask(queries.ids_running)
    return await _arrive(context, running, said.replace(" ", ""), incoming, person)


async def link(context: Context, incoming: Incoming, person: Person, payload: str) -> bool:
    """A start link: to look at one, or with its code, to be taken down there."""
    number, _, code = payload.partition("-")
    if not number.isdecimal():
        return False
    if code:
        return await _arrive(context, [int(number[:18])], code, incoming, person)
    viewing.show_card(context, await viewing.seen_by(context, person, int(number[:18])), person)
    return True


async def _arrive(
    context: Context, numbers: list[int], said: str, incoming: Incoming, person: Person
) -> bool:
    """Take down whose code it is; of one that is too old it is said where the new one is."""
    is_old = False
    for activity in await context.tx.get_all(ACTIVITIES, numbers):
        key = await context.tx.do(presences.key_of, activity.id)
        for whom in _whose(activity, person):
            try:
                seen = presence.by_code(key, said, subject=activity.id, person=whom or person.id,
                                        at=incoming.at, is_own=bool(whom))  # fmt: skip
            except OldCodeError:
                is_old = True
            except WrongCodeError:
                continue
            else:
                action = Action.MARK if whom else Action.HERE
                given = Answers({SEEN: seen, WHOM: whom})
                moved = await context.perform(activity, action, person, given)
                name = await name_of(context.tx, moved, whom) if whom else ""
                is_over = not whom and moved.seen(person.id, WENT) is not None
                context.say(person.id, "activity_here", name=name, is_over=is_over)
                return True
    if is_old:
        context.say(person.id, "activity_old_code")
    return is_old


def _whose(activity: Activity, person: Person) -> tuple[int, ...]:
    """Whose code it may be: the one that is shown (0); before who runs it, his who shows it."""
    if not relations(person, activity) & HANDS:
        return (0,)
    return (0, *(i for i in activity.signed if i > 0 and i != person.id))


_Verb = Callable[[Context, Incoming, Person, Activity], Awaitable[Notice]]
_VERBS: dict[str, _Verb] = {Action.MARK: _mark, CODE: _code, MY_CODE: _code, Action.HERE: _how}

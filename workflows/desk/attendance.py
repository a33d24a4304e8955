"""Who is there, of any workflow to whose subjects people come: the list on which they are ticked,
and the codes that are shown, and typed or opened.

What a code and a tick are worth, the kernel of presence says; what comes of them, the workflow's
own steps.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from workflows.core.errors import ForgedError, Refusal
from workflows.core.kernels import presence
from workflows.core.kernels.presence import OldCodeError, Presence, WrongCodeError
from workflows.core.people import Person
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Kind, Notice, Priority
from workflows.core.talk.needs import MODE, MORE, SEEN, WHOM, Answers
from workflows.core.talk.tap import Tap
from workflows.desk import viewing
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.parts import Attending
from workflows.store.kernels import presences

LIST, CODE, MY_CODE, HOW = "list", "code", "my_code", "how"
_CODE = re.compile(r"[0-9]{4} ?[0-9]{4}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_STEPS = (1, 5, -1)  # of people whom nobody knows
_DIGITS = 18


def button(subject: Any, verb: str, *args: object, label: str = "", **said: object) -> Button:
    """A button that opens the list or a code, from a card; or with more, one below these."""
    tap = Tap(kind="attend", subject=subject.id, verb=verb, args=tuple(map(str, args)))
    return Button(tap=tap, label=label or f"attend.{verb}", values=said)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Such a button. Raises Refusal."""
    subject = await viewing.seen_by(context, person, incoming.tap.number)
    own = context.workflows.of(subject).attending
    if own is None:
        raise Refusal("refused_unknown")
    notice = await incoming.tap.meant(_VERBS)(context, incoming, person, subject, own)
    if incoming.tap.args:  # it was tapped there; else on a card, which stays
        paging.answer(context, incoming, notice)
    else:
        context.toast(incoming)
        context.reply(notice)


# the list


async def _list(
    context: Context, incoming: Incoming, person: Person, subject: Any, own: Attending
) -> Notice:
    """What the button said when it was tapped is done, whoever tapped before: nothing toggles."""
    page, mode = incoming.tap.at(0), incoming.tap.at(1)
    if incoming.tap.at(2):
        whom, more = _number(incoming.tap, 2), _number(incoming.tap, 3)
        if more not in _STEPS:
            raise ForgedError(incoming.tap)
        given = Answers({MODE: mode, WHOM: whom, MORE: more})
        action = context.workflows.of(subject).action(own.mark)
        subject = await context.perform(subject, action, person, given)
    return await _drawn(context, person, subject, own, mode, page)


def _number(tap: Tap, index: int) -> int:
    """A number, which is below nothing for who has no account. Raises ForgedError."""
    if not _WHOLE.fullmatch(tap.at(index)):
        raise ForgedError(tap)
    return int(tap.at(index))


async def _drawn(
    context: Context, person: Person, subject: Any, own: Attending, mode: str, asked: str
) -> Notice:
    """Raises Refusal for who does not take down others."""
    tabs = dict(own.tabs(subject))
    if not own.runs(person, subject) or not tabs:
        raise Refusal("refused_unknown")
    mode = mode if mode in tabs else next(iter(tabs))
    people = own.people(subject)
    page = paging.page_of(len(people), asked)
    shown = people[page * paging.PAGE :][: paging.PAGE]
    turns = Tap(kind="attend", subject=subject.id, verb=LIST, args=("0", mode))
    return Notice(
        to=person.id, template="attend_list", priority=Priority.REPLY,
        values={"kind": subject.kind, "mode": mode, **own.shown(subject)},
        buttons=(
            tuple(_tab(subject, name, text) for name, text in tabs.items()),
            *[(await _line(context, subject, own, page, mode, one),) for one in shown],
            *([_loose(subject, page, mode)] if mode not in own.uncounted else []),
            *paging.turns(turns, page, len(people)),
        ),
    )  # fmt: skip


def _loose(subject: Any, page: int, mode: str) -> tuple[Button, ...]:
    """One more, or several, whom nobody knows; one fewer."""
    label = "attend.more"
    return tuple(
        button(subject, LIST, page, mode, 0, n, label=label, many=f"{n:+}") for n in _STEPS
    )  # fmt: skip


def _tab(subject: Any, mode: str, text: str) -> Button:
    return button(subject, LIST, 0, mode, label=f"={text}" if text else f"attend.{mode or 'came'}")


async def _line(
    context: Context, subject: Any, own: Attending, page: int, mode: str, whom: int
) -> Button:
    known = await context.tx.person(whom) if whom > 0 else None
    said = {"name": known.name[:20] if known else "", **own.line(subject, whom, mode)}
    more, label = (-1, "attend.on") if said.pop("is_on") else (1, "attend.off")
    return button(subject, LIST, page, mode, whom, more, label=label, **said)


# the codes


async def _code(
    context: Context, incoming: Incoming, person: Person, subject: Any, own: Attending
) -> Notice:
    """The code that all type who are there, shown by who runs it; his own, shown to a helper."""
    is_his = incoming.tap.verb == MY_CODE
    if not is_his and not own.runs(person, subject):
        raise Refusal("refused_unknown")
    key = await context.tx.do(presences.key_of, subject.id)
    code = presence.code(key, presence.counter_at(context.now), person.id if is_his else 0)
    values = {"code": f"{code[:4]} {code[4:]}", "payload": f"at_{subject.id}-{code}"}
    again = button(subject, incoming.tap.verb, 0, label="attend.again")
    return Notice(
        to=person.id, template="attend_my_code" if is_his else "attend_code", values=values,
        buttons=((again,),), priority=Priority.REPLY,
    )  # fmt: skip


async def _how(_: Context, __: Incoming, person: Person, ___: Any, ____: Attending) -> Notice:
    return Notice(to=person.id, template="attend_how", priority=Priority.REPLY)


async def coded(
    context: Context, _: Dialog, incoming: Incoming, person: Person
) -> bool:  # fmt: skip
    """Eight digits that are a code of something that is on just now, whatever is asked besides."""
    said = incoming.text.strip()
    if incoming.kind is not Kind.TEXT or not _CODE.fullmatch(said):
        return False
    numbers = [
        number
        for one in context.workflows.offered(person, context.rules)
        if one.attending
        for number in await context.tx.ask(one.attending.running)
    ]
    return await _arrive(context, numbers, said.replace(" ", ""), incoming, person)


async def link(context: Context, incoming: Incoming, person: Person, payload: str) -> bool:
    """A start link: to look at a subject, or with a code, to be taken down there."""
    number, _, code = payload.partition("-")
    if not number.isdecimal():
        return False
    if code:
        return await _arrive(context, [int(number[:_DIGITS])], code, incoming, person)
    subject = await viewing.seen_by(context, person, int(number[:_DIGITS]))
    viewing.show_card(context, subject, person)
    return True


async def _arrive(
    context: Context, numbers: list[int], said: str, incoming: Incoming, person: Person
) -> bool:
    """Take down whose code it is; of one that is too old it is said where the new one is."""
    is_old = False
    for subject in await context.tx.subjects(numbers):
        own = context.workflows.of(subject).attending
        key = await context.tx.do(presences.key_of, subject.id)
        for whom in _whose(own, subject, person) if own else ():
            try:
                seen = presence.by_code(key, said, subject=subject.id, person=whom or person.id,
                                        at=incoming.at, is_own=bool(whom))  # fmt: skip
            except OldCodeError:
                is_old = True
            except WrongCodeError:
                continue
            else:
                await _take_down(context, subject, person, seen)
                return True
    if is_old:
        context.say(person.id, "attend_old_code")
    return is_old


def _whose(own: Attending, subject: Any, person: Person) -> tuple[int, ...]:
    """Whose code it may be: the one that is shown (0); before who runs it, his who shows it."""
    others = own.people(subject) if own.runs(person, subject) else ()
    return (0, *(i for i in others if i > 0 and i != person.id))


async def _take_down(context: Context, subject: Any, by: Person, seen: Presence) -> None:
    workflow = context.workflows.of(subject)
    own, is_his_own = workflow.attending, seen.person == by.id
    assert own
    given = Answers({SEEN: seen, WHOM: 0 if is_his_own else seen.person})
    action = workflow.action(own.here if is_his_own else own.mark)
    await context.perform(subject, action, by, given)
    known = None if is_his_own else await context.tx.person(seen.person)
    context.say(by.id, "attend_here", name=known.name if known else "")


_Verb = Callable[[Context, Incoming, Person, Any, Attending], Awaitable[Notice]]
_VERBS: dict[str, _Verb] = {LIST: _list, CODE: _code, MY_CODE: _code, HOW: _how}

"""One cause, many tickets: those alike are ticked, then merged into one or told in one go.

What was ticked is kept with the dialog; each ticket is asked for itself whether it may be done.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.core.talk.dialogs import Batch
from workflows.core.talk.messages import Button, Incoming, Notice, Priority
from workflows.core.talk.needs import NOTHING, Answers
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.masking import masking
from workflows.petition import engine, forms, service
from workflows.petition.lists.lines import line
from workflows.petition.model import Ticket
from workflows.petition.needs import INTO
from workflows.petition.store import lists
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action

_MOST = 20
_EXCERPT = 30


class _Verb(StrEnum):
    """What can be tapped in the list."""

    SHOW = "show"
    PICK = "pick"
    ALL = "all"
    MERGE = "merge"
    TELL = "tell"


_TICKING = {_Verb.SHOW, _Verb.PICK, _Verb.ALL}


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button of the list: tick one or all, then merge or tell."""
    verb = incoming.tap.word(_Verb)
    ticket = await context.tx.get(TICKETS, incoming.tap.number)
    if ticket is None or not engine.may_see(person, ticket):
        raise Refusal("refused_unknown")
    engine.needs(person, Action.ANNOUNCE, ticket, context.now, context.rules)
    near = await _alike(context, ticket, person)
    chosen = await _chosen(context, ticket, near, person)
    if verb in _TICKING:
        chosen = _ticked(verb, incoming.tap.at(0), near, chosen)
        await _keep(context, ticket, chosen, person)
        _list(context, incoming, ticket, near, chosen, person)
    elif not chosen:
        raise Refusal("refused_none_chosen")
    else:
        await (_merge if verb is _Verb.MERGE else _ask)(context, incoming, ticket, chosen, person)


async def _alike(context: Context, ticket: Ticket, person: Person) -> list[Ticket]:
    """The grid's other open tickets of the same category, the newest first."""
    grid = grid_of(ticket.place)
    ids = await context.tx.ask(lists.alike, grid, ticket.category, _MOST + 1)
    found = [t for t in await context.tx.get_all(TICKETS, ids) if t.id != ticket.id and t.is_open]
    return [t for t in found if engine.may_see(person, t)][:_MOST]


async def _chosen(
    context: Context, ticket: Ticket, near: list[Ticket], person: Person
) -> tuple[int, ...]:  # fmt: skip
    """What is ticked of what is still there."""
    batch = (await context.tx.dialog(person.id)).batch
    ticked = batch.chosen if batch and batch.ticket_id == ticket.id else ()
    return tuple(t.id for t in near if t.id in ticked)


def _ticked(
    verb: _Verb, other: str, near: list[Ticket], chosen: tuple[int, ...]
) -> tuple[int, ...]:  # fmt: skip
    """The ticks after a tap: one more or less; all, or none where all were."""
    everything = tuple(t.id for t in near)
    if verb is _Verb.ALL:
        return () if chosen == everything else everything
    if verb is _Verb.PICK:
        return tuple(i for i in everything if (i in chosen) != (str(i) == other))
    return chosen


async def _keep(context: Context, ticket: Ticket, chosen: tuple[int, ...], person: Person) -> None:
    dialog = await context.tx.dialog(person.id)
    context.tx.put_dialog(replace(dialog, batch=Batch(ticket_id=ticket.id, chosen=chosen)))


def _list(
    context: Context, incoming: Incoming, ticket: Ticket, near: list[Ticket],
    chosen: tuple[int, ...],
    person: Person,
) -> None:  # fmt: skip
    """The list with its ticks: a message of its own first, then redrawn where it stands."""
    words = context.rules.private
    lines = [line(t) | {"text": masking.excerpt(t.text, _EXCERPT, words)} for t in near]
    notice = Notice(
        to=person.id, template="alike", priority=Priority.REPLY,
        values={"about": ticket.id, "lines": lines, "chosen": len(chosen)},
        buttons=_buttons(context, ticket, near, chosen, person),
    )  # fmt: skip
    if incoming.tap.verb == _Verb.SHOW:
        context.toast(incoming)
        context.reply(notice)
    else:
        paging.answer(context, incoming, notice)


def _buttons(
    context: Context, ticket: Ticket, near: list[Ticket], chosen: tuple[int, ...], person: Person
) -> tuple[tuple[Button, ...], ...]:
    """A tick for each; below, only what this person could do with at least one of them."""
    if not near:
        return ()
    ticks = [(_tick(ticket, t, is_chosen=t.id in chosen),) for t in near]
    verbs = {_Verb.MERGE: Action.MERGE, _Verb.TELL: Action.ANNOUNCE}
    usable = [verb for verb, action in verbs.items() if _may_any(context, person, action, near)]
    acts = tuple(_button(ticket, verb, f"alike.{verb}") for verb in usable)
    return (*ticks, (_button(ticket, _Verb.ALL, "alike.all"),), acts)


def _may_any(context: Context, person: Person, action: Action, near: list[Ticket]) -> bool:
    return any(engine.may(person, action, t, context.now, context.rules) for t in near)


def _tick(ticket: Ticket, other: Ticket, *, is_chosen: bool) -> Button:
    values = {"number": format_number(other.id), "place": other.place.rpartition("/")[2]}
    button = _button(ticket, _Verb.PICK, "alike.chosen" if is_chosen else "alike.other", other)
    return replace(button, values=values)


def opener(ticket: Ticket) -> Button:
    """A button that shows what is like this ticket."""
    return _button(ticket, _Verb.SHOW, "view.alike")


def _button(ticket: Ticket, verb: _Verb, label: str, other: Ticket | None = None) -> Button:
    args = (str(other.id),) if other else ()
    return Button(tap=Tap(kind="alike", subject=ticket.id, verb=verb.value, args=args), label=label)


async def _merge(
    context: Context, incoming: Incoming, ticket: Ticket, chosen: tuple[int, ...], person: Person
) -> None:
    """Every chosen ticket into this one; what stays is shown again."""
    await do(context, chosen, Action.MERGE, person, Answers({INTO: ticket}))
    await _keep(context, ticket, (), person)
    _list(context, incoming, ticket, await _alike(context, ticket, person), (), person)


async def _ask(
    context: Context, incoming: Incoming, ticket: Ticket, chosen: tuple[int, ...], person: Person
) -> None:
    """What to say: the form of this ticket's own announcement, for the others too."""
    step = engine.needs(person, Action.ANNOUNCE, ticket, context.now, context.rules)
    opened = replace(forms.begin(ticket, step, context.rules), others=chosen, asked_at=context.now)
    context.tx.put_dialog(replace(await context.tx.dialog(person.id), form=opened, batch=None))
    context.toast(incoming)
    asked = forms.FORMS.question(opened, person, context.rules)
    context.reply(replace(asked, values={**asked.values, "others": len(chosen)}))


async def do(
    context: Context, ids: Iterable[int], action: Action, person: Person, answers: Answers = NOTHING
) -> None:
    """Let this person do the same with several tickets; say how many, and name each refused."""
    done, refused, chosen = 0, [], answers[INTO]
    for ticket in await context.tx.get_all(TICKETS, ids):
        into = chosen and await context.tx.get(TICKETS, chosen.id)
        try:
            await service.perform(context, ticket, action, person, answers.having(INTO, into))
            done += 1
        except Refusal:
            refused.append(await _refused(context, ticket))
    said = {"action": action.value, "done": done, "refused": refused}
    context.reply(Notice(to=person.id, template="alike_done", values=said, priority=Priority.REPLY))


async def _refused(context: Context, ticket: Ticket) -> dict[str, object]:
    """A ticket as it stands now, and in whose hands."""
    now = await context.tx.get(TICKETS, ticket.id) or ticket
    holder = await context.tx.person(now.holder) if now.holder else None
    return line(now) | {"name": holder.name if holder else ""}

"""One cause, many tickets: those alike are ticked, then merged into one or told in one go.

What was ticked is kept with the dialog; each ticket is asked for itself whether it may be done.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec.structs import replace

from workflows import form as forms
from workflows import lifecycle, masking
from workflows.attempt import NOTHING, Given
from workflows.desk import acting, listing
from workflows.desk.case import Case
from workflows.dialog import Batch
from workflows.model import (
    Action,
    Button,
    Incoming,
    Notice,
    Person,
    Priority,
    Refusal,
    Tap,
    Ticket,
    grid_of,
)
from workflows.number import say
from workflows.store import lists

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


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """A button of the list: tick one or all, then merge or tell."""
    verb = incoming.tap.word(_Verb)
    ticket = await case.tx.ticket(incoming.tap.number)
    if ticket is None or not lifecycle.may_see(person, ticket):
        raise Refusal("refused_unknown")
    lifecycle.needs(person, Action.ANNOUNCE, ticket, case.now, case.rules)
    near = await _alike(case, ticket, person)
    chosen = await _chosen(case, ticket, near, person)
    if verb in _TICKING:
        chosen = _ticked(verb, incoming.tap.at(0), near, chosen)
        await _keep(case, ticket, chosen, person)
        _list(case, incoming, ticket, near, chosen, person)
    elif not chosen:
        raise Refusal("refused_none_chosen")
    else:
        await (_merge if verb is _Verb.MERGE else _ask)(case, incoming, ticket, chosen, person)


async def _alike(case: Case, ticket: Ticket, person: Person) -> list[Ticket]:
    """The grid's other open tickets of the same category, the newest first."""
    grid = grid_of(ticket.place)
    ids = await lists.alike(case.tx.conn, grid, ticket.category, _MOST + 1)
    found = [t for t in await case.tx.tickets(ids) if t.id != ticket.id and t.is_open]
    return [t for t in found if lifecycle.may_see(person, t)][:_MOST]


async def _chosen(
    case: Case, ticket: Ticket, near: list[Ticket], person: Person
) -> tuple[int, ...]:  # fmt: skip
    """What is ticked of what is still there."""
    batch = (await case.tx.dialog(person.id)).batch
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


async def _keep(case: Case, ticket: Ticket, chosen: tuple[int, ...], person: Person) -> None:
    dialog = await case.tx.dialog(person.id)
    case.tx.put_dialog(replace(dialog, batch=Batch(ticket_id=ticket.id, chosen=chosen)))


def _list(
    case: Case, incoming: Incoming, ticket: Ticket, near: list[Ticket], chosen: tuple[int, ...],
    person: Person,
) -> None:  # fmt: skip
    """The list with its ticks: a message of its own first, then redrawn where it stands."""
    words = case.rules.private
    lines = [listing.line(t) | {"text": masking.excerpt(t.text, _EXCERPT, words)} for t in near]
    notice = Notice(
        to=person.id, template="alike", priority=Priority.REPLY,
        values={"about": ticket.id, "lines": lines, "chosen": len(chosen)},
        buttons=_buttons(case, ticket, near, chosen, person),
    )  # fmt: skip
    if incoming.tap.verb == _Verb.SHOW:
        case.toast(incoming)
        case.reply(notice)
    else:
        listing.answer(case, incoming, notice)


def _buttons(
    case: Case, ticket: Ticket, near: list[Ticket], chosen: tuple[int, ...], person: Person
) -> tuple[tuple[Button, ...], ...]:
    """A tick for each; below, only what this person could do with at least one of them."""
    if not near:
        return ()
    ticks = [(_tick(ticket, t, is_chosen=t.id in chosen),) for t in near]
    verbs = {_Verb.MERGE: Action.MERGE, _Verb.TELL: Action.ANNOUNCE}
    usable = [verb for verb, action in verbs.items() if _may_any(case, person, action, near)]
    acts = tuple(_button(ticket, verb, f"alike.{verb}") for verb in usable)
    return (*ticks, (_button(ticket, _Verb.ALL, "alike.all"),), acts)


def _may_any(case: Case, person: Person, action: Action, near: list[Ticket]) -> bool:
    return any(lifecycle.may(person, action, t, case.now, case.rules) for t in near)


def _tick(ticket: Ticket, other: Ticket, *, is_chosen: bool) -> Button:
    values = {"number": say(other.id), "place": other.place.rpartition("/")[2]}
    button = _button(ticket, _Verb.PICK, "alike.chosen" if is_chosen else "alike.other", other)
    return replace(button, values=values)


def opener(ticket: Ticket) -> Button:
    """A button that shows what is like this ticket."""
    return _button(ticket, _Verb.SHOW, "view.alike")


def _button(ticket: Ticket, verb: _Verb, label: str, other: Ticket | None = None) -> Button:
    args = (str(other.id),) if other else ()
    return Button(tap=Tap(kind="alike", subject=ticket.id, verb=verb.value, args=args), label=label)


async def _merge(
    case: Case, incoming: Incoming, ticket: Ticket, chosen: tuple[int, ...], person: Person
) -> None:
    """Every chosen ticket into this one; what stays is shown again."""
    await do(case, chosen, Action.MERGE, person, Given(into=ticket))
    await _keep(case, ticket, (), person)
    _list(case, incoming, ticket, await _alike(case, ticket, person), (), person)


async def _ask(
    case: Case, incoming: Incoming, ticket: Ticket, chosen: tuple[int, ...], person: Person
) -> None:
    """What to say: the form of this ticket's own announcement, for the others too."""
    step = lifecycle.needs(person, Action.ANNOUNCE, ticket, case.now, case.rules)
    opened = replace(forms.begin(ticket, step, case.rules), others=chosen, asked_at=case.now)
    case.tx.put_dialog(replace(await case.tx.dialog(person.id), form=opened, batch=None))
    case.toast(incoming)
    asked = forms.question(opened, person, case.rules)
    case.reply(replace(asked, values={**asked.values, "others": len(chosen)}))


async def do(
    case: Case, ids: Iterable[int], action: Action, person: Person, given: Given = NOTHING
) -> None:
    """Let this person do the same with several tickets; say how many, and name each refused."""
    done, refused = 0, []
    for ticket in await case.tx.tickets(ids):
        into = await case.tx.ticket(given.into.id) if given.into else None
        try:
            await acting.perform(case, ticket, action, person, replace(given, into=into))
            done += 1
        except Refusal:
            refused.append(await _refused(case, ticket))
    said = {"action": action.value, "done": done, "refused": refused}
    case.reply(Notice(to=person.id, template="alike_done", values=said, priority=Priority.REPLY))


async def _refused(case: Case, ticket: Ticket) -> dict[str, object]:
    """A ticket as it stands now, and in whose hands."""
    now = await case.tx.ticket(ticket.id) or ticket
    holder = await case.tx.person(now.holder) if now.holder else None
    return listing.line(now) | {"name": holder.name if holder else ""}

"""What an action still needs before it can happen, asked one question at a time.

A handler taps a button; the row of the lifecycle says what it needs; each answer fills the next
need. The form is kept with the person's dialog and survives restarts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.messages import Attachment, Button, Incoming, Kind, Notice, Priority
from workflows.core.numbers import parse_number as hear_number
from workflows.core.people import Person
from workflows.core.places import place_key
from workflows.core.policy import Rules
from workflows.core.tap import Tap
from workflows.core.timing.dates import parse_due
from workflows.petition.lifecycle import Need, Step
from workflows.petition.model import Ticket
from workflows.petition.words import Action

DUE_DAYS = (0, 1, 3, 7, 14, 30)
RATINGS = (3, 2, 1)  # satisfied, fairly, not: the weights are the statistics' business
SOLVED = ("yes", "partly", "no")
_LAPSES = timedelta(hours=1)
_NAME = 40  # characters of a partner's name
_CONTACT = 60  # and of a number with what stands around it
_DIGITS = 7
_SHOWN = 8  # quick replies below a question
_TICK = "c"  # before the index of what is ticked on a checklist
_NONE = "none"  # there is no picture
_KIND = "form"  # of its taps


class Form(Struct, frozen=True, kw_only=True):
    """An action waiting for its answers; `needs` are those still missing, in order.

    `category` is the ticket's when the form was opened, `checked` what is ticked on its checklist;
    `others` are tickets with which the same is done.
    """

    ticket_id: int
    action: Action
    category: str = ""
    needs: tuple[Need, ...]
    text: str = ""
    where: str = ""
    due: datetime | None = None
    to: int | None = None
    into: int | None = None
    rating: int | None = None
    grid: str = ""
    partner: str = ""
    solved: str = ""
    contact: str = ""
    checked: tuple[str, ...] = ()
    photos: tuple[Attachment, ...] = ()
    others: tuple[int, ...] = ()
    asked_at: datetime | None = None
    from_board: bool = False  # the next one there is shown when it is done

    @property
    def need(self) -> Need | None:
        """What is asked for now; None when the form is full."""
        return self.needs[0] if self.needs else None


def begin(ticket: Ticket, step: Step, rules: Rules) -> Form:
    """An empty form for a row of the lifecycle.

    Where the ticket's category wants proof, a picture is asked for after the words.
    """
    category = rules.categories.get(ticket.category)
    wants_proof = step.action is Action.RESOLVE and category and category.needs_photo
    needs = (*step.needs, Need.PHOTO) if wants_proof else step.needs
    return Form(ticket_id=ticket.id, action=step.action, category=ticket.category, needs=needs)


def has_lapsed(form: Form, now: datetime) -> bool:
    """Whether words said now are no answer any more.

    A withdrawal that was tapped and forgotten must not swallow the next petition as its reason;
    every other question waits: a handler walks to the place first.
    """
    is_old = form.asked_at is not None and now - form.asked_at > _LAPSES
    return form.action is Action.WITHDRAW and is_old


def fill(form: Form, incoming: Incoming, now: datetime, rules: Rules) -> Form:
    """The form with one more answer. Raises Refusal with what was not understood."""
    return _proven(_filled(form, incoming, now, rules))


def _proven(form: Form) -> Form:
    """A picture that came with an earlier answer is not asked for again."""
    is_proven = form.need is Need.PHOTO and form.photos
    return replace(form, needs=form.needs[1:]) if is_proven else form


def _filled(form: Form, incoming: Incoming, now: datetime, rules: Rules) -> Form:
    need = form.need
    argument = _tapped(form, incoming, rules)
    if is_tick(form, incoming, rules):
        return _ticked(form, argument, rules)
    if need is Need.PHOTO:
        return _with_proof(form, incoming, argument)
    answer = argument or incoming.text.strip()
    if form.photos and incoming.album and incoming.attachment and not answer:
        return replace(form, photos=(*form.photos, incoming.attachment))
    filled = replace(form, needs=form.needs[1:])
    if incoming.attachment and need in {Need.NOTE_OR_PHOTO, Need.TEXT}:
        filled = replace(filled, photos=(*form.photos, incoming.attachment))
        answer = answer or ("" if need is Need.NOTE_OR_PHOTO else form.text)
        return _with_text(form, filled, answer)
    if not answer:
        raise Refusal("form_not_understood")
    return _with_answer(filled, need, answer, now, rules)


def _with_proof(form: Form, incoming: Incoming, argument: str) -> Form:
    """A picture, or the tap that there is none; both are well."""
    if not incoming.attachment and argument != _NONE:
        raise Refusal("form_tap_or_photo" if incoming.text.strip() else "form_not_understood")
    photos = (incoming.attachment,) if incoming.attachment else ()
    return replace(form, needs=form.needs[1:], photos=(*form.photos, *photos))


def _with_text(form: Form, filled: Form, answer: str) -> Form:
    """A picture alone is a note, but no reason or plan: those are still asked for."""
    if not answer and form.need is Need.TEXT:
        return replace(filled, needs=form.needs)
    return replace(filled, text=answer)


def _with_answer(form: Form, need: Need | None, answer: str, now: datetime, rules: Rules) -> Form:
    if need is Need.DUE:
        return replace(form, due=parse_due(answer, now, rules))
    if need is Need.GRID:
        return replace(form, grid=_grid(answer, rules))
    name, read = _READ.get(need or Need.TEXT, ("text", str))
    return replace(form, **{name: read(answer)})


def _number(answer: str) -> int:
    if not answer.isdecimal():
        raise Refusal("form_tap_a_name")
    return int(answer[:18])


def _heard(answer: str) -> int:
    found = hear_number(answer)
    if found is None:
        raise Refusal("form_no_ticket")
    return found


def _rating(answer: str) -> int:
    if not answer.isdecimal() or int(answer) not in RATINGS:
        raise Refusal("form_tap_a_rating")
    return int(answer)


def _grid(answer: str, rules: Rules) -> str:
    """The grid behind a button's key."""
    found = [p.path for p in rules.places.inside("", 3) if place_key(p.path) == answer]
    if not found:
        raise Refusal("form_tap_a_place")
    return found[0]


def _solved(answer: str) -> str:
    if answer not in SOLVED:
        raise Refusal("form_tap_an_answer")
    return answer


def _partner(answer: str) -> str:
    return answer[:_NAME]


def _contact(answer: str) -> str:
    """A telephone number, with whatever the person wrote around it."""
    if sum(char.isdigit() for char in answer) < _DIGITS:
        raise Refusal("form_no_contact")
    return answer[:_CONTACT]


# Where an answer goes, and how it is read; words are taken as they are.
_READ: dict[Need, tuple[str, Callable[[str], Any]]] = {
    Need.TO: ("to", _number),
    Need.INTO: ("into", _heard),
    Need.RATING: ("rating", _rating),
    Need.WHERE: ("where", str),
    Need.PARTNER: ("partner", _partner),
    Need.SOLVED: ("solved", _solved),
    Need.CONTACT: ("contact", _contact),
}


def _tapped(form: Form, incoming: Incoming, rules: Rules) -> str:
    """The value that was tapped, "" for anything else.

    A tap on a form that is no longer open, or on a need already answered, is refused.
    """
    if incoming.kind is not Kind.PRESS:
        return ""
    value = incoming.tap.at(1)
    if incoming.tap != _answering(form, value):
        raise Refusal("form_over")
    if is_tick(form, incoming, rules):
        return value.removeprefix(_TICK)
    if form.need in {Need.TEXT, Need.WHERE, Need.NOTE_OR_PHOTO, Need.PARTNER}:
        return _chosen(form, value, rules)
    return value


def _chosen(form: Form, index: str, rules: Rules) -> str:
    """The words of a quick reply."""
    choices = choices_of(form, rules)
    if not index.isdecimal() or int(index[:4]) >= len(choices):
        raise Refusal("form_over")
    return choices[int(index[:4])]


def choices_of(form: Form, rules: Rules) -> tuple[str, ...]:
    """The community's quick replies for what is asked now, the category's own first."""
    if form.need is Need.PARTNER:
        return rules.partners
    key = "where" if form.need is Need.WHERE else form.action.value
    own = rules.choices.get(f"{form.category}.{key}", ())
    return tuple(dict.fromkeys((*own, *rules.choices.get(key, ()))))[:_SHOWN]


def checklist_of(form: Form, rules: Rules) -> tuple[str, ...]:
    """What the category wants looked at on the spot."""
    category = rules.categories.get(form.category)
    return category.checklist if category and form.action is Action.INSPECT else ()


def is_tick(form: Form, incoming: Incoming, rules: Rules) -> bool:
    """Whether a tap ticks something on the checklist, or takes the tick away again."""
    value = incoming.tap.at(1)
    mark, index = value[:1], value[1:]
    return mark == _TICK and index.isdecimal() and int(index[:4]) < len(checklist_of(form, rules))


def _ticked(form: Form, index: str, rules: Rules) -> Form:
    """The list in its own order with one more tick, or one less."""
    listed = checklist_of(form, rules)
    changed = {*form.checked} ^ {listed[int(index[:4])]}
    return replace(form, checked=tuple(one for one in listed if one in changed))


def question(form: Form, person: Person, rules: Rules, people: tuple[Button, ...] = ()) -> Notice:
    """What the person is asked next, with what can be tapped; `people` for whom to choose."""
    need = form.need or Need.TEXT
    template = f"form_{form.action}" if need in _WORDS else f"form_{need.value}"
    rows = [*((b,) for b in people), *_rows(form, rules)]
    cancel = Button(tap=cancelling(form), label="form.cancel")
    return Notice(
        to=person.id, template=template, ticket_id=form.ticket_id, priority=Priority.REPLY,
        values={"action": form.action.value, "checklist": bool(checklist_of(form, rules))},
        buttons=(*rows, (cancel,)), replaces="form",
    )  # fmt: skip


_WORDS = {Need.TEXT, Need.NOTE_OR_PHOTO}


def _rows(form: Form, rules: Rules) -> list[tuple[Button, ...]]:
    if form.need is Need.DUE:
        taps = [tap(form, str(d), f"days.{d}") for d in DUE_DAYS]
        return [tuple(taps[:3]), tuple(taps[3:])]
    if form.need is Need.RATING:
        return [tuple(tap(form, str(r), f"rating.{r}") for r in RATINGS)]
    if form.need is Need.SOLVED:
        return [tuple(tap(form, s, f"solved.{s}") for s in SOLVED)]
    if form.need is Need.PHOTO:
        return [(tap(form, _NONE, "form.no_photo"),)]
    if form.need in {*_WORDS, Need.WHERE, Need.PARTNER}:
        words = [tap(form, str(i), f"={text}") for i, text in enumerate(choices_of(form, rules))]
        return [(button,) for button in (*_ticks(form, rules), *words)]
    return []


def _ticks(form: Form, rules: Rules) -> list[Button]:
    """The checklist: a tap each, with what is ticked already."""
    labels = {one: "form.ticked" if one in form.checked else "form.open"
              for one in checklist_of(form, rules)}  # fmt: skip
    return [
        tap(form, f"{_TICK}{i}", label, {"what": one})
        for i, (one, label) in enumerate(labels.items())
    ]


def tap(form: Form, value: str, label: str, values: dict[str, object] | None = None) -> Button:
    """A button that answers what the form asks for now."""
    return Button(tap=_answering(form, value), label=label, values=values or {})


def _answering(form: Form, value: str) -> Tap:
    need = form.need.value if form.need else ""
    return Tap(kind=_KIND, subject=form.ticket_id, verb=form.action.value, args=(need, value))


def cancelling(form: Form) -> Tap:
    """A tap that drops the form."""
    return Tap(kind=_KIND, subject=form.ticket_id, verb="cancel")

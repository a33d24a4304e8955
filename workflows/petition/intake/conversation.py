"""The conversation that turns what a resident says into a petition, on one page.

Slot filling: every message lands in the draft, then MOVES says which step comes next, so the bot
asks only for what is missing. One message and one tap are enough.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.engine.machine import TableMachine
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Incoming, Kind, Notice
from workflows.danger import danger
from workflows.petition.intake.draft import (
    Draft,
    Option,
    Step,
    at_station,
    choose_place,
    hear,
    settled,
)
from workflows.petition.intake.draft import amend as amended
from workflows.petition.intake.view import Verb, reply, show

_MORE_COMES_SECONDS = 1.0  # an album's parts and a split text arrive within this
_TAPPED = {verb.value: verb for verb in Verb if verb is not Verb.SAY}


class Turn(Struct, frozen=True, kw_only=True):
    """What follows from a message: the draft, what to say, and whether it is filed now."""

    draft: Draft
    notices: tuple[Notice, ...]

    @property
    def is_filed(self) -> bool:
        """Whether the resident submitted a complete draft in this turn."""
        return self.draft.step is Step.FILED


class Move(Struct, frozen=True):
    """One row: this verb leads from there to here, if the draft then is so."""

    verb: Verb
    sources: tuple[Step, ...]
    target: Step
    when: Callable[[Draft], bool] | None = None


_SHOWN = (Step.PREVIEW, Step.CATEGORIZING, Step.MOVING, Step.NAMING, Step.AGREEING)
_LIVE = (Step.EMPTY, Step.PLACING, *_SHOWN)


def _complete(draft: Draft) -> bool:
    return draft.is_complete


def _has_words(draft: Draft) -> bool:
    return draft.has_words


def _awaits_consent(draft: Draft) -> bool:
    return draft.awaits_consent


def _next_after(verb: Verb, sources: tuple[Step, ...]) -> tuple[Move, ...]:
    """Whatever was said: on to the first thing that is still missing."""
    return (
        Move(verb, sources, Step.AGREEING, _awaits_consent),
        Move(verb, sources, Step.PREVIEW, _complete),
        Move(verb, sources, Step.PLACING, _has_words),
        Move(verb, sources, Step.EMPTY),
    )


MOVES: tuple[Move, ...] = (
    *_next_after(Verb.SAY, _LIVE),
    *_next_after(Verb.PLACE, _LIVE),
    *_next_after(Verb.CATEGORY, _LIVE),
    *_next_after(Verb.AGREE, (Step.AGREEING,)),
    *_next_after(Verb.ALONE, (Step.AGREEING,)),
    Move(Verb.MOVE, (Step.PLACING, *_SHOWN), Step.MOVING),
    Move(Verb.CATEGORIZE, _SHOWN, Step.CATEGORIZING),
    Move(Verb.NAME, _SHOWN, Step.NAMING),
    Move(Verb.RESTART, (*_LIVE, Step.UNSURE), Step.EMPTY),
    Move(Verb.CANCEL, (*_LIVE, Step.UNSURE), Step.CANCELLED),
    Move(Verb.SUBMIT, _SHOWN, Step.FILED, _complete),
    Move(Verb.FOLLOW, _SHOWN, Step.FOLLOWED, _complete),
    Move(Verb.SAY, (Step.UNSURE,), Step.UNSURE),
    Move(Verb.ABOUT, (Step.UNSURE,), Step.HANDED),
    *_next_after(Verb.NEW, (Step.UNSURE,)),
    *_next_after(Verb.JOIN, (Step.UNSURE,)),
)


class _Cursor:
    """The machine's only model, as in `ticket`: a step in, the next one out."""

    state: str


CURSOR = _Cursor()


def _build() -> TableMachine:
    states = [step.value for step in Step]  # the library names an Enum's members by their name
    machine = TableMachine(
        model=CURSOR, states=states, initial="empty", ignore_invalid_triggers=True
    )  # fmt: skip
    for move in MOVES:
        sources = [step.value for step in move.sources]
        guards = [move.when] if move.when else []
        machine.add_transition(move.verb.value, sources, move.target.value, conditions=guards)  # type: ignore[arg-type]
    return machine


MACHINE = _build()


def advance(draft: Draft, incoming: Incoming, person: Person, now: datetime, rules: Rules) -> Turn:
    """The next turn of the conversation. A tap that fits no step any more changes nothing."""
    verb, argument = verb_of(incoming)
    changed = _take_in(draft, verb, argument, incoming, rules)
    return _move(draft, verb, changed, incoming, person, now, rules)


def amend(
    draft: Draft, incoming: Incoming, person: Person, now: datetime, rules: Rules
) -> Turn | None:
    """The turn after one of the draft's messages was edited; None when it was none of them."""
    changed = amended(draft, incoming, rules)
    return (
        None if changed is None else _move(draft, Verb.SAY, changed, incoming, person, now, rules)
    )


def ask(
    draft: Draft, options: tuple[Option, ...], incoming: Incoming, person: Person, now: datetime,
    rules: Rules,
) -> Turn:  # fmt: skip
    """The turn in which it is asked what was said: it is kept until that is known."""
    kept = replace(hear(draft, incoming, rules), options=options, step=Step.UNSURE)
    return Turn(draft=kept, notices=_notices(draft, kept, incoming, person, now, rules))


def stand_at(
    draft: Draft, place: str, incoming: Incoming, person: Person, now: datetime, rules: Rules
) -> Turn:
    """The turn after somebody in the middle of it opened a station's link."""
    return _move(draft, Verb.SAY, at_station(draft, place), incoming, person, now, rules)


def _move(
    draft: Draft, verb: Verb, changed: Draft, incoming: Incoming, person: Person, now: datetime,
    rules: Rules,
) -> Turn:  # fmt: skip
    CURSOR.state = draft.step.value
    if not CURSOR.trigger(verb.value, changed):  # type: ignore[attr-defined]
        return Turn(draft=draft, notices=(show(draft, person, now, rules),))
    moved = replace(changed, step=Step(CURSOR.state))
    return Turn(draft=moved, notices=_notices(draft, moved, incoming, person, now, rules))


def verb_of(incoming: Incoming) -> tuple[Verb, str]:
    """The verb of a tap, and its argument; everything else says something. Raises ForgedError."""
    if incoming.kind is not Kind.PRESS:
        return Verb.SAY, ""
    return incoming.tap.meant(_TAPPED), incoming.tap.at(0)


def _take_in(draft: Draft, verb: Verb, argument: str, incoming: Incoming, rules: Rules) -> Draft:
    if verb is Verb.SAY:
        return hear(draft, incoming, rules)
    if verb is Verb.PLACE:
        return choose_place(draft, argument, rules.places)
    if verb is Verb.CATEGORY and argument in rules.categories:
        return replace(draft, category=argument, is_category_chosen=True)
    if verb in {Verb.NEW, Verb.JOIN}:
        return settled(draft, rules, goes_on=verb is Verb.JOIN)
    return _changed(draft, verb)


def _changed(draft: Draft, verb: Verb) -> Draft:
    """What a tap alone changes."""
    if verb is Verb.MOVE:
        return replace(draft, candidates=())
    if verb is Verb.RESTART:
        return Draft(id=draft.id, place=draft.place, origin=draft.origin)
    return _with_consent(draft, verb)


def _with_consent(draft: Draft, verb: Verb) -> Draft:
    """Whoever it is filed for agreed, or it is filed for nobody but who files it."""
    if verb is Verb.AGREE:
        return replace(draft, has_consent=bool(draft.on_behalf))
    return replace(draft, on_behalf="") if verb is Verb.ALONE else draft


def _notices(
    before: Draft, draft: Draft, incoming: Incoming, person: Person, now: datetime, rules: Rules
) -> tuple[Notice, ...]:
    shown = show(draft, person, now, rules)
    if incoming.may_go_on:
        shown = replace(shown, hold=_MORE_COMES_SECONDS)
    dangers = danger.told(draft.text, before.text, rules.danger)
    if not dangers:
        return (shown,)
    values = {"kinds": list(dangers), "then": "submit" if draft.is_complete else "place"}
    return (replace(reply(person, "emergency"), values=values), shown)

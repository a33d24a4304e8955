"""What a resident sees at each step of the intake conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.places import Place, Places, community_of, grid_of, place_key
from workflows.core.policy import Counts, Rules
from workflows.core.talk.dialogs import draft_topic
from workflows.core.talk.messages import Button, Notice, Priority, in_rows, opener
from workflows.core.talk.tap import Tap
from workflows.core.timing import calendar
from workflows.petition.hearing.meaning import Meaning
from workflows.petition.intake.draft import Draft, Option, Step, asks_flat
from workflows.petition.intake.suggestion import suggest
from workflows.petition.rules import timing
from workflows.petition.words import ClockName

PREVIEW = f"intake_{Step.PREVIEW}"
_EXCERPT = 300
_PLACES_A_QUESTION = 12
_PLACES_A_PREVIEW = 4


class Verb(StrEnum):
    """What a resident can do in it; all but `say` are buttons."""

    SAY = "say"
    PLACE = "place"
    CATEGORY = "category"
    MOVE = "move"
    CATEGORIZE = "categorize"
    NAME = "name"
    AGREE = "agree"
    ALONE = "alone"
    RESTART = "restart"
    CANCEL = "cancel"
    SUBMIT = "submit"
    FOLLOW = "follow"
    ABOUT = "about"
    NEW = "new"
    JOIN = "join"


# As long as it can be; the category's key comes after it.
CHOOSING = Tap(kind="draft", subject="x" * 12, verb=Verb.CATEGORY, args=("",))


def show(draft: Draft, person: Person, now: datetime, rules: Rules) -> Notice:
    """The message of the step a draft stands at."""
    view = replace(
        reply(person, f"intake_{draft.step}"),
        values={**_values(draft, now, rules), "asks_consent": person.consented_at is None},
        replaces=draft_topic(draft.id),
    )
    if draft.step is Step.UNSURE and draft.options:
        view = replace(view, ticket_id=draft.options[0].about or None)
    buttons = _BUTTONS.get(draft.step)
    return replace(view, buttons=buttons(draft, person, rules)) if buttons else view


def reply(person: Person, template: str) -> Notice:
    """An answer to what this person just did."""
    return Notice(to=person.id, template=template, priority=Priority.REPLY)


def _values(draft: Draft, now: datetime, rules: Rules) -> dict[str, object]:
    text = draft.text
    promise = timing.policy(ClockName.RESPONSE, draft.category, rules, urgent=draft.urgent)
    is_plain = promise.counts is Counts.CALENDAR
    return {
        "text": text[:_EXCERPT],
        "is_cut": len(text) > _EXCERPT,
        "place": draft.place,
        "assumed": draft.assumed,
        "asks_place": draft.asks_place,
        "unknown": list(draft.unknown),
        "flat": draft.flat,
        "asks_flat": asks_flat(draft, rules),
        "category": draft.category,
        "urgent": draft.urgent,
        "attachments": len(draft.attachments),
        "on_behalf": draft.on_behalf,
        "hours": promise.length.total_seconds() / 3600 if is_plain else 0,
        "elsewhere": _elsewhere(draft, rules),
        "alike": [],
        "due": calendar.due_after(promise, now, rules).isoformat(),
    }


def _elsewhere(draft: Draft, rules: Rules) -> dict[str, str] | None:
    """Who else may decide this, until its resident chose a category for it."""
    found = None if draft.is_category_chosen else suggest(draft.text, rules).elsewhere
    return {"key": found.key, "where": found.where} if found else None


def beside(draft: Draft, alike: list[dict[str, Any]]) -> tuple[tuple[Button, ...], ...]:
    """A button for each ticket that the previewed draft may repeat, to follow it instead."""
    return tuple((_follow(draft, line),) for line in alike)


def _follow(draft: Draft, line: dict[str, Any]) -> Button:
    """What he may see already is opened, not followed once more."""
    number = {"number": format_number(line["ticket"])}
    if line["is_known"]:
        return opener(line["ticket"], "view.known", number)
    return replace(_tap(draft, Verb.FOLLOW, str(line["ticket"])), values=number)


def _tap(draft: Draft, verb: Verb, argument: str = "", label: str = "") -> Button:
    args = (argument,) if argument else ()
    tap = Tap(kind="draft", subject=draft.id, verb=verb.value, args=args)
    return Button(tap=tap, label=label or f"intake.{verb}")


def _preview_buttons(draft: Draft, person: Person, _: Rules) -> tuple[tuple[Button, ...], ...]:
    """File it first; then what its words leave open, each place one tap."""
    rows = [
        (_tap(draft, Verb.SUBMIT),),
        *in_rows(_choices(draft, draft.candidates[:_PLACES_A_PREVIEW]), 2),
        (_tap(draft, Verb.CATEGORIZE), _tap(draft, Verb.MOVE)),
        (_tap(draft, Verb.RESTART), _tap(draft, Verb.CANCEL)),
    ]
    if person.is_staff and not draft.on_behalf:
        rows.insert(1, (_tap(draft, Verb.NAME),))
    return tuple(rows)


def _category_buttons(draft: Draft, _: Person, rules: Rules) -> tuple[tuple[Button, ...], ...]:
    """All of them, the two that the words suggest first."""
    first = [c for c in suggest(draft.text, rules).categories if c in rules.categories]
    keys = dict.fromkeys((*first, *rules.categories))
    taps = [_tap(draft, Verb.CATEGORY, key, f"={key}") for key in keys]
    return (*in_rows(taps, 3), (_tap(draft, Verb.CANCEL),))


def _place_buttons(draft: Draft, _: Person, rules: Rules) -> tuple[tuple[Button, ...], ...]:
    """The candidates and a way to all others, or the way down: communities, then grids with what
    lies in them.
    """
    few = draft.candidates[:_PLACES_A_QUESTION]
    others = (_tap(draft, Verb.MOVE, label="intake.others"),) if few and draft.asks_place else ()
    taps = _choices(draft, few or _scope(draft, rules.places))
    return (*in_rows(taps, 2), (*others, _tap(draft, Verb.CANCEL)))


def _choices(draft: Draft, paths: Sequence[str]) -> list[Button]:
    return [_tap(draft, Verb.PLACE, place_key(p), f"@{p}") for p in paths]


def _paths(places: tuple[Place, ...]) -> tuple[str, ...]:
    return tuple(p.path for p in places)


def _scope(draft: Draft, places: Places) -> tuple[str, ...]:
    """What to choose from: the grid's buildings when it is known, else the grids, or where they
    are too many for one question, the communities first.
    """
    grid = grid_of(draft.place)
    if grid:
        community = community_of(grid)
        others = [p for p in _paths(places.inside(community, 3)) if p != grid]
        return (grid, *_paths(places.inside(grid, 4)), *others)
    communities, grids = _paths(places.inside("", 2)), _paths(places.inside("", 3))
    is_one_question = len(communities) == 1 or len(grids) <= _PLACES_A_QUESTION
    return grids if is_one_question else communities


def _agree_buttons(draft: Draft, *_: object) -> tuple[tuple[Button, ...], ...]:
    return (
        (_tap(draft, Verb.AGREE),),
        (_tap(draft, Verb.ALONE), _tap(draft, Verb.CANCEL)),
    )


def _unsure_buttons(draft: Draft, *_: object) -> tuple[tuple[Button, ...], ...]:
    """What it may be, a button each."""
    return tuple((_option(draft, i, option),) for i, option in enumerate(draft.options))


def _option(draft: Draft, index: int, option: Option) -> Button:
    if option.meaning is Meaning.PETITION:
        verb = Verb(option.verb or Verb.NEW)
        return _tap(draft, verb)
    values = {"number": format_number(option.about), "name": option.name}
    label = f"hearing.{option.verb or option.meaning}"
    return replace(_tap(draft, Verb.ABOUT, str(index), label), values=values)


def _cancel_button(draft: Draft, *_: object) -> tuple[tuple[Button, ...], ...]:
    return ((_tap(draft, Verb.CANCEL),),) if draft.parts or draft.attachments else ()


_Buttons = Callable[[Draft, Person, Rules], tuple[tuple[Button, ...], ...]]
_BUTTONS: dict[Step, _Buttons] = {
    Step.EMPTY: _cancel_button,
    Step.PLACING: _place_buttons,
    Step.MOVING: _place_buttons,
    Step.PREVIEW: _preview_buttons,
    Step.CATEGORIZING: _category_buttons,
    Step.NAMING: _cancel_button,
    Step.AGREEING: _agree_buttons,
    Step.UNSURE: _unsure_buttons,
}

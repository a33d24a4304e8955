"""How an activity looks: its buttons are what the machine accepts from this person now."""

from __future__ import annotations

from workflows.activities import stages
from workflows.activities.chat import attendance, documents
from workflows.activities.lifecycle import ACTIVITY
from workflows.activities.model import Activity
from workflows.activities.relations import HANDS, attempt, is_work, relations
from workflows.activities.stages import CODE, FILE, MY_CODE, SHEET, STEPS
from workflows.activities.words import Action, Rating
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button
from workflows.desk.outbound import keyboard
from workflows.desk.parts import Cards, Drawing, Look, Rows

_SIZES = ("1", "2", "3", "4")  # with how many somebody comes, at one tap
_HIDDEN = frozenset({Action.REPEAT, Action.RESIZE})


async def _draw(drawing: Drawing) -> Look:
    return Look(buttons=_buttons(drawing) if drawing.is_card else ())


def _buttons(drawing: Drawing) -> Rows:
    activity, viewer = drawing.subject, drawing.viewer
    if drawing.reader == "group" and activity.stage.seats:
        return (_spread(activity, Action.JOIN, drawing.rules)[:1],)
    if viewer is None or drawing.reader not in {"resident", "staff"}:
        return ()
    asked = attempt(activity, Action.BEGIN, viewer, drawing.now, drawing.rules)
    return keyboard.drawn(
        ACTIVITY, activity, (*ACTIVITY.actions(asked), *_looks(activity, viewer)),
        lambda name: _spread(activity, name, drawing.rules),
        is_behind=drawing.owed.template == "more",
    )  # fmt: skip


def _looks(activity: Activity, person: Person) -> list[str]:
    """What can be looked at beside it."""
    is_hand = bool(relations(person, activity) & HANDS)
    is_running = activity.stage is stages.STAGES[stages.S.RUNNING]
    known = {
        FILE: activity.stage.seats,
        MY_CODE: is_running and activity.slot_of(person.id) is not None,
        CODE: is_running and is_hand,
        SHEET: activity.starts_at is not None and is_work(person, activity),
        STEPS: True,
    }
    return [name for name, holds in known.items() if holds]


def _spread(activity: Activity, name: str, _: Rules) -> tuple[Button, ...]:
    """The buttons of one name. What is done on the list has one, that of the list."""
    if name in {FILE, SHEET, STEPS}:
        return (keyboard.look(activity, name),)
    if name in {CODE, MY_CODE, Action.HERE, Action.MARK}:
        return (attendance.button(activity, str(name)),)
    if name == Action.EXCUSE:
        return (attendance.button(activity, Action.MARK),) if activity.stage.seats else ()
    if name == Action.JOIN:
        return tuple(keyboard.action(activity, name, n, label=f"size.{n}") for n in _SIZES)
    if name == Action.RATE:
        return tuple(keyboard.action(activity, name, one, label=f"felt.{one}") for one in Rating)
    return (keyboard.action(activity, name),)


CARDS = Cards(
    draw=_draw, spread=_spread, mentions=lambda activity: [activity.leader], looks=documents.LOOKS
)

"""How an activity looks: its buttons are what the machine accepts from this person now."""

from __future__ import annotations

from functools import partial

from workflows.activities.chat.documents import LOOKS
from workflows.activities.lifecycle import ACTIVITY
from workflows.activities.model import AWAY, CAME, ITEMS, Activity
from workflows.activities.relations import attempt, is_work, photos_for, runs
from workflows.activities.stages import CODE, FILE, MY_CODE, SHEET, STEPS, WALL
from workflows.activities.store import queries
from workflows.activities.words import Action, Rating, State
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, tap
from workflows.core.talk.messages import Button, Notice, Priority, Values
from workflows.desk import attendance, viewing
from workflows.desk.context import Context
from workflows.desk.outbound import keyboard
from workflows.desk.parts import Attending, Cards, Drawing, Look

_SIZES = ("1", "2", "3")  # with how many somebody comes, at one tap; with more he is asked
_ROOMS = {Action.MARK: attendance.LIST, Action.HERE: attendance.HOW, CODE: CODE, MY_CODE: MY_CODE}


async def _draw(drawing: Drawing) -> Look:
    activity, viewer = drawing.subject, drawing.viewer
    if drawing.is_card and drawing.reader == "group" and activity.stage.seats:
        return Look(buttons=(_spread(activity, Action.JOIN, drawing.rules)[:1],))
    looks = _looks(activity, viewer) if viewer else []
    spread = partial(_for, viewer)
    return Look(buttons=keyboard.of_card(ACTIVITY, attempt, drawing, looks, spread))


def _for(viewer: Person | None, activity: Activity, name: str, rules: Rules) -> tuple[Button, ...]:
    """Who is in it already is asked with how many he comes now."""
    is_in = name == Action.JOIN and viewer is not None and viewer.id in activity.signed
    return _spread(activity, name, rules)[-1:] if is_in else _spread(activity, name, rules)


def _looks(activity: Activity, person: Person) -> list[str]:
    """What can be looked at beside it."""
    is_running = activity.state is State.RUNNING
    known = {
        FILE: activity.stage.seats,
        MY_CODE: is_running and person.id in activity.signed,
        CODE: is_running and runs(person, activity),
        SHEET: activity.starts_at is not None and is_work(person, activity),
        WALL: bool(photos_for(person, activity)),
        STEPS: True,
    }
    return [name for name, holds in known.items() if holds]


def _spread(activity: Activity, name: str, rules: Rules) -> tuple[Button, ...]:
    """The buttons of one name: of how many come and of how it was, one each."""
    if name in _ROOMS:
        return (attendance.button(activity, _ROOMS[name]),)
    if name == Action.JOIN:
        sizes = (keyboard.action(activity, name, x, label=f"size.{x}") for x in _SIZES)
        return (*sizes, keyboard.action(activity, name, label="size.more"))
    if name == Action.AGREE:  # to what is there now: what comes later nobody has seen
        return (keyboard.action(activity, name, str(activity.sent)),)
    if name == Action.RATE:
        return tuple(keyboard.action(activity, name, x, label=f"felt.{x}") for x in Rating)
    return keyboard.spread_of(ACTIVITY)(activity, name, rules)


async def _show_wall(context: Context, activity: Activity, person: Person) -> None:
    """The photos as far as he sees them, and below them how one is taken off. Raises Refusal."""
    photos = photos_for(person, activity)
    viewing.show_files(context, activity, person, tuple(p.file for p in photos))
    command = attempt(activity, Action.TAKE_OFF, person, context.now, context.rules)
    names = [x for x in ACTIVITY.actions(command) if x in {Action.AGREE, Action.TAKE_OFF}]
    rows = tuple(_spread(activity, name, context.rules) for name in names)
    values = {
        "numbers": [p.number for p in photos], "waiting": sum(not p.agreed_at for p in photos)
    }  # fmt: skip
    notice = Notice(
        to=person.id, template="activity_wall", values=values, buttons=rows,
        ticket_id=activity.id, priority=Priority.REPLY,
    )  # fmt: skip
    context.reply(notice)


async def numbers(_: Context, form: Form, activity: Activity) -> tuple[Button, ...]:
    """Which of those on the wall."""
    return tuple(tap(form, str(p.number), f"={p.number}") for p in activity.wall)


CARDS = Cards(
    draw=_draw, spread=_spread, mentions=lambda activity: [activity.leader],
    looks={**LOOKS, WALL: _show_wall},
)  # fmt: skip


# the list of who is there


def _tabs(activity: Activity) -> list[tuple[str, str]]:
    """Before it begins, who cannot come; then who came, and who was given what."""
    items = [(name, item.text[:8]) for name, item in zip(ITEMS, activity.items, strict=False)]
    return [*([(CAME, ""), *items] if activity.stage.counts else []), (AWAY, "")]


def _line(activity: Activity, whom: int, mode: str) -> Values:
    claim = activity.claim_of(whom)
    said = {"is_on": activity.seen(whom, mode) is not None, "size": claim.size if claim else 1}
    return said | ({"name": activity.paper[-whom - 1][:20]} if whom < 0 else {})


def _shown(activity: Activity) -> Values:
    pairs = zip(activity.items, activity.given.values(), strict=True)
    return {
        "came": activity.people, "crew": len({*activity.came} & {*activity.helpers}),
        "items": [{"what": i.text, "given": given, "total": i.total} for i, given in pairs],
    }  # fmt: skip


ATTENDING = Attending(
    running=queries.ids_running, runs=runs, tabs=_tabs, line=_line, shown=_shown,
    people=lambda activity: list(dict.fromkeys((*activity.signed, *activity.came))),
    uncounted=frozenset({AWAY}), here=Action.HERE, mark=Action.MARK,
)  # fmt: skip

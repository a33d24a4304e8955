"""What a row of the table does to an activity beyond its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from workflows.activities import needs as n
from workflows.activities.model import (
    ANY,
    CAME,
    GUESTS,
    HELPERS,
    ITEMS,
    WENT,
    Activity,
    Item,
    Report,
)
from workflows.activities.relations import Command
from workflows.activities.words import ClockName
from workflows.core.engine.clocks import Clock
from workflows.core.errors import Refusal
from workflows.core.kernels import presence, slots
from workflows.core.kernels.presence import Presence, PresenceError
from workflows.core.kernels.slots import Slot, SlotError, Standing
from workflows.core.talk.needs import TEXT, TIMER, TO

_CHECKED_OUT = timedelta(minutes=30)  # another code so much later means that somebody goes

# the plan


def plan(a: Command) -> Activity:
    """What of it was said anew: what, when, where, for how many. Whoever signed up stays."""
    was, span, given = a.subject, a.answers[n.WHEN], a.answers.given
    now = replace(
        was, title=a.answers[n.TITLE] or was.title, venue=a.answers[n.VENUE] or was.venue,
        starts_at=span.starts if span else was.starts_at,
        minutes=(span and span.minutes) or was.minutes or a.own.usual_minutes,
    )  # fmt: skip
    if n.PLACES not in given:
        return now
    now = _seat(now, GUESTS, lambda s: slots.resize(s, a.answers[n.PLACES] or ANY, a.now, a.until))
    return _seat(now, HELPERS, lambda s: slots.resize(s, a.answers[n.CREW], a.now, a.until))


def repeat(a: Command) -> Activity:
    """It goes on every week, or no more."""
    series = a.subject.series or a.subject.id
    return replace(a.subject, is_weekly=not a.subject.is_weekly, series=series)


def explain(a: Command) -> Activity:
    """Why not, or not so; what is off holds no place any more."""
    return replace(close_line(a), reason=a.answers[TEXT])


# who comes


def _seat(activity: Activity, name: str, change: Callable[[Slot], Slot]) -> Activity:
    """With one of its slots changed. Raises Refusal where the kernel says no."""
    was = activity.slot(name)
    try:
        now = change(was)
    except slots.OverfullError as error:
        raise Refusal("activity_full", places=was.capacity) from error
    except SlotError as error:
        raise Refusal("activity_gone", about=activity.id) from error
    return replace(activity, slots=(*(s for s in activity.slots if s.name != name), now))


def _his(activity: Activity, person: int) -> str:
    """The slot in which somebody is. Raises Refusal."""
    slot = activity.slot_of(person)
    if slot is None:
        raise Refusal("activity_gone", about=activity.id)
    return slot.name


def join(a: Command) -> Activity:
    """He comes, with so many; who is in it already brings more or fewer, and keeps his rank."""
    size = a.answers[n.SIZE]
    if a.claim:
        name = _his(a.subject, a.by)
        return _seat(a.subject, name, lambda s: slots.regroup(s, a.by, size, a.now, a.until))
    return _unsure(a, _claimed(a, a.subject, GUESTS, a.by))


def help_out(a: Command) -> Activity:
    """He helps."""
    return _unsure(a, _claimed(a, a.subject, HELPERS, a.by))


def paper(a: Command) -> Activity:
    """Somebody without an account comes, by his name."""
    named = replace(a.subject, paper=(*a.subject.paper, a.answers[TEXT]))
    return _claimed(a, named, GUESTS, -len(named.paper))


def _claimed(a: Command, activity: Activity, name: str, person: int) -> Activity:
    return _seat(
        activity, name, lambda s: slots.claim(s, person, a.now, size=a.answers[n.SIZE])
    )  # fmt: skip


def _unsure(a: Command, moved: Activity) -> Activity:
    unsure = {*moved.unsure, a.by} if a.answers[n.UNSURE] else moved.unsure
    return replace(moved, unsure=tuple(sorted(unsure)))


def leave(a: Command) -> Activity:
    """He does not come; what he leaves goes to the first who fits, at once. Whoever is named is
    excused: he is in no list of those who stayed away.
    """
    person = a.answers[n.WHOM] or a.by
    name = _his(a.subject, person)
    return _seat(a.subject, name, lambda s: slots.release(s, person, a.now, a.until))


def take(a: Command) -> Activity:
    """He takes the place that is held, or says that he comes."""
    sure = replace(a.subject, unsure=tuple(i for i in a.subject.unsure if i != a.by))
    return _seat(sure, _his(sure, a.by), lambda s: slots.take(s, a.by, a.now))


def expire(a: Command) -> Activity:
    """What was held for too long is offered to the next."""
    return _each(a.subject, lambda s: slots.expire(s, a.now, a.until))


def remind(a: Command) -> Activity:
    """The first time it reminds, who did not come several times must say that he does."""
    clock, activity = a.subject.clocks[ClockName.START], a.subject
    if a.answers[TIMER] is None or clock.fired[1:]:
        return activity
    for person in activity.unsure:
        if any(person in activity.coming(s.name) for s in activity.slots):
            ask = lambda s, who=person: slots.ask(s, who, a.now, a.until)  # noqa: E731
            activity = _seat(activity, _his(activity, person), ask)
    return activity


def close_line(a: Command) -> Activity:
    """Nobody is let in from the line any more, and nothing is held."""
    return _each(a.subject, lambda s: slots.close(s, a.now))


def _each(activity: Activity, change: Callable[[Slot], Slot]) -> Activity:
    return replace(activity, slots=tuple(change(one) for one in activity.slots))


def settle(a: Command, moved: Activity) -> Activity:
    """What follows from any step: who is on paper cannot be asked and is in at once; a slot that
    has changed counts it; one clock runs to the first offer's end, one to the beginning.
    """
    moved = _each(moved, lambda s: slots.counted(_paper_in(s, a.now), a.subject.slot(s.name)))
    ends = [c.until for s in moved.slots for c in s.claims if c.until]
    clocks = dict(moved.clocks)
    clocks.pop(ClockName.OFFER, None)
    if ends:
        clocks[ClockName.OFFER] = _running(moved, ClockName.OFFER, min(ends), a.now)
    if ClockName.START in clocks and moved.starts_at:
        clocks[ClockName.START] = _running(moved, ClockName.START, moved.starts_at, a.now)
    return replace(moved, clocks=clocks)


def _paper_in(slot: Slot, now: datetime) -> Slot:
    for one in slot.claims:
        if one.person < 0 and one.standing is Standing.OFFERED:
            slot = slots.take(slot, one.person, now)
    return slot


def _running(activity: Activity, name: ClockName, due: datetime, now: datetime) -> Clock:
    known = activity.clocks.get(name)
    return known if known and known.due == due else Clock(started=now, due=due)


# on the spot


def closes(a: Command) -> datetime | None:
    """When the system closes it by itself."""
    ends = a.subject.ends_at
    return ends and max(ends, a.now) + timedelta(minutes=a.own.closes_after_minutes)


def is_news(a: Command) -> bool:
    """Whether a code of his says something new: he comes, or much later, he goes."""
    came = a.subject.seen(a.by)
    return came is None or (not a.subject.seen(a.by, WENT) and a.now - came.at >= _CHECKED_OUT)


def here(a: Command) -> Activity:
    """He gave the code that was shown there."""
    came, seen = a.subject.seen(a.by), a.answers[n.SEEN]
    if seen is None:
        raise Refusal("activity_how", about=a.subject.id)
    return _taken_down(a.subject, replace(seen, person=a.by, name=WENT if came else CAME))


def mark(a: Command) -> Activity:
    """Who runs it takes somebody down, or off again; or so many whom nobody knows."""
    name, whom, more = a.answers[n.MODE], a.answers[n.WHOM], a.answers[n.MORE]
    if more > 0:
        _check_stock(a.subject, name, more)
    if not whom:
        return _loose(a.subject, name, more)
    if whom == a.by:
        raise Refusal("activity_self")
    if more > 0:
        seen = a.answers[n.SEEN] or presence.by_witness(
            subject=a.subject.id, name=name, person=whom, witness=a.by, at=a.now
        )
        return _taken_down(a.subject, seen)
    left = (x for x in a.subject.present if (x.person, x.name) != (whom, name))
    return replace(a.subject, present=tuple(left))


def _taken_down(activity: Activity, seen: Presence) -> Activity:
    try:
        presence.admit(activity.present, replace(seen, subject=activity.id))
    except PresenceError as error:
        raise Refusal("activity_there") from error
    return replace(activity, present=(*activity.present, seen))


def _loose(activity: Activity, name: str, more: int) -> Activity:
    if name == CAME:
        return replace(activity, loose=max(activity.loose + more, 0))
    items = {**dict(zip(ITEMS, activity.items, strict=False))}
    items[name] = replace(items[name], loose=max(items[name].loose + more, 0))
    return replace(activity, items=tuple(items.values()))


def _check_stock(activity: Activity, name: str, more: int) -> None:
    """Raises Refusal where there is no such thing, or no more of it."""
    known = dict(zip(ITEMS, zip(activity.items, activity.given, strict=True), strict=False))
    if name not in {CAME, *known}:
        raise Refusal("form_over")
    if name != CAME and known[name][1] + more > known[name][0].total:
        raise Refusal("activity_no_more", what=known[name][0].text[:40])


def stock(a: Command) -> Activity:
    """Something to be handed out."""
    text, total = n.amount_of(a.answers[n.ITEM])
    return replace(a.subject, items=(*a.subject.items, Item(text=text, total=total)))


def hear(a: Command) -> Activity:
    """Somebody said there what he needs; it becomes a petition."""
    return replace(a.subject, heard=a.subject.heard + 1)


# afterwards


def rate(a: Command) -> Activity:
    """How it was: counted, not who said what."""
    said = str(a.answers[n.RATING] or "")
    counts = {**a.subject.ratings, said: a.subject.ratings.get(said, 0) + 1}
    return replace(a.subject, ratings=counts, rated=(*a.subject.rated, a.by))


def sum_up(a: Command) -> Activity:
    """What it came to, as it stands in the list."""
    now = a.subject
    helpers = [i for i in now.came if now.is_helper(i)]
    missing = [i for i in now.coming(GUESTS) if i not in now.came]
    minutes = sum(now.minutes_of(i) for i in helpers)
    report = Report(
        people=now.people, helpers=len(helpers), minutes=minutes, missing=len(missing),
        text=a.answers[TEXT],
    )  # fmt: skip
    return replace(now, report=report)


def erase(a: Command) -> Activity:
    """Without what one person said or gave; without one, all that anybody did. Counts stay."""
    person, now = a.answers[TO], a.subject
    if person is not None:
        rated = tuple(0 if i == person.id else i for i in now.rated)
        return replace(now, rated=rated)
    report = now.report and replace(now.report, text="")
    bare: dict[str, Any] = dict.fromkeys(("paper", "unsure", "rated"), ())
    return replace(now, **bare, reason="", report=report)

"""What a row of the table does to an activity beyond its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from workflows.activities import needs as n
from workflows.activities.model import (
    ANY,
    AWAY,
    CAME,
    GUESTS,
    HELPERS,
    ITEMS,
    WALL,
    WENT,
    Activity,
    Item,
    Photo,
    Report,
)
from workflows.activities.relations import Command, photos_for
from workflows.activities.words import ClockName, Rest
from workflows.core.engine.clocks import Clock
from workflows.core.errors import Refusal
from workflows.core.kernels import presence, slots
from workflows.core.kernels.presence import Presence, PresenceError
from workflows.core.kernels.schedule import Decided, OnHoliday, Plan, expand
from workflows.core.kernels.slots import Slot, SlotError
from workflows.core.people import SYSTEM
from workflows.core.policy import Rules
from workflows.core.talk.needs import MODE, MORE, SEEN, TEXT, TIMER, TO, WHOM

_DOORS_OPEN = timedelta(hours=2)  # before it begins, at the earliest
_CHECKED_OUT = timedelta(minutes=30)  # another code so much later means that somebody goes

# the plan


def plan(a: Command) -> Activity:
    """What of it was said anew: what, when, where, for how many. Whoever signed up stays."""
    was, span, given = a.subject, a.answers[n.WHEN], a.answers.given
    now = replace(
        was, title=a.answers[n.TITLE] or was.title, venue=a.answers[n.VENUE] or was.venue,
        starts_at=span.starts if span else was.starts_at,
        minutes=(span and span.minutes) or was.minutes or a.own.usual_minutes,
        on_holiday=was.on_holiday and span is None,
    )  # fmt: skip
    if n.PLACES in given:
        places = a.answers[n.PLACES] or ANY
        now = _seat(now, GUESTS, lambda s: slots.resize(s, places, a.now, a.until))
        now = _seat(now, HELPERS, lambda s: slots.resize(s, a.answers[n.CREW], a.now, a.until))
    return now


def explain(a: Command) -> Activity:
    """Why not, or not so; what is off holds no place any more. A series ends with it only where
    that was said, or nobody did anything.
    """
    ends = a.answers[n.REST] is Rest.END or a.by == SYSTEM.id
    last = a.subject.nth if ends else a.subject.times
    return replace(close_line(a), reason=a.answers[TEXT], times=last)


def repeat(a: Command) -> Activity:
    """So many more, each a week later at the time of this one; with none, it is the last."""
    more = a.answers[n.MORE_TIMES]
    return replace(a.subject, times=a.subject.nth + more, rhythm=a.subject.starts_at)


def following(last: Activity, number: int, now: datetime, rules: Rules) -> Activity:
    """The next of a series as this one was planned, with room for all: nobody is signed up."""
    since = last.rhythm or last.starts_at or now
    local, after = since.astimezone(rules.working.zone), max(now, since + timedelta(days=1))
    weekly = Plan(
        rule="FREQ=WEEKLY", first=local.date(), opens=local.time(),
        lasts=timedelta(minutes=last.minutes), on_holiday=OnHoliday.KEEP,
    )  # fmt: skip
    at = expand(weekly, number, rules.working, after, after + timedelta(days=8))[0]
    return Activity(
        id=number, leader=last.leader, place=last.place, title=last.title, venue=last.venue,
        opened_at=now, starts_at=at.opens, minutes=last.minutes, last=last.id, nth=last.nth + 1,
        times=last.times, rhythm=at.opens, on_holiday=at.decided is Decided.KEPT,
        slots=tuple(Slot(subject=number, name=x.name, capacity=x.capacity) for x in last.slots),
    )  # fmt: skip


# who comes


def _seat(activity: Activity, name: str, change: Callable[[Slot], Slot]) -> Activity:
    """With one of its slots changed. Raises Refusal where the kernel says no."""
    try:
        return replace(activity, slots=slots.with_one(activity.slots, name, change))
    except slots.OverfullError as error:
        raise Refusal("activity_full", places=activity.slot(name).capacity) from error
    except SlotError as error:
        raise Refusal("activity_gone", about=activity.id) from error


def _his(activity: Activity, person: int, change: Callable[[Slot], Slot]) -> Activity:
    """The same with the one in which somebody is. Raises Refusal."""
    slot = slots.holding(activity.slots, person)
    return _seat(activity, slot.name if slot else GUESTS, change)


def join(a: Command) -> Activity:
    """He comes, with so many; who is in it already brings more or fewer, and keeps his rank."""
    size = a.answers[n.SIZE]
    if a.subject.claim_of(a.by):
        return _his(a.subject, a.by, lambda s: slots.regroup(s, a.by, size, a.now, a.until))
    return _come(a, GUESTS)


def help_out(a: Command) -> Activity:
    """He helps."""
    return _come(a, HELPERS)


def _come(a: Command, name: str) -> Activity:
    unsure = {*a.subject.unsure, *([a.by] if a.answers[n.UNSURE] else [])}
    known = replace(a.subject, unsure=tuple(sorted(unsure)))
    return _seat(known, name, lambda s: slots.claim(s, a.by, a.now, size=a.answers[n.SIZE]))


def paper(a: Command) -> Activity:
    """Somebody without an account comes, by his name."""
    named = replace(a.subject, paper=(*a.subject.paper, a.answers[TEXT]))
    number, size = -len(named.paper), a.answers[n.SIZE]
    return _seat(named, GUESTS, lambda s: slots.claim(s, number, a.now, size=size))


def leave(a: Command) -> Activity:
    """He does not come; what he leaves goes to the first who fits, at once. Whoever is named is
    excused: he is in no list of those who stayed away.
    """
    person = a.answers[WHOM] or a.by
    return _his(a.subject, person, lambda s: slots.release(s, person, a.now, a.until))


def take(a: Command) -> Activity:
    """He takes the place that is held, or says that he comes."""
    sure = replace(a.subject, unsure=tuple(i for i in a.subject.unsure if i != a.by))
    return _his(sure, a.by, lambda s: slots.take(s, a.by, a.now))


def expire(a: Command) -> Activity:
    """What was held for too long is offered to the next."""
    return _each(a.subject, lambda s: slots.expire(s, a.now, a.until))


def remind(a: Command) -> Activity:
    """The first time it reminds, who did not come several times must say that he does."""
    if a.answers[TIMER] is None or a.subject.clocks[ClockName.START].fired[1:]:
        return a.subject
    return _each(a.subject, lambda s: _asked(a, s))


def _asked(a: Command, slot: Slot) -> Slot:
    for person in (i for i in a.subject.unsure if i in a.subject.coming(slot.name)):
        slot = slots.ask(slot, person, a.now, a.until)
    return slot


def close_line(a: Command) -> Activity:
    """Nobody is let in from the line any more, and nothing is held."""
    return _each(a.subject, lambda s: slots.close(s, a.now))


def _each(activity: Activity, change: Callable[[Slot], Slot]) -> Activity:
    return replace(activity, slots=tuple(change(one) for one in activity.slots))


def settle(a: Command, moved: Activity) -> Activity:
    """What follows from any step: one clock runs to the first offer's end, one to the beginning."""
    moved = replace(moved, slots=slots.settled(moved.slots, a.subject.slots, a.now))
    clocks, ends = dict(moved.clocks), slots.first_end(moved.slots)
    clocks.pop(ClockName.OFFER, None)
    if ends:
        clocks[ClockName.OFFER] = _running(moved, ClockName.OFFER, ends, a.now)
    if ClockName.START in clocks and moved.starts_at:
        clocks[ClockName.START] = _running(moved, ClockName.START, moved.starts_at, a.now)
    return replace(moved, clocks=clocks)


def _running(activity: Activity, name: ClockName, due: datetime, now: datetime) -> Clock:
    known = activity.clocks.get(name)
    return known if known and known.due == due else Clock(started=now, due=due)


# on the spot


def is_soon(a: Command) -> bool:
    """Whether it can begin: nobody closes the line a day before by a slip of the thumb."""
    return a.subject.starts_at is not None and a.now >= a.subject.starts_at - _DOORS_OPEN


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
    seen, came = a.answers[SEEN], a.subject.seen(a.by)
    if seen is None:
        raise Refusal("attend_how")
    return _taken_down(a.subject, replace(seen, person=a.by, name=WENT if came else CAME))


def mark(a: Command) -> Activity:
    """Who runs it takes somebody down, or off again; or so many whom nobody knows."""
    now, name, whom, more = a.subject, a.answers[MODE] or CAME, a.answers[WHOM], a.answers[MORE]
    if name == AWAY and whom:
        return leave(a)
    if not now.stage.counts or name not in {CAME, *now.given}:
        raise Refusal("form_over")
    if name in now.given and now.given[name] + more > now.items[ITEMS.index(name)].total:
        raise Refusal("activity_no_more", what=now.items[ITEMS.index(name)].text[:40])
    if not whom:
        return _loose(now, name, more)
    if whom == a.by:
        raise Refusal("activity_self")
    if more < 0:
        left = (x for x in now.present if (x.person, x.name) != (whom, name))
        return replace(now, present=tuple(left))
    witnessed = presence.by_witness(subject=now.id, person=whom, witness=a.by, at=a.now)
    return _taken_down(now, replace(a.answers[SEEN] or witnessed, name=name))


def _taken_down(activity: Activity, seen: Presence) -> Activity:
    new = replace(seen, subject=activity.id)
    try:
        presence.admit(activity.present, new)
    except PresenceError as error:
        raise Refusal("activity_there") from error
    return replace(activity, present=(*activity.present, new))


def _loose(activity: Activity, name: str, more: int) -> Activity:
    if name == CAME:
        return replace(activity, loose=max(activity.loose + more, 0))
    known = dict(zip(ITEMS, activity.items, strict=False))
    known[name] = replace(known[name], loose=max(known[name].loose + more, 0))
    return replace(activity, items=tuple(known.values()))


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
    said = str(a.answers[n.FELT] or "")
    counts = {**a.subject.ratings, said: a.subject.ratings.get(said, 0) + 1}
    return replace(a.subject, ratings=counts, rated=(*a.subject.rated, a.by))


def photo(a: Command) -> Activity:
    """More photos, as many as there is room for; nobody sees them yet but who sends some."""
    was, room = a.subject, WALL - len(a.subject.photos)
    files = [file for file in a.answers[n.SHOWN] if file.kind == "photo"][:room]
    new = (Photo(number=i, file=x, by=a.by) for i, x in enumerate(files, was.sent + 1))
    return replace(was, photos=(*was.photos, *new), sent=was.sent + len(files))


def agree(a: Command) -> Activity:
    """All who are shown agree, on the photos up to the one that was the newest for who says so."""
    newest = a.answers[n.WHICH] or a.subject.sent
    asked = {p.number for p in a.subject.photos if not p.agreed_at and p.number <= newest}
    signed = (
        replace(p, agreed_by=a.by, agreed_at=a.now) if p.number in asked else p
        for p in a.subject.photos
    )
    return replace(a.subject, photos=tuple(signed))


def take_off(a: Command) -> Activity:
    """One photo is gone at once, or all that he sees. Raises Refusal where there is none such."""
    seen, which = photos_for(a.actor, a.subject), a.answers[n.WHICH]
    gone = {p.number for p in seen if which in {0, p.number}}
    if not gone:
        raise Refusal("activity_no_photo", about=a.subject.id)
    left = tuple(p for p in a.subject.photos if p.number not in gone)
    return replace(a.subject, photos=left)


def sum_up(a: Command) -> Activity:
    """What it came to, as it stands in the list."""
    now = a.subject
    helpers = [i for i in now.came if i in now.helpers]
    minutes = sum(now.minutes_of(i) for i in helpers)
    report = Report(
        people=now.people, helpers=len(helpers), minutes=minutes, text=a.answers[TEXT]
    )  # fmt: skip
    return replace(now, report=report)


def erase(a: Command) -> Activity:
    """Without what one person said; without one, all that anybody did. Counts stay."""
    person, now = a.answers[TO], a.subject
    if person is not None:
        rated = tuple(0 if i == person.id else i for i in now.rated)
        return replace(now, rated=rated, photos=tuple(p for p in now.photos if p.by != person.id))
    report = now.report and replace(now.report, text="")
    bare: dict[str, Any] = dict.fromkeys(("paper", "unsure", "rated", "photos"), ())
    return replace(now, **bare, reason="", report=report)

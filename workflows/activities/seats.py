"""Who has a place at an activity, who is in line, and what becomes of a place that falls free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from workflows.activities.model import ANY, HELP, HOME, Activity
from workflows.activities.relations import Command
from workflows.activities.settings import ActivitySettings
from workflows.activities.words import ClockName
from workflows.core.engine.clocks import Clock
from workflows.core.errors import Refusal
from workflows.core.kernels import slots
from workflows.core.kernels.slots import Slot, SlotError, Standing
from workflows.core.policy import Rules
from workflows.core.timing import calendar

Change = Callable[[Slot], Slot]


def until(a: Command) -> datetime:
    """Until when a place that falls free now is held: by day, or shortly where it begins soon."""
    starts, settings = a.subject.starts_at or a.now, a.rules.of(ActivitySettings)
    policy = a.rules.clocks[Activity.kind][ClockName.OFFER]
    if starts - a.now < timedelta(hours=settings.short_before_hours):
        return min(a.now + timedelta(hours=settings.short_offer_hours), starts)
    return min(calendar.due_after(policy, a.now, a.rules), starts)


def within(activity: Activity, name: str, change: Change) -> Activity:
    """With one of its slots changed. Raises Refusal where the kernel says no."""
    was = activity.slot(name)
    try:
        now = change(was)
    except slots.OverfullError as error:
        raise Refusal("activity_full", most=was.capacity) from error
    except SlotError as error:
        raise Refusal("activity_not_now", about=activity.id) from error
    others = tuple(one for one in activity.slots if one.name != name)
    return replace(activity, slots=(*others, now))


def every(activity: Activity, change: Change) -> Activity:
    """With all of them changed."""
    return replace(activity, slots=tuple(change(one) for one in activity.slots))


def sized(activity: Activity, name: str, places: int, now: datetime, end: datetime) -> Activity:
    """With so many places; who is in stays in, so it is not cut below that."""
    return within(activity, name, lambda one: slots.resize(one, places or ANY, now, end))


def helped(activity: Activity, places: int, now: datetime, end: datetime) -> Activity:
    """The same of the helpers, whom it can do without."""
    return within(activity, HELP, lambda one: slots.resize(one, places, now, end))


def entered(a: Command, name: str, person: int, size: int = 1) -> Activity:
    """He is in, or the last in line; who is in line already brings more or fewer."""
    slot, end = a.subject.slot_of(person), until(a)
    if slot is None:
        return within(a.subject, name, lambda one: slots.claim(one, person, a.now, size=size))
    return within(a.subject, slot.name, lambda one: slots.regroup(one, person, size, a.now, end))


def left(a: Command, person: int) -> Activity:
    """He is not; what he leaves goes to the first who fits, at once."""
    slot = a.subject.slot_of(person)
    if slot is None:
        raise Refusal("activity_not_in", about=a.subject.id)
    return within(a.subject, slot.name, lambda one: slots.release(one, person, a.now, until(a)))


def taken(a: Command) -> Activity:
    """He takes the place that is held for him."""
    slot = a.subject.slot_of(a.by)
    return within(a.subject, slot.name if slot else HOME, lambda one: slots.take(one, a.by, a.now))


def expired(a: Command) -> Activity:
    """What was held for too long is offered to the next."""
    return every(a.subject, lambda one: slots.expire(one, a.now, until(a)))


def asked(a: Command) -> Activity:
    """Who did not come several times must say that he does."""
    activity, end = a.subject, until(a)
    for person in activity.unsure:
        slot, claim = activity.slot_of(person), activity.claim_of(person)
        if slot and claim and claim.standing is Standing.IN:
            activity = within(
                activity, slot.name, lambda one, who=person: slots.ask(one, who, a.now, end)
            )
    return activity


def closed(activity: Activity, now: datetime) -> Activity:
    """It has begun: nobody is let in from the line any more, and nothing is held."""
    return every(activity, lambda one: _closed(one, now))


def _closed(slot: Slot, now: datetime) -> Slot:
    held = slots.hold(slot, is_held=True, now=now)
    back = [one.person for one in held.claims if one.standing is Standing.OFFERED]
    return slots.resize(held, held.capacity, now, back=back)


def settled(a: Command, moved: Activity) -> Activity:
    """What follows from any step: who is on paper cannot be asked and is in at once; a slot that
    has changed counts it; the clock of what is held runs to the first that ends, and the one of the
    beginning to when it is.
    """
    moved = every(moved, lambda one: _counted(_paper_in(one, a.now), a.subject.slot(one.name)))
    clocks = dict(moved.clocks)
    ends = [c.until for s in moved.slots for c in s.claims if c.until]
    clocks |= _running(moved, ClockName.OFFER, min(ends, default=None), a.now)
    if not ends:
        clocks.pop(ClockName.OFFER, None)
    if ClockName.START in clocks:
        clocks |= _running(moved, ClockName.START, moved.starts_at, a.now)
    return replace(moved, clocks=clocks)


def _paper_in(slot: Slot, now: datetime) -> Slot:
    for one in slot.claims:
        if one.person < 0 and one.standing is Standing.OFFERED and (one.until or now) > now:
            slot = slots.take(slot, one.person, now)
    return slot


def _counted(slot: Slot, was: Slot) -> Slot:
    return slot if slot == was else replace(slot, version=was.version + 1)


def _running(
    activity: Activity, name: ClockName, due: datetime | None, now: datetime
) -> dict[ClockName, Clock]:
    known = activity.clocks.get(name)
    if due is None or (known and known.due == due):
        return {}
    return {name: Clock(started=now, due=due)}


def no_shows_are_many(count: int, rules: Rules) -> bool:
    """Whether somebody did not come so often that he is asked before."""
    return count >= rules.of(ActivitySettings).no_shows

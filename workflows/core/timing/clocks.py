"""Clocks: when what is due, from a ticket's clocks and the community's policies alone.

The timers of a ticket are not bookkeeping of their own: `timers(ticket)` derives all of them from
`ticket.clocks`, so after every decision the pending rows are simply replaced by its answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from msgspec.structs import replace

from workflows.core.clocks import Clock
from workflows.core.policy import Climb, ClockChange, ClockPolicy, Counts, Rules
from workflows.core.subject import Timer
from workflows.core.timing.worktime import ALWAYS, Worktime, every_day_but
from workflows.petition.model import Ticket
from workflows.petition.stages import HASTENED, PROMISES
from workflows.petition.words import ClockName

Mark = tuple[str, datetime]

DUE = "due"
_LATE = "late"
_CLIMB = "climb"
_IN_TIME = timedelta(minutes=30)  # an answer that arrives with the breach came too late


def policy(name: ClockName, category: str, rules: Rules, *, urgent: bool) -> ClockPolicy:
    """What holds for a clock: what urgency says over what the category says over the general.

    Danger waits for no office: an urgent clock counts calendar time unless urgency says otherwise.
    """
    found, known = rules.clocks[Ticket.kind][name], rules.categories.get(category)
    if known and name in known.clocks:
        found = known.clocks[name].over(found)
    if urgent:
        change = rules.urgent_clocks.get(name, ClockChange())
        found = change.over(replace(found, counts=Counts.CALENDAR))
    return found


def worktime(counts: Counts, rules: Rules) -> Worktime:
    """The time in which a clock that counts so runs."""
    if counts is Counts.WORKING:
        return rules.working
    return _daytime(rules) if counts is Counts.DAY else ALWAYS


def start(
    name: ClockName, ticket: Ticket, now: datetime, rules: Rules, *, due: datetime | None = None
) -> Clock:
    """A clock that starts now; `due` overrides the policy's length, as a plan's date does."""
    held = policy(name, ticket.category, rules, urgent=ticket.urgent)
    return Clock(started=now, due=due or due_after(held, now, rules))


def due_after(policy: ClockPolicy, now: datetime, rules: Rules) -> datetime:
    """When a clock of this policy is due that starts now."""
    return worktime(policy.counts, rules).add(now, policy.length)


def pause(clock: Clock, now: datetime) -> Clock:
    """The clock standing still from now on."""
    return clock if clock.paused else replace(clock, paused=now)


def resume(name: ClockName, ticket: Ticket, now: datetime, rules: Rules) -> Clock:
    """A ticket's clock running on: what had run and what was left, in the time it counts, stay."""
    clock = ticket.clocks[name]
    if clock.paused is None:
        return clock
    hours = worktime(policy(name, ticket.category, rules, urgent=ticket.urgent).counts, rules)
    ran = hours.between(clock.started, clock.paused)
    left = hours.between(clock.paused, clock.due)
    late_at = clock.late_at and clock.late_at + (now - clock.paused)
    moved = replace(clock, started=hours.add(now, -ran), due=hours.add(now, left))
    return replace(moved, paused=None, late_at=late_at)


def hasten(ticket: Ticket, now: datetime, rules: Rules) -> Ticket:
    """A ticket that became urgent: what its staff owe begins anew where that is due sooner.

    Dates that were promised stay, and so does the time that residents have.
    """
    clocks = dict(ticket.clocks)
    for name in HASTENED & clocks.keys():
        fresh = start(name, ticket, clocks[name].paused or now, rules)
        if fresh.due < clocks[name].due:
            clocks[name] = replace(clocks[name], started=fresh.started, due=fresh.due)
    return replace(ticket, clocks=clocks)


def ring(ticket: Ticket, timer: Timer, now: datetime, rules: Rules) -> Ticket:
    """The ticket after a timer rang: that one never rings again.

    A daily mark that rings late has rung for all the days that were missed.
    """
    name = ClockName(timer.clock)
    clock = ticket.clocks[name]
    fired = tuple(mark for mark in clock.fired if not (is_late(timer.mark) and is_late(mark)))
    rung = replace(clock, fired=(*fired, timer.mark))
    if is_late(timer.mark):
        missed = max(now - timer.due_at, timedelta(0)) // rules.late_every
        rung = replace(rung, late_at=timer.due_at + missed * rules.late_every)
    return replace(ticket, clocks={**ticket.clocks, name: rung})


def timers(ticket: Ticket, rules: Rules) -> tuple[Timer, ...]:
    """Every due moment still ahead of a ticket (or missed and not yet rung), in order."""
    found = [
        Timer(ticket_id=ticket.id, clock=name, mark=mark, due_at=moment)
        for name, clock in ticket.clocks.items()
        if clock.paused is None
        for mark, moment in _marks_of(ticket, name, clock, rules)
        if mark not in clock.fired
    ]
    return tuple(sorted(found, key=lambda t: (t.due_at, t.kind)))


def promise_due(ticket: Ticket) -> datetime | None:
    """When the next promise (the answer, the plan's date) that runs now is due; None without."""
    promises = (ticket.clocks.get(name) for name in PROMISES)
    return min((c.due for c in promises if c and c.paused is None), default=None)


def end_of_day(moment: datetime, rules: Rules) -> datetime:
    """The next midnight of the community's zone (aware, UTC)."""
    day = moment.astimezone(rules.zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, rules.zone).astimezone(UTC)


def next_morning(now: datetime, rules: Rules) -> datetime | None:
    """When the morning lists go out next (aware, UTC); None when the community wants none."""
    return None if rules.morning is None else next_time(rules.morning, now, rules)


def next_time(at: time, now: datetime, rules: Rules) -> datetime:
    """When it is this time of day next (aware, UTC), as the clocks in the community show it."""
    local = now.astimezone(rules.zone)
    today = datetime.combine(local.date(), at, rules.zone)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


def next_week(now: datetime, rules: Rules) -> datetime | None:
    """When the residents' groups get the next summary (aware, UTC); None when they want none."""
    if rules.weekly is None:
        return None
    moment = next_time(rules.weekly.at, now, rules)
    days = (rules.weekly.weekday - moment.astimezone(rules.zone).weekday()) % 7
    # Counted on the calendar: a day is not always twenty-four hours.
    local = moment.astimezone(rules.zone) + timedelta(days=days)
    return local.astimezone(UTC)


def is_reminder(mark: str) -> bool:
    """Whether a mark is a percentage, before the due moment."""
    return mark.isdigit()


def ladder(name: str, rules: Rules) -> tuple[Climb, ...]:
    """Who hears of a clock that is over, and how long after its due moment."""
    return rules.call_climb if name == ClockName.CALL else rules.climb


def climbed(mark: str, rungs: tuple[Climb, ...]) -> int:
    """Which of the ladder's rungs a mark after the due moment reaches, from 0."""
    if mark == DUE or mark.startswith(_LATE):
        return 0
    return min(int(mark.removeprefix(_CLIMB)), len(rungs) - 1)


def is_late(mark: str) -> bool:
    """Whether a mark is a daily one, after the last climb."""
    return mark.startswith(_LATE)


def is_overtaken(ticket: Ticket, timer: Timer, now: datetime, rules: Rules) -> bool:
    """Whether a later mark of the same clock is due too: after downtime one reminder is enough."""
    ahead = (t for t in timers(ticket, rules) if t.clock == timer.clock)
    return any(timer.due_at < t.due_at <= now for t in ahead)


def is_quiet(moment: datetime, rules: Rules) -> bool:
    """Whether a moment lies in the quiet hours of the community's zone."""
    return not _daytime(rules).is_open(moment)


def end_of_quiet(moment: datetime, rules: Rules) -> datetime:
    """The moment itself by day, the end of the quiet hours by night (aware, UTC)."""
    return _daytime(rules).opening(moment)


def _daytime(rules: Rules) -> Worktime:
    return every_day_but(rules.quiet_from, rules.quiet_until, rules.zone)


def push_moment(ticket: Ticket | None, now: datetime, rules: Rules) -> datetime:
    """When a push that does not wake anybody may go out: by day, in time for every due moment."""
    clocks = (ticket.clocks if ticket else {}).values()
    dues = [c.due - _IN_TIME for c in clocks if c.due > now and c.paused is None]
    return max(now, min([end_of_quiet(now, rules), *dues]))


def _marks_of(ticket: Ticket, name: ClockName, clock: Clock, rules: Rules) -> Iterator[Mark]:
    held = policy(name, ticket.category, rules, urgent=ticket.urgent)
    waking = _waking(held.counts, rules, urgent=ticket.urgent)
    yield from _reminders(clock, held.remind, worktime(held.counts, rules), waking)
    yield DUE, clock.due
    if held.climbs:
        yield from _climb(clock, ladder(name, rules), worktime(held.counts, rules), waking, rules)


def _waking(counts: Counts, rules: Rules, *, urgent: bool) -> Worktime:
    """When all but the due moment itself may ring: a clock's own hours; or by day, or urgent."""
    if counts is Counts.CALENDAR:
        return ALWAYS if urgent else _daytime(rules)
    return worktime(counts, rules)


def _reminders(
    clock: Clock, percents: tuple[int, ...], hours: Worktime, waking: Worktime
) -> Iterator[Mark]:
    """The percentages above those that rang, moved to waking time; on one moment the last."""
    moments: dict[datetime, str] = {}
    rang = max((int(mark) for mark in clock.fired if is_reminder(mark)), default=0)
    length = hours.between(clock.started, clock.due)
    for percent in (p for p in sorted(percents) if p > rang):
        moment = waking.opening(hours.add(clock.started, length * percent / 100))
        if moment < clock.due:
            moments[moment] = str(percent)
    yield from ((mark, moment) for moment, mark in moments.items())


def _climb(
    clock: Clock, rungs: tuple[Climb, ...], hours: Worktime, waking: Worktime, rules: Rules
) -> Iterator[Mark]:
    """The rungs above the first, then one reminder a day for as long as nothing happens.

    Only the breach itself, or an urgent ticket, wakes anybody: these wait for waking time, and
    the days of one weekend or holiday become a single reminder after it.
    """
    moment = waking.opening(clock.due)
    for rung, climb in enumerate(rungs[1:], start=1):
        moment = waking.opening(hours.add(clock.due, climb.after))
        yield f"{_CLIMB}{rung}", moment
    last = max((int(m.removeprefix(_LATE)) for m in clock.fired if is_late(m)), default=0)
    yield f"{_LATE}{last + 1}", waking.opening((clock.late_at or moment) + rules.late_every)

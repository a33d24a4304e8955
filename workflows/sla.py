"""Clocks: when what is due, from a ticket's clocks and the community's policies alone.

The timers of a ticket are not bookkeeping of their own: `timers(ticket)` derives all of them from
`ticket.clocks`, so after every decision the pending rows are simply replaced by its answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from workflows.model import Clock, ClockName, Ticket, Timer
from workflows.rules import Rules

DUE = "due"
_LATE = "late"
_CLIMB = "climb"
_IN_TIME = timedelta(minutes=30)  # an answer that arrives with the breach came too late


def start(
    name: ClockName,
    now: datetime,
    rules: Rules,
    *,
    urgent: bool = False,
    due: datetime | None = None,
) -> Clock:
    """A clock that starts now; `due` overrides the policy's length, as a plan's date does."""
    policy = rules.clocks[name]
    if due is None and policy.by_day and not urgent:
        due = _by_day(now, policy.length, rules)
    return Clock(started=now, due=due or now + policy.length)


def pause(clock: Clock, now: datetime) -> Clock:
    """The clock standing still from now on."""
    return clock if clock.paused else replace(clock, paused=now)


def resume(clock: Clock, now: datetime) -> Clock:
    """The clock running on: start and due move by the pause."""
    if clock.paused is None:
        return clock
    pause_length = now - clock.paused
    return replace(
        clock, started=clock.started + pause_length, due=clock.due + pause_length, paused=None
    )


def ring(clock: Clock, mark: str) -> Clock:
    """The clock after one of its marks rang: that one never rings again."""
    return replace(clock, fired=(*clock.fired, mark))


def timers(ticket: Ticket, rules: Rules) -> tuple[Timer, ...]:
    """Every due moment still ahead of a ticket (or missed and not yet rung), in order."""
    found = [
        Timer(ticket_id=ticket.id, clock=name, mark=mark, due_at=moment)
        for name, clock in ticket.clocks.items()
        if clock.paused is None
        for mark, moment in _marks(name, clock, rules, urgent=ticket.urgent)
        if mark not in clock.fired
    ]
    return tuple(sorted(found, key=lambda t: (t.due_at, t.kind)))


def promise_due(ticket: Ticket) -> datetime | None:
    """When the next promise (the answer, the plan's date) that runs now is due; None without."""
    promises = (ticket.clocks.get(name) for name in (ClockName.RESPONSE, ClockName.PLAN))
    return min((c.due for c in promises if c and c.paused is None), default=None)


def end_of_day(moment: datetime, rules: Rules) -> datetime:
    """The next midnight of the community's zone (aware, UTC)."""
    day = moment.astimezone(rules.zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, rules.zone).astimezone(UTC)


def next_morning(now: datetime, rules: Rules) -> datetime | None:
    """When the morning lists go out next (aware, UTC); None when the community wants none."""
    if rules.morning is None:
        return None
    local = now.astimezone(rules.zone)
    today = datetime.combine(local.date(), rules.morning, rules.zone)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


def is_reminder(mark: str) -> bool:
    """Whether a mark is a percentage, before the due moment."""
    return mark.isdigit()


def climbed(mark: str, rules: Rules) -> int:
    """Which rung of the escalation a mark after the due moment reaches, from 0."""
    if mark == DUE or mark.startswith(_LATE):
        return 0
    return min(int(mark.removeprefix(_CLIMB)), len(rules.climb) - 1)


def is_late(mark: str) -> bool:
    """Whether a mark is a daily one, after the last climb."""
    return mark.startswith(_LATE)


def is_overtaken(ticket: Ticket, timer: Timer, now: datetime, rules: Rules) -> bool:
    """Whether a later mark of the same clock is due too: after downtime one reminder is enough."""
    ahead = (t for t in timers(ticket, rules) if t.clock is timer.clock)
    return any(timer.due_at < t.due_at <= now for t in ahead)


def is_quiet(moment: datetime, rules: Rules) -> bool:
    """Whether a moment lies in the quiet hours of the community's zone."""
    local = moment.astimezone(rules.zone).time()
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= local < rules.quiet_until
    return local >= rules.quiet_from or local < rules.quiet_until


def end_of_quiet(moment: datetime, rules: Rules) -> datetime:
    """The moment itself by day, the end of the quiet hours by night (aware, UTC)."""
    if not is_quiet(moment, rules):
        return moment
    local = moment.astimezone(rules.zone)
    end = local.replace(
        hour=rules.quiet_until.hour, minute=rules.quiet_until.minute, second=0, microsecond=0
    )
    if end < local:
        end += timedelta(days=1)
    return end.astimezone(moment.tzinfo)


def _by_day(now: datetime, length: timedelta, rules: Rules) -> datetime:
    """The moment `length` from now, the quiet hours not counted."""
    moment = end_of_quiet(now, rules)
    while (evening := _start_of_quiet(moment, rules)) < moment + length:
        length -= evening - moment
        moment = end_of_quiet(evening, rules)
    return moment + length


def _start_of_quiet(moment: datetime, rules: Rules) -> datetime:
    """When the next quiet hours begin; without any, never."""
    if rules.quiet_from == rules.quiet_until:
        return datetime.max.replace(tzinfo=moment.tzinfo)
    local = moment.astimezone(rules.zone)
    evening = local.replace(
        hour=rules.quiet_from.hour, minute=rules.quiet_from.minute, second=0, microsecond=0
    )
    if evening <= local:
        evening += timedelta(days=1)
    return evening.astimezone(moment.tzinfo)


def push_moment(ticket: Ticket | None, now: datetime, rules: Rules) -> datetime:
    """When a push that does not wake anybody may go out: by day, in time for every due moment."""
    clocks = (ticket.clocks if ticket else {}).values()
    dues = [c.due - _IN_TIME for c in clocks if c.due > now and c.paused is None]
    return max(now, min([end_of_quiet(now, rules), *dues]))


def _marks(
    name: ClockName, clock: Clock, rules: Rules, *, urgent: bool
) -> Iterator[tuple[str, datetime]]:
    yield from _reminders(name, clock, rules, urgent=urgent)
    yield DUE, clock.due
    if rules.clocks[name].climbs:
        yield from _climb(clock, rules, urgent=urgent)


def _reminders(
    name: ClockName, clock: Clock, rules: Rules, *, urgent: bool
) -> Iterator[tuple[str, datetime]]:
    """The percentages above those that rang, moved out of the night; on one moment the last."""
    moments: dict[datetime, str] = {}
    rang = max((int(mark) for mark in clock.fired if is_reminder(mark)), default=0)
    for percent in (p for p in sorted(rules.clocks[name].remind) if p > rang):
        moment = clock.started + (clock.due - clock.started) * percent / 100
        if not urgent:
            moment = min(end_of_quiet(moment, rules), clock.due)
        if moment < clock.due:
            moments[moment] = str(percent)
    yield from ((mark, moment) for moment, mark in moments.items())


def _climb(clock: Clock, rules: Rules, *, urgent: bool) -> Iterator[tuple[str, datetime]]:
    """The rungs above the first, then one reminder a day for as long as nothing happens.

    Only the breach itself, or an urgent ticket, wakes anybody: these wait for the day.
    """
    by_day = (lambda moment: moment) if urgent else (lambda moment: end_of_quiet(moment, rules))
    for rung, climb in enumerate(rules.climb[1:], start=1):
        yield f"{_CLIMB}{rung}", by_day(clock.due + climb.after)
    last = clock.due + (rules.climb[-1].after if rules.climb else timedelta(0))
    rung_late = sum(mark.startswith(_LATE) for mark in clock.fired) + 1
    yield f"{_LATE}{rung_late}", by_day(last + rung_late * rules.late_every)

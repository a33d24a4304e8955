"""The community's calendar: its hours, its quiet nights, and when it is next some time of day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from workflows.core.engine.subject import Subject
from workflows.core.policy import ClockPolicy, Counts, Rules
from workflows.core.timing.worktime import ALWAYS, Worktime, every_day_but

_IN_TIME = timedelta(minutes=30)  # an answer that arrives with the breach came too late


def worktime(counts: Counts, rules: Rules) -> Worktime:
    """The time in which a clock that counts so runs."""
    if counts is Counts.WORKING:
        return rules.working
    return _daytime(rules) if counts is Counts.DAY else ALWAYS


def waking(policy: ClockPolicy, rules: Rules) -> Worktime:
    """When all but the due moment itself may ring: a clock's own hours; or by day, or urgent."""
    if policy.counts is Counts.CALENDAR:
        return ALWAYS if policy.wakes else _daytime(rules)
    return worktime(policy.counts, rules)


def due_after(policy: ClockPolicy, now: datetime, rules: Rules) -> datetime:
    """When a clock of this policy is due that starts now."""
    return worktime(policy.counts, rules).add(now, policy.length)


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


def is_quiet(moment: datetime, rules: Rules) -> bool:
    """Whether a moment lies in the quiet hours of the community's zone."""
    return not _daytime(rules).is_open(moment)


def end_of_quiet(moment: datetime, rules: Rules) -> datetime:
    """The moment itself by day, the end of the quiet hours by night (aware, UTC)."""
    return _daytime(rules).opening(moment)


def push_moment(subject: Subject | None, now: datetime, rules: Rules) -> datetime:
    """When a push that does not wake anybody may go out: by day, in time for every due moment."""
    clocks = subject.clocks.values() if subject else ()
    dues = [c.due - _IN_TIME for c in clocks if c.due > now and c.paused is None]
    return max(now, min([end_of_quiet(now, rules), *dues]))


def _daytime(rules: Rules) -> Worktime:
    return every_day_but(rules.quiet_from, rules.quiet_until, rules.zone)

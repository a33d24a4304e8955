"""Clocks: when what is due, from a subject's clocks and the community's policies alone.

The timers of a subject are not bookkeeping of their own: `timers(subject)` derives all of them from
its clocks, so after every decision the pending rows are simply replaced by its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.engine.clocks import Clock
from workflows.core.engine.subject import Subject, Timer, changed
from workflows.core.policy import Climb, ClockPolicy, Rules
from workflows.core.timing import calendar
from workflows.core.timing.worktime import Worktime

B = TypeVar("B", bound=Subject)
Mark = tuple[str, datetime]

DUE = "due"
_LATE = "late"
_AHEAD = "-"
_CLIMB = "climb"


def by_kind(name: str, subject: Any, rules: Rules) -> ClockPolicy:
    """What the config says of a clock of the subject's kind, the same for all of them."""
    return rules.clocks[subject.kind][name]


def house_ladder(_: str, rules: Rules) -> tuple[Climb, ...]:
    """The one ladder of the community, whichever clock is over."""
    return rules.climb


class Clockwork(Struct, frozen=True, kw_only=True):
    """How a workflow's clocks run, by its own rules.

    `policy` says what holds for a clock of a subject; `promises` are owed to who waits; `hastened`
    begin anew where urgency makes them due sooner; `ladder` says who hears of a clock that is over,
    and how long after its due moment.
    """

    policy: Callable[[str, Any, Any], ClockPolicy] = by_kind
    promises: frozenset[str] = frozenset()
    hastened: frozenset[str] = frozenset()
    ladder: Callable[[str, Any], tuple[Climb, ...]] = house_ladder

    def start(
        self, name: str, subject: Subject, now: datetime, rules: Any, *, due: datetime | None = None
    ) -> Clock:
        """A clock that starts now; `due` overrides the policy's length, as a plan's date does."""
        policy = self.policy(name, subject, rules)
        return Clock(started=now, due=due or calendar.due_after(policy, now, rules))

    def pause(self, clock: Clock, now: datetime) -> Clock:
        """The clock standing still from now on."""
        return clock if clock.paused else replace(clock, paused=now)

    def resume(self, name: str, subject: Subject, now: datetime, rules: Any) -> Clock:
        """A subject's clock running on: what had run and what was left, in the time it counts,
        stay.
        """
        clock = subject.clocks[name]
        if clock.paused is None:
            return clock
        hours = calendar.worktime(self.policy(name, subject, rules).counts, rules)
        ran = hours.between(clock.started, clock.paused)
        left = hours.between(clock.paused, clock.due)
        late_at = clock.late_at and clock.late_at + (now - clock.paused)
        moved = replace(clock, started=hours.add(now, -ran), due=hours.add(now, left))
        return replace(moved, paused=None, late_at=late_at)

    def hasten(self, subject: B, now: datetime, rules: Any) -> B:
        """A subject that became urgent: what its staff owe begins anew where that is due sooner.

        Dates that were promised stay, and so does the time that residents have.
        """
        clocks = dict(subject.clocks)
        for name in self.hastened & clocks.keys():
            fresh = self.start(name, subject, clocks[name].paused or now, rules)
            if fresh.due < clocks[name].due:
                clocks[name] = replace(clocks[name], started=fresh.started, due=fresh.due)
        return changed(subject, clocks=clocks)

    def relax(self, subject: B, rules: Any) -> B:
        """A subject that is urgent no more: what its staff owe has as long as any other's; what is
        over stays so.
        """
        clocks = dict(subject.clocks)
        for name in self.hastened & clocks.keys():
            usual = self.start(name, subject, clocks[name].started, rules)
            if usual.due > clocks[name].due and DUE not in clocks[name].fired:
                clocks[name] = replace(clocks[name], due=usual.due)
        return changed(subject, clocks=clocks)

    def ring(self, subject: B, timer: Timer, now: datetime, rules: Any) -> B:
        """The subject after a timer rang: that one never rings again.

        A daily mark that rings late has rung for all the days that were missed.
        """
        clock = subject.clocks[timer.clock]
        fired = tuple(mark for mark in clock.fired if not (is_late(timer.mark) and is_late(mark)))
        rung = replace(clock, fired=(*fired, timer.mark))
        if is_late(timer.mark):
            missed = max(now - timer.due_at, timedelta(0)) // rules.late_every
            rung = replace(rung, late_at=timer.due_at + missed * rules.late_every)
        return changed(subject, clocks={**subject.clocks, timer.clock: rung})

    def timers(self, subject: Subject, rules: Any) -> tuple[Timer, ...]:
        """Every due moment still ahead of a subject (or missed and not yet rung), in order."""
        found = [
            Timer(ticket_id=subject.id, clock=name, mark=mark, due_at=moment)
            for name, clock in subject.clocks.items()
            if clock.paused is None
            for mark, moment in self._marks_of(subject, name, clock, rules)
            if mark not in clock.fired
        ]
        return tuple(sorted(found, key=lambda t: (t.due_at, t.kind)))

    def promise_due(self, subject: Subject) -> datetime | None:
        """When the next promise (the answer, the plan's date) that runs is due; None without."""
        promises = (subject.clocks.get(name) for name in self.promises)
        return min((c.due for c in promises if c and c.paused is None), default=None)

    def is_overtaken(self, subject: Subject, timer: Timer, now: datetime, rules: Any) -> bool:
        """Whether a later mark of the same clock is due too: after downtime one is enough."""
        ahead = (t for t in self.timers(subject, rules) if t.clock == timer.clock)
        return any(timer.due_at < t.due_at <= now for t in ahead)

    def _marks_of(self, subject: Subject, name: str, clock: Clock, rules: Any) -> Iterator[Mark]:
        policy = self.policy(name, subject, rules)
        hours, waking = calendar.worktime(policy.counts, rules), calendar.waking(policy, rules)
        yield from _reminders(clock, policy.remind, hours, waking)
        yield from _ahead(clock, policy.before, waking)
        yield DUE, clock.due
        if policy.climbs:
            yield from _climb(clock, self.ladder(name, rules), hours, waking, rules)


def is_reminder(mark: str) -> bool:
    """Whether a mark is before the due moment: a percentage, or so many minutes ahead of it."""
    return mark.isdigit() or is_ahead(mark)


def is_ahead(mark: str) -> bool:
    """Whether a mark is so many minutes ahead of the due moment, as in "-120"."""
    return mark.startswith(_AHEAD)


def is_late(mark: str) -> bool:
    """Whether a mark is a daily one, after the last climb."""
    return mark.startswith(_LATE)


def climbed(mark: str, rungs: tuple[Climb, ...]) -> int:
    """Which of the ladder's rungs a mark after the due moment reaches, from 0."""
    if mark == DUE or mark.startswith(_LATE):
        return 0
    return min(int(mark.removeprefix(_CLIMB)), len(rungs) - 1)


def _reminders(
    clock: Clock, percents: tuple[int, ...], hours: Worktime, waking: Worktime
) -> Iterator[Mark]:
    """The percentages above those that rang, moved to waking time; on one moment the last."""
    moments: dict[datetime, str] = {}
    rang = max((int(mark) for mark in clock.fired if mark.isdigit()), default=0)
    length = hours.between(clock.started, clock.due)
    for percent in (p for p in sorted(percents) if p > rang):
        moment = waking.opening(hours.add(clock.started, length * percent / 100))
        if moment < clock.due:
            moments[moment] = str(percent)
    yield from ((mark, moment) for moment, mark in moments.items())


def _ahead(clock: Clock, hours: tuple[float, ...], waking: Worktime) -> Iterator[Mark]:
    """So long before the due moment, moved to waking time; on one moment the last. Nobody is
    reminded of what began later than that.
    """
    moments: dict[datetime, str] = {}
    for before in (timedelta(hours=each) for each in sorted(hours, reverse=True)):
        moment = clock.due - before
        if clock.started < moment and waking.opening(moment) < clock.due:
            moments[waking.opening(moment)] = f"{_AHEAD}{before // timedelta(minutes=1)}"
    yield from ((mark, moment) for moment, mark in moments.items())


def _climb(
    clock: Clock, rungs: tuple[Climb, ...], hours: Worktime, waking: Worktime, rules: Rules
) -> Iterator[Mark]:
    """The rungs above the first, then one reminder a day for as long as nothing happens.

    Only the breach itself, or what is urgent, wakes anybody: these wait for waking time, and the
    days of one weekend or holiday become a single reminder after it.
    """
    moment = waking.opening(clock.due)
    for rung, climb in enumerate(rungs[1:], start=1):
        moment = waking.opening(hours.add(clock.due, climb.after))
        yield f"{_CLIMB}{rung}", moment
    last = max((int(m.removeprefix(_LATE)) for m in clock.fired if is_late(m)), default=0)
    yield f"{_LATE}{last + 1}", waking.opening((clock.late_at or moment) + rules.late_every)

"""Schedules: what a rule gives, and what is decided about each of it.

A rule is not an appointment: it knows no holidays, so every one of its days becomes an occurrence
of its own, which is kept, moved or left out, and stays on record. Local time is used within; what
goes in and comes out is aware.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from msgspec import Struct
from msgspec.structs import replace

from workflows.core.errors import HaitangError
from workflows.core.timing.worktime import WorkingHours

BEHIND = timedelta(days=30)  # a rule's day this long ago can still have been moved to one ahead
_DAY = timedelta(days=1)
_NEVER = "9999"
_FARTHEST = 60  # days that something is moved at most
_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "WKST", "BYDAY", "BYHOUR"})
_OF_MONTHS = _ALWAYS | {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}
# Where no day fits, the library walks on to the year 9999: by days or weeks that takes too long.
_PARTS = {"DAILY": _ALWAYS, "WEEKLY": _ALWAYS, "MONTHLY": _OF_MONTHS, "YEARLY": _OF_MONTHS}
_DAYS = {"DAILY": 1, "WEEKLY": 7}  # from one to the next
_MOST = {"INTERVAL": 120, "COUNT": 1000}


class RuleError(HaitangError):
    """It is no rule that gives anything, or none that can be read."""


class OnHoliday(StrEnum):
    """What becomes of a day of the rule on which nobody works."""

    KEEP = "keep"
    NEXT = "next"  # on the next working day
    PREVIOUS = "previous"
    SKIP = "skip"  # it is left out, and stands there as excused


class Off(StrEnum):
    """Which days are decided about."""

    HOLIDAYS = "holidays"  # public ones: a rule that says Saturday means it
    WORKLESS = "workless"  # every day on which nobody works; a weekend that is worked is none


class Plan(Struct, frozen=True, kw_only=True):
    """A rule (RFC 5545, "FREQ=WEEKLY;BYDAY=MO,TH") from its `first` day until its `last`, each time
    from `opens` (local) for as long as it `lasts`.
    """

    rule: str
    first: date
    last: date | None = None
    opens: time
    lasts: timedelta
    on_holiday: OnHoliday
    off: Off = Off.HOLIDAYS


class Decided(StrEnum):
    """What was decided about a day of the rule."""

    PLAIN = "plain"  # there was nothing to decide
    KEPT = "kept"
    MOVED = "moved"
    SKIPPED = "skipped"
    JOINED = "joined"  # it would fall where another one of the plan is


class Fate(StrEnum):
    """What became of an occurrence; but for the first, for good."""

    AHEAD = "ahead"
    DONE = "done"
    MISSED = "missed"
    EXCUSED = "excused"


class Occurrence(Struct, frozen=True, kw_only=True):
    """One time of a plan. Its `slot` is when the rule has it (local), wherever it was moved to;
    `unannounced` is a year on whose holidays it hangs, which nobody had said when it was decided.
    """

    subject: int
    slot: str
    opens: datetime
    closes: datetime
    decided: Decided = Decided.PLAIN
    unannounced: int = 0
    fate: Fate = Fate.AHEAD
    settled_at: datetime | None = None
    settled_by: int | None = None

    def is_open_to_change(self, now: datetime) -> bool:
        """Whether nothing has come of it yet but what the plan itself decided."""
        is_by_rule = self.fate is Fate.AHEAD or self.decided in _LEFT_OUT
        return is_by_rule and self.opens > now


_LEFT_OUT = frozenset({Decided.SKIPPED, Decided.JOINED})


class Change(Struct, frozen=True, kw_only=True):
    """What a plan's occurrences become: what is new, what is at another time or decided otherwise,
    what the plan does not have any more.
    """

    new: tuple[Occurrence, ...] = ()
    changed: tuple[Occurrence, ...] = ()
    dropped: tuple[Occurrence, ...] = ()


def check(plan: Plan) -> None:
    """Raises RuleError for a plan that never comes to anything."""
    if not timedelta(0) < plan.lasts <= timedelta(days=7):
        raise RuleError("how long it lasts")
    if next(iter(_rule(plan)), None) is None:
        raise RuleError("it gives nothing")


def _rule(plan: Plan) -> rrule:
    """The rule with its beginning and end. Raises RuleError."""
    _check_parts(plan.rule)
    try:
        found = rrulestr(plan.rule, dtstart=datetime.combine(plan.first, plan.opens))
        last = plan.last and datetime.combine(plan.last, time.max)
        return found.replace(until=last) if last else found
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise RuleError(str(error)) from error


def _near(plan: Plan, since: datetime) -> Plan:
    """The same, begun shortly before a moment (local): nobody walks there from its first day. One
    that is counted stays as it is; and one of months, which are few.
    """
    given = _check_parts(plan.rule)
    step = _DAYS.get(given["FREQ"], 0) * int(given.get("INTERVAL", "1"))
    behind = (since.date() - plan.first).days - 2 * _FARTHEST
    if not step or "COUNT" in given or behind < step:
        return plan
    return replace(plan, first=plan.first + timedelta(days=behind // step * step))


def _check_parts(rule: str) -> Mapping[str, str]:
    """Its parts: it has what can be walked through at once, and each but once. Raises RuleError."""
    pairs = [part.partition("=") for part in rule.upper().split(";")]
    given = {name: value for name, _, value in pairs}
    allowed = _PARTS.get(given.get("FREQ", ""), frozenset())
    if len(given) < len(pairs) or not given.keys() <= allowed:
        raise RuleError(rule)
    for name, most in _MOST.items():
        value = given.get(name, "1")
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:5]) <= most):
            raise RuleError(rule)
    return given


def slot_of(moment: datetime, zone: ZoneInfo) -> str:
    """How a moment stands in a slot."""
    return _spelled(_local(moment, zone))


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _spelled(local: datetime) -> str:
    return local.isoformat(" ", "minutes")


def expand(
    plan: Plan, subject: int, days: WorkingHours, since: datetime, until: datetime
) -> list[Occurrence]:  # fmt: skip
    """What the rule has from one moment until before another, each decided. Raises RuleError.

    The answer for a day is the same whatever is asked with it.
    """
    start, end = _local(since, days.zone), _local(until, days.zone)
    deciding = _Deciding(plan=plan, rule=_rule(_near(plan, start)), days=days)
    slots = deciding.rule.between(start, end, inc=True)
    return [deciding.occurrence(subject, slot) for slot in slots if slot < end]


class _Deciding(Struct, frozen=True, kw_only=True, dict=True):
    """What becomes of the days of a rule by the community's calendar; all times are local."""

    plan: Plan
    rule: rrule
    days: WorkingHours

    @cached_property
    def years(self) -> frozenset[int]:
        """Those whose holidays are known."""
        return frozenset(day.year for day in self.days.holidays | self.days.workdays)

    def occurrence(self, subject: int, slot: datetime) -> Occurrence:
        target = self._target(slot)
        decided, moment = self._decide(slot, target)
        opens = moment.replace(tzinfo=self.days.zone).astimezone(UTC)
        is_left_out = decided in _LEFT_OUT
        return Occurrence(
            subject=subject, slot=_spelled(slot), opens=opens,
            closes=opens + self.plan.lasts, decided=decided,
            unannounced=min({slot.year, (target or slot).year} - self.years, default=0),
            fate=Fate.EXCUSED if is_left_out else Fate.AHEAD,
        )  # fmt: skip

    def _decide(self, slot: datetime, target: datetime | None) -> tuple[Decided, datetime]:
        if target is None:
            return Decided.SKIPPED, slot
        if target == slot:
            return Decided.KEPT if self._is_off(slot.date()) else Decided.PLAIN, slot
        return (Decided.JOINED, slot) if self._is_joined(slot, target) else (Decided.MOVED, target)

    def _target(self, slot: datetime) -> datetime | None:
        """Where it would be, whatever else is there; None for nowhere."""
        if self.plan.on_holiday is OnHoliday.KEEP or not self._is_off(slot.date()):
            return slot
        if self.plan.on_holiday is OnHoliday.SKIP:
            return None
        step = _DAY if self.plan.on_holiday is OnHoliday.NEXT else -_DAY
        ahead = (slot + step * i for i in range(1, _FARTHEST))
        return next((moment for moment in ahead if self.days.is_workday(moment.date())), None)

    def _is_off(self, day: date) -> bool:
        if self.plan.off is Off.WORKLESS:
            return not self.days.is_workday(day)
        return day in self.days.holidays and day not in self.days.workdays

    def _is_joined(self, slot: datetime, target: datetime) -> bool:
        """Whether one that is nearer goes there too: of a week of holidays one is made up for."""
        between = self.rule.between(min(slot, target), max(slot, target), inc=True)
        return any(other != slot and self._target(other) == target for other in between)


def compared(
    kept: Collection[Occurrence], fresh: Iterable[Occurrence], now: datetime, horizon: str = ""
) -> Change:  # fmt: skip
    """What is to be written so that the kept ones of a plan become the fresh ones; all slots before
    the `horizon` had been written, "" for a plan that is new.

    What has opened stays as it is. What opened already is new only from the horizon on: so nobody
    owes anything from before the plan, but what fell into a downtime is not lost.
    """
    known, wanted = {one.slot: one for one in kept}, {one.slot: one for one in fresh}
    owed = horizon or _NEVER
    new = [x for slot, x in wanted.items() if slot not in known and (x.opens > now or slot >= owed)]
    both = ((known[slot], x) for slot, x in wanted.items() if slot in known)
    gone = (x for slot, x in known.items() if slot not in wanted)
    return Change(
        new=tuple(new),
        changed=tuple(x for was, x in both if was != x and was.is_open_to_change(now)),
        dropped=tuple(x for x in gone if x.is_open_to_change(now)),
    )


def settled(occurrence: Occurrence, fate: Fate, by: int, now: datetime) -> Occurrence:
    """It has ended so."""
    return replace(occurrence, fate=fate, settled_at=now, settled_by=by)


def unannounced(occurrences: Iterable[Occurrence]) -> list[int]:
    """The years in which nobody has said yet what is a holiday: somebody must be told."""
    return sorted({one.unannounced for one in occurrences if one.unannounced})

"""Schedules by themselves: every day of a rule is decided about, whatever the calendar says."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from effort import examples
from folk import DAY, HOUR, SHANGHAI
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.kernels import schedule
from workflows.core.kernels.schedule import (
    Decided,
    Fate,
    Occurrence,
    Off,
    OnHoliday,
    Plan,
    RuleError,
)
from workflows.core.timing.worktime import WorkingHours

# A week of holidays from Thursday on, with the Sunday before and the Saturday after it worked.
HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
WORKED = frozenset({date(2026, 9, 27), date(2026, 10, 10)})
DAYS = WorkingHours(
    zone=SHANGHAI, spans=((9 * HOUR, 17 * HOUR),), holidays=HOLIDAYS, workdays=WORKED
)
WEEKLY = Plan(
    rule="FREQ=WEEKLY;BYDAY=TH", first=date(2026, 9, 1), opens=time(8), lasts=12 * HOUR,
    on_holiday=OnHoliday.NEXT,
)  # fmt: skip
DAILY = replace(WEEKLY, rule="FREQ=DAILY", off=Off.WORKLESS)


def at(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI).astimezone(UTC)


SINCE, UNTIL = at(9, 25), at(10, 13)


def autumn(plan: Plan, since: datetime = SINCE, until: datetime = UNTIL) -> list:
    return schedule.expand(plan, 1001, DAYS, since, until)


def told(occurrences: list[Occurrence]) -> list[tuple[str, str, str]]:
    """Of each the day of the rule, the day it is, and what was decided."""
    return [
        (one.slot[5:10], one.opens.astimezone(SHANGHAI).strftime("%m-%d"), one.decided.value)
        for one in occurrences
    ]


@pytest.mark.parametrize(
    ("rule", "day", "decided", "fate"),
    [
        (OnHoliday.KEEP, "10-01", "kept", Fate.AHEAD),
        (OnHoliday.NEXT, "10-08", "joined", Fate.EXCUSED),
        (OnHoliday.PREVIOUS, "09-30", "moved", Fate.AHEAD),
        (OnHoliday.SKIP, "10-01", "skipped", Fate.EXCUSED),
    ],
)
def test_a_holiday_is_decided_as_the_plan_says(rule: OnHoliday, day: str, decided: str, fate: Fate):
    [holiday, after] = autumn(replace(WEEKLY, on_holiday=rule))
    joined = decided == "joined"  # the Thursday after is the next working day
    assert told([holiday]) == [("10-01", "10-01" if joined else day, decided)]
    assert holiday.fate is fate
    assert told([after]) == [("10-08", "10-08", "plain")]


def test_it_is_moved_to_the_next_day_that_is_worked_and_keeps_its_hours():
    friday = replace(WEEKLY, rule="FREQ=WEEKLY;BYDAY=FR")
    holiday = autumn(friday)[1]
    assert told([holiday]) == [("10-02", "10-08", "moved")]
    assert (holiday.opens, holiday.closes) == (at(10, 8, 8), at(10, 8, 20))


def test_of_a_week_of_holidays_one_is_made_up_for():
    moved = [one for one in told(autumn(replace(DAILY, rule="FREQ=DAILY;INTERVAL=2"))) if one[2]]
    held = [day for _, day, decided in moved if decided in {"plain", "moved"}]
    assert len(held) == len(set(held))
    assert ("10-07", "10-08", "moved") in moved and ("10-05", "10-05", "joined") in moved


def test_who_says_saturday_means_it_and_working_days_have_the_sunday_that_is_worked():
    saturdays = replace(WEEKLY, rule="FREQ=WEEKLY;BYDAY=SA")
    assert [decided for *_, decided in told(autumn(saturdays))] == ["plain", "moved", "plain"]
    workdays = autumn(replace(DAILY, on_holiday=OnHoliday.SKIP))
    went = [day for _, day, decided in told(workdays) if decided == "plain"]
    assert went == ["09-25", "09-27", "09-28", "09-29", "09-30", "10-08", "10-09", "10-10", "10-12"]


def test_a_year_without_announced_holidays_is_told_and_stops_nothing():
    newyear = schedule.expand(DAILY, 1001, DAYS, at(12, 30), at(1, 3, year=2027))
    assert [one.unannounced for one in newyear] == [0, 0, 2027, 2027]
    assert schedule.unannounced(newyear) == [2027]
    assert schedule.unannounced(autumn(DAILY)) == []
    moved_over = replace(WEEKLY, rule="FREQ=DAILY", first=date(2026, 12, 31))
    days = replace(DAYS, holidays=HOLIDAYS | {date(2026, 12, 31)})
    [last] = schedule.expand(moved_over, 1001, days, at(12, 31), at(12, 31, 23))
    assert (last.decided, last.unannounced) == (Decided.JOINED, 2027)


@pytest.mark.parametrize(
    "rule",
    [
        "", "FREQ", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;BYMONTHDAY=31", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=",
        "FREQ=DAILY;BYHOUR=25", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;UNTIL=20261231T000000Z",
        "RRULE:FREQ=DAILY", "FREQ=DAILY\nDTSTART:20200101", "FREQ=DAILY;COUNT=99999",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYSETPOS=0", "每天",
    ],
)  # fmt: skip
def test_what_is_no_rule_or_gives_nothing_is_refused(rule: str):
    with pytest.raises(RuleError):
        schedule.check(replace(WEEKLY, rule=rule))


@pytest.mark.parametrize("lasts", [timedelta(0), -HOUR, 8 * DAY])
def test_it_lasts_some_time_and_not_for_ever(lasts: timedelta):
    with pytest.raises(RuleError):
        schedule.check(replace(WEEKLY, lasts=lasts))


def test_a_plan_has_a_first_and_a_last_day_and_may_have_several_hours():
    bounded = replace(DAILY, rule="FREQ=DAILY;BYHOUR=8,16", first=date(2026, 9, 28),
                      last=date(2026, 9, 29))  # fmt: skip
    schedule.check(bounded)
    assert [one.slot for one in autumn(bounded)] == [
        "2026-09-28 08:00", "2026-09-28 16:00", "2026-09-29 08:00", "2026-09-29 16:00",
    ]  # fmt: skip


# what becomes of the kept ones


def compare(
    kept: list[Occurrence], plan: Plan, now: datetime, horizon: str = ""
) -> schedule.Change:  # fmt: skip
    return schedule.compared(kept, autumn(plan), now, horizon)


def test_done_again_it_changes_nothing():
    assert compare(autumn(WEEKLY), WEEKLY, at(10, 3)) == schedule.Change()


def test_another_plan_changes_what_is_ahead_and_nothing_that_has_opened_or_ended():
    kept = autumn(DAILY)
    now = at(9, 28, 9)
    excused = schedule.settled(kept[5], Fate.EXCUSED, 21, now)  # by a person: the thirtieth
    kept[5] = excused
    change = compare(kept, WEEKLY, now)
    assert {one.slot for one in change.dropped} == {
        one.slot for one in kept if one.opens > now and one != excused
    } - {"2026-10-01 08:00", "2026-10-08 08:00"}
    assert change.new == ()
    shorter = compare(kept, replace(DAILY, lasts=2 * HOUR), now).changed
    assert shorter and {one.slot for one in shorter} == {
        one.slot for one in kept if one.opens > now and one != excused
    }
    later = compare(kept, replace(DAILY, opens=time(9)), now)
    assert all(one.opens > now for one in (*later.new, *later.dropped))


def test_nobody_owes_what_was_before_the_plan_but_a_downtime_loses_nothing():
    assert [one.slot[5:10] for one in compare([], DAILY, at(10, 9)).new] == [
        "10-09", "10-10", "10-11", "10-12",
    ]  # fmt: skip
    asleep = compare(autumn(DAILY, until=at(9, 28)), DAILY, at(10, 9), "2026-09-28 00:00")
    assert {"09-28", "09-29", "09-30", "10-08"} <= {one.slot[5:10] for one in asleep.new}


def test_when_the_holidays_are_announced_what_is_ahead_is_decided_anew():
    before = schedule.expand(
        DAILY, 1001, replace(DAYS, holidays=frozenset()), at(9, 25), at(10, 13)
    )
    change = compare(before, DAILY, at(9, 28))
    assert {one.slot[5:10] for one in change.changed} >= {"10-01", "10-02"}
    assert (change.new, change.dropped) == ((), ())


RULES = st.sampled_from([
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=SA,SU",
    "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;BYHOUR=8,14",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
])  # fmt: skip
FREE = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 2, 28)), max_size=40)
PLANS = st.builds(
    Plan, rule=RULES, first=st.dates(date(2025, 12, 1), date(2026, 3, 1)), opens=st.just(time(8)),
    lasts=st.just(2 * HOUR), on_holiday=st.sampled_from(OnHoliday), off=st.sampled_from(Off),
)  # fmt: skip
STARTS = st.integers(0, 380).map(lambda days: at(1, 1) + days * DAY)


@given(plan=PLANS, holidays=FREE, workdays=FREE, start=STARTS, cut=st.integers(0, 40))
@examples(change=120, night=4000)
def test_whatever_the_calendar_says_each_day_of_the_rule_stands_once(
    plan: Plan, holidays: frozenset, workdays: frozenset, start: datetime, cut: int
):  # invariant 18, the half of it that is a plan's
    days = replace(DAYS, holidays=holidays - workdays, workdays=workdays)
    end, middle = start + 40 * DAY, start + cut * DAY
    whole = schedule.expand(plan, 1001, days, start, end)
    halves = [schedule.expand(plan, 1001, days, *span) for span in ((start, middle), (middle, end))]
    assert whole == [*halves[0], *halves[1]]  # the same, however it is asked for
    assert len({one.slot for one in whole}) == len(whole)
    held = [one for one in whole if one.fate is Fate.AHEAD]
    assert len({one.opens for one in held}) == len(held)  # never two at once
    for one in held:
        day = one.opens.astimezone(SHANGHAI).date()
        assert one.decided is not Decided.MOVED or days.is_workday(day)
        assert (one.decided is Decided.MOVED) is (one.slot[:10] != day.isoformat())


class Record:
    """A plan's occurrences as the store would keep them, over nights and downtimes."""

    def __init__(self) -> None:
        self.kept: dict[str, Occurrence] = {}
        self.horizon: datetime | None = None

    def night(self, plan: Plan, days: WorkingHours, now: datetime) -> None:
        """What a night writes, and what it finds overdue."""
        since = min(self.horizon or now, now) - schedule.BEHIND
        fresh = schedule.expand(plan, 1001, days, since, now + 14 * DAY)
        known = [one for one in self.kept.values() if one.slot >= schedule.slot_of(since, SHANGHAI)]
        before = schedule.slot_of(self.horizon, SHANGHAI) if self.horizon else ""
        change, self.horizon = schedule.compared(known, fresh, now, before), now + 14 * DAY
        for gone in change.dropped:
            del self.kept[gone.slot]
        self.kept |= {one.slot: one for one in (*change.changed, *change.new)}
        for one in list(self.kept.values()):
            if one.fate is Fate.AHEAD and one.closes <= now:
                self.kept[one.slot] = schedule.settled(one, Fate.MISSED, 0, now)

    @property
    def ended(self) -> dict[str, Occurrence]:
        return {slot: one for slot, one in self.kept.items() if one.settled_at}


GAPS = st.lists(st.sampled_from([1, 1, 1, 2, 13, 14, 15, 40]), min_size=1, max_size=12)


@given(plan=PLANS, gaps=GAPS, start=STARTS, announced=st.integers(0, 12))
@examples(change=60, night=2000)
def test_over_downtimes_and_an_announced_year_each_slot_ends_once(
    plan: Plan, gaps: list, start: datetime, announced: int
):  # invariant 18
    record, now, ended = Record(), start, dict[str, Occurrence]()
    unknown = replace(DAYS, holidays=frozenset(), workdays=frozenset())
    for night, gap in enumerate(gaps):
        days = DAYS if night >= announced else unknown
        now += gap * DAY
        record.night(plan, days, now)
        assert ended.items() <= record.ended.items()  # what has ended stays as it was
        ended = record.ended
    first = start + gaps[0] * DAY
    expected = schedule.expand(plan, 1001, days, first, now)
    assert {one.slot for one in expected if one.opens > first} <= record.kept.keys()
    assert all(one.fate is not Fate.AHEAD or one.closes > now for one in record.kept.values())


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
        "FREQ=WEEKLY;INTERVAL=5;WKST=SU;BYDAY=SU,MO", "FREQ=MONTHLY;BYMONTHDAY=1,28",
        "FREQ=DAILY;INTERVAL=7;COUNT=610",
    ],
)  # fmt: skip
def test_a_plan_of_many_years_gives_what_it_gives_from_its_first_day(
    rule: str, monkeypatch: pytest.MonkeyPatch
):
    old = replace(WEEKLY, rule=rule, first=date(2015, 3, 4), off=Off.WORKLESS)
    near = [autumn(replace(old, on_holiday=on)) for on in OnHoliday]
    monkeypatch.setattr(schedule, "_near", lambda plan, _: plan)
    assert near == [autumn(replace(old, on_holiday=on)) for on in OnHoliday] and any(near)

"""Working time: the hours of a day, weekends, public holidays and the weekends worked for them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from folk import HOUR, SHANGHAI
from hypothesis import given
from hypothesis import strategies as st

from bot.config.calendar import CalendarPart
from workflows.core.timing.worktime import ALWAYS, WorkingHours, every_day_but

WORKING = CalendarPart().working_hours(SHANGHAI)  # 09:00-12:00, 13:30-17:30
MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2028, 3, 1), timezones=st.just(UTC))
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=60))


def at(day: str, clock: str = "00:00") -> datetime:
    """A moment as the clock in the neighbourhood shows it."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [("08:59", False), ("09:00", True), ("12:00", False), ("13:30", True), ("17:30", False)],
)
def test_opening_time_counts_and_closing_time_does_not(clock: str, is_open: bool):
    assert WORKING.is_open(at("2026-03-02", clock)) is is_open


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        *((f"2026-02-{day}", False) for day in range(15, 24)),  # the Spring Festival
        ("2026-02-24", True),
        ("2026-02-28", True),  # another Saturday worked for it
        ("2026-03-01", False),  # a plain Sunday
        ("2026-05-01", False),
        ("2026-05-09", True),  # worked for the first of May
        ("2026-05-10", False),
    ],
)
def test_the_spring_festival_and_the_first_of_may_2026(day: str, is_open: bool):
    assert WORKING.is_open(at(day, "10:00")) is is_open


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at("2026-03-02", "09:00"), 2, at("2026-03-02", "11:00")),
        (at("2026-03-02", "11:00"), 2, at("2026-03-02", "14:30")),  # over lunch
        (at("2026-03-02", "09:00"), 7, at("2026-03-02", "17:30")),  # just fits
        (at("2026-03-06", "17:30"), 4, at("2026-03-09", "14:30")),  # over the weekend
        (at("2026-03-06", "22:00"), 1, at("2026-03-09", "10:00")),
        (at("2026-02-14", "16:30"), 2, at("2026-02-24", "10:00")),  # over the Spring Festival
        (at("2026-02-27", "17:00"), 1, at("2026-02-28", "09:30")),  # into a worked Saturday
        (at("2026-03-02", "12:30"), 0, at("2026-03-02", "13:30")),
    ],
)
def test_adding_skips_nights_lunch_weekends_and_holidays(
    start: datetime, hours: float, end: datetime
):
    assert WORKING.add(start, hours * HOUR) == end


def test_less_than_nothing_leads_back():
    assert WORKING.add(at("2026-03-09", "10:00"), -2 * HOUR) == at("2026-03-06", "16:30")
    assert WORKING.between(at("2026-03-09", "10:00"), at("2026-03-06", "16:30")) == -2 * HOUR


def test_a_year_the_package_does_not_know_has_plain_weekdays():
    assert WORKING.is_open(at("2049-10-01", "10:00"))  # a Friday
    assert not WORKING.is_open(at("2049-10-02", "10:00"))


def test_what_the_config_says_beats_the_public_holidays():
    days = {"holidays": ["2026-05-09", "2027-02-05"], "workdays": ["2026-05-05", "2027-02-20"]}
    own = CalendarPart(**days).working_hours(SHANGHAI)
    closed = [
        day for day in (*days["holidays"], *days["workdays"]) if not own.is_open(at(day, "10:00"))
    ]
    assert closed == days["holidays"]


@given(moment=MOMENTS, length=LENGTHS, more=LENGTHS)
def test_adding_is_monotone(moment: datetime, length: timedelta, more: timedelta):
    end = WORKING.add(moment, length)
    assert moment <= end <= WORKING.add(moment, length + more)
    assert end <= WORKING.add(moment + more, length)


@given(moment=MOMENTS, length=LENGTHS)
def test_adding_never_lands_outside_working_time(moment: datetime, length: timedelta):
    """Closing time is the last moment that still belongs to what just fits."""
    end = WORKING.add(moment, length)
    assert WORKING.is_open(end) or WORKING.is_open(end - timedelta(microseconds=1))


@given(moment=MOMENTS, length=LENGTHS)
def test_what_was_added_lies_between_and_leads_back(moment: datetime, length: timedelta):
    end = WORKING.add(moment, length)
    assert WORKING.between(moment, end) == length
    assert WORKING.between(WORKING.add(end, -length), end) == length


@given(moment=MOMENTS, length=LENGTHS)
def test_calendar_time_is_plain_arithmetic(moment: datetime, length: timedelta):
    assert ALWAYS.add(moment, length) == moment + length
    assert ALWAYS.between(moment, moment + length) == length
    assert ALWAYS.opening(moment) == moment and ALWAYS.is_open(moment)


def test_a_day_without_its_quiet_hours_is_the_same_on_sundays():
    day = every_day_but(time(22), time(7), SHANGHAI)
    assert day.add(at("2026-03-01", "21:00"), 2 * HOUR) == at("2026-03-02", "08:00")
    assert every_day_but(time(0), time(0), SHANGHAI) is ALWAYS


def test_hours_up_to_midnight_run_on_into_the_next_day():
    whole = CalendarPart(hours=["00:00-24:00"]).working_hours(SHANGHAI)
    assert whole.add(at("2026-03-05", "20:00"), 24 * HOUR) == at("2026-03-06", "20:00")
    assert whole.add(at("2026-03-06", "20:00"), 24 * HOUR) == at("2026-03-09", "20:00")


def test_where_the_clocks_are_turned_an_hour_is_an_hour():
    spans = ((timedelta(hours=1), timedelta(hours=5)),)
    berlin = WorkingHours(
        zone=ZoneInfo("Europe/Berlin"), spans=spans, workdays=frozenset({date(2026, 3, 29)})
    )
    opens = datetime(2026, 3, 29, 0, tzinfo=UTC)  # 01:00; at 02:00 it becomes 03:00
    assert berlin.between(opens, opens + 12 * HOUR) == 3 * HOUR

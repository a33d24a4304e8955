"""A calendar's file is read by any calendar as it was meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from bot.telegram.appointments import calendar_of
from workflows.core.timing.appointments import Appointment

ZONE = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 12, 5, 1, tzinfo=UTC)
ONE = Appointment(
    key="1001", starts=NINE, ends=NINE + timedelta(hours=2), title="送清凉；水, 毛巾",
    place="3幢楼下", text="带好帽子\n别晒着" * 9, version=2,
)  # fmt: skip


def read(one: Appointment) -> Component:
    made = Calendar.from_ical(calendar_of([one], ZONE, NINE))
    [event] = made.events
    return event


def test_what_people_wrote_comes_back_as_it_was():
    event = read(ONE)
    assert (event["SUMMARY"], event["LOCATION"]) == (ONE.title, ONE.place)
    assert event["DESCRIPTION"] == ONE.text


def test_it_is_at_the_same_hour_on_a_phone_that_travels():
    assert read(ONE)["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert (read(ONE).start, read(ONE).end) == (ONE.starts, ONE.ends)
    assert b"BEGIN:VTIMEZONE" in calendar_of([ONE], ZONE, NINE)


def test_a_later_version_takes_the_place_of_an_earlier_one():
    event = read(ONE)
    assert (event["UID"], event["SEQUENCE"]) == ("1001@haitang", 2)


def test_what_is_off_says_so():
    off = Appointment(key="1", starts=NINE, ends=NINE, title="x", is_off=True)
    assert (read(off)["STATUS"], read(ONE)["STATUS"]) == ("CANCELLED", "CONFIRMED")

"""Appointments as a file that any calendar takes (RFC 5545), in the community's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import STATUS, Calendar, Event, vText

from workflows.core.timing.appointments import Appointment


def calendar_of(appointments: Iterable[Appointment], zone: ZoneInfo, now: datetime) -> bytes:
    """The file; it names the zone, so that a phone that travels shows the same hour."""
    calendar = Calendar.new(prodid="-//haitang//zh", method="PUBLISH")
    for one in appointments:
        calendar.add_component(_event(one, zone, now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(one: Appointment, zone: ZoneInfo, now: datetime) -> Event:
    event = Event.new(
        uid=f"{one.key}@haitang", stamp=now, summary=one.title, description=one.text or None,
        start=one.starts.astimezone(zone), end=one.ends.astimezone(zone), sequence=one.version,
        status=STATUS.CANCELLED if one.is_off else STATUS.CONFIRMED,
    )  # fmt: skip
    if one.place:
        event["LOCATION"] = vText(one.place)
    return event

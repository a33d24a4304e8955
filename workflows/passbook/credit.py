"""What a service is worth: the rate of its day, as far as the caps leave room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from workflows.passbook.model import Service
from workflows.passbook.settings import PassbookSettings


def credited(
    service: Service, others: Iterable[Service], settings: PassbookSettings
) -> Service:  # fmt: skip
    """With minutes and factor kept apart; `others` of the same passbook count already. A kind that
    has no rate earns nothing.
    """
    known = [(one.day, one.counted) for one in others]
    on_day = sum(counted for day, counted in known if day == service.day)
    in_week = sum(counted for day, counted in known if _week(day) == _week(service.day))
    rooms = (settings.service_minutes, settings.day_minutes - on_day,
             settings.week_minutes - in_week)  # fmt: skip
    counted, per_hour = max(min(service.minutes, *rooms), 0), _rate(service, settings)
    return replace(service, counted=counted, per_hour=per_hour, points=counted * per_hour // 60)


def _rate(service: Service, settings: PassbookSettings) -> int:
    """What an hour of it was worth on that day."""
    known = [one for one in settings.rates if one.service == service.what]
    begun = [one for one in known if one.since <= service.day]
    return max(begun, key=lambda one: one.since).per_hour if begun else 0


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]

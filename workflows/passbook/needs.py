"""What the actions of the room need beyond what every workflow's may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.policy import Rules
from workflows.core.talk.needs import PHOTOS, TEXT, TIMER, TO, Asked, Need
from workflows.passbook.settings import Goods, PassbookSettings

_DAYS, _LONGEST = 30, 24 * 60  # back, and minutes, at most


def _whole(answer: str, least: int, most: int, template: str) -> int:
    if not answer.isdecimal() or not least <= int(answer[:9]) <= most:
        raise Refusal(template)
    return int(answer[:9])


def _day(answer: str, now: datetime, rules: Rules) -> date:
    ago = _whole(answer, 0, _DAYS, template="form_no_day")
    return now.astimezone(rules.zone).date() - timedelta(days=ago)


def _minutes(answer: str, _: datetime, __: Rules) -> int:
    return _whole(answer, 1, _LONGEST, template="form_no_minutes")


def _code(answer: str, _: datetime, __: Rules) -> str:
    return f"{_whole(answer.replace(' ', ''), 0, 10**9, template='gift_wrong_code'):06}"


def _chosen(known: Callable[[PassbookSettings], dict[str, Any]]) -> dict[str, Any]:
    """A need that is answered by one of these names."""

    def read(answer: str, _: datetime, rules: Rules) -> Any:
        found = known(rules.of(PassbookSettings))
        if answer not in found:
            raise Refusal("form_tap_an_answer")
        return found[answer]

    def replies(_: Asked, rules: Rules) -> tuple[str, ...]:
        return tuple(known(rules.of(PassbookSettings)))

    return {"read": read, "replies": replies}


def _services(settings: PassbookSettings) -> dict[str, str]:
    return {name: key for key, name in settings.names.items()}


def _gifts(settings: PassbookSettings) -> dict[str, Goods]:
    return {one.name: one for one in settings.gifts}


def _days_told(day: date | None) -> object:
    return day and day.isoformat()


WHAT = Need(name="what", default="", **_chosen(_services))
DAY: Need[date | None] = Need(
    name="day", default=None, read=_day, kept=date | None, tell=_days_told, is_number=True,
    taps=(tuple((str(days), f"ago.{days}") for days in range(3)),),
)  # fmt: skip
MINUTES = Need(
    name="minutes", default=0, read=_minutes, kept=int, is_number=True,
    taps=(tuple((str(one), f"minutes.{one}") for one in (30, 60, 90, 120)),),
)  # fmt: skip
# A code is no word of an event: it opens what it is for.
CODE = Need(name="code", default="", read=_code, tell=None, is_number=True)
INSTEAD: Need[Goods | None] = Need(
    name="instead", default=None, kept=Goods | None, tell=lambda one: one and one.name,
    **_chosen(_gifts),
)  # fmt: skip

NEEDS: tuple[Need[Any], ...] = (TEXT, WHAT, DAY, MINUTES, CODE, INSTEAD, TO, PHOTOS, TIMER)

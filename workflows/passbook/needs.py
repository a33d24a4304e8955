"""What the actions of the room need beyond what every workflow's may."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.policy import Rules
from workflows.core.talk.needs import PHOTOS, TEXT, TIMER, TO, Asked, Need
from workflows.passbook.settings import Goods, PassbookSettings

_DAYS = 60  # back, at most
_LONGEST = 24 * 60  # minutes


def _names(_: Asked, rules: Rules) -> tuple[str, ...]:
    return tuple(rules.of(PassbookSettings).names.values())


def _what(answer: str, _: datetime, rules: Rules) -> str:
    found = [key for key, name in rules.of(PassbookSettings).names.items() if name == answer]
    return _sure(found[0] if found else None, template="form_tap_an_answer")


def _shelf(_: Asked, rules: Rules) -> tuple[str, ...]:
    return tuple(one.name for one in rules.of(PassbookSettings).gifts)


def _goods(answer: str, _: datetime, rules: Rules) -> Goods:
    gifts = rules.of(PassbookSettings).gifts
    return _sure(
        next((one for one in gifts if one.name == answer), None), template="form_tap_an_answer"
    )


def _day(answer: str, now: datetime, rules: Rules) -> date:
    """How many days ago."""
    days = _number(answer, _DAYS)
    today = now.astimezone(rules.zone).date()
    return today - timedelta(days=_sure(days, template="form_no_day"))


def _minutes(answer: str, _: datetime, __: Rules) -> int:
    return _sure(_number(answer, _LONGEST) or None, template="form_no_minutes")


def _code(answer: str, _: datetime, __: Rules) -> str:
    said = answer.replace(" ", "")
    return _sure(said if said.isdecimal() else None, template="gift_wrong_code")


def _number(answer: str, most: int) -> int | None:
    return int(answer) if answer.isdecimal() and len(answer) < 5 and int(answer) <= most else None


def _sure(found: Any, template: str) -> Any:
    if found is None:
        raise Refusal(template)
    return found


def _told(day: date | None) -> object:
    return day and day.isoformat()


WHAT = Need(name="what", default="", read=_what, replies=_names)
DAY: Need[date | None] = Need(
    name="day", default=None, read=_day, kept=date | None, tell=_told, is_number=True,
    taps=(tuple((str(days), f"ago.{days}") for days in range(3)),),
)  # fmt: skip
MINUTES: Need[int] = Need(
    name="minutes", default=0, read=_minutes, kept=int, is_number=True,
    taps=(tuple((str(one), f"minutes.{one}") for one in (30, 60, 90, 120)),),
)  # fmt: skip
# A code is no word of an event: it opens what it is for.
CODE = Need(name="code", default="", read=_code, tell=None, is_number=True)
INSTEAD: Need[Goods | None] = Need(
    name="instead", default=None, read=_goods, kept=Goods | None, replies=_shelf,
    tell=lambda goods: goods and goods.name,
)  # fmt: skip

NEEDS: tuple[Need[Any], ...] = (TEXT, WHAT, DAY, MINUTES, CODE, INSTEAD, TO, PHOTOS, TIMER)

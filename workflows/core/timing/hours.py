"""The time of day in what people say: "上午", "下午三点半", "3-5点", "15:30"."""

from __future__ import annotations

import re
from datetime import time

from msgspec import Struct

from workflows.core.placing.numerals import NUMERAL, numeral

_NOON = 12
_EARLIEST = 7  # "三点" without more is in the afternoon
_MORNING, _MIDDAY, _AFTERNOON, _EVENING, _NIGHT = range(5)
_PARTS = {
    "上午": _MORNING, "早上": _MORNING, "早晨": _MORNING, "一早": _MORNING, "早": _MORNING,
    "中午": _MIDDAY, "下午": _AFTERNOON, "傍晚": _AFTERNOON, "晚上": _EVENING, "今夜": _EVENING,
    "夜里": _EVENING, "晚": _EVENING, "凌晨": _NIGHT, "半夜": _NIGHT,
}  # fmt: skip
_ENDS = {_MORNING: time(12), _MIDDAY: time(13), _AFTERNOON: time(18), _EVENING: time(22)}
_PART = (
    r"(?P<part>上午|早上|早晨|一早|中午|下午|傍晚|晚上|今夜|夜里|凌晨|半夜"
    r"|(?<=[明今天])早|(?<=[明今天])晚)"
)
_MINUTES = {"半": 30, "一刻": 15, "三刻": 45}
_CLOCK = re.compile(
    rf"{_PART}?\s*(?:{NUMERAL}\s*(?:点钟?半?)?\s*[-~到至]\s*)?(?P<hour>{NUMERAL})\s*(?:点钟?|时(?!间))"
    rf"(?P<minute>半|一刻|三刻|{NUMERAL}分?)?|{_PART.replace('part', 'before')}?\s*"
    r"(?<!\d)(?P<h>\d{1,2}):(?P<m>[0-5]\d)"
)
_ALONE = re.compile(_PART)


class Hour(Struct, frozen=True, kw_only=True):
    """A time of day; None where it cannot be. `is_exact`: by the clock, so today can go unsaid."""

    at: time | None
    is_exact: bool


def read_hour(said: str) -> tuple[Hour | None, str]:
    """The first time of day and the words without it; a range ends at its end."""
    if found := _CLOCK.search(said):
        part = _PARTS.get(found["part"] or found["before"] or "")
        return Hour(at=_clock(found, part), is_exact=True), _without(found, said)
    if found := _ALONE.search(said):
        return Hour(at=_ENDS.get(_PARTS[found["part"]]), is_exact=False), _without(found, said)
    return None, said


def _without(found: re.Match[str], said: str) -> str:
    return said[: found.start()] + said[found.end() :]


def _clock(found: re.Match[str], part: int | None) -> time | None:
    """The moment on the clock, in the half of the day that is said or likely."""
    hour = numeral(found["hour"] or found["h"])
    if part == _NIGHT or hour >= 24:
        return None
    is_later = hour < _EARLIEST if part is None else part != _MORNING
    if hour < _NOON and is_later and (part != _MIDDAY or hour < _EARLIEST):
        hour += _NOON
    return time(hour, minute) if (minute := _minute(found)) < 60 else None


def _minute(found: re.Match[str]) -> int:
    said = found["minute"] or found["m"] or "0"
    return _MINUTES[said] if said in _MINUTES else numeral(said.removesuffix("分"))

"""The days in what people say: each way of saying one is a pattern and how it is read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from workflows.core.placing.numerals import NUMERAL, NUMERALS, numeral, numerals
from workflows.core.timing.worktime import WorkingHours

WEEKDAYS = "一二三四五六日天"
# Around a length of time that is promised; after anything else it tells of how long it was.
_BEFORE = re.compile(
    r"(?:^|[\s,。;:!]|大[概约致]|约|最[多晚迟慢快长]|[在要需约再花用给就是内天,]|需要|还要|预计|计划|准备)$"
)
_BEHIND = re.compile(
    r"$|[\s,。;!~.]|左右|上下|[吧呀哦啊的]|内|[修办完搞弄处做换装来去给答回上就能可解到好行保]|差不多|之|以|安排"
)
_BACKWARDS = 180  # a month and day longer ago than this means next year's
_NEAR = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今儿": 0,
    "当天": 0, "今": 0, "明天": 1, "明日": 1, "明儿": 1, "明": 1, "大后天": 3, "后天": 2, "后日": 2,
}  # fmt: skip
_YEARS = {"今年": [0], "明年": [1]}
_MONTHS = {"": 0, "本": 0, "这个": 0, "这": 0, "当": 0, "下": 1, "下个": 1, "下下个": 2}
_UNITS = (
    r"天|个?工作日|个?星期|个?礼拜|周(?![一二三四五六日天末])|个月|个?小时|个?钟头"
    r"|日(?=[以之]?[内后])"
)

Day = date | datetime | None


class Today(Struct, frozen=True):
    """The moment at which something is said, local, and which days are worked."""

    now: datetime
    working: WorkingHours

    @property
    def day(self) -> date:
        """The day it is said on."""
        return self.now.date()

    def in_days(self, days: int) -> Day:
        """So many days from now; None where no calendar goes."""
        try:
            return self.day + timedelta(days=days)
        except OverflowError:
            return None


class Spoken(Struct, frozen=True):
    """A day as it was said."""

    found: re.Match[str]
    reader: Callable[[re.Match[str], Today], Day]

    def read(self, today: Today) -> Day:
        """The day meant; None where there is no such day, or it can be two."""
        return self.reader(self.found, today)


def spoken_days(said: str) -> tuple[list[Spoken], str]:
    """Every day that is said, and the words around them."""
    if _ALONE.fullmatch(said):  # days as they are tapped, too
        return [Spoken(_ALONE.fullmatch(said), _alone)], ""  # type: ignore[arg-type]
    found = list(_scan(said))
    left, at = [], 0
    for one in found:
        left.append(said[at : one.found.start()])
        at = one.found.end()
    return found, "".join([*left, said[at:]])


def _scan(said: str) -> Iterator[Spoken]:
    """From the left, each time the first way that fits."""
    at = 0
    while at < len(said):
        tried = (Spoken(m, read) for pattern, read in _WAYS if (m := pattern.match(said, at)))
        one = next(tried, None)
        if one:
            yield one
        at = one.found.end() if one else at + 1


def _alone(found: re.Match[str], today: Today) -> Day:
    return today.in_days(numeral(found[0].strip()))


def _full(found: re.Match[str], _: Today) -> Day:
    year = int(found[1])
    return _date(year if year > 99 else 2000 + year, int(found[2]), int(found[3]))


def _month_day(found: re.Match[str], today: Today) -> Day:
    """Of this year, or of next when this year's is long over or does not exist."""
    month, day = numeral(found["month"]), numeral(found["day"])
    years = _YEARS.get(found["year"] or "", [0, 1])
    days = [d for ahead in years if (d := _date(today.day.year + ahead, month, day))]
    ahead = [d for d in days if (today.day - d).days <= _BACKWARDS]
    return next(iter([*ahead, *days]), None)


def _with_sign(found: re.Match[str], today: Today) -> Day:
    """12/3 and 12.3 are dates; "3-5" can be three to five days, "1.5" one and a half."""
    first, sign, second = found["month"], found["sign"], found["day"]
    is_range = sign == "-" and int(first) < int(second) <= 10 and not second.startswith("0")
    is_half = sign == "." and second == "5" and int(first) < 4
    return None if is_range or is_half else _month_day(found, today)


def _length(found: re.Match[str], today: Today) -> Day:
    """So long from now, of a range the longest: "三五天", "5-7个工作日"."""
    count, unit = numerals(found["count"])[-1], found["unit"].removeprefix("个")
    if found["over"]:  # "3天前"
        return today.in_days(-count)
    if not _is_promised(found):
        return None
    if unit in {"小时", "钟头"}:
        return today.now + timedelta(hours=count)
    if unit == "工作日":
        return _workday(count, today)
    if unit == "月":
        return _in_months(count, today)
    return today.in_days(count if unit in {"天", "日"} else 7 * count)


def _is_promised(found: re.Match[str]) -> bool:
    """Not "已经三天了", "三天两头"."""
    before, behind = found.string[: found.start()], found.string[found.end() :]
    return bool(_BEFORE.search(before) and _BEHIND.match(behind))


def _half_month(_: re.Match[str], today: Today) -> Day:
    return today.in_days(15)


def _workday(count: int, today: Today) -> Day:
    """The last of so many working days, today not counted."""
    ahead = (today.day + timedelta(days=n) for n in range(1, 366))
    worked = (day for day in ahead if today.working.is_workday(day))
    return next((day for n, day in enumerate(worked, start=1) if n == count), None)


def _in_months(count: int, today: Today) -> Day:
    """The same day of a later month, or its last one."""
    year, month = _month(count, today)
    return _date(year, month, min(today.day.day, monthrange(year, month)[1]))


def _weekday(found: re.Match[str], today: Today) -> Day:
    """Of this week, or a later; without a week the next one, which is none when it is today's."""
    weekday = min(WEEKDAYS.index(found[2]), 6)
    ahead = weekday - today.day.weekday()
    if not found[1]:
        return today.in_days(ahead % 7) if ahead else None
    weeks = -1 if found[1] == "上" else found[1].count("下")
    return today.in_days(ahead + 7 * weeks)


def _end_of_month(found: re.Match[str], today: Today) -> Day:
    year, month = _month(_MONTHS[found[1] or ""], today)
    return _date(year, month, monthrange(year, month)[1])


def _end_of_named(found: re.Match[str], today: Today) -> Day:
    """The end of the next month of that number."""
    month = numeral(found[1])
    if not 1 <= month <= 12:
        return None
    year = today.day.year + (month < today.day.month)
    return _date(year, month, monthrange(year, month)[1])


def _end_of_year(found: re.Match[str], today: Today) -> Day:
    return date(today.day.year + (found[1] == "明年"), 12, 31)


def _of_month(found: re.Match[str], today: Today) -> Day:
    """That day of this month or the next; without a month the next day of its number."""
    day = numeral(found[2])
    if found[1]:
        return _date(*_month(_MONTHS[found[1]], today), day)
    days = (_date(*_month(ahead, today), day) for ahead in (0, 1, 2))
    return next((d for d in days if d and d >= today.day), None)


def _near(found: re.Match[str], today: Today) -> Day:
    return today.in_days(_NEAR[found[0]])


def _month(ahead: int, today: Today) -> tuple[int, int]:
    """The year and number of a later month."""
    years, month = divmod(today.day.month - 1 + ahead, 12)
    return today.day.year + years, month + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_ALONE = re.compile(rf"\s*{NUMERAL}\s*")
_FROM = rf"(?:{NUMERAL}\s*[号日]?\s*[-~到至]\s*)?"  # of a range the end counts
_NO_DAYS = "楼|院|门|线|桩|电|机|车|栋|幢"  # behind 3号
_THIS = r"(本|这个?|当|下下个|下个?)"
_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Today], Day]], ...] = (
    (
        re.compile(
            r"(?<!\d)(\d{4}|\d\d(?=年))\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*[日号]?"
        ),
        _full,
    ),
    (
        re.compile(rf"(?P<year>今年|明年)?(?P<month>{NUMERAL})月{_FROM}(?P<day>{NUMERAL})[日号]?"),
        _month_day,
    ),
    (re.compile(rf"({NUMERAL})月[底末]"), _end_of_named),
    (
        re.compile(
            rf"{_FROM}(?P<count>{NUMERALS})\s*(?P<unit>{_UNITS})\s*"
            r"(?:(?P<over>[以之]?前$)|[以之]?[内后])?"
        ),
        _length,
    ),
    (re.compile(rf"{_THIS}?月[底末]"), _end_of_month),
    (re.compile(rf"(?:{_THIS}月)?{_FROM}({NUMERAL})\s*[号日](?!{_NO_DAYS})"), _of_month),
    (
        re.compile(
            r"(?P<year>)(?<![\d.-])(?P<month>\d{1,2})\s*(?P<sign>[-./])\s*(?P<day>\d{1,2})"
            r"(?![\d.-])\s*[日号]?(?!\s*[天个周小])"
        ),
        _with_sign,
    ),
    (re.compile(r"半个月"), _half_month),
    (re.compile(rf"(?<!每)(上|本|这|下+)?个?(?:周|星期|礼拜)([{WEEKDAYS}])"), _weekday),
    (re.compile(r"(今年|明年)?年[底末]"), _end_of_year),
    (re.compile(rf"(?:{'|'.join(sorted(_NEAR, key=len, reverse=True))})(?![年后显确白])"), _near),
)

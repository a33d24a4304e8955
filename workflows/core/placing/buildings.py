"""Which buildings a text names by their numbers, and what only looks like one.

"3号楼", "三幢", "12#", "3-2-501" name one, "3、5号楼" and "3到6幢" several. "五栋楼都停电" counts
buildings, "三座路灯" something else, "5号电梯" and "3号下午" are none; "三栋楼停电" can be either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from workflows.core.placing.numerals import NUMERAL, NUMERALS, SIGNS, fold, numerals

_UNIT = r"(?:号[楼栋幢]|#楼?|[幢栋座])"
_JOIN = r"(?:[、/和与跟及]|还有|以及|[-~—–到至])"
_MOST = 11  # more that are joined are read as the next ones
_GROUP = re.compile(
    rf"(?:{NUMERALS}\s*(?:(?:{_UNIT}|号)?\s*{_JOIN}\s*第?|,\s*|{_UNIT}\s*)){{0,{_MOST}}}"
    rf"(?P<last>{NUMERALS})\s*(?P<unit>{_UNIT})"
)
_PART = re.compile(rf"({NUMERALS})\s*(?:{_UNIT}|号)?\s*({_JOIN})?")
_RANGE = "-~—–到至"
_SOME = re.compile(rf"[\d{SIGNS}]")  # without one there is no number
_AROUND = 12  # characters that say how a number is meant
_WIDEST = 60  # buildings a range may have
# A number without a word for building, where a flat or a staircase stands behind it.
_BARE = re.compile(rf"(?P<last>{NUMERAL})\s*号\s*(?=(?:{NUMERAL})\s*单元|\d{{3,4}}\s*[室户])")
_DASHED = re.compile(
    r"(?<![\w.-])(?P<last>\d{1,2})-(?:\d{1,2}-)?(?=\d{1,2}(?:0[1-9]|1\d|20)(?![\d.-]))"
    r"(?!\d+-?\d*\s*(?:[元块米度分个人路次]|天(?!花)|公斤|号线))\d{3,4}"
)
_ANSWER = re.compile(
    rf"(?:我?[就住]?[在是]|我?住)?\s*(?P<last>{NUMERAL})\s*[号#]?\s*(?:楼)?[的吧啊呀。.!]*"
)
_LETTER = re.compile(rf"(?<![A-Za-z])[A-Za-z甲乙丙丁]\s*{_UNIT}")

# Behind "3#": a machine or a line, no building.
_MACHINE = re.compile(r"\s*(?:电?梯(?!间)|线|车|充?电?桩|水?泵|门|路|灯|机)")
# Behind "三座": what is counted by the same word as buildings.
_THINGS = re.compile(
    r"\s*(?:桥|路|塔|山|亭|雕|垃圾|公厕|厕|城|房|坟|岗|水|假|石|的?[汽轿]?车|商务|\w{1,3}[亭桥塔山车厕池碑像])"
)
_A_HOUSE = re.compile(r"\s*(?:的?房|别墅|宿舍|高楼|大楼|新楼|住宅|建筑)")
_STAIRS = re.compile(rf"\s*(?:{NUMERAL}\s*单元|\d{{3,4}})")
# A counted "楼" behind the unit; not the start of 楼道, 楼下, 楼梯.
_COUNTED = re.compile(r"\s*楼(?![道下上顶梯前后旁底外边门长东西南北浪])")
_NOT_ONE = re.compile(r"\s*楼?\s*[也都]")  # 一栋也没修
_CALLED = re.compile(r"(?:叫|姓|名字是)\w{0,2}$")  # 我叫王三幢
_IN_A_HOUSE = re.compile(r"\s*楼[里内]")
_ALL = re.compile(r"\s*楼?\s*(?:[都全均各共]|的(?:人|居民|住户|业主)|之间|中间|一起|同时)")
_POINTED = re.compile(r"(?:[这那每同另哪某共整]|任何|另外|其他|[建盖造买租卖]了?|等|剩下?|前后)$")
_THERE_ARE = re.compile(r"(?:有|我们|只|的|才|多|了)$")
_TAKEN_BACK = re.compile(r"\s*(?:[说写打讲弄记]错|不对)")
_DOUBTED = re.compile(r"(?:好像|可能|也许|大概|不知道?|记不清|不确定|搞不清)(?:就?是|在|住)?$")
_DENIED = re.compile(r"(?:不是|并非|不在|不叫)(?:在|说)?$")


class Mention(Struct, frozen=True, kw_only=True):
    """Buildings named in one go, and where in the folded text.

    Not `is_sure`: it may be a count of buildings. `is_denied`: it is said not to be this one.
    """

    numbers: tuple[int, ...]
    start: int
    end: int
    is_sure: bool = True
    is_denied: bool = False


def mentions(text: str, *, is_answer: bool = False) -> tuple[Mention, ...]:
    """The buildings that a folded text names, in order; "3" alone is one where it answers."""
    if not _SOME.search(text):
        return ()
    if is_answer and (alone := _ANSWER.fullmatch(text.strip())):
        return (Mention(numbers=numerals(alone["last"]), start=0, end=len(text)),)
    found = _in_words(text)
    return tuple(sorted([*found, *_bare(_DASHED, text, found)], key=lambda m: m.start))


def _in_words(text: str) -> list[Mention]:
    """Those behind which a word says that it is a building."""
    found = [m for match in _GROUP.finditer(text) if (m := _judged(match, text))]
    return [*found, *_bare(_BARE, text, found)]


def _bare(pattern: re.Pattern[str], text: str, known: list[Mention]) -> list[Mention]:
    """Those without one that stand before a flat, where none was found already."""
    return [
        Mention(numbers=numerals(match["last"]), start=match.start(), end=match.end())
        for match in pattern.finditer(text)
        if not any(m.start <= match.start() < m.end for m in known)
    ]


def letters(text: str) -> Iterator[re.Match[str]]:
    """What goes by a letter: "B座", "甲栋"."""
    yield from _LETTER.finditer(text)


def building_numbers(text: str) -> tuple[int, ...]:
    """The numbers of the buildings a text names, in order: "3号楼", "12幢2单元", "三栋"."""
    return tuple(number for m in mentions(fold(text)) for number in m.numbers)


def without_buildings(text: str) -> str:
    """A text without the buildings that its words name: what it says of the matter itself, or of
    the flat ("2-501" stays as it is).
    """
    folded, kept, at = fold(text), [], 0
    for m in sorted(_in_words(folded), key=lambda m: m.start):
        kept.append(folded[at : m.start])
        at = m.end
    return "".join([*kept, folded[at:]])


def _judged(match: re.Match[str], text: str) -> Mention | None:
    """What a match names; None where it counts something."""
    start, end = match.span()
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    numbers = _numbers(match[0])
    sure = _sureness(match, before, after) if len(numbers) == 1 else True
    if sure is None:
        return None
    return Mention(
        numbers=numbers, start=start, end=end,
        is_sure=sure and not _DOUBTED.search(before),
        is_denied=bool(_DENIED.search(before) or _TAKEN_BACK.match(after)),
    )  # fmt: skip


def _sureness(match: re.Match[str], before: str, after: str) -> bool | None:
    """Whether one building is named for sure; None where it certainly is none."""
    unit, number = match["unit"], match["last"]
    if unit.startswith("#"):
        return None if unit == "#" and _MACHINE.match(after) else True
    if unit.startswith("号") or _STAIRS.match(after) or before.endswith("第"):
        return True
    if number == "两" or _A_HOUSE.match(after) or (unit == "座" and _THINGS.match(after)):
        return None
    return _counts(number, before, after)


def _counts(number: str, before: str, after: str) -> bool | None:
    """Whether "三栋" is the third building; None where it is three of them."""
    is_digit, is_counted = number.isdecimal(), bool(_COUNTED.match(after))
    if (number == "一" and _NOT_ONE.match(after)) or (not is_digit and _CALLED.search(before)):
        return None
    if _POINTED.search(before):
        return False if is_digit and not is_counted else None
    if is_counted and (number == "一" or _ALL.match(after) or _THERE_ARE.search(before)):
        return None
    if number == "一" and _IN_A_HOUSE.match(after):
        return None
    if not is_digit and _THERE_ARE.search(before) and before.endswith(("有", "只", "才")):
        return None
    return not is_counted


def _numbers(text: str) -> tuple[int, ...]:
    """Every number of a list, those between the ends of a range too; each once."""
    found: list[int] = []
    joined = ""
    for part in _PART.finditer(text):
        values = numerals(part[1])
        if joined and joined in _RANGE and found and 0 < values[0] - found[-1] <= _WIDEST:
            found += range(found[-1] + 1, values[0])
        found += values
        joined = part[2] or ""
    return tuple(dict.fromkeys(found))

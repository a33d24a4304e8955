"""Numbers as people write them: "12", "十二", "廿二", "一百二十", "三四" for three and four."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import decomposition, normalize

_ONES = "一二三四五六七八九"
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰〇", "一二三四五六七八九十百零")
_PLAIN = str.maketrans("號樓棟單戶門廣場車庫園", "号楼栋单户门广场车库园")
_VALUES = {c: i for i, c in enumerate(_ONES, start=1)} | {"两": 2, "零": 0}
_TENS = {"廿": 20, "卅": 30}
_GAPS = re.compile(r"(?<=[\w#])[ \t]+(?=[\u4e00-\u9fff])")
# Slips of the ear and of the keyboard: 念二幢 is 廿二幢, 3号搂 is 3号楼.
_SLIPS = re.compile(rf"念(?=[{_ONES}]?(?:号楼|[幢栋座]))|(?<=号)搂(?!着|住|抱)")
_MEANT = {"念": "廿", "搂": "楼"}
SIGNS = f"{_ONES}十百零两廿卅"
_ALONE = (
    rf"[{_ONES}]百(?:零?[{_ONES}]|[{_ONES}]?十[{_ONES}]?)?"
    rf"|[廿卅][{_ONES}]?|[{_ONES}]?十[{_ONES}]?|[{_ONES}两]"
)
_DIGITS = r"(?<![\d.])\d{1,4}(?![\d.]*\d)"
NUMERAL = rf"(?:{_DIGITS}|(?<![{SIGNS}几])(?:{_ALONE})(?![{SIGNS}几]))"
# The same, or two in a row: "三四号楼", "两三天".
NUMERALS = rf"(?:{_DIGITS}|(?<![{SIGNS}几])(?:[{_ONES}两]{{2}}|{_ALONE})(?![{SIGNS}几]))"


@lru_cache(maxsize=512)  # a turn asks several times about the same words
def fold(text: str) -> str:
    """A text with narrow digits and signs, the plain characters of numbers and buildings, and no
    gaps in a word: "３ 號 樓" is 3号楼.
    """
    narrow = "".join(map(_narrow, text)).translate(_PLAIN).translate(_FORMAL)
    return _SLIPS.sub(lambda slip: _MEANT[slip[0]], _GAPS.sub("", narrow))


@lru_cache(maxsize=8192)
def _narrow(character: str) -> str:
    """ "３" is 3 and "＃" is #; a raised one counts nothing and stays."""
    is_raised = decomposition(character).startswith("<super>")
    return character if is_raised else normalize("NFKC", character)


def numeral(text: str) -> int:
    """The value of "12", "三", "十二", "廿二" or "一百零三"; up to 999 in Chinese."""
    if text.isdecimal():
        return int(text)
    hundreds, has_hundreds, rest = text.rpartition("百")
    value = _VALUES[hundreds] * 100 if has_hundreds else 0
    return value + _below_hundred(rest.removeprefix("零"))


def numerals(text: str) -> tuple[int, ...]:
    """The same, as several where it is two ones in a row: "三四" is three and four."""
    if len(text) == 2 and all(_VALUES.get(char) for char in text):
        return tuple(_VALUES[char] for char in text)
    return (numeral(text),)


def _below_hundred(text: str) -> int:
    if text[:1] in _TENS:
        return _TENS[text[0]] + (_VALUES[text[1:]] if text[1:] else 0)
    tens, has_tens, ones = text.rpartition("十")
    value = _VALUES[ones] if ones else 0
    return value + (_VALUES[tens] if tens else 1) * 10 if has_tens else value
